"""The place of the title in a body: what stands before it, and on the lines below it, is no part of the text."""

from bisect import bisect_left
from copy import copy
from itertools import dropwhile

from khobor.extract.layout import BREAK, SENTENCE_ENDS, Box, Layout, Piece, first_line, parent_of
from khobor.extract.text import clean, comparable, is_one_of, length_of

# The title stands in one of the first pieces.
_MOST_ABOVE = 10
_LONGEST_LABEL = 100
# If more of the prose stands before the heading, that is one of a part.
_MOST_BEFORE_TITLE = 0.4


def own_headings(layout: Layout, titles: frozenset[str]) -> list[int]:
    """Return the indexes of the headings that are titles of the page, in order.

    Args:
        layout: The layout of the page.
        titles: The titles of the article, in comparable form.
    """
    return [at for at in layout.headings if comparable(layout.pieces[at].text) in titles]


def start_of_article(layout: Layout, container: Box, titles: frozenset[str]) -> int:
    """Return the index of the title's heading if most of the prose follows it, else of the container's first piece.

    Before it may be what a blog says of itself.

    Args:
        layout: The layout of the page.
        container: The box that contains the text.
        titles: The titles of the article, in comparable form.
    """
    start, end = container.start, container.end
    headings = layout.headings[bisect_left(layout.headings, start) : bisect_left(layout.headings, end)]
    title = next((at for at in headings if is_one_of(layout.pieces[at].text, titles)), start)
    before = _prose(layout, start, title)
    # Most pages have nothing there.
    if not before:
        return start
    after = _prose(layout, title, end)
    lengths = [sum(length_of(piece.text) for piece in part) for part in (before, after)]
    # A heading of a part may be like the title.
    is_within = not {parent_of(piece) for piece in before}.isdisjoint(map(parent_of, after))
    return start if is_within or lengths[0] > _MOST_BEFORE_TITLE * sum(lengths) else title


def _prose(layout: Layout, start: int, end: int) -> list[Piece]:
    return [piece for piece in layout.pieces[start:end] if piece.is_prose and not piece.box.is_outside]


def without_title_lines(pieces: list[Piece], titles: frozenset[str]) -> list[Piece]:
    """Return pieces without the title, and labels such as the date, on the first lines of a text.

    A piece with such lines is copied, because dates and authors are read from the page's own one.

    Args:
        pieces: The pieces of a text, in order.
        titles: The titles of the article, in comparable form.
    """
    return [_without_title_lines(piece, titles) for piece in pieces[:_MOST_ABOVE]] + pieces[_MOST_ABOVE:]


def _without_title_lines(piece: Piece, titles: frozenset[str]) -> Piece:
    if not (BREAK in piece.text and piece.is_prose and is_one_of(first_line(piece).strip(), titles)):
        return piece
    shortened = copy(piece)
    lines = dropwhile(_is_label, piece.text.split(BREAK)[1:])
    shortened.text = clean(BREAK.join(lines)) or piece.text
    return shortened


def _is_label(line: str) -> bool:
    return length_of(line) < _LONGEST_LABEL and not line.rstrip().endswith(SENTENCE_ENDS)
