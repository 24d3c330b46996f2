"""A second look at a page that shows little text: at what its markup contains besides.

Whatever it finds must be much longer than what the page shows, and be about the page's title or description.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple, TypeAlias, cast

from lxml import etree

from khobor.extract.container import find_container
from khobor.extract.document import Document
from khobor.extract.layout import Box, Layout, Piece, Reach
from khobor.extract.layout_reader import read_layout
from khobor.extract.text import clean, length_of
from khobor.extract.topic import is_about
from khobor.html.markup import is_hidden
from khobor.html.tree import parse

# A page that shows more has its article where readers see it.
MOST_SHOWN = 500
# What is found must be so long, and so many times as long as what is shown, as ``length_of`` measures them.
SHORTEST = 200
TIMES_LONGER = 3
# A text of this length that is about the title is the article, or its beginning.
_SHORTEST_ARTICLE = 100
# Types of scripts that contain markup: text/template, text/x-handlebars-template, text/html, text/ng-template.
_TEMPLATE_TYPES = ("template", "text/html", "handlebars", "mustache", "text/x-jsrender")
_PLACEHOLDERS = ("{{", "<%", "${")
_FURNITURE = frozenset({"button", "dialog", "footer", "menu", "nav", "noscript", "select", "template"})
# Attributes with so much text, how markup and data begin, and how many of these are read.
_LONG_ATTRIBUTES = etree.XPath(f"//@*[string-length() >= {SHORTEST}]")
_BEGINNINGS = ("<", "{", "[")
_MOST_HELD = 100

# What holds markup as text.
Holder: TypeAlias = Literal["template script", "textarea", "attribute"]


class Found(NamedTuple):
    """What a second look found.

    Attributes:
        layout: The layout of the page with it.
        container: The box that contains the body.
        place: What usually hides it: the tag of an element, ``hidden``, or ``class``.
    """

    layout: Layout
    container: Box
    place: str


def second_look(document: Document, container: Box | None, titles: frozenset[str]) -> Found | None:
    """Return the body of a page that shows little text, None if it shows enough or nothing else is about its title.

    Args:
        document: The page.
        container: The box that contains the body in its layout, None if there is none.
        titles: Its titles as ``comparable`` returns them.
    """
    if _prose_length(document.layout, container) >= MOST_SHOWN:
        return None
    shown_text = _prose(document.layout, container)
    shown = length_of(shown_text)
    is_beginning = shown >= _SHORTEST_ARTICLE and is_about(shown_text, titles, document.descriptions)
    layout = document.layout
    for reach in (Reach.UNRENDERED,) if is_beginning else (Reach.ANY_NAME, Reach.ANY_NAME | Reach.UNRENDERED):
        # Reading the page again takes as long as the first time. Most small pages omit nothing.
        is_more = layout.omits_unrendered if Reach.UNRENDERED in reach else layout.omits_names
        if not is_more:
            continue
        layout = read_layout(document.root, reach=reach)
        found = find_container(layout, titles)
        text = _prose(layout, found)
        is_longer = length_of(text) >= max(SHORTEST, TIMES_LONGER * shown)
        if found and is_longer and is_about(text, titles, document.descriptions):
            return Found(layout, found, _place(layout, found))
    return None


def held_layouts(document: Document) -> Iterator[tuple[Layout, Holder]]:
    """Yield the layouts of markup that a page holds as text for its scripts, each with its place, the longest first.

    It is in a script, in an area for text, or in an attribute such as ``data-html``.
    """
    scripts = filter(_is_template, document.elements("script"))
    texts: list[tuple[Holder, str]] = [("template script", script.text or "") for script in scripts]
    texts += [("textarea", area.text or "") for area in islice(document.root.iter("textarea"), _MOST_HELD)]
    texts += [("attribute", value) for value in held_in_attributes(document)]
    for place, text in sorted(texts, key=lambda each: len(each[1]), reverse=True):
        is_markup = len(text) >= SHORTEST and text.lstrip()[:1] == "<"
        if (is_markup or place == "template script") and not any(mark in text for mark in _PLACEHOLDERS):
            yield read_layout(parse(text.encode("utf-8", "replace"))[0]), place


def held_in_attributes(document: Document) -> list[str]:
    """Return the long values of a page's attributes that are markup or data, in document order."""
    found = (str(value).lstrip() for value in cast("list[str]", _LONG_ATTRIBUTES(document.root)))
    return list(islice((value for value in found if value.startswith(_BEGINNINGS)), _MOST_HELD))


def _is_template(script: etree._Element) -> bool:
    kind, text = (script.get("type") or "").lower(), script.text or ""
    return any(name in kind for name in _TEMPLATE_TYPES) and len(text) >= SHORTEST and "<" in text


def _prose(layout: Layout, container: Box | None) -> str:
    """Return the prose in a container."""
    return clean(" ".join(piece.text for piece in _prose_pieces(layout, container)))


def _prose_length(layout: Layout, container: Box | None) -> int:
    """Return the length of the prose in a container, without the spaces between its pieces."""
    return sum(len(piece.text) for piece in _prose_pieces(layout, container))


def _prose_pieces(layout: Layout, container: Box | None) -> list[Piece]:
    inside = layout.pieces[container.start : container.end] if container else ()
    return [piece for piece in inside if piece.is_prose and not piece.box.is_outside]


def _place(layout: Layout, container: Box) -> str:
    """Return what hides the first prose in a container: the tag of an element, ``hidden``, or ``class``."""
    inside = layout.pieces[container.start : container.end]
    first = next((piece.box for piece in inside if piece.is_prose and not piece.box.is_outside), container)
    for element in (first.element, *first.element.iterancestors()):
        if element.tag in _FURNITURE:
            return element.tag
        if is_hidden(element):
            return "hidden"
    return "class"
