"""The fingerprint of a text: the same text has the same."""

import hashlib

from khobor.extract.text import comparable


def content_hash(title: str | None, body: str) -> str:
    """Return the SHA-256 of an article's title and body in hexadecimal; two spellings of one text share it."""
    return hashlib.sha256(f"{comparable(title)}\n{comparable(body)}".encode("utf-8", "replace")).hexdigest()
