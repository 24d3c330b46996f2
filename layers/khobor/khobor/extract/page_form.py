"""The form of a page's text: a list of headlines or links, or a thread of posts.

The words of a page do not matter, only what stands where, so that the forms are the same in every language. A length is
that of a Latin text: a character of a script without spaces counts three times.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, islice, takewhile
from typing import NamedTuple, TypeAlias

from lxml import etree

from khobor.extract.class_names import BYLINE, COMMENTS, DATE
from khobor.extract.layout import BREAK, HEADINGS, Box, Layout, NamedElement, Piece, ancestors_or_self, first_line
from khobor.extract.text import comparable, is_large, length_of, text_of

# A list has so many linked headlines, or so many links that are as long as headlines.
_FEWEST_HEADLINES = 3
_FEWEST_LINKS = 20
_SHORTEST_LINK = 20
# Fewer links are a list if most of them have a date.
_FEWEST_DATED_LINKS = 5
_DATED_LINKS = 0.8
_LONGEST_RUN_OF_DATES = 100
# A list of links has no text but a notice of this length.
_LONGEST_NOTICE = 200
# More text below a headline is an article, not a teaser.
_LONGEST_TEASER = 500
# So much text may stand beside the entries of a list or thread: an introduction, a notice.
_MOST_BESIDE = 300
_MOST_BESIDE_INDEX = 700
_MOST_BESIDE_LINKS = 400
# A list of links has no sentences that follow each other for longer than this.
_LONGEST_RUN_OF_LINKS = 180
# A thread has so many posts. Most of them have a date or an author.
_FEWEST_POSTS = 3
_MARKED_POSTS = 0.6
_LARGEST_POST = 0.7
# So much text besides comments is an article.
_SHORTEST_ARTICLE = 60
# A class of more elements is that of lines, not of posts.
_MOST_POSTS = 500
# These contain parts of a post.
_NO_POSTS = HEADINGS.keys() | {"p", "body", "html", "ul", "ol", "tbody"}
_MOST_NAMES = 2
# A page with more dates and authors is a table.
_MOST_MARKS = 3000
# The classes of entries of a live report or a timeline.
_LIVE = re.compile(
    r"(?:^|[\s_-])(?:live|live-?blog|live-?ticker|ticker|timeline|event|milestone)(?:$|[\s_-])", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
# A title is not longer, and so many lines of an article may stand above its text.
_LONGEST_TITLE = 200
_MOST_LINES_BELOW = 5


_Kind: TypeAlias = tuple[str, str]


class _Headline(NamedTuple):
    """A headline of a list, and the box that contains it and no other headline."""

    position: int
    card: Box


class PageForm:
    """What stands where on a page.

    Args:
        layout: The layout of the page, in which the body was located.
        body: The texts of the body.
    """

    def __init__(self, layout: Layout, body: Sequence[str] = ()) -> None:
        self._layout = layout
        self._body = body

    def list_of_headlines(self, *, is_index: bool = False) -> str | None:
        """Return a description of the page as a list of linked headlines with teasers, None if it is not one.

        Args:
            is_index: Whether its address is that of a list, which may describe its author or its topic at length.
        """
        found = [each for each in self._cards(self._headings) if self._is_linked(each)]
        if len(found) < _FEWEST_HEADLINES:
            return None
        teasers = [each.card for each in found if self._length_within(each.card) <= _LONGEST_TEASER]
        beside = self._length_beside(teasers)
        most = _MOST_BESIDE_INDEX if is_index else _MOST_BESIDE
        return f"{len(found)} linked headlines and little text beside them" if beside <= most else None

    def list_of_links(self, *, is_index: bool = False) -> str | None:
        """Return a description of the page as a list of links that are as long as headlines, None if it is not one.

        Args:
            is_index: Whether its address is that of a list, which may be short.
        """
        is_short = is_index or sum(map(length_of, self._body)) <= _LONGEST_NOTICE
        if self.longest_run > _LONGEST_RUN_OF_LINKS or not is_short:
            return None
        links = [at for at, piece in enumerate(self._layout.pieces) if _is_link(piece)]
        dates = len({each.position for each in self._named if each.meaning & DATE})
        is_dated = dates >= _DATED_LINKS * len(links) and self.longest_run <= _LONGEST_RUN_OF_DATES
        if len(links) < (_FEWEST_DATED_LINKS if is_dated or is_index else _FEWEST_LINKS):
            return None
        cards = [each.card for each in self._cards(links)]
        teasers = [card for card in cards if self._length_within(card) <= _LONGEST_TEASER]
        return f"{len(links)} links and little else" if self._length_beside(teasers) <= _MOST_BESIDE_LINKS else None

    def thread(self, title: str, *, has_headline: bool) -> str | None:
        """Return a description of the page as boxes of one kind, each with a date or an author; None if it is not one.

        Args:
            title: The page's title as ``comparable`` returns it, empty if there is none.
            has_headline: Whether the page has the headline of an article.
        """
        whole = sum(self._prose)
        for (tag, names), boxes in self._kinds_of_posts().items():
            if len(boxes) > _MOST_POSTS:
                continue
            lengths = [self._length_within(box) for box in boxes]
            marked = sum(length > 0 and self._is_marked(box) for box, length in zip(boxes, lengths, strict=True))
            if marked < max(_FEWEST_POSTS, _MARKED_POSTS * len(boxes)) or max(lengths) >= _LARGEST_POST * whole:
                continue
            if whole - self._covered(boxes) > _MOST_BESIDE or self._are_comments(boxes):
                continue
            if not (has_headline and self._are_of_article(boxes)) and not self._begins_one(title, boxes):
                return f"{len(boxes)} times {tag} {names} with a date or an author, and little text beside them"
        return None

    def is_above_text(self, title: str, is_own: Callable[[str | None], bool], *, is_linked: bool = False) -> bool:
        """Whether a title stands directly above sentences of the body. It is no link, or one to the page itself.

        Args:
            title: The title as ``comparable`` returns it.
            is_own: Whether a reference leads to the page itself.
            is_linked: Whether it must be a link.
        """
        pieces = self._layout.pieces
        body = frozenset(line for text in self._body for line in text.splitlines())
        for at, piece in enumerate(pieces):
            if 2 * len(piece.text) < len(title) or comparable(first_line(piece)[:_LONGEST_TITLE]) != title:
                continue
            # Date, author and a picture may stand between them.
            below = pieces[at : at + _MOST_LINES_BELOW]
            is_above = any(each.is_prose and not body.isdisjoint(each.text.split(BREAK)) for each in below)
            if is_above and len(piece.links) >= is_linked and all(is_own(link.get("href")) for link in piece.links):
                return True
        return False

    def _begins_one(self, title: str, boxes: list[Box]) -> bool:
        """Whether the page's title stands in one of several boxes and not before all, so that this one is the article.

        The title of a thread stands above its posts, though the first may repeat it.
        """
        if not title:
            return False
        lines = enumerate(self._layout.pieces[: max(box.end for box in boxes)])
        short = ((at, piece) for at, piece in lines if 2 * len(piece.text) >= len(title))
        first = next((at for at, piece in short if comparable(piece.text[:_LONGEST_TITLE]) == title), None)
        return first is not None and any(box.start <= first < box.end for box in boxes)

    def _are_of_article(self, boxes: list[Box]) -> bool:
        """Whether boxes below a headline are the parts of an article, or stand below its text.

        The entries of a live report have their own headings, or a class that says so. Letters to the editor have
        authors and no dates. Teasers are links, and text of the article is not among them.
        """
        if _LIVE.search(boxes[0].element.get("class") or ""):
            return True
        headed = [self._headings[bisect_left(self._headings, box.start) :][:1] for box in boxes]
        inside = [at[0] for at, box in zip(headed, boxes, strict=True) if at and at[0] < box.end]
        linked = sum(_is_mostly_linked(self._layout.pieces[at]) for at in inside)
        if len(inside) - linked >= _MARKED_POSTS * len(boxes):
            return True
        if linked >= _MARKED_POSTS * len(boxes):
            return self._length_beside(boxes) >= _SHORTEST_ARTICLE
        return not any(self._is_dated(box) for box in boxes)

    def _is_dated(self, box: Box) -> bool:
        """Whether a box has a date, or a line about the author with a number in it."""
        first = bisect_left(self._named, box.start, key=lambda each: each.position)
        inside = takewhile(lambda each: each.position <= box.end, islice(self._named, first, None))
        return any(
            each.meaning & DATE or (not is_large(each.element) and _DIGIT.search(text_of(each.element)))
            for each in inside
        )

    def _are_comments(self, boxes: list[Box]) -> bool:
        """Whether boxes are named as comments, and the body is none of them."""
        if not boxes[0].meaning & COMMENTS:
            return False
        first, last = boxes[0].start, max(box.end for box in boxes)
        among = {piece.text for piece in self._layout.pieces[first:last]}
        return sum(length_of(text) for text in self._body if text not in among) >= _SHORTEST_ARTICLE

    @cached_property
    def longest_run(self) -> int:
        """The length of the longest sentences that follow each other, with nothing but pictures between them."""
        longest = run = 0
        for piece, length in zip(self._layout.pieces, self._prose, strict=True):
            run = run + length if length or piece.media is not None else 0
            longest = max(longest, run)
        return longest

    @cached_property
    def _prose(self) -> list[int]:
        """The length of each piece that consists of sentences; 0 for the others."""
        pieces = self._layout.pieces
        return [length_of(piece.text) if piece.is_prose and not piece.box.is_hidden else 0 for piece in pieces]

    @cached_property
    def _sums(self) -> list[int]:
        return [0, *accumulate(self._prose)]

    @cached_property
    def _marks(self) -> list[int]:
        """The positions of dates and authors."""
        return sorted({each.position for each in self._named})

    @cached_property
    def _named(self) -> list[NamedElement]:
        return [each for each in self._layout.named if each.meaning & (BYLINE | DATE)]

    @cached_property
    def _headings(self) -> list[int]:
        """The positions of headings, without first-level headings that are no links."""
        pieces, first = self._layout.pieces, set(self._layout.headlines)
        return [at for at in self._layout.headings if at not in first or _is_mostly_linked(pieces[at])]

    def _cards(self, positions: list[int]) -> Iterator[_Headline]:
        """Yield for each position the largest box around it that contains none of the others."""
        for position in positions:
            card = None
            for box in ancestors_or_self(self._layout.pieces[position].box):
                if bisect_left(positions, box.end) - bisect_left(positions, box.start) > 1:
                    break
                card = box
            if card is not None:
                yield _Headline(position, card)

    def _is_linked(self, headline: _Headline) -> bool:
        """Whether a headline is a link, or its card has an empty link, which lies over it."""
        return _is_mostly_linked(self._layout.pieces[headline.position]) or _has_empty_link(headline.card.element)

    def _is_marked(self, box: Box) -> bool:
        at = bisect_left(self._marks, box.start)
        return at < len(self._marks) and self._marks[at] <= box.end

    def _kinds_of_posts(self) -> dict[_Kind, list[Box]]:
        """Return the boxes of each kind of which several contain a date or an author, in document order."""
        if not _FEWEST_POSTS <= len(self._named) <= _MOST_MARKS:
            return {}
        around = {id(box): box for each in self._named for box in ancestors_or_self(each.box)}
        counts = Counter(kind for box in around.values() if (kind := _kind_of(box)))
        kinds: dict[_Kind, list[Box]] = {kind: [] for kind, count in counts.items() if count >= _FEWEST_POSTS}
        if kinds:
            tags = {tag for tag, _ in kinds}
            for box in self._layout.boxes:
                if box.tag in tags and (kind := _kind_of(box)) in kinds:
                    kinds[kind].append(box)
        return kinds

    def _length_within(self, box: Box) -> int:
        return self._sums[box.end] - self._sums[box.start]

    def _covered(self, boxes: Iterable[Box]) -> int:
        """Return the length of the sentences within boxes, which may be nested and are in document order."""
        covered = end = 0
        for box in boxes:
            start = max(box.start, end)
            if start < box.end:
                covered += self._sums[box.end] - self._sums[start]
                end = box.end
        return covered

    def _length_beside(self, boxes: Iterable[Box]) -> int:
        """Return the length of the text of the article that is not within boxes, which are in document order."""
        within = bytearray(len(self._prose))
        for box in boxes:
            within[box.start : box.end] = b"\1" * (box.end - box.start)
        pieces = list(zip(self._layout.pieces, self._prose, within, strict=True))
        beside = sum(length for piece, length, inside in pieces if length and not inside and not piece.box.is_unrelated)
        # A body of short lines, such as a poem, has no sentences.
        known = {piece.text for piece, _, inside in pieces if inside}
        return max(beside, sum(length_of(text) for text in self._body if text not in known))


_WITHOUT_DIGITS = str.maketrans("", "", "0123456789")


def _kind_of(box: Box) -> _Kind | None:
    """Return the tag and the class of a box, in which numbers do not count; None for what is no post."""
    if box.tag in _NO_POSTS or box.start == box.end or box.is_hidden:
        return None
    names = _without_digits(box.element.get("class") or "")
    return (box.tag, names) if names else None


@lru_cache(maxsize=4096)
def _without_digits(names: str) -> str:
    return " ".join(names.translate(_WITHOUT_DIGITS).split()[:_MOST_NAMES])


def _is_mostly_linked(piece: Piece) -> bool:
    return 2 * piece.linked >= len(piece.text)


def _is_link(piece: Piece) -> bool:
    return piece.linked > 0 and _is_mostly_linked(piece) and length_of(piece.text) >= _SHORTEST_LINK


def _has_empty_link(element: etree._Element) -> bool:
    links = (link for link in element.iter("a") if link.get("href"))
    return any(not len(link) and not (link.text or "").strip() for link in links)
