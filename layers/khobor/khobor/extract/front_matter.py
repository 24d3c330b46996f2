"""The front matter: the lines around the headline and after the text that give authors and dates."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple, cast

from lxml import etree

from khobor.extract.class_names import COMMENTS
from khobor.extract.layout import BREAK, SENTENCE_ENDS, Box, Layout, Piece, ancestors_or_self
from khobor.extract.lead import find_headline
from khobor.extract.text import clean, comparable, is_large, text_of

# A longer line does not give an author or a date.
_LONGEST_LINE = 250
# A longer line is a sentence if it ends like one.
_LONGEST_LABEL = 60
# How many pieces from the headline, or from the end of the text, a byline may be.
_BEFORE_HEADLINE = 3
_AFTER_BEGINNING = 3
_BEFORE_END = 4
_AFTER_END = 4
# A headline may stand above a menu. No byline is farther before the text than this.
_FARTHEST = 30
# How many boxes around a sentence may say that it is of comments.
_AROUND_COMMENT = 4
# How many lines at each end of a text, and as many elements in it, are read.
_MOST_LINES = 50
_EMPHASIS = frozenset({"strong", "b", "em", "i"})


class FrontMatterLine(NamedTuple):
    """A line of the front matter.

    Attributes:
        text: Cleaned.
        links: The ``a`` elements in it.
        parts: The texts of the elements in it, if there are several.
        is_emphasised: Whether all of it is in bold or in italics.
        position: The index of its piece in the layout.
    """

    text: str
    links: list[etree._Element]
    parts: tuple[str, ...] = ()
    is_emphasised: bool = False
    position: int = 0


class FrontMatter(NamedTuple):
    """The front matter of a page.

    Attributes:
        positions: The indexes of its pieces in the layout.
        lines: The lines around the headline.
        closing: The lines after the text.
        headline: The index of the headline, None if there is none before the text.
        prose: The indexes of the first and the last sentence of the text.
        container: The box that contains the body, None if there is none.
    """

    positions: range
    lines: tuple[FrontMatterLine, ...]
    closing: tuple[FrontMatterLine, ...]
    headline: int | None
    prose: tuple[int, int]
    container: Box | None

    @property
    def before_text(self) -> list[FrontMatterLine]:
        """The lines between the headline and the text; none without a headline."""
        headline, first = self.headline, self.prose[0]
        return [line for line in self.lines if headline is not None and headline < line.position < first]


def read_front_matter(layout: Layout, container: Box | None, titles: frozenset[str]) -> FrontMatter:
    """Return the front matter of a page.

    Args:
        layout: The page.
        container: The box that contains the body, None if there is none.
        titles: The page's titles as ``comparable`` returns them.
    """
    start, end = (container.start, container.end) if container else (0, len(layout.pieces))
    sentences = [position for position in range(start, end) if layout.pieces[position].is_prose]
    while len(sentences) > 1 and _is_title(layout.pieces[sentences[0]], titles):
        del sentences[0]
    # The container may reach as far as the form for comments, or contain them.
    prose = [position for position in sentences if not _is_in_comments(layout, position)] or sentences
    beginning, last = (prose[0], prose[-1]) if prose else (start, end)
    headline = find_headline(layout, beginning, titles)
    first = max(0, (beginning if headline is None else headline) - _BEFORE_HEADLINE)
    before = range(max(first, beginning - _FARTHEST), beginning + _AFTER_BEGINNING)
    end = layout.comments.start if last < layout.comments.start else len(layout.pieces)
    after = range(max(last - _BEFORE_END, before.stop), min(last + 1 + _AFTER_END, end))
    lines, closing = tuple(_lines(layout, before)), tuple(_lines(layout, after))
    return FrontMatter(before, lines, closing, headline, (beginning, last), container)


def _is_title(piece: Piece, titles: frozenset[str]) -> bool:
    """Whether a piece is the headline, which may end like a sentence."""
    return len(piece.text) <= _LONGEST_LINE and comparable(piece.text) in titles


def _lines(layout: Layout, positions: range) -> Iterator[FrontMatterLine]:
    known: dict[etree._Element, tuple[list[str], str]] = {}
    for position in positions:
        if position >= len(layout.pieces):
            return
        piece = layout.pieces[position]
        if piece.media is None and not _is_in_side_column(piece.box):
            yield from _lines_of(piece, position, known)


def _lines_of(
    piece: Piece, position: int, known: dict[etree._Element, tuple[list[str], str]]
) -> Iterator[FrontMatterLine]:
    """Yield the lines of a piece.

    Args:
        piece: The piece.
        position: Its index in the layout.
        known: The parts of the elements of other pieces, and what they have in bold or in italics.
    """
    element = piece.box.element
    for text in map(clean, ends(piece.text.split(BREAK))):
        if len(text) > _LONGEST_LINE:
            return
        if text and not (len(text) > _LONGEST_LABEL and text.endswith(SENTENCE_ENDS)):
            # Most pieces are sentences, whose parts are not read.
            if element not in known:
                known[element] = _parts(element), _emphasised(element)
            parts, emphasised = known[element]
            within = tuple(part for part in parts if part != text and part in text)
            yield FrontMatterLine(text, piece.links, within, text == emphasised, position)


def _parts(element: etree._Element) -> list[str]:
    """Return the texts of the elements in an element, the first and the last of many."""
    parts = list(islice(filter(None, map(_short_text, element)), 2 * _MOST_LINES + 1))
    if len(parts) <= 2 * _MOST_LINES:
        return parts
    last = list(islice(filter(None, map(_short_text, reversed(element))), _MOST_LINES))
    return parts[:_MOST_LINES] + last[::-1]


def ends(texts: list[str]) -> list[str]:
    """Return the texts at the beginning and at the end."""
    return texts if len(texts) <= 2 * _MOST_LINES else texts[:_MOST_LINES] + texts[-_MOST_LINES:]


def _short_text(element: etree._Element) -> str:
    """Return the text of an element, empty if it is too long for a line."""
    if not len(element):
        return clean(element.text)
    texts: list[str] = []
    length = 0
    # An element beside the line may be half of the page.
    for text in cast("Iterator[str]", element.itertext()):
        texts.append(text)
        length += len(text.strip())
        if length > _LONGEST_LINE:
            return ""
    return clean("".join(texts))


def _emphasised(element: etree._Element) -> str:
    """Return the text of an element's first child if that is in bold or in italics, else an empty text."""
    child = next(iter(element), None)
    return "" if child is None or child.tag not in _EMPHASIS or is_large(child) else text_of(child)


def _is_in_side_column(box: Box) -> bool:
    """Whether a box is hidden or in a side column."""
    return any(each.is_hidden or each.tag == "aside" for each in ancestors_or_self(box))


def _is_in_comments(layout: Layout, position: int) -> bool:
    around = islice(ancestors_or_self(layout.pieces[position].box), _AROUND_COMMENT)
    return position in layout.comments or any(box.meaning & COMMENTS for box in around)
