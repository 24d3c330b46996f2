"""Cookies within one chain of redirects: some sites redirect in a circle until they receive their cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from http.cookiejar import CookieJar
    from urllib.request import Request

    import urllib3


class Cookies:
    """The cookies of one fetch, each sent only to its own hosts (RFC 6265)."""

    def __init__(self) -> None:
        self._jar: CookieJar | None = None

    def keep(self, url: str, response: urllib3.BaseHTTPResponse) -> None:
        """Keep the cookies that a response sets.

        Args:
            url: The URL of the response.
            response: The response.
        """
        if "Set-Cookie" not in response.headers:
            return
        from http.cookiejar import CookieJar, DefaultCookiePolicy

        if self._jar is None:
            # Strict: rejects cookies for all of .co.uk.
            self._jar = CookieJar(DefaultCookiePolicy(strict_domain=True))
        # The jar uses only the headers of a response.
        self._jar.extract_cookies(cast("Any", response), _request(url))

    def header(self, url: str) -> str | None:
        """Return the Cookie header for a URL; None if no cookie applies."""
        if self._jar is None:
            return None
        request = _request(url)
        self._jar.add_cookie_header(request)
        return request.get_header("Cookie")


def _request(url: str) -> Request:
    """Return a request of the kind that the jar takes; it is never sent."""
    from urllib.request import Request

    return Request(url)  # noqa: S310 it is never opened
