"""Whether the article was written for the paper or for the web."""

from collections.abc import Iterator

from khobor.article import Edition
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.text import comparable
from khobor.sources.source import Rules

_WORDS: dict[str, Edition] = {
    "অনলাইন সংস্করণ": "online",
    "প্রিন্ট সংস্করণ": "print",
    "online edition": "online",
    "print edition": "print",
}


def candidates(document: Document, rules: Rules) -> Iterator[FieldCandidate[Edition]]:
    """Yield the edition that the text selected by a rule names, or print if JSON-LD has a printEdition.

    Args:
        document: The page.
        rules: The source's rules.
    """
    for selector in rules.edition:
        for text in document.select_texts(selector):
            for words, edition in _WORDS.items():
                if comparable(words) in comparable(text):
                    yield FieldCandidate.at(edition, "source rule", words)
    if printed := document.article.get("printEdition"):
        yield FieldCandidate.at("print", "json-ld", str(printed))
