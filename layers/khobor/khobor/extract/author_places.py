"""Where a page names its authors: in its data, in byline elements, in lines around the text."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice, takewhile
from typing import Any, NamedTuple

from lxml import etree

from khobor.article import Author, Origin
from khobor.extract import byline_patterns, json_ld
from khobor.extract.author_hints import AuthorHints
from khobor.extract.author_lines import AuthorLines, behind_date, without_glued
from khobor.extract.author_names import (
    MOST_CHARACTERS_UNCASED,
    is_agency,
    is_han_name,
    is_name,
    is_person,
    is_role,
    is_uncased,
    is_uncased_person,
    likely_names,
)
from khobor.extract.byline_context import is_line_of_others, is_of_others
from khobor.extract.byline_elements import authors_in, is_page_of_author
from khobor.extract.bylines import announces_author, declared_names, split_byline
from khobor.extract.class_names import BYLINE, COMMENTS, meaning
from khobor.extract.document import Document
from khobor.extract.front_matter import FrontMatter, FrontMatterLine
from khobor.extract.layout import HEADINGS, Box, NamedElement, ancestors_or_self
from khobor.extract.site_labels import SiteLabels
from khobor.extract.text import clean, comparable, is_large, text_of

# Names of meta elements, without separators.
_META = (
    "author", "articleauthor", "articleauthorname", "parselyauthor", "sailthruauthor", "dccreator", "dctermscreator",
    "byl", "cxenseparseauthor", "dccreatorauthor", "citationauthor", "citationauthors",
)  # fmt: skip
# A card that a link shows may have two labels, such as "Written by", with a value each.
_CARD = {"twitter:label1": "twitter:data1", "twitter:label2": "twitter:data2"}
# How many names of one place are considered. Each costs dozens of patterns.
_MOST_NAMES = 100
_MOST_WORDS_OF_DESK = 5
_MOST_LINKS = 50
# An element with more lines is not a byline.
_MOST_LINES = 8
_LONGEST_DATE = 40
_YEAR = re.compile(r"\d{4}")
_ADDRESS = re.compile(r"\s[\w.+-]{1,64}@[\w.-]+$")
_BAR = re.compile(r"\s?[|•]\s?")
_SIGN = re.compile(r"^[—–-]\s?")
# What stands in brackets at the end of a text.
_BRACKETED = re.compile(r"[(（](?P<names>[^()（）]{2,30})[)）]\s?[.。]?$")
# (记者 王小明) in the first sentence.
_REPORTER = re.compile(r"[(（](?P<names>[^()（）]{0,10}(?:记者|記者|通讯员|通訊員)[^()（）]{2,20})[)）]")
# Most Japanese names have four characters.
_JAPANESE_NAME = re.compile(r"[\u3400-\u9fff々]{4}|[\u3400-\u9fff々]{1,3}[ \u3000][\u3040-\u30ff\u3400-\u9fff々]{1,4}")
_HAN_AND_KANA = re.compile(r"[\u3400-\u9fff][\u3040-\u309f]")
_BEGINNING = 80
# How many lines behind the text may name its author.
_MOST_LINES_BEHIND = 4
# Elements around one article, and class names of microformats that say the same.
_ARTICLE_TAGS = frozenset({"article", "main"})
_ARTICLE_CLASSES = frozenset({"hentry", "h-entry"})
_AUTHOR_CLASSES = frozenset({"fn", "p-author"})
# Parts of an article that the layout leaves out.
_SKIPPED_PARTS = ("footer",)
_MOST_PARTS = 20
# How many elements around a byline are considered.
_MOST_LEVELS = 6
# How many elements of one kind are read. Each may contain the following ones.
_MOST_ELEMENTS = 40
_ALIGNED = re.compile(r"text-align\s*:\s*(?:right|end)", re.IGNORECASE)


class NamedAuthors(NamedTuple):
    """The authors that one place names.

    Attributes:
        origin: The kind of place.
        place: The name of the place.
        witness: What fills it in.
        authors: In order.
    """

    origin: Origin
    place: str
    witness: str
    authors: list[Author]


class AuthorPlaces:
    """The places of a page that name its authors.

    Args:
        document: The page.
        front_matter: Its front matter.
    """

    def __init__(self, document: Document, front_matter: FrontMatter) -> None:
        self._document = document
        self._front_matter = front_matter
        labels = SiteLabels(document)
        self._hints = AuthorHints(document, front_matter, labels)
        self._unlabelled = AuthorLines(document, front_matter, labels)

    def declared(self) -> Iterator[NamedAuthors]:
        """Yield what JSON-LD, microdata and meta elements declare."""
        document = self._document
        values = document.article.get("author") or document.article.get("creator")
        yield NamedAuthors(
            "json-ld", "json-ld author", "json-ld", list(islice(_from_json_ld(document, values), _MOST_NAMES))
        )
        if not document.article:
            found = (author for each in document.microdata("author") for author in authors_in(document, each.root))
            yield NamedAuthors("microdata", "itemprop author", "microdata", list(islice(found, _MOST_NAMES)))
        for name in _META:
            if texts := document.plain_meta.get(name):
                names = (part for text in texts for part in self._in_meta(text))
                yield NamedAuthors("meta", f"meta {name}", "meta", _authors(islice(names, _MOST_NAMES)))
        for label, name in _CARD.items():
            if announces_author(f"{document.first_meta(label) or ''}: x"):
                names = (part for text in document.meta.get(name, ()) for part in declared_names(text))
                yield NamedAuthors("meta", name, "meta", _authors(islice(names, _MOST_NAMES)))

    def bylines(self) -> Iterator[NamedAuthors]:
        """Yield the authors in byline elements near the headline, and in lines that announce them."""
        # Each of several authors may have an element of its own beside the others.
        siblings: dict[etree._Element | None, list[etree._Element]] = {}
        for element in (each.element for each in self._named if each.position in self._front_matter.positions):
            siblings.setdefault(element.getparent(), []).append(element)
        people: list[str] = []
        for elements in siblings.values():
            authors = [author for element in elements for author in authors_in(self._document, element)]
            people += [author.name for author in authors if is_person(author.name)]
            yield _shown("byline", authors)
        # If there are people, most lines would name the same; one may name more.
        for line in self._lines:
            if not people or any(map(line.text.__contains__, people)):
                authors = self._announced(line)
                named = [author.name for author in authors]
                if not people or set(people) < set(named):
                    people = people or named
                    yield _shown("byline", authors)
        for element in () if people else self._below_headline():
            below = authors_in(self._document, element)
            yield _shown("byline", [each for each in below if _is_whole(each.name) or is_page_of_author(each.url)])

    def set_apart(self) -> Iterator[NamedAuthors]:
        """Yield the authors in other parts of the article that are set apart from the text."""
        front_matter = self._front_matter
        for element in islice(self._skipped_elements(), _MOST_ELEMENTS):
            yield _shown("footer", [each for each in authors_in(self._document, element) if _is_whole(each.name)])
        yield _shown("text", _authors(self._in_text()))
        for place, authors in self._hints.confirmed():
            yield _shown(place, authors)
        for place, authors in self._unlabelled.found():
            yield _shown(place, authors)
        for line in front_matter.lines:
            yield _shown("line with a date", _authors(_before_date(line)))
        for line in front_matter.lines:
            yield _shown("emphasised line", _authors(self._emphasised(line)))
        for line in self._lines:
            if line.position > front_matter.prose[1]:
                yield _shown("line at the end", _authors(self._alone(line)))

    def elsewhere(self) -> Iterator[NamedAuthors]:
        """Yield the authors in places that may name somebody else, the best first."""
        others = (each for each in self._named if each.position not in self._front_matter.positions)
        for element in (each.element for each in others if not self._is_of_others(each.box)):
            yield _shown(
                "byline elsewhere", [each for each in authors_in(self._document, element) if _is_whole(each.name)]
            )
        yield _shown("label", self._hints.below_label())
        yield _shown("line below a heading", self._hints.below_other_headline())
        for line in self._lines:
            yield _shown("desk", _authors(_desk(line)))
        for element in islice(self._beside(), _MOST_ELEMENTS):
            yield _shown("side column", self._person_in(element))
        for line in (line for line in self._lines if line.position > self._front_matter.prose[1]):
            yield _shown("line behind the text", _authors(self._alone(line, is_behind=True)))

    @property
    def _lines(self) -> tuple[FrontMatterLine, ...]:
        return (*self._front_matter.lines, *self._front_matter.closing)

    @cached_property
    def _named(self) -> list[NamedElement]:
        """The elements whose class says byline."""
        named = (each for each in self._document.layout.named if each.meaning & BYLINE and not each.box.is_unrelated)
        small = islice((each for each in named if not is_large(each.element)), _MOST_ELEMENTS)
        return [each for each in small if not is_of_others(each.element)]

    def _below_headline(self) -> Iterator[etree._Element]:
        """Yield the first byline between headline and text, where a box with the class "info" is the article's."""
        headline, (first, _) = self._front_matter.headline, self._front_matter.prose
        named = self._document.layout.named if headline is not None else ()
        for each in named:
            is_between = headline is not None and headline < each.position < first
            if is_between and each.meaning & BYLINE and not each.box.is_hidden and not is_large(each.element):
                if not is_of_others(each.element):
                    yield each.element
                return

    @cached_property
    def _article(self) -> Box | None:
        """The box around the whole article, None if the page does not mark it."""
        boxes = ancestors_or_self(self._front_matter.container)
        return next(
            (box for box in boxes if box.tag in _ARTICLE_TAGS or _ARTICLE_CLASSES & _classes(box.element)), None
        )

    def _is_of_others(self, box: Box) -> bool:
        """Whether a box belongs to a comment, or to an element that contains a linked heading but no headline."""
        layout, headline = self._document.layout, self._front_matter.headline
        first, last = self._front_matter.prose
        for each in islice(ancestors_or_self(box), _MOST_LEVELS):
            if (each.start <= last and first < each.end) or (
                headline is not None and each.start <= headline < each.end
            ):
                return False
            at = bisect_left(layout.headings, each.start)
            headings = layout.headings[at : at + 1]
            if headings and headings[0] < each.end and layout.pieces[headings[0]].linked:
                return True
        return False

    def _skipped_elements(self) -> Iterator[etree._Element]:
        """Yield the elements marked as the author's in parts of the article that the layout leaves out."""
        if self._article is None or self._article.tag == "main":
            return
        for part in islice(self._article.element.iter(*_SKIPPED_PARTS), _MOST_PARTS):
            if not is_large(part) and not _is_of_comments(part, self._article.element):
                for element in part.iter("*"):
                    classes = _classes(element)
                    is_byline = classes and meaning(element.get("class") or "") & BYLINE
                    is_related = "author" in (element.get("rel") or "").split()
                    is_linked = element.tag == "a" and is_page_of_author(element.get("href"))
                    if is_byline or is_related or is_linked or classes & _AUTHOR_CLASSES:
                        yield element

    def _beside(self) -> Iterator[etree._Element]:
        """Yield the byline elements in a column directly beside the article."""
        article = self._article
        for named in self._document.layout.named if article is not None else ():
            if named.meaning & BYLINE and named.box.is_unrelated and not is_large(named.element):
                around = list(islice(ancestors_or_self(named.box), _MOST_LINES))
                if any(box.meaning & COMMENTS for box in around):
                    continue
                if article is not None and any(box.parent is article.parent for box in around):
                    yield named.element

    def _person_in(self, element: etree._Element) -> list[Author]:
        """Return the first person in an element beside the article, which may also describe that person."""
        people = [each for each in authors_in(self._document, element) if is_person(each.name)]
        if people:
            return people[:1]
        # Without capitals, only the end of the line shows where a name ends.
        lines = islice(filter(None, (clean(str(part)) for part in element.itertext())), _MOST_LINES)
        first = next((line for line in lines if not is_role(line)), "")
        return _authors([first] if is_uncased_person(first) else [])

    def _in_meta(self, text: str) -> list[str]:
        """Return the names in a meta element, none if it is the site's address: "daily.example, Lindmark, Norland"."""
        first, comma, _ = text.partition(",")
        if comma and comparable(first).replace(" ", "") in self._document.site_names:
            return []
        return declared_names(text)

    def _announced(self, line: FrontMatterLine) -> list[Author]:
        """Return the authors in a line, or a part of it, that begins with "by" or has an author's label."""
        # A line of several elements may have a name in each. A date may be glued to that at the end of the line.
        texts = dict.fromkeys((line.text, *line.parts, *_BAR.split(line.text)))
        named = [split_byline(text) for text in texts if announces_author(text)] or behind_date(line.text)
        # Most lines announce nobody.
        if not any(named) or is_line_of_others(line.position, self._document.layout, self._front_matter):
            return []
        links = {text_of(link): link.get("href") for link in line.links[:_MOST_LINKS]}
        # The name of a user is that of the author if it is a link.
        users = ([name for name in names if name in links and " " not in name][:1] for names in named)
        names = max(without_glued(map(likely_names, named)), key=len, default=[]) or next(filter(None, users), [])
        return [Author(name=name, url=self._document.resolve(links.get(name))) for name in names]

    def _in_text(self) -> list[str]:
        """Return the names in brackets at the end of the text, or after the word for a reporter at its beginning."""
        pieces, (first, last) = self._document.layout.pieces, self._front_matter.prose
        if not first <= last < len(pieces):
            return []
        if match := _REPORTER.search(pieces[first].text[:_BEGINNING]):
            return [name for name in split_byline(match["names"]) if is_uncased(name)]
        # The last sentence with the name may be too short to be known as one.
        texts = (piece.text for piece in pieces[last : last + _MOST_LINES_BEHIND] if not piece.box.is_unrelated)
        match = next(filter(None, (_BRACKETED.search(text[-_BEGINNING:]) for text in texts)), None)
        names = split_byline(match["names"].strip()) if match else []
        if len(names) == 1 and not is_han_name(names[0]):
            names = names[0].split()
        return names if names and all(map(is_han_name, names)) else []

    def _emphasised(self, line: FrontMatterLine) -> list[str]:
        """Return the people whose names an emphasised line consists of."""
        names = split_byline(line.text) if line.is_emphasised and not line.links else []
        return names if names and all(map(is_person, names)) and not any(map(self._unlabelled.are_words, names)) else []

    def _alone(self, line: FrontMatterLine, *, is_behind: bool = False) -> list[str]:
        """Return the people whose names stand alone below the text, set apart by emphasis, brackets or a dash.

        Args:
            line: The line.
            is_behind: Whether it is to be the first behind the text in any box, not beside its last sentence.
        """
        layout, last = self._document.layout, self._front_matter.prose[1]
        box = layout.pieces[line.position].box
        if line.links or box.tag in HEADINGS or box.is_unrelated or line.position - last > _MOST_LINES_BEHIND:
            return []
        is_far = last < len(layout.pieces) and box.parent is not layout.pieces[last].box.parent
        if is_far if not is_behind else not self._is_next(line.position):
            return []
        match = _BRACKETED.fullmatch(line.text)
        text = match["names"] if match else _SIGN.sub("", line.text)
        is_apart = line.is_emphasised or text != line.text or _ALIGNED.search(box.element.get("style") or "")
        if match and _HAN_AND_KANA.search(layout.pieces[last].text) and _JAPANESE_NAME.fullmatch(text):
            is_other = is_agency(text) or byline_patterns.of_pictures().search(text)
            return [] if is_other or not is_name(text) else [text]
        names = split_byline(text) if is_apart else []
        if names and all(is_person(name) or is_han_name(name) for name in names):
            return [] if any(map(self._unlabelled.are_words, names)) else names
        return []

    def _is_next(self, position: int) -> bool:
        """Whether a piece is the first behind the text, and no heading of links."""
        pieces, last = self._document.layout.pieces, self._front_matter.prose[1]
        following = next((piece for piece in pieces[position + 1 : position + _MOST_LINES] if piece.text), None)
        is_heading = following is not None and (following.linked > 0 or following.box.in_group)
        return not is_heading and not any(piece.text for piece in pieces[last + 1 : position])


def _is_of_comments(part: etree._Element, article: etree._Element) -> bool:
    around = takewhile(lambda each: each is not article, part.iterancestors())
    return any(meaning(each.get("class") or "") & COMMENTS for each in (part, *islice(around, _MOST_LEVELS)))


def _shown(place: str, authors: list[Author]) -> NamedAuthors:
    return NamedAuthors("heuristic", place, "byline", authors)


def _classes(element: etree._Element) -> frozenset[str]:
    return frozenset((element.get("class") or "").split())


def _desk(line: FrontMatterLine) -> list[str]:
    """Return the desk, or the people with a title after the name, that a part of a line consists of."""
    for text in dict.fromkeys((*line.parts, *_BAR.split(line.text))):
        name = _ADDRESS.sub("", text).partition(",")[0].strip(" .[]【】()")
        is_desk = byline_patterns.desk().search(name)
        is_titled = byline_patterns.title().search(name) and len(name) <= MOST_CHARACTERS_UNCASED
        # Most parts are neither, so this check comes before is_name.
        if (is_desk or is_titled) and len(name.split()) <= _MOST_WORDS_OF_DESK and is_name(name):
            return (split_byline(name) or [name])[:1] if is_desk else split_byline(name)
    return []


def _before_date(line: FrontMatterLine) -> list[str]:
    """Return the person whose name is the first part of a line, before a date."""
    if not line.parts[1:] or len(line.parts[1]) > _LONGEST_DATE or not _YEAR.search(line.parts[1]):
        return []
    is_linked = any(text_of(link) == line.parts[0] for link in line.links[:_MOST_LINKS])
    return [line.parts[0]] if is_person(line.parts[0]) and not is_linked else []


def _is_whole(name: str) -> bool:
    """Whether a name has several words, or is in a script without capitals. Far from the headline others are labels."""
    return is_person(name) or is_uncased(name)


def _authors(names: Iterable[str]) -> list[Author]:
    return [Author(name=name) for name in names]


def _from_json_ld(document: Document, value: Any, depth: int = 2) -> Iterator[Author]:
    if isinstance(value, str):
        yield from (Author(name=part) for text in json_ld.texts(value) for part in declared_names(text))
    elif isinstance(value, Mapping):
        url = document.resolve(json_ld.text(value.get("url"), "@id"))
        is_organization = json_ld.is_organization(value)
        for name in json_ld.texts(value.get("name")):
            if is_organization:
                yield Author(name=clean(name), url=url, kind="organization")
            else:
                yield from (Author(name=part, url=url) for part in declared_names(name))
        if not value.get("name"):
            whole = clean(" ".join(json_ld.text(value.get(key)) or "" for key in ("givenName", "familyName")))
            yield from (Author(name=part, url=url) for part in split_byline(whole))
            # A Role has the person in the property that it is the role of.
            yield from _from_json_ld(document, value.get("author") if depth else None, depth - 1)
    elif isinstance(value, list):
        for item in value:
            yield from _from_json_ld(document, item, depth)
