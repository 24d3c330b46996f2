"""The summary of the article, or its dek."""

from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.found import Found
from khobor.extract.text import clean, comparable

_META = ("og:description", "description", "twitter:description", "dc.description")


def find_description(document: Document, title: str | None) -> Found[str] | None:
    """Return the description that JSON-LD or meta give, unless it only repeats the title."""
    if (text := clean(json_ld.text(document.article.get("description")))) and comparable(text) != comparable(title):
        return Found.at(text, "json-ld", text)
    text = document.first_meta(*_META) or ""
    return Found.at(text, "meta", text) if text and comparable(text) != comparable(title) else None
