"""Pages that only redirect: with ``Refresh``, as a header or a ``meta`` element, and a delay of zero.

The syntax: https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-refresh. A page with a longer
delay is meant to be read, and a page that reloads itself does not redirect.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

# A page that only redirects is short. An article has more text than that before such a meta element.
_HEAD_BYTES = 16_384
_VALUE = re.compile(
    r"[\t\n\f\r ]*(?P<seconds>[0-9]*)[0-9.]*(?:[\t\n\f\r ]*[;,][\t\n\f\r ]*|[\t\n\f\r ]+)(?P<rest>.+)", re.DOTALL
)
_URL = re.compile(r"url[\t\n\f\r ]*=[\t\n\f\r ]*", re.IGNORECASE)
_LONGEST_VALUE = 4096


@dataclass(frozen=True, kw_only=True)
class Refresh:
    """An immediate refresh that a page declares.

    Attributes:
        target: The target, as written.
        base: The reference of the page's ``base`` element; None if it has none.
    """

    target: str
    base: str | None


def refresh_target(value: str) -> str | None:
    """Return the target of an immediate refresh; None if it has a delay, or reloads the page.

    >>> refresh_target("0; URL='/news/1'")
    '/news/1'
    >>> refresh_target("5; url=/news/1")

    Args:
        value: The value of the header or of the ``content`` attribute.
    """
    match = _VALUE.match(value[:_LONGEST_VALUE])
    if not match or int(match["seconds"] or 0):
        return None
    target = _URL.sub("", match["rest"], count=1) if _URL.match(match["rest"]) else match["rest"]
    if target[:1] in {"'", '"'}:
        target = target[1:].partition(target[0])[0]
    return target.strip() or None


def declared_refresh(body: bytes) -> Refresh | None:
    """Return the immediate refresh in the first 16 KiB of a page; None if there is none.

    A refresh within a comment, a script or a ``noscript`` element does not count.
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
        attributes = dict(reversed(attrs))
        if tag == "noscript":
            self._without_scripts += 1
        elif tag == "base" and self.base is None:
            self.base = attributes.get("href")
        elif tag == "meta" and not self._without_scripts and self.target is None and _is_refresh(attributes):
            self.target = refresh_target(attributes.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "noscript":
            self._without_scripts = max(self._without_scripts - 1, 0)


def _is_refresh(attributes: Mapping[str, str | None]) -> bool:
    return (attributes.get("http-equiv") or "").strip().lower() == "refresh"
