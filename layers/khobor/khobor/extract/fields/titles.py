"""The headline, and the page's other titles."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice, pairwise

from lxml import etree

from khobor.article import Origin
from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.site_labels import SiteLabels
from khobor.extract.text import UNSPACED_SCRIPTS, clean, comparable, plain, text_of
from khobor.extract.title_labels import TitleLabels, is_name_separated, name_parts
from khobor.sources.source import Rules

# Two titles with so large a share of common words are the same headline.
_ALIKE = 0.6
# In scripts without spaces, a shorter text is the name of a section.
_SHORTEST_UNSPACED = 6
# A kicker is not a larger share of its heading than this.
_LARGEST_KICKER = 0.5
_META = ("og:title", "twitter:title", "dc.title", "title")
_MOST_ALTERNATIVES = 12
_MOST_WORDS_OF_NAME = 4
_MOST_HEADINGS = 20
# How far below a heading its text begins.
_NEAR = 12
# A name behind a headline is not longer than this many times the headline.
_LONGEST_NAME = 1.5


class PageTitles:
    """The titles of one page.

    Args:
        document: The page.
        rules: The source's rules.
    """

    def __init__(self, document: Document, rules: Rules) -> None:
        self._document = document
        self._rules = rules
        self._labels = SiteLabels(document)
        self._cuts: dict[tuple[str, bool], str] = {}
        # Each heading without the element at its end.
        self._beginnings: dict[str, str] = {}

    def candidates(self, listed: str | None = None) -> Iterator[FieldCandidate[str]]:
        """Yield what a source's rules select, what the page declares, and its first-level headings.

        The name of the site, names of sections and headings that link to the home page are left out. A line that a feed
        states as the title comes before the titles of the page as a whole, which may be those of the site.

        Args:
            listed: The title that a feed stated; None if there is none.
        """
        for selector in self._rules.title:
            if text := self._document.first_text(selector):
                yield FieldCandidate.at(text, "source rule", text)
        social = comparable(next((title.value for title in self._of_page if title.evidence.origin == "meta"), None))
        like = [heading for heading in self.headings if self._is_like_declared(heading)]
        headings = [FieldCandidate.at(self._without_kicker(each), "heuristic", each, "h1") for each in like]
        yield from (each for each in [*self._described, *headings] if comparable(each.value) == social)
        yield from headings
        yield from self._described
        yield from (each for each in self.listed(listed) if self._is_line(each.value))
        others = [
            FieldCandidate.at(heading, "heuristic", heading, "h1") for heading in self.headings if heading not in like
        ]
        names = [title for title in self._of_page if self._may_be_name(title.value, others)]
        yield from (title for title in self._of_page if title not in names)
        yield from others
        yield from names
        if not self.headings and not self._declared:
            yield from self._lower_headings()

    def _may_be_name(self, title: str, headings: Sequence[FieldCandidate[str]]) -> bool:
        """Whether a title of the page may be a name of site or section.

        So may be a part of the title element behind another, and a text that stands nowhere on a page with a longer
        heading above its text.

        Args:
            title: The title.
            headings: The first-level headings that are unlike all titles.
        """
        if comparable(title) in self._later_parts:
            return True
        if len(headings) != 1 or len(title) >= len(headings[0].value):
            return False
        is_alone = len(self._declared) == 1 or self._labels.is_site(title)
        return is_alone and not self._is_line(title) and self._is_above_text

    @cached_property
    def _later_parts(self) -> frozenset[str]:
        """The parts of the title element behind its first."""
        parts = name_parts(self._document.head_title or "")
        return frozenset(map(comparable, parts[1:])) - {comparable(part) for part in parts[:1]} - {""}

    @cached_property
    def _is_above_text(self) -> bool:
        """Whether a first-level heading stands directly above sentences."""
        layout = self._document.layout
        return any(self._has_prose(position, len(layout.pieces)) for position in layout.headlines[:_MOST_HEADINGS])

    def _is_line(self, text: str) -> bool:
        """Whether a text stands alone on the page, and is no link to elsewhere."""
        form = comparable(text)
        pieces = (piece for piece in self._document.layout.pieces if not piece.linked and not piece.box.is_unrelated)
        return any(len(piece.text) <= 2 * len(text) and comparable(piece.text) == form for piece in pieces)

    def listed(self, text: str | None) -> Iterator[FieldCandidate[str]]:
        """Yield the title that a feed stated, without the names of site and sections.

        Args:
            text: The title; None if there is none.
        """
        yield from self._cut_all([("feed", text or "", "feed", "feed")])

    def alternatives(self, title: str | None, listed: str | None = None) -> tuple[str, ...]:
        """Return the page's other titles, without duplicates.

        Args:
            title: The chosen title.
            listed: The title that a feed stated; None if there is none.
        """
        unique: dict[str, str] = {}
        of_feed = (each.value for each in self.listed(listed))
        for text in (*(each.value for each in self._declared), *self.headings, *of_feed):
            unique.setdefault(comparable(text), text)
        others = (text for name, text in unique.items() if name and name != comparable(title))
        return tuple(islice(others, _MOST_ALTERNATIVES))

    @property
    def declared(self) -> tuple[str, ...]:
        """The titles that the page declares in its data and its head."""
        return tuple(title.value for title in self._declared)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The first-level headings that may be headlines."""
        return tuple(self._headings())

    def _headings(self) -> Iterator[str]:
        for element in self._document.elements("h1")[:_MOST_HEADINGS]:
            text = text_of(element)
            links = [*element.iter("a"), *element.iterancestors("a")]
            if not text or any(map(self._labels.is_home_link, links)):
                continue
            if not self._is_name(text):
                self._beginnings[text] = _without_last_child(element)
                yield text

    def _is_name(self, text: str) -> bool:
        """Whether a heading is a name of the site or of a section."""
        if self._labels.is_section(text) or self._is_behind_title(text):
            return True
        # A headline may contain the host's name as a word: "Guardian angels found" on guardian.example.
        return self._labels.is_site(text, is_sure=self._is_before_name(text))

    def _is_before_name(self, text: str) -> bool:
        """Whether the title element has a text before one that is not much longer, so that it is the headline."""
        title = self._document.head_title or ""
        behind = title.removeprefix(text)
        is_first = len(behind) < len(title) and len(behind) <= _LONGEST_NAME * len(text)
        return is_first and (not behind or is_name_separated(behind[::-1]))

    def _is_behind_title(self, text: str) -> bool:
        """Whether the title element has a short text behind a longer one, so that it is a name of site or section."""
        title = self._document.head_title or ""
        before = title.removesuffix(text)
        if not len(text) < len(before) < len(title) or len(text.split()) > _MOST_WORDS_OF_NAME:
            return False
        return not self._labels.is_site(before) and (is_name_separated(before) or self._begins_title(text, before))

    def _begins_title(self, name: str, before: str) -> bool:
        """Whether another first-level heading than a name begins what stands before the name in the title element."""
        others = (text_of(element) for element in self._document.elements("h1")[:_MOST_HEADINGS])
        return any(other != name and len(other) > len(name) and before.startswith(other) for other in others)

    def _lower_headings(self) -> Iterator[FieldCandidate[str]]:
        """Yield the headings below the first level that are neither links nor names of the site or a section."""
        layout = self._document.layout
        positions = layout.headings[: _MOST_HEADINGS + 1]
        # A menu has a heading, too.
        above_text = [start for start, end in pairwise([*positions, len(layout.pieces)]) if self._has_prose(start, end)]
        for position in dict.fromkeys([*above_text, *positions[:_MOST_HEADINGS]]):
            piece = layout.pieces[position]
            is_name = self._labels.is_site(piece.text) or self._labels.is_section(piece.text)
            if not piece.linked and not is_name and not piece.box.is_hidden:
                yield FieldCandidate.at(piece.text, "heuristic", piece.text, piece.box.tag)

    def _has_prose(self, start: int, end: int) -> bool:
        return any(piece.is_prose for piece in self._document.layout.pieces[start : min(end, start + _NEAR)])

    @cached_property
    def _declared(self) -> list[FieldCandidate[str]]:
        return [*self._described, *self._of_page]

    @cached_property
    def _declared_forms(self) -> tuple[str, ...]:
        """The declared titles as ``comparable`` returns them, without duplicates."""
        return tuple(dict.fromkeys(comparable(title.value) for title in self._declared))

    @cached_property
    def _described(self) -> list[FieldCandidate[str]]:
        """The headlines in JSON-LD and microdata."""
        document = self._document
        places: list[tuple[Origin, str]] = [("json-ld", plain(json_ld.text(document.article.get("headline"))))]
        headlines = () if document.article else document.microdata("headline")
        places += [("microdata", plain(each.attrib.get("content")) or text_of(each.root)) for each in headlines]
        return list(self._cut_all((origin, text, f"{origin} headline", "data") for origin, text in places))

    @cached_property
    def _of_page(self) -> list[FieldCandidate[str]]:
        """The titles in meta elements and the title element, without the names of site and sections."""
        document = self._document
        places: list[tuple[Origin, str, str]] = [("meta", plain(document.first_meta(name)), name) for name in _META]
        places.append(("heuristic", document.head_title or "", "title element"))
        for name in ("alternativeHeadline", "name"):
            places += [("json-ld", plain(json_ld.text(document.article.get(name))), f"json-ld {name}")]
        return list(self._cut_all((*place, "head") for place in places))

    def _cut_all(self, places: Iterable[tuple[Origin, str, str, str]]) -> Iterator[FieldCandidate[str]]:
        for origin, text, place, witness in places:
            value = self._cut(text, witness == "data") if text else ""
            if value and not self._labels.is_site(value, is_sure=True):
                yield FieldCandidate.at(value, origin, text, place, witness)

    def _cut(self, text: str, is_headline: bool) -> str:
        # Several places often have the same text.
        if (text, is_headline) not in self._cuts:
            self._cuts[text, is_headline] = self._title_labels.cut(text, is_headline=is_headline)
        return self._cuts[text, is_headline]

    @cached_property
    def _title_labels(self) -> TitleLabels:
        return TitleLabels(self._document, self._labels, self.headings)

    def _is_like_declared(self, heading: str) -> bool:
        form = comparable(heading)
        return any(_alike(form, title) for title in self._declared_forms)

    def _without_kicker(self, heading: str) -> str:
        """Return a heading without its kicker, if the rest is a title that the page declares and the whole is not.

        So may be the rest without the element at its end, such as a number of comments.
        """
        whole = comparable(heading)
        declared = {comparable(title.value): title.value for title in self._declared}
        if whole in declared:
            return heading
        if (beginning := self._beginnings[heading]) and comparable(beginning) in declared:
            return beginning
        for other, title in declared.items():
            if whole.endswith(other) and len(whole) - len(other) <= _LARGEST_KICKER * len(whole):
                return title
        return heading


def _without_last_child(element: etree._Element) -> str:
    """Return the text of an element before its last child, empty if there is none or text after it."""
    if not len(element) or clean(element[-1].tail):
        return ""
    before = [element.text or ""]
    for child in list(element)[:-1]:
        before += [text_of(child) if isinstance(child.tag, str) else "", child.tail or ""]
    return clean(" ".join(before))


def is_title(document: Document, text: str | None) -> bool:
    """Whether a text is a title of a page, or has most of its words.

    Args:
        document: The page.
        text: The text; None is no title.
    """
    titles, form = PageTitles(document, Rules()), comparable(text)
    forms = (*map(comparable, titles.declared), *map(comparable, titles.headings))
    return bool(form) and any(form == each or _alike(form, each) or _alike(each, form) for each in forms)


def _alike(one: str, other: str) -> bool:
    if " " not in one:
        return len(one) >= _SHORTEST_UNSPACED and UNSPACED_SCRIPTS.match(one) is not None and one in other
    words, others = set(one.split()), set(other.split())
    return bool(others) and len(words & others) >= _ALIKE * min(len(words), len(others)) and len(words) > 1
