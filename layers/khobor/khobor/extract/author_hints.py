"""Authors whom no byline names, but for whom two things on the page speak.

A line with a name alone may be a label, a place or another article. A link to a page with that name, a picture of that
name, a word such as "Written by" before it or the title element confirm that it is the author's.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import chain, islice, pairwise
from urllib.parse import unquote

from lxml import etree

from khobor.article import Author
from khobor.extract import byline_patterns
from khobor.extract.author_names import (
    EDGES,
    is_han_name,
    is_name,
    is_name_of_other,
    is_person,
    is_role,
    is_uncased_person,
    likely_names,
)
from khobor.extract.byline_elements import is_page_of_author
from khobor.extract.bylines import announces_author, split_byline
from khobor.extract.class_names import BYLINE, CAPTION, DATE, FRONT
from khobor.extract.document import Document
from khobor.extract.front_matter import FrontMatter, FrontMatterLine
from khobor.extract.layout import Piece, ancestors_or_self
from khobor.extract.site_labels import SiteLabels
from khobor.extract.text import clean, comparable, is_large, text_of

# A longer line does not consist of a name.
_LONGEST_NAME = 60
_LONGEST_LABEL = 40
_MOST_PIECES = 2000
# How far behind the text a page may say something about its author.
_MOST_BEHIND = 60
_MOST_LINKS = 20
_MOST_HEADLINES = 3
_LINES_BELOW = 6
_LONGEST_LINE = 150
# How far from a name its picture is, or a line with a date.
_NEAR = 2
# The symbols of users in fonts of icons, and in sets of pictures.
_USER_SYMBOL = re.compile(
    r"(?<![a-z])(?:fa[a-z]?|icon[a-z]{0,8}|icofont|glyphicon|dashicons|ion|la[a-z]?|bi|ti|mdi|uil?)[_-](?:[a-z]{2,8}[_-])?"
    r"(?:users?|authors?|person|writer)(?![a-z])",
    re.IGNORECASE,
)
_MOST_BOXES = 30
_MOST_SYMBOLS = 40
_MOST_AROUND_SYMBOL = 3
_MARK = re.compile(r"\s[|–—·-]\s")
_SIGNS = re.compile(r"\s?[|•·⋅]\s?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|[०-९০-৯٠-٩۰-۹]{4}")
_BRACKETS = f"{EDGES}()（）[]【】"
_OF_TIME = re.compile(r"\d|@")


class AuthorHints:
    """Finds the authors of a page without a byline.

    Args:
        document: The page.
        front_matter: Its front matter.
        labels: The names of the site and its sections.
    """

    def __init__(self, document: Document, front_matter: FrontMatter, labels: SiteLabels) -> None:
        self._document = document
        self._front_matter = front_matter
        self._labels = labels

    def confirmed(self) -> Iterator[tuple[str, list[Author]]]:
        """Yield the name of a kind of place, and the authors whom it names."""
        yield "symbol of a user", self._beside_symbol()
        yield "button", self._on_button()
        yield "link to a person", self._linked()
        yield "picture of a person", self._pictured()
        yield "title element", self._in_title()
        for line in self._front_matter.before_text:
            yield "line with a date", self._beside_date(line) or self._han_name(line)

    def below_other_headline(self) -> list[Author]:
        """Return the authors in a line that begins with "by" below a first-level heading far before the text."""
        layout, start = self._document.layout, self._front_matter.positions.start
        for headline in (position for position in layout.headlines[:_MOST_HEADLINES] if position < start):
            for piece in layout.pieces[headline + 1 : headline + 1 + _LINES_BELOW]:
                is_line = len(piece.text) <= _LONGEST_LINE and not piece.box.is_unrelated
                names = likely_names(split_byline(piece.text)) if is_line and announces_author(piece.text) else []
                if names:
                    return [self._author(name, piece) for name in names]
        return []

    def below_label(self) -> list[Author]:
        """Return the person in the line after one such as "Written by" or "About the author"."""
        layout, last = self._document.layout, self._front_matter.prose[1]
        first = self._front_matter.positions.start
        pieces = [piece for piece in layout.pieces[first : last + _MOST_BEHIND] if piece.text]
        beginnings = byline_patterns.beginnings_of_labels()
        for label, name in pairwise(pieces):
            # Most lines begin otherwise.
            if label.text[:2] not in beginnings:
                continue
            is_next = len(label.text) <= _LONGEST_LABEL and _is_label(label.text) and not name.box.is_unrelated
            names = _people(name.text) if is_next and len(name.text) <= _LONGEST_NAME else []
            if names:
                return [self._author(each, name) for each in names]
        return []

    def _on_button(self) -> list[Author]:
        """Return the people named by a button that follows a word such as "By", and opens what is said about them."""
        for line in self._front_matter.before_text:
            is_label = len(line.text) <= _LONGEST_LABEL and comparable(line.text) in byline_patterns.leads()
            around = self._document.layout.pieces[line.position].box.element.getparent() if is_label else None
            button = next(around.iter("button"), None) if around is not None else None
            names = _people(text_of(button)) if button is not None and not is_large(button) else []
            if names and not any(map(self._is_word_or_site, names)):
                return [Author(name=name) for name in names]
        return []

    def _linked(self) -> list[Author]:
        """Return the person to whose page, with that name in its address, a line with a date or beside one links."""
        lines = self._front_matter.lines
        for at, line in enumerate(lines):
            for link in line.links[:_MOST_LINKS]:
                name = text_of(link)
                reference = link.get("href") or ""
                if not is_person(name) or not is_page_of_author(reference) or not _is_named(reference, name):
                    continue
                around = [each.text.replace(name, "") for each in lines[max(0, at - 1) : at + _NEAR]]
                if any(map(_OF_TIME.search, around)):
                    return [Author(name=name, url=self._document.resolve(reference))]
        return []

    def _beside_symbol(self) -> list[Author]:
        """Return the people whose names follow the symbol of a user between headline and text."""
        pieces = self._document.layout.pieces
        boxes = dict.fromkeys(pieces[line.position].box for line in self._front_matter.before_text)
        for box in islice(boxes, _MOST_BOXES):
            for element in islice(box.element.iter("i", "span", "svg", "use"), _MOST_SYMBOLS):
                text = _text_behind(element) if _is_user_symbol(element) else ""
                names = _people(text) if 0 < len(text) <= _LONGEST_NAME else []
                if names and not any(map(self._is_word_or_site, names)):
                    return [Author(name=name) for name in names]
        return []

    def _is_word_or_site(self, name: str) -> bool:
        return self._labels.is_site(name) or not byline_patterns.non_names().isdisjoint(comparable(name).split())

    def _pictured(self) -> list[Author]:
        """Return the person whose name stands alone beside a picture that has that name, near a date or a role."""
        pieces = self._document.layout.pieces
        for line in self._front_matter.before_text:
            if not is_person(line.text) or _is_caption(pieces[line.position]):
                continue
            near = pieces[max(0, line.position - _NEAR) : line.position + _NEAR + 1]
            is_pictured = any(
                piece.media is not None and _is_of(piece.media.get("alt") or "", line.text) for piece in near
            )
            if is_pictured and any(_OF_TIME.search(piece.text) or is_role(piece.text) for piece in near):
                return [Author(name=line.text)]
        return []

    def _in_title(self) -> list[Author]:
        """Return the person whom the title element names after "by", if a line or a link has that name."""
        for part in _MARK.split(self._document.head_title or "")[1:]:
            names = split_byline(part) if len(part) <= _LONGEST_NAME and announces_author(part) else []
            if len(names) == 1 and is_person(names[0]) and names[0] in self._shown:
                return [Author(name=names[0])]
        return []

    @cached_property
    def _shown(self) -> frozenset[str]:
        layout = self._document.layout
        return frozenset([piece.text for piece in layout.pieces[:_MOST_PIECES]] + [text for _, text in layout.links])

    def _beside_date(self, line: FrontMatterLine) -> list[Author]:
        """Return the person whose name is the only part of a line but for a date and counts."""
        parts = line.parts if line.parts[1:] else tuple(_SIGNS.split(line.text))
        links = {text_of(link) for link in line.links[:_MOST_LINKS]}
        words = [part.strip(EDGES) for part in parts]
        names = [part for part in words if part and not any(map(str.isdigit, part))]
        is_dated = parts[1:] and any(map(_YEAR.search, parts))
        boxes = islice(ancestors_or_self(self._document.layout.pieces[line.position].box), _NEAR)
        if not is_dated or not any(box.meaning & (BYLINE | DATE | FRONT) for box in boxes):
            return []
        if len(names) != 1 or names[0] in links or not is_person(names[0]) or split_byline(names[0]) != names:
            return []
        return [] if is_name_of_other(self._labels, names[0]) else [Author(name=names[0])]

    def _han_name(self, line: FrontMatterLine) -> list[Author]:
        """Return the only Chinese name in a line with a date, or that with which a centred or marked line is filled."""
        box = self._document.layout.pieces[line.position].box
        plain = line.text.strip(EDGES)
        is_apart = plain != line.text or "center" in (box.element.get("align") or box.element.get("style") or "")
        if not (_YEAR.search(line.text) or (is_apart and is_han_name(plain))):
            return []
        links = {text_of(link) for link in line.links[:_MOST_LINKS]}
        words = [word.strip(_BRACKETS) for word in line.text.split() if word not in links]
        names = [word for word in words if is_han_name(word) and not is_name_of_other(self._labels, word)]
        return [Author(name=names[0])] if len(names) == 1 else []

    def _author(self, name: str, piece: Piece) -> Author:
        links = {text_of(link): link.get("href") for link in islice(piece.links, _MOST_LINKS)}
        return Author(name=name, url=self._document.resolve(links.get(name)))


def _is_label(text: str) -> bool:
    """Whether a line introduces an author and nothing else. A single word may be a heading if it has no colon."""
    label = comparable(text)
    if text.endswith((":", "：")) and label in byline_patterns.leads():
        return True
    return label in byline_patterns.about_author() or label in byline_patterns.introductions()


def _is_user_symbol(element: etree._Element) -> bool:
    """Whether an element without text is the symbol of a user, in a font or in a picture."""
    reference = "".join(str(value) for name, value in element.items() if str(name).endswith("href"))
    names = f"{element.get('class') or ''} {reference.replace('#', 'icon-')}"
    return _USER_SYMBOL.search(names) is not None and not clean("".join(map(str, islice(element.itertext(), 2))))


def _text_behind(symbol: etree._Element) -> str:
    """Return the text directly behind an element, or behind one of those around it that contain nothing else."""
    for element in islice(chain([symbol], symbol.iterancestors()), _MOST_AROUND_SYMBOL):
        following = element.getnext()
        is_part = following is not None and isinstance(following.tag, str) and not is_large(following)
        text = clean(element.tail) or (text_of(following) if following is not None and is_part else "")
        if text or following is not None:
            return text
    return ""


def _people(text: str) -> list[str]:
    names = split_byline(text)
    return names if all(is_person(each) or is_han_name(each) or is_uncased_person(each) for each in names) else []


def _is_named(reference: str, name: str) -> bool:
    """Whether the last part of an address is a person's name."""
    slug = unquote(reference.partition("?")[0].rstrip("/").rpartition("/")[2])
    return comparable(slug).replace(" ", "") == comparable(name).replace(" ", "")


def _is_of(alternative: str, name: str) -> bool:
    """Whether the alternative text of a picture is a name, maybe with a word or two such as "Picture of"."""
    words = comparable(alternative)
    return is_name(name) and comparable(name) in words and len(words) <= len(name) + _LONGEST_LABEL // 2


def _is_caption(piece: Piece) -> bool:
    boxes = islice(ancestors_or_self(piece.box), _NEAR + 1)
    return any(box.tag in {"figure", "figcaption"} or box.meaning & CAPTION for box in boxes)
