"""Pages that the programs of forums make: threads, and lists of threads.

Each program calls its pages the same on all sites: in the class and id of ``html`` and ``body``, and in the ids of
posts. Some of them make pages of articles too, which they call otherwise.
"""

from functools import cache

from lxml import etree

from khobor.extract.document import Document
from khobor.extract.page_kind import Refusal
from khobor.extract.vocabulary import load

_ATTRIBUTES = ("id", "class", "data-template", "data-pageapp", "data-application")
_FORUM, _THREAD = b"orum", b"hread"


def forum_software(html: bytes, document: Document) -> Refusal | None:
    """Return the refusal of a page that a program made as one of a forum; None for all others.

    Args:
        html: The page as fetched.
        document: The page, parsed.
    """
    body = next(iter(document.root.iter("body")), None)
    names = {word for element in (document.root, body) if element is not None for word in _names(element)}
    # Most pages have none of these names.
    if not names.isdisjoint(_names_of_forums()):
        for wanted in load("forums")["pages"]:
            if names.issuperset(wanted):
                return Refusal.by("forum_page", "heuristic", " ".join(wanted))
    # Nor one of these words, without which there is no mark.
    if _FORUM not in html and _THREAD not in html:
        return None
    mark = next((mark for mark in _marks() if mark in html), None)
    return Refusal.by("forum_page", "heuristic", mark.decode()) if mark else None


def _names(element: etree._Element) -> list[str]:
    return [f"{name}={word}" for name in _ATTRIBUTES for word in (element.get(name) or "").lower().split()]


@cache
def _names_of_forums() -> frozenset[str]:
    return frozenset(name for wanted in load("forums")["pages"] for name in wanted)


@cache
def _marks() -> tuple[bytes, ...]:
    return tuple(mark.encode() for mark in load("forums")["marks"])
