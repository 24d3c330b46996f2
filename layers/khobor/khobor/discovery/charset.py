"""The text of feeds and sitemaps, whose charset is often not the one that is declared."""

from khobor.html import charset
from khobor.html.declared_charset import declared_label

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Share of the characters beyond ASCII: with fewer that cannot be read, it is UTF-8 with some bytes gone wrong. Letters
# of other charsets are no UTF-8 at all but by accident.
_MOST_BROKEN = 0.5
# One of these characters has a byte 0 in UTF-16.
_FIRST_BYTES = 4


def utf8(body: bytes, content_type: str | None) -> bytes:
    r"""Return a document in UTF-8 without a byte order mark; one that is in UTF-8 already as it is.

    What is UTF-8 is not so by accident, whatever is declared. Else the declaration in the document is believed
    before the header, which servers send for all their files alike.

    >>> utf8('<?xml version="1.0" encoding="koi8-r"?>Мир'.encode("koi8-r"), "text/xml; charset=utf-8").decode()[-3:]
    'Мир'

    Args:
        body: The document as it came.
        content_type: The Content-Type header, if one is known.
    """
    if b"\x00" not in body[:_FIRST_BYTES] and _is_mostly_utf8(body):
        # What the header says is tried first.
        content_type = "text/xml; charset=utf-8"
    elif declared_label(body):
        content_type = None
    return charset.utf8(body, content_type)


def _is_mostly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    broken = text.count(_REPLACEMENT)
    return not broken or broken <= _MOST_BROKEN * (len(text) - len(text.encode("ascii", "ignore")))
