"""Who is named in the byline."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml.html import HtmlElement

from khobor.article import Author, Origin
from khobor.extract.document import Document
from khobor.extract.found import Found
from khobor.extract.text import clean, comparable, text_of
from khobor.sources.source import Rules

_META = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl", "cxenseparse:author")
_MARKUP = (
    "[itemprop=author] [itemprop=name]",
    "[itemprop=author]",
    "a[rel~=author]",
    ".byline a",
    ".byline",
    "[class*=author-name]",
    "[class*=byline] a",
    "[class*=author] a[href*=author]",
)
_LEAD = re.compile(r"^(?:by|von|par|por|di|door|written by|reported by|text|লিখেছেন)\s*:?\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,|;|\||\band\b|\bund\b|\bet\b|\by\b|&|এবং)\s+", re.IGNORECASE)
_MOST_CHARACTERS = 80
_MOST_WORDS = 8
_MOST_AUTHORS = 12


def find_authors(document: Document, rules: Rules) -> Found[tuple[Author, ...]] | None:
    """Return the people and desks of the byline: by the source's rules, JSON-LD, meta, else the page's markup."""
    for origin, found in _candidates(document, rules):
        authors = _unique(found)
        if authors:
            return Found.at(authors, origin, ", ".join(author.name for author in authors))
    return None


def _candidates(document: Document, rules: Rules) -> Iterator[tuple[Origin, list[Author]]]:
    for css in rules.authors:
        yield "source rule", [_marked(document, element) for element in document.select(css)]
    article = document.article
    yield "json-ld", list(_described(document, article.get("author") or article.get("creator")))
    for name in _META:
        yield "meta", [Author(name=part) for text in document.meta.get(name, ()) for part in _split(text)]
    for css in _MARKUP:
        yield (
            "heuristic",
            [
                Author(name=part, url=document.resolve(element.get("href")))
                for element in document.select(css)
                for part in _split(text_of(element))
            ],
        )


def _described(document: Document, value: Any) -> Iterator[Author]:
    if isinstance(value, str):
        yield from (Author(name=part) for part in _split(value))
    elif isinstance(value, Mapping):
        names = value.get("name")
        url = value.get("url")
        for name in names if isinstance(names, list) else [names]:
            for part in _split(name) if isinstance(name, str) else ():
                yield Author(name=part, url=document.resolve(url) if isinstance(url, str) else None)
    elif isinstance(value, list):
        for item in value:
            yield from _described(document, item)


def _marked(document: Document, element: HtmlElement) -> Author:
    return Author(name=text_of(element), url=document.resolve(element.get("href")))


def _split(text: str) -> list[str]:
    return [clean(_LEAD.sub("", part)) for part in _BETWEEN.split(_LEAD.sub("", clean(text)))]


def _unique(authors: list[Author]) -> tuple[Author, ...]:
    by_name: dict[str, Author] = {}
    for author in authors:
        if _is_name(author.name):
            by_name.setdefault(comparable(author.name), author)
    return tuple(by_name.values())[:_MOST_AUTHORS]


def _is_name(text: str) -> bool:
    return (
        any(char.isalpha() for char in text)
        and "://" not in text
        and "@" not in text
        and len(text) <= _MOST_CHARACTERS
        and len(text.split()) <= _MOST_WORDS
    )
