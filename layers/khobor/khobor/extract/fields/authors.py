"""Who is named in the byline."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from lxml import etree

from khobor.article import Author, Origin
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
_HANDLE = re.compile(r"\s*@[\w.]+")
_MOST_CHARACTERS = 60
_LONGEST_BYLINE = 250
_MOST_WORDS = 7
_MOST_AUTHORS = 12
_SPACES_OF_TWO_NAMES = 4


def candidates(document: Document, rules: Rules, publisher: Iterable[str]) -> Iterator[Found[tuple[Author, ...]]]:
    """Yield the people and desks of the byline: by the source's rules, JSON-LD, microdata, meta, the page's markup.

    Args:
        document: The page.
        rules: The source's rules.
        publisher: Names of the site, which are no author's.
    """
    site = {comparable(name) for name in publisher}
    for origin, found in _places(document, rules):
        authors = _unique(found, set() if origin == "source rule" else site)
        if authors:
            yield Found.at(authors, origin, ", ".join(author.name for author in authors))


def _places(document: Document, rules: Rules) -> Iterator[tuple[Origin, list[Author]]]:
    for selector in rules.authors:
        yield "source rule", [_whole(document, element) for element in document.select(selector)]
    article = document.article
    yield "json-ld", list(_described(document, article.get("author") or article.get("creator")))
    yield "microdata", [author for element in document.microdata("author") for author in _marked(document, element)]
    for name in _META:
        yield "meta", [Author(name=part) for text in document.meta.get(name, ()) for part in split_byline(text)]
    links = [element for element in document.links_of("author") if text_of(element)]
    yield "heuristic", [author for element in links for author in _marked(document, element)]
    for element in document.named(BYLINE):
        yield "heuristic", list(_marked(document, element))


def _described(document: Document, value: Any) -> Iterator[Author]:
    if isinstance(value, str):
        yield from (Author(name=part) for part in split_byline(value))
    elif isinstance(value, Mapping):
        names, url = value.get("name"), value.get("url")
        for name in names if isinstance(names, list) else [names]:
            for part in split_byline(name) if isinstance(name, str) else ():
                yield Author(name=part, url=document.resolve(url) if isinstance(url, str) else None)
    elif isinstance(value, list):
        for item in value:
            yield from _described(document, item)


def _whole(document: Document, element: etree._Element) -> Author:
    return Author(name=text_of(element), url=document.resolve(element.get("href")))


def _marked(document: Document, element: etree._Element) -> Iterator[Author]:
    """Yield the authors of an element of the byline: those of its links to authors, else of its text."""
    name = next((inner for inner in element.iter() if inner.get("itemprop") == "name"), element)
    text = clean(name.get("content")) or text_of(name)
    if len(text) > _LONGEST_BYLINE:
        return
    links = [link for link in element.iter("a") if is_name(said := text_of(link)) and said in text]
    if links and name is element:
        for link in links:
            yield Author(name=_bare(text_of(link)), url=document.resolve(link.get("href")))
        return
    url = document.resolve(element.get("href"))
    yield from (Author(name=part, url=url) for part in split_byline(text))


def split_byline(text: str) -> list[str]:
    """Return the names of a byline.

    >>> split_byline("By Jane Doe and A. Rahman, Staff Writer | 12 May 2024")
    ['Jane Doe', 'A. Rahman']
    """
    line = _bare(_HANDLE.sub("", _REST.sub("", _bare(clean(text)))))
    parts = _between(is_long=line.count(" ") >= _SPACES_OF_TWO_NAMES).split(line)
    return [name for part in parts if (name := _bare(part)) and is_name(name)]


def is_name(text: str) -> bool:
    """Whether a text may be the name of a person or a desk."""
    return (
        text[:1].isalnum()
        and any(char.isalpha() for char in text)
        and "://" not in text
        and "@" not in text
        and len(text) <= _MOST_CHARACTERS
        and len(text.split()) <= _MOST_WORDS
        and comparable(text) not in _no_names()
    )


def _bare(text: str) -> str:
    """Return a name without the words before and behind it."""
    text = _lead().sub("", text.strip(" ,;:·|–—-\u2022"))
    return _trail().sub("", text).strip(" ,;:·|–—-\u2022")


def _unique(authors: list[Author], site: set[str]) -> tuple[Author, ...]:
    by_name: dict[str, Author] = {}
    for author in authors:
        name = comparable(author.name)
        if name and name not in site and is_name(author.name):
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
