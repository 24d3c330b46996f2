"""Keywords and topics."""

import re
from collections.abc import Iterator

from lxml import etree

from khobor.article import Origin
from khobor.extract import json_ld
from khobor.extract.class_names import TAGS
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.text import clean, comparable, is_large, plain, text_of
from khobor.sources.source import Rules

_META = ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords")
_SEPARATOR = re.compile("[,;،、|]")
_MOST_CHARACTERS = 60
_MOST_WORDS = 8
_MOST_TAGS = 40
# Keywords that content management systems write for themselves.
_MACHINE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-|^[A-Z0-9_]{3,8}\d*$|^_|^[\w.-]+\.(?:com|org|net|de|uk|ca|fr)$|:\s*\d|^\w+:[A-Z]"
)
_PREFIX = re.compile(r"^(?:[A-Z][A-Za-z ]{2,25})\s*:\s+")
_MOST_MACHINE = 0.3
_HASH = "#"


def candidates(document: Document, rules: Rules) -> Iterator[FieldCandidate[tuple[str, ...]]]:
    """Yield the tags by the source's rules, JSON-LD, meta elements and links that are marked as tags.

    The site's own name and the keywords of the content management system are left out.

    Args:
        document: The page.
        rules: The source's rules.
    """
    for origin, texts in _places(document, rules):
        tags = _tags(texts, document.site_names)
        if tags:
            yield FieldCandidate.at(tags, origin, ", ".join(texts))


def _places(document: Document, rules: Rules) -> Iterator[tuple[Origin, list[str]]]:
    for selector in rules.tags:
        yield "source rule", document.select_texts(selector)
    keywords = list(json_ld.texts(document.article.get("keywords")))
    if keywords and not _is_for_machines(keywords):
        yield "json-ld", keywords
    for name in _META[:-1]:
        yield "meta", list(document.meta.get(name, ()))
    yield "heuristic", _tag_links(document)
    yield "meta", list(document.meta.get(_META[-1], ()))
    yield "json-ld", keywords


def _tag_links(document: Document) -> list[str]:
    """Return the texts of links that are marked as tags, by their relation or by an element around them."""
    links: list[etree._Element] = []
    for element in (each.root for each in document.named(TAGS)):
        links += [element] if element.tag == "a" else list(element.iter("a"))
    return [
        text
        for link in dict.fromkeys(links)
        if not is_large(link) and (text := text_of(link)) and len(text.split()) <= _MOST_WORDS
    ]


def _tags(texts: list[str], site: frozenset[str]) -> tuple[str, ...]:
    unique: dict[str, str] = {}
    for text in texts:
        for part in map(clean, _SEPARATOR.split(plain(text))):
            tag = _PREFIX.sub("", part).lstrip(_HASH)
            name = comparable(tag)
            if name and name.replace(" ", "") not in site and len(tag) <= _MOST_CHARACTERS and not _MACHINE.search(tag):
                unique.setdefault(name, tag)
    return tuple(unique.values())[:_MOST_TAGS]


def _is_for_machines(texts: list[str]) -> bool:
    parts = [clean(part) for text in texts for part in _SEPARATOR.split(text)]
    machine = sum(bool(_MACHINE.search(part) or _PREFIX.match(part)) for part in parts)
    return machine > _MOST_MACHINE * len(parts)
