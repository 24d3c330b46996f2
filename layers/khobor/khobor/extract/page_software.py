"""What a page is by the names that the program of its site gave it: a thread of a forum, a list, a product.

Each program calls the pages of one kind the same on all sites: in the class and id of ``html`` and ``body``, and forums
in the ids of posts. Some programs of forums make pages of articles too, which they call otherwise.
"""

from collections.abc import Mapping
from functools import cache

from lxml import etree

from khobor.extract.document import Document
from khobor.extract.page_kind import Refusal
from khobor.extract.vocabulary import load

_ATTRIBUTES = ("id", "class", "data-template", "data-pageapp", "data-application")
# Each mark of a forum's page is on a page with this word.
_FORUM = b"orum"


def software_refusal(html: bytes, document: Document) -> Refusal | None:
    """Return the refusal of a page that a program calls a list, a product or one of a forum; None for all others.

    Args:
        html: The page as fetched.
        document: The page, parsed.
    """
    body = next(iter(document.root.iter("body")), None)
    names = {word for element in (document.root, body) if element is not None for word in _names(element)}
    # Most pages have none of these names.
    if not names.isdisjoint(_known_names()):
        for wanted, reason in _kinds().items():
            if names.issuperset(wanted):
                return Refusal.by(reason, "heuristic", " ".join(wanted))
    if _FORUM not in html:
        return None
    mark = next((mark for mark in _marks() if mark in html), None)
    return Refusal.by("forum_page", "heuristic", mark.decode()) if mark else None


def _names(element: etree._Element) -> list[str]:
    return [f"{name}={word}" for name in _ATTRIBUTES for word in (element.get(name) or "").lower().split()]


@cache
def _kinds() -> Mapping[tuple[str, ...], str]:
    """Return the kinds of pages by the names that all of them have."""
    return {tuple(wanted): reason for reason, kinds in load("software")["pages"].items() for wanted in kinds}


@cache
def _known_names() -> frozenset[str]:
    return frozenset(name for wanted in _kinds() for name in wanted)


@cache
def _marks() -> tuple[bytes, ...]:
    return tuple(mark.encode() for mark in load("software")["marks_of_forums"])
