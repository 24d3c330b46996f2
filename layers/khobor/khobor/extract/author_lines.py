"""Authors in lines without a label: beside a date, above a role, before the name of the site, in the mark of a post.

Such a line may be a section, a place or another article, so it must be between headline and text, or have a form that
only the line of an author has.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, islice, pairwise

from lxml import etree

from khobor.article import Author
from khobor.extract import byline_patterns
from khobor.extract.author_names import (
    EDGES,
    is_agency,
    is_han_name,
    is_known_person,
    is_name,
    is_name_of_other,
    is_organization,
    is_person,
    is_uncased_person,
    likely_names,
)
from khobor.extract.byline_elements import authors_in, is_page_of_author
from khobor.extract.byline_roles import is_role_part, is_title
from khobor.extract.bylines import announces_author, split_byline
from khobor.extract.class_names import BYLINE, COMMENTS, meaning
from khobor.extract.document import Document
from khobor.extract.front_matter import FrontMatter, FrontMatterLine
from khobor.extract.layout import HEADINGS, SHORTEST_HEADLINE
from khobor.extract.post_marks import PostMark, marks_in_text, post_mark
from khobor.extract.site_labels import SiteLabels
from khobor.extract.text import clean, is_large, text_of

# What separates the parts of a line.
_SIGNS = re.compile(r"\s?[|•·⋅/\ue00a]\s?|\s[–—-]\s|[,،]\s")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[০-৯०-९٠-٩۰-۹]{4}")
# A longer line does not consist of names and a date.
_LONGEST = 120
_LONGEST_ROLE = 60
_MOST_NAMES = 4
_MOST_LINKS = 50
_NEAR = 2
_MOST_BEFORE_NAME = 80
_LONGEST_DATE = 40
# How many elements between headline and text are searched for attributes, and how many lines of a box are read.
_MOST_ELEMENTS = 200
_MOST_LINES = 30
_MOST_BESIDE = 8
# Attributes with which scripts and tests find an element, and that of RDFa.
_ATTRIBUTES = frozenset(
    {"data-hook", "data-testid", "data-test", "data-test-id", "data-qa", "data-cy", "data-e2e", "property"}
)
# "Ann Lee is a reporter at …"
_DESCRIBED = re.compile(
    r"(?P<name>(?:[^\W\d_][\w.'’-]{0,20}\s){2,4}?)(?:is|ist|est|es|è|é|jest|är|er)\s"
    r"(?:an?|the|ein|eine|une?|una|um|uma|en|our|[^\W\d_]{4,15})\s?(?P<rest>.*)"
)
# 山田太郎（記者）
_ROLE_IN_BRACKETS = re.compile(
    r"(?P<name>[\u3400-\u9fff々][\u3040-\u30ff\u3400-\u9fff々]{1,5})[(（](?P<role>\S{1,12})[)）]"
)
# Ann Lee (ann@lindmark.example)
_BEFORE_ADDRESS = re.compile(r"(?P<names>[^\d@:：]{2,60}?)[\s,(（\[<|·]{1,3}[\w.+-]{1,64}@[\w.-]{3,60}[)）\]>]?\.?")
_HANGUL_NAME = re.compile("[\uac00-\ud7af]{2,4}")
_LONGEST_DESCRIPTION = 120
_MOST_BEHIND = 5
_EMPHASIS = frozenset({"em", "i"})

# A date ends in its year, a clock or a half of the day.
_END_OF_DATE = re.compile(r"(?:\d\s?[ap]\.?m\.?|\d\suhr|\d|日)[,.]?\s+(?=[^\W\d_]|[【（(\[])", re.IGNORECASE)
_MOST_DATES = 6


class AuthorLines:
    """Finds the authors of a page in lines that no label announces.

    Args:
        document: The page.
        front_matter: Its front matter.
        labels: The names of the site and its sections.
    """

    def __init__(self, document: Document, front_matter: FrontMatter, labels: SiteLabels) -> None:
        self._document = document
        self._front_matter = front_matter
        self._labels = labels

    def found(self) -> Iterator[tuple[str, list[Author]]]:
        """Yield the name of a kind of line, and the authors whom it names."""
        lines = (*self._front_matter.lines, *self._front_matter.closing)
        marks = chain(
            map(post_mark, (line.text for line in lines)), marks_in_text(self._document.layout, self._front_matter)
        )
        for mark in filter(None, marks):
            yield "mark of a post", self._of_post(mark)
        for element in self._tools():
            yield "tools", self._announced_in(element)
        for element in self._marked():
            yield "attribute", [each for each in authors_in(self._document, element) if is_person(each.name)]
        yield from self._in_lines_before_text()
        for line in lines:
            if line.position > self._front_matter.prose[1]:
                yield "line with a mail address", self._with_address(line.text)
        yield "sentence about a person", self._described()

    def _in_lines_before_text(self) -> Iterator[tuple[str, list[Author]]]:
        before = self._before_text
        for line in before:
            yield "line with an agency", self._with_agency(line.text)
            match = byline_patterns.titled_name().match(line.text)
            yield "name with a title", [Author(name=match["name"])] if match else []
        for line, following in zip(before, (*before[1:], None), strict=False):
            yield "line with a role", self._with_role(line, following.text if following else "")
        for line in before:
            yield "link to an author", self._linked(line)
        for line in before:
            yield "line with a date", self._beside_date(line)
        for line in before:
            yield "line near a date", self._near_date(line)

    @cached_property
    def _before_text(self) -> list[FrontMatterLine]:
        """The short lines between headline and text."""
        lines = (line for line in self._front_matter.before_text if len(line.text) <= _LONGEST)
        return [line for line in lines if not self._is_below_label(line.position)]

    def _is_below_label(self, position: int) -> bool:
        """Whether the piece before is a heading that is too short for the headline, so that it is of something else."""
        before = self._document.layout.pieces[position - 1]
        return before.box.tag in HEADINGS and before.box.tag != "h1" and len(before.text) < SHORTEST_HEADLINE

    def _of_post(self, mark: PostMark) -> list[Author]:
        """Return the author in the mark that a forum puts on a post."""
        name = mark.name.strip(EDGES)
        return [Author(name=name)] if name and is_name(name) and not self._labels.is_site(name) else []

    def _tools(self) -> Iterator[etree._Element]:
        """Yield the boxes of tools between headline and text, which have no part in the layout."""
        headline, (first, _) = self._front_matter.headline, self._front_matter.prose
        for position, element in self._document.layout.skipped:
            if headline is not None and headline < position <= first and element.tag != "nav":
                yield element

    def _announced_in(self, element: etree._Element) -> list[Author]:
        strings = (clean(str(text)) for text in islice(element.itertext(), _MOST_LINES))
        texts = [text for text in strings if text and len(text) <= _LONGEST]
        # The name may be a link behind "By".
        for text in (*texts, *map(" ".join, pairwise(texts))):
            if announces_author(text) and (names := likely_names(split_byline(text))):
                return [Author(name=name) for name in names if is_person(name) or is_agency(name)]
        return []

    def _marked(self) -> Iterator[etree._Element]:
        """Yield the elements between headline and text of which another attribute than the class says byline."""
        headline, (first, _) = self._front_matter.headline, self._front_matter.prose
        if headline is None:
            return
        boxes = self._document.layout.boxes
        start = bisect_left(boxes, headline, key=lambda box: box.start)
        near = (
            box for box in islice(boxes, start, start + _MOST_ELEMENTS) if headline < box.start and box.end <= first
        )
        beside = islice(self._document.layout.pieces[headline].box.element.itersiblings("*"), _MOST_BESIDE)
        inner = chain.from_iterable(element.iter("*") for element in (*beside, *(box.element for box in near)))
        for element in islice(inner, _MOST_ELEMENTS):
            # Next to no element has one.
            if not _ATTRIBUTES.isdisjoint(element.keys()):
                marks = (str(value) for name, value in element.items() if name in _ATTRIBUTES)
                if any(meaning(mark) & BYLINE for mark in marks) and not is_large(element):
                    yield element

    def _with_role(self, line: FrontMatterLine, following: str) -> list[Author]:
        """Return the person before a role, a title or the site's name in a line, or alone above a role."""
        if match := _ROLE_IN_BRACKETS.fullmatch(line.text):
            return [Author(name=match["name"])] if is_role_part(match["role"]) else []
        first, *rest = _SIGNS.split(line.text)
        is_linked = rest != [] and any(text_of(link) == first for link in line.links[:1])
        if not (self._is_linked_author(first) if is_linked else self._is_author(first)):
            return []
        if rest:
            # Behind a role comes the employer.
            is_known = is_role_part(rest[0]) or is_title(rest[0]) or all(map(self._labels.is_site, rest))
            return [Author(name=first)] if is_known else []
        is_role = len(following) <= _LONGEST_ROLE and not any(map(str.isdigit, following)) and is_role_part(following)
        return [Author(name=first)] if is_role else []

    def _with_agency(self, text: str) -> list[Author]:
        """Return the people and the agency in a line that consists of these, as "Ann Lee, The Associated Press"."""
        *names, last = _SIGNS.split(text)
        # A slash stands in the credits of pictures.
        if not names or not is_agency(last) or "/" in text or byline_patterns.of_pictures().search(text):
            return []
        people = split_byline(", ".join(names))
        are_people = people and all(is_person(name) and not self.are_words(name) for name in people)
        return [Author(name=name) for name in (*people, last)] if are_people else []

    def _with_address(self, text: str) -> list[Author]:
        """Return the people whose names stand before the only mail address in a line, maybe behind the site's name."""
        match = _BEFORE_ADDRESS.fullmatch(text)
        if match is None:
            return []
        _, _, last = match["names"].rpartition(" ")
        names = [last] if _HANGUL_NAME.fullmatch(last) else split_byline(match["names"])
        are_people = all(name == last or (is_person(name) and self._is_whole(name)) for name in names)
        return [Author(name=name) for name in names] if are_people and not any(map(is_organization, names)) else []

    def _linked(self, line: FrontMatterLine) -> list[Author]:
        """Return the people in a line to whose pages it links."""
        links = ((text_of(link), link.get("href")) for link in line.links[:_MOST_LINKS])
        people = [
            Author(name=name, url=self._document.resolve(reference))
            for name, reference in links
            if is_page_of_author(reference) and self._is_linked_author(name)
        ]
        return people if len(people) <= _MOST_NAMES else []

    def _beside_date(self, line: FrontMatterLine) -> list[Author]:
        """Return the people in a line of which the rest is a date, numbers, and names of sections."""
        if not _YEAR.search(line.text):
            return []
        parts = [part for text in (line.parts if line.parts[1:] else (line.text,)) for part in _SIGNS.split(text)]
        words = [part for each in parts if (part := each.strip(EDGES)) and not any(map(str.isdigit, part))]
        people = [word for word in words if is_agency(word) or self._is_author(word)]
        others = [word for word in words if word not in people]
        if len(words) == len(parts) or not all(
            " " not in word or is_name_of_other(self._labels, word) for word in others
        ):
            return []
        links = {text_of(link) for link in line.links[:_MOST_LINKS]}
        # A linked name may be that of a section.
        is_linked = any(name in links and not is_agency(name) for name in people)
        return [] if is_linked or len(people) > _MOST_NAMES else [Author(name=name) for name in people]

    def _described(self) -> list[Author]:
        """Return the person whom a sentence behind the text, or its last in italics, describes by a role."""
        last = self._front_matter.prose[1]
        for position, piece in enumerate(self._document.layout.pieces[last : last + _MOST_BEHIND], last):
            match = _DESCRIBED.match(piece.text[:_LONGEST_DESCRIPTION])
            is_apart = position > last or _is_emphasised(piece.box.element)
            if match and is_apart and not piece.box.meaning & COMMENTS and byline_patterns.role().search(match["rest"]):
                name = match["name"].strip()
                return [Author(name=name)] if self._is_author(name) else []
        return []

    def _near_date(self, line: FrontMatterLine) -> list[Author]:
        """Return the person whose name is a line near one with little else than a date, if a script says author.

        A known name needs no script. A place may stand behind it.
        """
        name, *rest = _SIGNS.split(line.text)
        is_known = len(rest) <= 1 and self._is_known_author(name) and not any(map(str.isdigit, line.text))
        if not is_known and not self._is_author(line.text):
            return []
        near = (each for each in self._before_text if 0 < abs(each.position - line.position) <= _NEAR)
        is_dated = any(len(each.text) <= _LONGEST_DATE and _YEAR.search(each.text) for each in near)
        if is_dated and is_known:
            return [Author(name=name)]
        return [Author(name=line.text)] if is_dated and self._is_author_in_script(line.text) else []

    def _is_author_in_script(self, name: str) -> bool:
        for script in self._document.elements("script"):
            text = script.text or ""
            at = text.find(f'"{name}"')
            _, is_named, between = text[max(0, at - _MOST_BEFORE_NAME) : max(0, at)].rpartition("uthor")
            if is_named and "}" not in between:
                return True
        return False

    def _is_author(self, text: str) -> bool:
        is_person_of_this = is_person(text) and not self.are_words(text)
        return (is_person_of_this or self._is_known_author(text)) and self._is_whole(text)

    def _is_linked_author(self, text: str) -> bool:
        """Whether the text of a link to an author's page is a person's name. The page of a site has other texts."""
        has_form = is_person(text) or (is_uncased_person(text) and " " in text)
        return has_form and split_byline(text) == [text] and is_name(text) and not self._labels.is_site(text)

    def _is_known_author(self, text: str) -> bool:
        """Whether a text is a known name in a script without capitals. Of somebody in the text it may be a label."""
        return is_known_person(text) and self._is_uncased_author(text)

    def _is_uncased_author(self, text: str) -> bool:
        return is_uncased_person(text) and " " in text and text not in self._text_and_title and self._is_whole(text)

    def _is_whole(self, text: str) -> bool:
        return split_byline(text) == [text] and not is_name_of_other(self._labels, text)

    def are_words(self, name: str) -> bool:
        """Whether a text has all words of a name in small letters, or all but not together, so that it is a heading."""
        if all(word.lower() in self._small_words for word in name.split()):
            return True
        return name not in self._text and all(word in self._folded for word in name.casefold().split())

    @cached_property
    def _text(self) -> str:
        first, last = self._front_matter.prose
        return "\n".join(piece.text for piece in self._document.layout.pieces[first : last + 1])

    @cached_property
    def _text_and_title(self) -> str:
        return "\n".join((self._text, self._document.head_title or "", *self._document.headings))

    @cached_property
    def _small_words(self) -> frozenset[str]:
        return frozenset(filter(str.islower, self._text.split()))

    @cached_property
    def _folded(self) -> str:
        return self._text.casefold()


def _is_emphasised(element: etree._Element) -> bool:
    """Whether an element is in italics, or has one child that is."""
    inner = element[0] if len(element) == 1 and not (element.text or "").strip() else element
    return element.tag in _EMPHASIS or inner.tag in _EMPHASIS


def behind_date(text: str) -> list[list[str]]:
    """Return the people whom a text behind a date in a line announces.

    >>> behind_date("12 May 2024 by Ann Lee")
    [['Ann Lee']]
    """
    if not _YEAR.search(text):
        return []
    rest = (text[match.end() :] for match in islice(_END_OF_DATE.finditer(text), _MOST_DATES))
    named = (split_byline(each) for each in rest if announces_author(each))
    return [names for names in named if names and all(is_person(name) or is_han_name(name) for name in names)][:1]


def without_glued(named: Iterable[list[str]]) -> list[list[str]]:
    """Return lists of names without those to whose last name something is glued that another list does not have."""
    found = [names for names in named if names]
    whole = {names[-1] for names in found}
    return [names for names in found if not any(names[-1] != name and _is_glued(names[-1], name) for name in whole)]


def _is_glued(long: str, name: str) -> bool:
    return long.startswith(name) and long[len(name)].isalnum()
