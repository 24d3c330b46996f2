"""What one fetch asks for, and the headers that it sends on the way."""

from collections.abc import Collection
from dataclasses import dataclass

from khobor.content.media_types import Accept
from khobor.fetch.cookies import Cookies
from khobor.fetch.deadline import Deadline
from khobor.page import Validators


@dataclass(frozen=True, kw_only=True)
class Request:
    """What stays the same from redirect to redirect.

    Attributes:
        url: The URL asked for first.
        validators: What an earlier answer said.
        ports: Ports besides 80 and 443 that may be connected to.
        accept: What is asked for.
        cookies: The cookies of this chain of redirects.
        deadline: When it must be over.
    """

    url: str
    validators: Validators
    ports: Collection[int]
    accept: Accept
    cookies: Cookies
    deadline: Deadline

    def headers(self, url: str) -> dict[str, str]:
        """Return what is sent to one URL of the chain: cookies and validators only to where they come from."""
        headers = {"Accept": self.accept.header, "Cookie": self.cookies.header(url)} | self._conditions(url)
        return {name: value for name, value in headers.items() if value and _is_sendable(value)}

    def is_conditional(self, url: str) -> bool:
        """Return whether the URL is asked for its page only if that changed."""
        return any(self._conditions(url).values())

    def _conditions(self, url: str) -> dict[str, str | None]:
        if url != (self.validators.url or self.url):
            return {}
        return {"If-None-Match": self.validators.etag, "If-Modified-Since": self.validators.last_modified}


def _is_sendable(value: str) -> bool:
    """Return whether a header can have this value, in Latin-1 and on one line: what is kept may have been changed."""
    return value.isprintable() and value == value.encode("latin-1", "replace").decode("latin-1")
