"""The text of feeds and sitemaps, whose charset is often not the one that is declared."""

import re

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
    to_unicode,
)

# The first characters of a document in UTF-16 without a mark: a tag or a brace, and another of ASCII.
_UTF16 = re.compile(rb"(?P<le>[<{]\x00[^\x00]\x00)|(?P<be>\x00[<{]\x00[^\x00])")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_USUAL = "cp1252"
_SAMPLE_BYTES = 65_536
# Share of the characters beyond ASCII: with fewer that cannot be read, it is UTF-8 with some bytes gone wrong. Letters
# of other charsets are no UTF-8 at all but by accident.
_MOST_BROKEN = 0.5


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
    encoding, mark = read_bom(body)
    if mark:
        body = body[len(mark) :]
    if not encoding and (utf16 := _UTF16.match(body)):
        encoding = f"utf-16-{utf16.lastgroup}"
    if not encoding or encoding == "utf-8":
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            encoding = _encoding(body, content_type)
        else:
            return body
    return to_unicode(body, encoding).encode("utf-8", "replace")


def _encoding(body: bytes, content_type: str | None) -> str:
    """Return the codec of what is no valid UTF-8."""
    if _is_mostly_utf8(body):
        return "utf-8"
    told = (html_body_declared_encoding(body), http_content_type_encoding(content_type))
    return next((encoding for encoding in told if encoding and encoding != "utf-8"), None) or _detected(body)


def _is_mostly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text.count(_REPLACEMENT) <= _MOST_BROKEN * beyond_ascii


def _detected(body: bytes) -> str:
    import cchardet

    # The detector knows charsets that Python does not.
    detected = cchardet.detect(body[:_SAMPLE_BYTES])["encoding"]
    return (detected and resolve_encoding(detected)) or _USUAL
