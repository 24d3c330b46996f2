"""Cookies within one chain of redirects: some sites lead in a circle until their cookie comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from http.cookiejar import CookieJar
    from urllib.request import Request

    import urllib3


class Cookies:
    """The cookies of one fetch, each for the hosts that it is for (RFC 6265)."""

    def __init__(self) -> None:
        self._jar: CookieJar | None = None

    def keep(self, url: str, response: urllib3.BaseHTTPResponse) -> None:
        """Keep what an answer sets."""
        if "Set-Cookie" not in response.headers:
            return
        from http.cookiejar import CookieJar, DefaultCookiePolicy

        if self._jar is None:
            # Strict: no cookie for all of .co.uk.
            self._jar = CookieJar(DefaultCookiePolicy(strict_domain=True))
        # The jar asks for no more of a response than its headers.
        self._jar.extract_cookies(cast("Any", response), _request(url))

    def header(self, url: str) -> str | None:
        """Return the Cookie header for a URL; None where no cookie is for it."""
        if self._jar is None:
            return None
        request = _request(url)
        self._jar.add_cookie_header(request)
        return request.get_header("Cookie")


def _request(url: str) -> Request:
    """Return a request as the jar knows it; it is never sent."""
    from urllib.request import Request

    return Request(url)  # noqa: S310 nothing opens it
