"""The summary of the article, or its dek."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from khobor.article import Origin
from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.text import comparable, plain
from khobor.sources.source import Rules

# Names of meta elements. Those that programs fill in from one text are one witness.
_META = (
    ("og:description", "social"),
    ("description", "description"),
    ("twitter:description", "social"),
    ("dc.description", "description"),
)
# A longer beginning identifies a text.
_SHORTEST_BEGINNING = 40
_CUT = re.compile(r"(?:\.{3}|…|\[…\]|\[\.{3}\])\s*\Z")


class _Place(NamedTuple):
    """A place with a description, and its text.

    Attributes:
        origin: The kind of place.
        name: Its name.
        witness: The name of what fills it in.
        text: The text.
    """

    origin: Origin
    name: str
    witness: str
    text: str


def candidates(document: Document, rules: Rules, title: str | None) -> Iterator[FieldCandidate[str]]:
    """Yield the descriptions from rules, JSON-LD and meta elements that do not just repeat the title.

    Args:
        document: The page.
        rules: The source's rules.
        title: The article's title.
    """
    for origin, name, witness, text in _places(document, rules):
        if text and comparable(text) != comparable(title):
            candidate = FieldCandidate.at(text, origin, text, name, witness)
            # A whole text is better than the beginning of another one.
            yield replace(candidate, is_last_resort=_CUT.search(text) is not None)


def confirms(witness: FieldCandidate[str], candidate: FieldCandidate[str]) -> bool:
    """Whether a witness has the text of a candidate, or the beginning of it, so that a whole text is preferred.

    Args:
        witness: The witness.
        candidate: The candidate.
    """
    known, text = comparable(_CUT.sub("", witness.value)), comparable(candidate.value)
    return text == known or (len(known) >= _SHORTEST_BEGINNING and text.startswith(known))


def listed(summary: str | None, title: str | None) -> Iterator[FieldCandidate[str]]:
    """Yield the summary that the entry of a feed states.

    Args:
        summary: The summary; None if there is none.
        title: The article's title.
    """
    if summary and comparable(summary) != comparable(title):
        yield FieldCandidate.at(summary, "feed", summary)


def _places(document: Document, rules: Rules) -> Iterator[_Place]:
    for selector in rules.description:
        yield _Place("source rule", "", "", document.first_text(selector) or "")
    yield _Place("json-ld", "", "", plain(json_ld.text(document.article.get("description"))))
    for name, witness in _META:
        yield _Place("meta", name, witness, plain(document.first_meta(name)))
