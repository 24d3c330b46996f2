"""Keywords and topics."""

import re
from collections.abc import Iterator

from khobor.article import Origin
from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.found import Found
from khobor.extract.text import clean, comparable, text_of
from khobor.sources.source import Rules

_META = ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords")
_SEPARATOR = re.compile(r"\s*[,;،]\s*")
_MOST_CHARACTERS = 80


def find_tags(document: Document, rules: Rules) -> Found[tuple[str, ...]] | None:
    """Return the tags by the source's rules, else of JSON-LD, meta or the links that are marked as tags."""
    for origin, texts in _candidates(document, rules):
        unique: dict[str, str] = {}
        for text in texts:
            for tag in map(clean, _SEPARATOR.split(text)):
                if comparable(tag) and len(tag) <= _MOST_CHARACTERS:
                    unique.setdefault(comparable(tag), tag.lstrip("#"))
        if unique:
            return Found.at(tuple(unique.values()), origin, ", ".join(texts))
    return None


def _candidates(document: Document, rules: Rules) -> Iterator[tuple[Origin, list[str]]]:
    for css in rules.tags:
        yield "source rule", [text_of(element) for element in document.select(css)]
    yield "json-ld", list(json_ld.texts(document.article.get("keywords")))
    for name in _META:
        yield "meta", list(document.meta.get(name, ()))
    yield "heuristic", [text_of(element) for element in document.select("a[rel~=tag]")]
