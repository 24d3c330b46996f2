"""The line above the headline."""

from collections.abc import Iterator

from khobor.article import Origin
from khobor.extract.class_names import KICKER
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.text import comparable, text_of
from khobor.sources.source import Rules

_MOST_CHARACTERS = 100


def candidates(document: Document, rules: Rules, title: str | None) -> Iterator[FieldCandidate[str]]:
    """Yield the short texts that the source's rules select, or whose class says kicker.

    Args:
        document: The page.
        rules: The source's rules.
        title: The article's title, which is not a kicker.
    """
    for origin, text in _places(document, rules):
        if text and len(text) <= _MOST_CHARACTERS and comparable(text) != comparable(title):
            yield FieldCandidate.at(text, origin, text)


def _places(document: Document, rules: Rules) -> Iterator[tuple[Origin, str]]:
    yield from (("source rule", document.first_text(selector) or "") for selector in rules.kicker)
    yield from (("heuristic", text_of(part.root)) for part in document.named(KICKER))
