"""Entries: equal boxes of which an article consists, each with a heading and a text, as in a list of the best.

They look like cards, which lead to other articles. An article says by their number, their names or their links that
they are its own.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from khobor.extract.layout import SHORTEST_HEADLINE, Box, Layout, Piece, ancestors_or_self, parent_of
from khobor.extract.text import length_of

# So much of a heading is a link.
_MOST_LINKED = 0.8
_FEWEST = 3
# So large a share of the boxes have a text, and of the headings the form that those of other articles do not have.
_LEAST_WITH_TEXT = 0.75
_LEAST = 0.5
# So large a share of an article's text is in its entries, and if these are numbered so large a one.
_MOST = 0.5
_MOST_NUMBERED = 0.15
# A smaller number in a title often counts something else: "3 hurt on bridge".
_SMALLEST_NUMBER = 5
_NUMBER_IN_TITLE = re.compile(r"(?<!\d)\d{1,3}(?!\d)")
_NUMBER_OF_ENTRY = re.compile(r"\W{0,3}(?P<number>\d{1,3})(?!\d|[.,:]\d)")
_LONGEST_TITLE = 300
_DIGIT = re.compile(r"\d")


class ArticleEntry(NamedTuple):
    """A box with a heading.

    Attributes:
        position: The index of its heading in the layout.
        heading: The heading.
        box: The largest box around it that contains no other such heading.
        length: The length of the sentences in the box.
    """

    position: int
    heading: Piece
    box: Box
    length: int


class Entries(NamedTuple):
    """What belongs to an article because it is in an entry.

    Attributes:
        headings: The headings of the entries.
        boxes: The entries, and the boxes between them and their headings.
        parents: The boxes of the sentences in them.
    """

    headings: frozenset[Piece] = frozenset()
    boxes: frozenset[Box] = frozenset()
    parents: frozenset[Box] = frozenset()


def find_entries(layout: Layout, container: Box, titles: frozenset[str]) -> Entries:
    """Return the entries of an article; none if nothing says that the equal boxes with headings are its own.

    Args:
        layout: The page.
        container: The box that contains the body.
        titles: The page's titles as ``comparable`` returns them.
    """
    headings = layout.headings[bisect_left(layout.headings, container.start) :]
    headings = [at for at in headings[: bisect_left(headings, container.end)] if not layout.pieces[at].box.is_outside]
    # Most pages have no such headings.
    linked = [piece for at in headings if (piece := layout.pieces[at]).linked]
    if len(linked) < _FEWEST or sum(map(_is_linked, linked)) < _FEWEST:
        return Entries()
    rows = _rows(layout, container, headings)
    entries = [entry for row in rows if _are_own(row, titles) and _are_most(row, layout, container) for entry in row]
    boxes = (box for entry in entries for box in _around(entry))
    texts = (piece for entry in entries for piece in layout.pieces[entry.position + 1 : entry.box.end])
    parents = (parent for piece in texts if piece.is_prose and (parent := parent_of(piece)))
    return Entries(frozenset(entry.heading for entry in entries), frozenset(boxes), frozenset(parents))


def contains_entries(layout: Layout, row: Box, titles: frozenset[str]) -> bool:
    """Whether the equal boxes in a box are entries of an article.

    Args:
        layout: The page.
        row: The box around them.
        titles: The page's titles as ``comparable`` returns them.
    """
    headings = layout.headings[bisect_left(layout.headings, row.start) : bisect_left(layout.headings, row.end)]
    return any(_are_own(entries, titles) for entries in _rows(layout, row, headings))


def _are_own(row: Sequence[ArticleEntry], titles: frozenset[str]) -> bool:
    """Whether equal boxes with headings are parts of an article, and do not lead to others.

    Their headings are numbered, or no headlines; or they lead to many other sites; or the title gives their number.

    Args:
        row: The boxes, in document order.
        titles: The page's titles as ``comparable`` returns them.
    """
    count = len(row)
    if count < _FEWEST or sum(entry.length > 0 for entry in row) < _LEAST_WITH_TEXT * count:
        return False
    names = sum(length_of(entry.heading.text) < SHORTEST_HEADLINE or not entry.heading.linked for entry in row)
    if names >= _LEAST * count or _are_numbered(row):
        return True
    numbers = (match[0] for title in titles for match in _NUMBER_IN_TITLE.finditer(title[:_LONGEST_TITLE]))
    if count >= _SMALLEST_NUMBER and any(int(number) == count for number in numbers):
        return True
    hosts = {host for entry in row if (host := _host(entry.heading))}
    return len(hosts) >= max(_FEWEST, _LEAST * count)


def _rows(layout: Layout, container: Box, headings: list[int]) -> Iterator[list[ArticleEntry]]:
    """Yield the entries that are beside each other, in equal boxes with headings of one level."""
    rows: dict[tuple[Box | None, str, str, str], list[ArticleEntry]] = defaultdict(list)
    for tag in sorted({layout.pieces[at].box.tag for at in headings} - {"h1"}):
        for entry in _entries(layout, container, [at for at in headings if layout.pieces[at].box.tag == tag]):
            names = _DIGIT.sub("", entry.box.element.get("class") or "")
            rows[entry.box.parent, entry.box.tag, names, tag].append(entry)
    return (row for row in rows.values() if len(row) >= _FEWEST)


def _entries(layout: Layout, container: Box, headings: list[int]) -> Iterator[ArticleEntry]:
    """Yield an entry for each heading that is in a box without the others. The headings are of one level."""
    for at in headings:
        heading = layout.pieces[at]
        largest = None
        for box in ancestors_or_self(heading.box.parent):
            if box is container or bisect_left(headings, box.end) - bisect_left(headings, box.start) > 1:
                break
            largest = box
        if largest is not None:
            yield ArticleEntry(at, heading, largest, _length(layout.pieces[at + 1 : largest.end]))


def _length(pieces: Iterable[Piece]) -> int:
    return sum(length_of(piece.text) for piece in pieces if piece.is_prose and not piece.box.is_outside)


def _are_most(row: list[ArticleEntry], layout: Layout, container: Box) -> bool:
    """Whether entries contain most of the text of a container. Beside an article they lead to others."""
    whole = _length(layout.pieces[container.start : container.end])
    return sum(entry.length for entry in row) >= (_MOST_NUMBERED if _are_numbered(row) else _MOST) * whole


def _around(entry: ArticleEntry) -> Iterator[Box]:
    for box in ancestors_or_self(entry.heading.box):
        yield box
        if box is entry.box:
            return


def _are_numbered(row: Sequence[ArticleEntry]) -> bool:
    """Whether headings begin with numbers that follow each other, up or down."""
    matches = [_NUMBER_OF_ENTRY.match(entry.heading.text) for entry in row]
    numbers = [int(match["number"]) for match in matches if match]
    if len(numbers) < _LEAST_WITH_TEXT * len(row):
        return False
    steps = [after - before for before, after in pairwise(numbers)]
    return max(steps.count(1), steps.count(-1)) >= _LEAST_WITH_TEXT * len(steps)


def _host(heading: Piece) -> str:
    """Return the host that a heading leads to; empty if its link names none."""
    href = heading.links[0].get("href") if heading.links else None
    try:
        return (urlsplit(href or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _is_linked(piece: Piece) -> bool:
    return piece.linked >= _MOST_LINKED * len(piece.text)
