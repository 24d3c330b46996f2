"""The line above the headline."""

from khobor.extract.document import Document
from khobor.extract.found import Found
from khobor.extract.text import comparable, text_of

_MARKUP = "[class*=kicker], [class*=overline], [class*=eyebrow], [class*=shoulder]"
_MOST_CHARACTERS = 100


def find_kicker(document: Document, title: str | None) -> Found[str] | None:
    """Return the short line before the headline that is marked as its kicker."""
    for element in document.select(_MARKUP):
        text = text_of(element)
        if text and len(text) <= _MOST_CHARACTERS and comparable(text) != comparable(title):
            return Found.at(text, "heuristic", text)
    return None
