"""The request of one fetch, and the headers that it sends to each URL of a chain of redirects."""

from collections.abc import Collection
from dataclasses import dataclass

from khobor.content.media_types import Accept
from khobor.fetch.cookies import Cookies
from khobor.fetch.deadline import Deadline
from khobor.page import Validators


@dataclass(frozen=True, kw_only=True)
class Request:
    """The parts of a request that are the same for each redirect.

    Attributes:
        url: The first URL.
        validators: The validators of an earlier response.
        ports: Ports besides 80 and 443 that may be connected to.
        accept: What the request accepts.
        cookies: The cookies of this chain of redirects.
        deadline: When the fetch must be complete.
    """

    url: str
    validators: Validators
    ports: Collection[int]
    accept: Accept
    cookies: Cookies
    deadline: Deadline

    def headers(self, url: str) -> dict[str, str]:
        """Return the headers for one URL of the chain; cookies and validators are sent only to where they come from."""
        headers = {"Accept": self.accept.header, "Cookie": self.cookies.header(url)} | self._conditions(url)
        return {name: value for name, value in headers.items() if value and _is_sendable(value)}

    def is_conditional(self, url: str) -> bool:
        """Return whether the request to a URL is conditional."""
        return any(self._conditions(url).values())

    def _conditions(self, url: str) -> dict[str, str | None]:
        if url != (self.validators.url or self.url):
            return {}
        return {"If-None-Match": self.validators.etag, "If-Modified-Since": self.validators.last_modified}


def _is_sendable(value: str) -> bool:
    """Return whether a header can have this value, in Latin-1 and on one line; stored values may have been altered."""
    return value.isprintable() and value == value.encode("latin-1", "replace").decode("latin-1")
