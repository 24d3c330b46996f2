"""Pages that only lead on: ``Refresh`` as a header, or as a ``meta`` element, with a delay of nothing.

https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-refresh says how a value is read. What waits
before it leads on is a page to be read meanwhile; what reloads itself leads nowhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

# What only leads on is short; an article with as much before its meta elements is no such page.
_HEAD_BYTES = 16_384
_VALUE = re.compile(
    r"[\t\n\f\r ]*(?P<seconds>[0-9]*)[0-9.]*(?:[\t\n\f\r ]*[;,][\t\n\f\r ]*|[\t\n\f\r ]+)(?P<rest>.+)", re.DOTALL
)
_URL = re.compile(r"url[\t\n\f\r ]*=[\t\n\f\r ]*", re.IGNORECASE)
_LONGEST_VALUE = 4096


@dataclass(frozen=True, kw_only=True)
class Refresh:
    """A refresh without delay that a page declares.

    Attributes:
        target: The reference that it leads to, as it is written.
        base: The reference of the page's ``base`` element; None where it has none.
    """

    target: str
    base: str | None


def refresh_target(value: str) -> str | None:
    """Return the reference that a refresh leads to at once; None where it waits, or reloads what is there.

    >>> refresh_target("0; URL='/news/1'")
    '/news/1'
    >>> refresh_target("5; url=/news/1")

    Args:
        value: The header's value, or that of the ``content`` attribute.
    """
    match = _VALUE.match(value[:_LONGEST_VALUE])
    if not match or int(match["seconds"] or 0):
        return None
    target = _URL.sub("", match["rest"], count=1) if _URL.match(match["rest"]) else match["rest"]
    if target[:1] in {"'", '"'}:
        target = target[1:].partition(target[0])[0]
    return target.strip() or None


def declared_refresh(body: bytes) -> Refresh | None:
    """Return the refresh without delay in the first 16 KiB of a page; None where there is none.

    What stands in a comment, a script, or is meant for readers without scripts does not count.
    """
    head = body[:_HEAD_BYTES]
    if b"refresh" not in head.lower():
        return None
    reader = _RefreshParser()
    reader.feed(head.decode("utf-8", "replace"))
    return Refresh(target=reader.target, base=reader.base) if reader.target else None


class _RefreshParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.target: str | None = None
        self.base: str | None = None
        self._without_scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(reversed(attrs))
        if tag == "noscript":
            self._without_scripts += 1
        elif tag == "base" and self.base is None:
            self.base = given.get("href")
        elif tag == "meta" and not self._without_scripts and self.target is None and _is_refresh(given):
            self.target = refresh_target(given.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "noscript":
            self._without_scripts = max(self._without_scripts - 1, 0)


def _is_refresh(given: Mapping[str, str | None]) -> bool:
    return (given.get("http-equiv") or "").strip().lower() == "refresh"
