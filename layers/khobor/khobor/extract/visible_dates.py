"""Where a page shows its readers the dates of the article: near the headline, behind the text, beside it."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice, takewhile

from lxml import etree

from khobor.extract.cards import is_on_card
from khobor.extract.class_names import BYLINE, COMMENTS, DATE, FRONT, OUTSIDE, TOOLS, meaning
from khobor.extract.date_elements import dates_in, dates_in_attributes, dates_in_calls, own_dates, says_modified
from khobor.extract.date_labels import Kind, after_label, before_label
from khobor.extract.date_lines import (
    COPYRIGHT,
    DIGIT,
    LONGEST_DATE,
    LONGEST_LINE,
    VERSION,
    DateLine,
    is_headline_of_other,
    is_prose,
    labelled_dates,
    lines_at,
    plain_dates,
)
from khobor.extract.document import Document
from khobor.extract.front_matter import FrontMatter
from khobor.extract.layout import (
    BREAK,
    GROUPS,
    HEADINGS,
    Box,
    NamedElement,
    ancestors_or_self,
)
from khobor.extract.masthead import end_of_masthead
from khobor.extract.text import is_large, text_of

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# A card leads to another article.
# A line with more links is one of topics.
# A date above the headline belongs to it if one of so many boxes around the date contains both.
_NEAR = 3
_AROUND_ALL = frozenset({"html", "body"})
_ARTICLES = frozenset({"article", "main"})
# Boxes behind the text that may be of the article: its footer is called as that of the page.
_FORMS = frozenset({"form", "fieldset"})
_OF_ARTICLE = TOOLS | FRONT | DATE | BYLINE
# How many pieces before and after the text are searched.
_MOST_BEFORE = 30
_MOST_BEHIND = 6
# How many paragraphs may begin with a dateline.
_MOST_BEGINNINGS = 2
# How many elements, and how many lines of a page, are read.
_MOST_ELEMENTS = 100
_MOST_LINES = 100
# How many elements behind the headline are searched for attributes.
_MOST_BESIDE = 8
# How many pieces below a headline that is far above the text, and how many beyond boxes without text, are read.
_BELOW_HEADLINE = 6
_MOST_EMPTY = 8
# How many skipped boxes are read, and the longest text of one.
_MOST_SKIPPED = 20
_LONGEST_SKIPPED = 300


class VisibleDates:
    """The texts with dates that a page shows.

    Args:
        document: The page. Its container must have been searched for.
        front: Its front matter.
    """

    def __init__(self, document: Document, front: FrontMatter) -> None:
        self._layout = document.layout
        self._document = document
        self._front = front
        self._headline = front.headline

    def near(self, kind: Kind) -> Iterator[str]:
        """Yield the dates near the headline: those after a label, then those in elements whose class says date.

        Args:
            kind: The kind of date.
        """
        yield from labelled_dates(self._near_lines, kind)
        for each in self._named:
            if not self._is_teaser(each.box):
                yield from dates_in(each.element, kind)

    def unlabelled_near(self) -> Iterator[str]:
        """Yield the lines near the headline that may be a date and have neither a label nor a class."""
        return plain_dates(self.lines_of_article)

    def attributes_near(self) -> Iterator[str]:
        """Yield the values of the date attributes near the headline."""
        yield from dates_in_attributes(box.element for box in self._near_boxes)
        yield from dates_in_calls(box.element for box in self._near_boxes)
        if self._headline is None:
            return
        around = list(islice(ancestors_or_self(self._layout.pieces[self._headline].box), _NEAR + 1))
        for box in around[:2]:
            beside = list(self._before_prose(box.element))
            yield from dates_in_attributes(beside)
            yield from dates_in_calls(beside)
        for box in around[1:]:
            if box.tag not in _AROUND_ALL:
                yield from own_dates(box.element)

    def _before_prose(self, element: etree._Element) -> Iterator[etree._Element]:
        """Yield the elements that follow one, which may be without a text, up to the article's text."""
        first = self._front.prose[0]
        boxes = ancestors_or_self(self._layout.pieces[first].box) if first < len(self._layout.pieces) else ()
        of_text = {box.element for box in boxes}
        if element not in of_text:
            yield from takewhile(lambda each: each not in of_text, islice(element.itersiblings(), _MOST_BESIDE))

    def texts_near(self) -> list[str]:
        """Return the lines near the headline that may have a date of any kind."""
        return [line.text for line in self._near_lines]

    def labelled_near(self) -> Iterator[str]:
        """Yield the dates of publication after labels near the headline, without those of another article."""
        return labelled_dates(self._own_lines, "published")

    def marked_near(self) -> Iterator[str]:
        """Yield those in elements whose class says date."""
        named = (each for each in self._named if not self._is_foreign(each.box))
        for element in (each.element for each in named if not says_modified(each.element)):
            yield from dates_in(element, "published")

    def behind(self, kind: Kind) -> Iterator[str]:
        """Yield the dates behind the text: after labels, then in elements that say date.

        The footers and tool boxes of the article, which have no part in the layout, are read too.

        Args:
            kind: The kind of date.
        """
        yield from self.marked_behind(kind)
        skipped = list(self._skipped())
        for element in skipped:
            for time in element.iter("time", "abbr"):
                yield from dates_in(time, kind)
        for text in map(text_of, skipped):
            if DIGIT.search(text) and len(text) <= _LONGEST_SKIPPED:
                yield from after_label(text, kind)
                if kind == "published":
                    yield before_label(text)[:LONGEST_LINE]

    def marked_behind(self, kind: Kind) -> Iterator[str]:
        """Yield those of them that are in the layout.

        Args:
            kind: The kind of date.
        """
        own = [line for line in self._behind_lines if not self._is_on_card(line.piece.box)]
        yield from labelled_dates(own, kind)
        boxes = {id(line.piece.box) for line in own}
        named = (each for each in self._layout.named if each.meaning & DATE and id(each.box) in boxes)
        for element in islice((each.element for each in named if not is_large(each.element)), _MOST_ELEMENTS):
            yield from dates_in(element, kind)

    def unlabelled_behind(self) -> Iterator[str]:
        """Yield the lines behind the text that may be a date."""
        own = (line for line in self._behind_lines if not self._is_on_card(line.piece.box))
        return plain_dates([line for line in own if not self._is_in_list(line.piece.box)])

    def before(self, kind: Kind) -> Iterator[str]:
        """Yield the dates before the text that are not near the headline, the closest first.

        Args:
            kind: The kind of date.
        """
        own = [line for line in self._far_lines if not line.piece.box.is_unrelated]
        yield from labelled_dates(own, kind)
        if kind == "published":
            yield from plain_dates([line for line in own if not self._is_on_card(line.piece.box)])

    def beside(self) -> Iterator[str]:
        """Yield the dates of publication before the text in parts unrelated to the article, such as a teaser."""
        lines = [line for line in self._far_lines if line.piece.box.is_unrelated]
        yield from labelled_dates(lines, "published")
        for each in self._named:
            if self._is_teaser(each.box):
                yield from dates_in(each.element, "published")
        others = [line for line in self._near_lines if line not in self.lines_of_article]
        yield from plain_dates([*others, *lines])

    def marked_anywhere(self) -> Iterator[str]:
        """Yield the dates in elements that say date anywhere, such as a side column, but in comments and teasers."""
        dated = (each for each in self._layout.named if each.meaning & DATE and not is_large(each.element))
        below = (each for each in dated if each.position >= self._end_of_masthead)
        own = (each for each in below if not self._is_of_another(each.box))
        for each in islice(own, _MOST_ELEMENTS):
            yield from dates_in(each.element, "published")

    def alone(self) -> Iterator[str]:
        """Yield the lines of the article that may be a date alone."""
        scope = self._scope
        lines = self._lines(range(max(scope.start, self._end_of_masthead), scope.end)) if scope else ()
        for line in islice(lines, _MOST_LINES):
            is_short = len(line.text) <= LONGEST_DATE and not VERSION.search(line.text)
            is_alone = is_short and not is_prose(line) and not self._is_in_list(line.piece.box)
            if not is_alone or line.label not in {None, "published"} or COPYRIGHT.search(line.text):
                continue
            if not (self._is_of_another(line.piece.box) or is_headline_of_other(line)):
                yield before_label(line.text)

    def _is_in_list(self, box: Box) -> bool:
        """Whether a box is in a list, a table or a quotation that does not contain the text, too."""
        first = self._front.prose[0]
        around = takewhile(lambda each: not each.start <= first < each.end, ancestors_or_self(box))
        return box.in_group and any(each.tag in GROUPS for each in around)

    def _is_of_another(self, box: Box) -> bool:
        """Whether a box is of comments, or a small one with a link to another article."""
        is_named = any(each.meaning & COMMENTS for each in ancestors_or_self(box))
        return is_named or box.start in self._layout.comments or self._is_on_card(box)

    def _is_teaser(self, box: Box) -> bool:
        """Whether a box near the headline is beside a link to another article."""
        return self._headline is not None and box.start < self._headline and self._is_on_card(box)

    def _is_on_card(self, box: Box) -> bool:
        return is_on_card(box, self._layout, self._headline)

    def first_lines(self) -> Iterator[str]:
        """Yield the lines at the beginning of the text, which may begin with a dateline."""
        first = self._front.prose[0]
        for piece in self._layout.pieces[first : first + _MOST_BEGINNINGS]:
            yield piece.text.partition(BREAK)[0]

    def last_year(self, latest: int) -> int | None:
        """Return the last year that the lines of the page have, None if they have none.

        Args:
            latest: The last that counts.
        """
        texts = (piece.text for piece in self._layout.pieces if len(piece.text) <= LONGEST_LINE)
        years = (int(year) for text in texts for year in _YEAR.findall(text))
        return max((year for year in years if year <= latest), default=None)

    def labelled(self) -> Iterator[str]:
        """Yield the dates of publication after labels anywhere on the page but in parts unrelated to the article."""
        lines = (line for line in self._lines(range(len(self._layout.pieces))) if not line.piece.box.is_unrelated)
        yield from labelled_dates(islice(lines, _MOST_LINES), "published")

    @cached_property
    def _scope(self) -> Box | None:
        """The box of the whole article: an ``article`` or ``main`` around the text, else the boxes close to it."""
        container = self._front.container
        if container is None:
            return None
        around = [box for box in ancestors_or_self(container) if box.tag not in _AROUND_ALL]
        own = next((box for box in around if box.tag in _ARTICLES), None)
        return own or (around[: _NEAR + 1] or [container])[-1]

    @property
    def elements(self) -> list[etree._Element]:
        """The elements near the headline whose class says date, those of the article first."""
        return [each.element for each in self._named]

    @cached_property
    def _named(self) -> list[NamedElement]:
        positions = frozenset(self._positions)
        named = [each for each in self._layout.named if each.meaning & DATE and each.position in positions]
        near = [each for each in named if self._is_near(each.box) and not is_large(each.element)]
        near.sort(key=lambda each: (self._is_foreign(each.box), says_modified(each.element)))
        return near[:_MOST_ELEMENTS]

    @cached_property
    def _positions(self) -> list[int]:
        """The pieces near the headline: the front matter, though boxes without text or a long menu part it."""
        near, pieces = self._front.positions, self._layout.pieces
        headline = near.start if self._headline is None else self._headline
        below = range(headline, min(headline + _BELOW_HEADLINE, near.start))
        empty = sum(not piece.text for piece in pieces[self._front.prose[0] : near.stop])
        end = near.stop
        while empty and end < min(near.stop + _MOST_EMPTY, len(pieces)):
            empty -= bool(pieces[end].text)
            end += 1
        # Most pages have no number so close above the headline.
        is_dated = any(DIGIT.search(piece.text) for piece in pieces[near.start : headline])
        first = max(near.start, self._end_of_masthead) if is_dated else near.start
        return [*below, *range(first, end)]

    @cached_property
    def _end_of_masthead(self) -> int:
        if self._headline is None:
            return 0
        return end_of_masthead(self._layout, self._headline, self._document.host)

    @cached_property
    def _near_lines(self) -> list[DateLine]:
        near = (line for line in self._lines(self._positions) if self._is_near(line.piece.box))
        lines = list(islice(near, _MOST_LINES))
        return sorted(lines, key=lambda line: (self._is_foreign(line.piece.box), says_modified(line.piece.box.element)))

    @property
    def _own_lines(self) -> list[DateLine]:
        return [line for line in self._near_lines if not self._is_foreign(line.piece.box)]

    @cached_property
    def _far_lines(self) -> list[DateLine]:
        """The lines before the text, the closest first."""
        first = self._front.prose[0]
        lines = list(self._lines(range(max(0, first - _MOST_BEFORE, self._end_of_masthead), first)))
        boxes = ((line, line.piece.box) for line in lines[: -_MOST_LINES - 1 : -1])
        return [line for line, box in boxes if not (_is_of_others(box) or self._is_in_header(box))]

    @cached_property
    def lines_of_article(self) -> list[DateLine]:
        """The lines near the headline that may have a date, without those of other articles."""
        return [line for line in self._own_lines if not self._is_on_card(line.piece.box)]

    @property
    def _near_boxes(self) -> list[Box]:
        pieces = self._layout.pieces
        boxes = (pieces[position].box for position in self._positions if position < len(pieces))
        return list({id(box): box for box in boxes if self._is_near(box)}.values())

    @cached_property
    def _behind_lines(self) -> list[DateLine]:
        layout, scope = self._layout, self._scope
        if scope is None:
            return []
        last = self._front.prose[1]
        end = min(last + 1 + _MOST_BEHIND, scope.end)
        headings = (at for at in range(last + 1, end) if layout.pieces[at].box.tag in HEADINGS)
        lines = self._lines(range(last + 1, next(headings, end)))
        return [line for line in lines if not _is_of_others(line.piece.box)]

    def _lines(self, positions: Iterable[int]) -> Iterator[DateLine]:
        return lines_at(self._layout.pieces, positions)

    def _is_near(self, box: Box | None) -> bool:
        """Whether a box is beside or after the headline. The header of a page often shows today's date."""
        headline = self._headline
        if headline is None or box is None or box.start >= headline:
            return not self._is_in_header(box)
        for _ in range(_NEAR):
            if box is None or box.tag in _AROUND_ALL:
                return False
            if box.start <= headline < box.end:
                return True
            box = box.parent
        return False

    def _is_in_header(self, box: Box | None) -> bool:
        """Whether a box is in a header that is not the article's."""
        around = list(ancestors_or_self(box))
        header = next((each for each in around if each.tag == "header" and each.is_outside), None)
        if header is None or any(each.tag in _ARTICLES for each in around):
            return False
        return self._headline is None or not header.start <= self._headline < header.end

    def _is_foreign(self, box: Box) -> bool:
        """Whether a box is of another article, or unrelated, and not only because one around the headline is."""
        if not box.is_unrelated:
            return self._is_teaser(box)
        headline = self._headline
        around = [each for each in ancestors_or_self(box) if each.is_unrelated]
        return headline is None or not around[-1].start <= headline < around[-1].end

    def _skipped(self) -> Iterator[etree._Element]:
        """Yield the footers and tool boxes of the article, of which the layout has no text."""
        scope = self._scope
        if scope is None:
            return
        walked = {box.element for box in self._layout.boxes if scope.start <= box.start <= scope.end}
        found = 0
        for element in scope.element.iter("footer", "div", "section", "p", "ul", "aside"):
            names = element.get("class") or ""
            is_own_footer = "footer" in names.lower() and meaning(names) & (FRONT | TOOLS) == FRONT
            if (element in walked and not is_own_footer) or element.getparent() not in walked or is_large(element):
                continue
            if element.tag == "footer" or is_own_footer or meaning(names) & TOOLS:
                yield element
                found += 1
                if found == _MOST_SKIPPED:
                    return


def _is_of_others(box: Box) -> bool:
    """Whether a box is of comments, of other articles or of a side column."""
    if not box.is_unrelated:
        return False
    around = [each.meaning for each in ancestors_or_self(box) if each.meaning & OUTSIDE and each.tag not in _FORMS]
    return any(found & COMMENTS or not found & _OF_ARTICLE for found in around)
