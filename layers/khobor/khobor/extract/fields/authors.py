"""Who is named in the byline."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from lxml import etree

from khobor.article import Author, Origin
from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.found import Found
from khobor.extract.names import BYLINE
from khobor.extract.text import clean, comparable, text_of
from khobor.extract.vocabulary import load
from khobor.sources.source import Rules

_META = ("author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator",
         "dcterms.creator", "byl", "cxenseparse:author", "dc.creator.author")  # fmt: skip
# What follows the names in a byline: a time, a date, an address.
_REST = re.compile(
    r"(?:\s*[|•·]\s*|\s+[–—-]\s+|\s*\(|,?\s*\d|,?\s*(?:updated|published|aktualisiert|veröffentlicht)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_HANDLE = re.compile(r"(?<!\S)@[\w.]+")
_NO_NAME = re.compile(r"[@:/?!<>{}\[\]=]|\d{3}|\.(?:com|net|org|de|uk)$")
_MOST_CHARACTERS = 60
_LONGEST_BYLINE = 250
_MOST_WORDS = 7
_MOST_AUTHORS = 12
_SPACES_OF_TWO_NAMES = 4
# A line of the byline may begin with what the author is or writes for.
_FOREWORD = re.compile(r"^(?:\S+\s+){1,4}(?=(?:by|von|par|por)\s)", re.IGNORECASE)


def candidates(document: Document, rules: Rules) -> Iterator[Found[tuple[Author, ...]]]:
    """Yield the people and desks of the byline: by the source's rules, JSON-LD, microdata, meta, the page's markup.

    The site's own name is no author's, but where the source's rules say so.
    """
    for origin, found in _places(document, rules):
        authors = _unique(found, frozenset() if origin == "source rule" else document.site_names)
        if authors:
            yield Found.at(authors, origin, ", ".join(author.name for author in authors))


def _places(document: Document, rules: Rules) -> Iterator[tuple[Origin, list[Author]]]:
    for selector in rules.authors:
        yield "source rule", [_whole(document, element) for element in document.select(selector)]
    article = document.article
    yield "json-ld", list(_described(document, article.get("author") or article.get("creator")))
    if not article:
        yield "microdata", [author for element in document.microdata("author") for author in _marked(document, element)]
    for name in _META:
        yield "meta", [Author(name=part) for text in document.meta.get(name, ()) for part in split_byline(text)]
    named = list(document.named(BYLINE))
    for element in named:
        # Several authors have an element each, side by side.
        beside = [other for other in named if other.getparent() is element.getparent()]
        yield "heuristic", [author for other in beside for author in _marked(document, other)]


def _described(document: Document, value: Any) -> Iterator[Author]:
    if isinstance(value, str):
        yield from (Author(name=part) for text in json_ld.texts(value) for part in split_byline(text))
    elif isinstance(value, Mapping):
        url = json_ld.text(value.get("url"), "@id")
        for name in json_ld.texts(value.get("name")):
            yield from (Author(name=part, url=document.resolve(url)) for part in split_byline(name))
    elif isinstance(value, list):
        for item in value:
            yield from _described(document, item)


def _whole(document: Document, element: etree._Element) -> Author:
    return Author(name=text_of(element), url=document.resolve(element.get("href")))


def _marked(document: Document, element: etree._Element) -> Iterator[Author]:
    """Yield the authors of an element of the byline: those of its links to authors, else of its first line."""
    name = next((inner for inner in element.iter() if inner.get("itemprop") == "name"), element)
    lines = [clean(name.get("content"))] if name.get("content") else list(filter(None, map(clean, name.itertext())))
    if sum(map(len, lines)) > _LONGEST_BYLINE:
        return
    links = [link for link in name.iter("a") if _is_likely(split_byline(text_of(link)))]
    for link in links:
        yield from (Author(name=part, url=document.resolve(link.get("href"))) for part in split_byline(text_of(link)))
    if not links:
        url = document.resolve(element.get("href"))
        names = next((names for line in [" ".join(lines), *lines] if _is_likely(names := split_byline(line))), [])
        yield from (Author(name=part, url=url) for part in names)


def _is_likely(names: list[str]) -> bool:
    """Whether all of these look like names: in scripts that have capitals, they begin their words."""
    return bool(names) and all(
        len(lower) <= len(words) // 3
        for name in names
        for words in [name.split()]
        for lower in [[word for word in words if word[0].islower()]]
    )


def split_byline(text: str) -> list[str]:
    """Return the names of a byline.

    >>> split_byline("By Jane Doe and A. Rahman, Staff Writer | 12 May 2024")
    ['Jane Doe', 'A. Rahman']
    """
    if "://" in text:
        return []
    line = _bare(_HANDLE.sub("", _REST.sub("", _bare(_FOREWORD.sub("", clean(text))))))
    parts = _between(is_long=line.count(" ") >= _SPACES_OF_TWO_NAMES).split(line)
    return [name for part in parts if (name := _bare(part)) and is_name(name)]


def is_name(text: str) -> bool:
    """Whether a text may be the name of a person or a desk."""
    return (
        text[:1].isalnum()
        and any(char.isalpha() for char in text)
        and not _NO_NAME.search(text)
        and len(text) <= _MOST_CHARACTERS
        and len(text.split()) <= _MOST_WORDS
        and comparable(text) not in _no_names()
    )


def _bare(text: str) -> str:
    """Return a name without the words before and behind it."""
    text = _lead().sub("", text.strip(" ,;:·|–—-\u2022"))
    return _trail().sub("", text).strip(" ,;:·|–—-\u2022")


def _unique(authors: list[Author], site: frozenset[str]) -> tuple[Author, ...]:
    by_name: dict[str, Author] = {}
    for author in authors:
        name = comparable(author.name)
        if name and name.replace(" ", "") not in site and is_name(author.name):
            by_name.setdefault(name, author)
    return tuple(by_name.values())[:_MOST_AUTHORS]


@cache
def _lead() -> re.Pattern[str]:
    words = sorted(map(re.escape, load("byline")["lead"]), key=len, reverse=True)
    return re.compile(rf"^(?:(?:{'|'.join(words)})(?:\s*[:：/]\s*|\s+))+", re.IGNORECASE)


@cache
def _trail() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{'|'.join(map(re.escape, load('byline')['trail']))})$")


@cache
def _between(*, is_long: bool) -> re.Pattern[str]:
    vocabulary = load("byline")
    words = "|".join(map(re.escape, vocabulary["between"] + (vocabulary["between_long"] if is_long else [])))
    return re.compile(rf"\s*[,;|/、，・؛،]\s*|\s+(?:{words}|&)\s+", re.IGNORECASE)


@cache
def _no_names() -> frozenset[str]:
    return frozenset(map(comparable, load("byline")["no_name"]))
