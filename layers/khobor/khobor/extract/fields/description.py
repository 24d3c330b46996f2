"""The summary of the article, or its dek."""

from collections.abc import Iterator

from khobor.article import Origin
from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.text import comparable, plain
from khobor.sources.source import Rules

_META = ("og:description", "description", "twitter:description", "dc.description")


def candidates(document: Document, rules: Rules, title: str | None) -> Iterator[FieldCandidate[str]]:
    """Yield the descriptions from rules, JSON-LD and meta elements that do not just repeat the title.

    Args:
        document: The page.
        rules: The source's rules.
        title: The article's title.
    """
    for origin, text in _places(document, rules):
        if text and comparable(text) != comparable(title):
            yield FieldCandidate.at(text, origin, text)


def listed(summary: str | None, title: str | None) -> Iterator[FieldCandidate[str]]:
    """Yield the summary that the entry of a feed states.

    Args:
        summary: The summary; None if there is none.
        title: The article's title.
    """
    if summary and comparable(summary) != comparable(title):
        yield FieldCandidate.at(summary, "feed", summary)


def _places(document: Document, rules: Rules) -> Iterator[tuple[Origin, str]]:
    yield from (("source rule", document.first_text(selector) or "") for selector in rules.description)
    yield "json-ld", plain(json_ld.text(document.article.get("description")))
    yield from (("meta", plain(document.first_meta(name))) for name in _META)
