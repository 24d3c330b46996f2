"""Pages that only redirect: with ``Refresh``, as a header or a ``meta`` element, and a delay of zero; with a script.

The syntax: https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-refresh. A page with a longer
delay is meant to be read, and a page that reloads itself does not redirect. Static hosts cannot answer with a status:
their generators put a page at an old address that refreshes, sets ``location``, or has a canonical link and no text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

# A page that only redirects is short. An article has more text than that before such a meta element.
_HEAD_BYTES = 16_384
_VALUE = re.compile(
    r"[\t\n\f\r ]*(?P<seconds>[0-9]*)(?:\.[0-9.]*)?(?:[\t\n\f\r ]*[;,][\t\n\f\r ]*|[\t\n\f\r ]+)(?P<rest>.+)", re.DOTALL
)
_URL = re.compile(r"url[\t\n\f\r ]*=[\t\n\f\r ]*", re.IGNORECASE)
_LONGEST_VALUE = 4096
# A page without a refresh that leads on is shorter, and has no more text than "Click here if you are not redirected."
_STUB_BYTES = 4096
_LONGEST_TEXT = 200
_WITHOUT_TEXT = frozenset({"script", "style", "title"})
_TO_BE_SEEN = frozenset({"img", "iframe", "video", "form", "frame", "object", "embed", "svg", "canvas"})
# A script that does nothing else. No two parts of the pattern match the same spaces, so that the time is linear.
_SCRIPT = re.compile(
    r"""\s*(?:(?:window|document|self|top)\.)?location(?:\.href)?\s*"""
    r"""(?:=\s*|\.(?:replace|assign)\(\s*)(?P<quote>["'])(?P<url>[^"'<>\s]{1,2000})(?P=quote)\s*(?:\)\s*)?(?:;\s*)?"""
)


@dataclass(frozen=True, kw_only=True)
class Refresh:
    """An immediate refresh that a page declares.

    Attributes:
        target: The target, as written.
        base: The reference of the page's ``base`` element; None if it has none.
        canonical: The page's canonical link, as written; None if it has none.
    """

    target: str
    base: str | None
    canonical: str | None = None


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
    """Return the immediate refresh in the first 16 KiB of a page, else what a page without text leads to.

    A refresh within a comment, a script or a ``noscript`` element does not count. A script counts if it does nothing
    but set ``location``, and a canonical link if the page has neither text nor script.
    """
    head = body[:_HEAD_BYTES]
    lower = head.lower()
    is_stub = len(body) <= _STUB_BYTES and (b"location" in lower or b"canonical" in lower)
    if b"refresh" not in lower and not is_stub:
        return None
    reader = _RefreshParser()
    # Python's parser reads the rest again for each tag that does not end.
    end = head.find(b"<", head.rfind(b">") + 1)
    try:
        reader.feed(head[: end if end >= 0 else len(head)].decode("utf-8", "replace"))
        reader.close()
    except AssertionError:
        # It refuses some declarations, and what follows is not known.
        is_stub = False
    target = reader.target or (reader.stub_target if is_stub else None)
    return Refresh(target=target, base=reader.base, canonical=reader.canonical) if target else None


class _RefreshParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.target: str | None = None
        self.base: str | None = None
        self.canonical: str | None = None
        self._within: str | None = None
        self._without_scripts = 0
        self._scripts: list[str] = []
        self._text_length = 0
        self._has_images = False

    @property
    def stub_target(self) -> str | None:
        """Where the page leads if it has nothing to read."""
        if self._has_images or self._text_length > _LONGEST_TEXT:
            return None
        if self._scripts:
            matches = (_SCRIPT.fullmatch(script) for script in self._scripts)
            return next((match["url"] for match in matches if match), None)
        return None if self._text_length else self.canonical

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(reversed(attrs))
        if tag == "noscript":
            self._without_scripts += 1
        elif tag == "base" and self.base is None:
            self.base = attributes.get("href")
        elif tag == "link" and self.canonical is None and _is_canonical(attributes):
            self.canonical = attributes.get("href")
        elif tag == "meta" and not self._without_scripts and self.target is None and _is_refresh(attributes):
            self.target = refresh_target(attributes.get("content") or "")
        elif tag in _WITHOUT_TEXT:
            self._within = tag
            if tag == "script":
                self._scripts.append("x" if attributes.get("src") else "")
        elif tag in _TO_BE_SEEN:
            self._has_images = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "noscript":
            self._without_scripts = max(self._without_scripts - 1, 0)
        if tag == self._within:
            self._within = None

    def handle_data(self, data: str) -> None:
        if self._within == "script":
            self._scripts[-1] += data
        elif self._within is None:
            self._text_length += len(data.strip())


def _is_canonical(attributes: Mapping[str, str | None]) -> bool:
    return "canonical" in (attributes.get("rel") or "").lower().split()


def _is_refresh(attributes: Mapping[str, str | None]) -> bool:
    return (attributes.get("http-equiv") or "").strip().lower() == "refresh"
