"""A URL taken apart into what a request needs, by the parser that wrote it: two that differ smuggle addresses."""

from dataclasses import dataclass

import can_ada

from khobor.errors import PermanentError
from khobor.url import absolute_url

_PORTS = {"http:": 80, "https:": 443}


@dataclass(frozen=True, kw_only=True)
class RequestTarget:
    """Where one request goes.

    Attributes:
        url: The URL, absolute, without fragment.
        host: The host, IPv6 addresses without brackets.
        port: The port.
        is_tls: Whether it is https.
        authority: What the Host header says.
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
        """Return the target of a URL or of a reference relative to ``base``.

        >>> RequestTarget.of("//Example.com:8080/a?b#c", "https://example.com/").url
        'https://example.com:8080/a?b'

        Raises:
            PermanentError: ``bad_url`` if it is no http or https URL with a host, or has a user name.
        """
        parsed = can_ada.parse(absolute_url(url, base))
        if parsed.username or parsed.password:
            # RFC 9110, 4.2.4: from a stranger it is an error, most likely there to hide where the URL leads.
            raise PermanentError("bad_url", f"{url!r} holds a user name; give the URL without it")
        parsed.hash = ""
        return cls(
            url=parsed.href,
            host=parsed.hostname.strip("[]"),
            port=int(parsed.port or _PORTS[parsed.protocol]),
            is_tls=parsed.protocol == "https:",
            authority=parsed.host,
            path=parsed.pathname + parsed.search,
        )
