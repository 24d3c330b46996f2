"""Boxes that belong to the article although a word of their class says that they are outside it."""

from collections import defaultdict
from itertools import islice

from lxml import etree

from khobor.extract.class_names import COMMENTS, CONTENT, FRONT, OUTSIDE, meaning
from khobor.extract.layout import Box, Layout
from khobor.extract.text import text_of

# A class of paragraphs with so much of the page's text says nothing.
_MOST = 0.4
# A part of the article with such a class has so much text, and so many paragraphs.
_SHORTEST_PART = 200
_FEWEST_PARAGRAPHS = 2
_NEAREST = 3
# A data table has so many rows and columns. Most of a table with more links is navigation.
_FEWEST_ROWS = 2
_FEWEST_CELLS = 2
_MOST_LINKED = 0.5
_CONTROLS = ("form", "input", "select")


def usual_paragraphs(layout: Layout) -> frozenset[str]:
    """Return the class of most paragraphs, if it says that they are outside. A word that all have says nothing."""
    weights: dict[str, float] = defaultdict(float)
    for box in layout.boxes:
        if box.tag == "p" and box.weight and box.meaning & OUTSIDE and not box.meaning & (COMMENTS | CONTENT):
            weights[box.element.get("class") or ""] += box.weight
    least = _MOST * layout.boxes[0].weight if weights else 0
    return frozenset(names for names, weight in weights.items() if names and weight > least)


def is_part(box: Box, layout: Layout) -> bool:
    """Whether a box with several paragraphs has the tag and a class of the boxes with text beside it.

    Its other classes may be about its looks, or about the topic: "section banner-top".

    Args:
        box: The box.
        layout: The layout of the page.
    """
    if box.weight < _SHORTEST_PART or box.is_hidden or box.meaning & COMMENTS or box.tag in ("main", "article"):
        return False
    names = {name for name in (box.element.get("class") or "").split() if not meaning(name) & ~CONTENT}
    around = (box.element.itersiblings(box.tag, preceding=True), box.element.itersiblings(box.tag))
    if not all(any(_is_alike_text(each, names) for each in islice(siblings, _NEAREST)) for siblings in around):
        return False
    if sum(piece.is_prose for piece in layout.pieces[box.start : box.end]) < _FEWEST_PARAGRAPHS:
        return False
    return next(box.element.iter("form", "input", "aside"), None) is None


def is_table(box: Box, layout: Layout) -> bool:
    """Whether a box stands between paragraphs and contains a data table with few links.

    Args:
        box: The box.
        layout: The page.
    """
    if box.is_hidden or box.meaning & COMMENTS or box.start == box.end:
        return False
    # Most boxes have no table. A heading may stand above it, or a note below it.
    if not any(layout.pieces[at].box.in_group for at in (box.start, box.end - 1)):
        return False
    around = (box.element.itersiblings(preceding=True), box.element.itersiblings())
    if not all(any(map(_is_paragraph, islice(siblings, _NEAREST))) for siblings in around):
        return False
    if next(box.element.iter(*_CONTROLS), None) is not None:
        return False
    rows = list(islice(box.element.iter("tr"), _FEWEST_ROWS))
    if len(rows) < _FEWEST_ROWS or any(len(row) < _FEWEST_CELLS for row in rows):
        return False
    inside = layout.pieces[box.start : box.end]
    return sum(piece.linked for piece in inside) < _MOST_LINKED * sum(len(piece.text) for piece in inside)


def _is_paragraph(element: etree._Element) -> bool:
    """Whether an element is a paragraph without a name."""
    return element.tag == "p" and not meaning(element.get("class") or "") & ~CONTENT and bool(text_of(element))


def _is_alike_text(element: etree._Element, names: set[str]) -> bool:
    """Whether an element has one of these classes, and nothing says that it is outside the article."""
    classes = element.get("class") or ""
    return not names.isdisjoint(classes.split()) and not meaning(classes) & (OUTSIDE | FRONT)
