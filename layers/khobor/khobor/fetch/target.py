"""Splits a URL into the parts that a request needs, with the parser that normalized it.

A second parser could read another host from the same URL.
"""

from dataclasses import dataclass

import can_ada

from khobor.errors import PermanentError
from khobor.url import absolute_url

_PORTS = {"http:": 80, "https:": 443}


@dataclass(frozen=True, kw_only=True)
class RequestTarget:
    """The target of one request.

    Attributes:
        url: The absolute URL without its fragment.
        host: The host; an IPv6 address has no brackets.
        port: The port.
        is_tls: Whether the scheme is https.
        authority: The value of the Host header.
        path: The path and the query.
    """

    url: str
    host: str
    port: int
    is_tls: bool
    authority: str
    path: str

    @classmethod
    def of(cls, url: str, base: str | None = None) -> "RequestTarget":
        """Return the target of a URL, or of a reference relative to a base URL.

        >>> RequestTarget.of("//Example.com:8080/a?b#c", "https://example.com/").url
        'https://example.com:8080/a?b'

        Args:
            url: The URL or the reference.
            base: The base URL; None if ``url`` is absolute.

        Raises:
            PermanentError: ``bad_url`` if it is not an http or https URL with a host, or if it has a user name.
        """
        parsed = can_ada.parse(absolute_url(url, base))
        if parsed.username or parsed.password:
            # RFC 9110, 4.2.4: in an untrusted URL, a user name is an error, and likely hides the real host.
            raise PermanentError("bad_url", f"{url!r} contains a user name; give the URL without it")
        parsed.hash = ""
        return cls(
            url=parsed.href,
            host=parsed.hostname.strip("[]"),
            port=int(parsed.port or _PORTS[parsed.protocol]),
            is_tls=parsed.protocol == "https:",
            authority=parsed.host,
            path=parsed.pathname + parsed.search,
        )
