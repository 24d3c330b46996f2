"""The place that the article was filed from."""

import re

from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.found import Found
from khobor.extract.text import clean

# LONDON (Reuters) — or NEW DELHI, Nov 3: in capitals at the start of the first paragraph.
_IN_CAPITALS = re.compile(
    r"^(?P<place>[A-Z][A-Z.' -]{2,30}[A-Z])(?:, [A-Z][a-z]+\.?)?(?: \d{1,2})?(?: \([^)]{2,30}\))?\s*[—–:-]\s"
)


def find_dateline(document: Document, first_paragraph: str) -> Found[str] | None:
    """Return the place that JSON-LD or the beginning of the first paragraph names."""
    if text := clean(json_ld.text(document.article.get("dateline"))):
        return Found.at(text, "json-ld", text)
    match = _IN_CAPITALS.match(first_paragraph)
    return Found.at(match["place"].title(), "heuristic", match[0]) if match else None
