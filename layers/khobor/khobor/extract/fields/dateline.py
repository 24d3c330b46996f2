"""The place that the article was filed from."""

import re
from collections.abc import Iterator

from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.found import Found
from khobor.extract.text import clean

# LONDON (Reuters) — or NEW DELHI, Nov 3: in capitals at the start of the first paragraph.
_IN_CAPITALS = re.compile(
    r"^(?P<place>[A-Z][A-Z.' -]{2,30}[A-Z])(?:, [A-Z][a-z]+\.?)?(?: \d{1,2})?(?: \([^)]{2,30}\))?\s*[—–:-]\s"
)


def candidates(document: Document, first_paragraph: str) -> Iterator[Found[str]]:
    """Yield the place that JSON-LD or the beginning of the first paragraph names."""
    if text := clean(json_ld.text(document.article.get("dateline"))):
        yield Found.at(text, "json-ld", text)
    if match := _IN_CAPITALS.match(first_paragraph):
        yield Found.at(match["place"].title(), "heuristic", match[0])
