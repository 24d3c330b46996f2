"""The charset of a page or a feed, and its text.

Text is not valid UTF-8 by accident, so valid UTF-8 is read as such, whatever the page declares. Otherwise the order is:
byte order mark, declarations, detection. In the HTML standard the Content-Type header overrides the document. But
servers send one header for all their files, so here the bytes decide if the two differ.
https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
https://encoding.spec.whatwg.org/#names-and-labels
"""

import codecs
import re
from collections.abc import Callable, Iterator
from functools import cache

from w3lib.encoding import read_bom

from khobor.html import encodings
from khobor.html.declared_charset import declared_encoding
from khobor.html.labels import encoding_of

_USUAL = "windows-1252"
# Replacement characters and code points for private use. UTF-8 that is decoded as GBK has many.
_BROKEN = re.compile("[\ufffd\ue000-\uf8ff]")
_UTF8_MARK = b"\xef\xbb\xbf"
# Without a byte order mark, a document in UTF-16 begins with a tag, or with a bracket of JSON.
_UTF16 = {
    "utf-16-le": re.compile(rb"(?:[\t\n\r ]\x00){0,99}[<{\[]\x00(?:[^\x00]|\Z)"),
    # A zero byte before text in UTF-8 is a stray byte.
    "utf-16-be": re.compile(rb"(?:\x00[\t\n\r ]){0,99}\x00[<{\[](?:\x00|\Z)"),
}
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?([^\s"';,]+)""", re.IGNORECASE)
# Encodings whose bytes are all ASCII, and the bytes that each text in them contains.
_SEVEN_BITS = {"iso-2022-jp": b"\x1b", "iso2022_kr": b"\x1b$)C", "hz": b"~{"}
_KANJI = re.compile(rb"\x1b\$[@B](?:[\x21-\x7e]{2})+\x1b\([BJ]")
# Enough letters to detect a language, even if most of the sample is markup.
_SAMPLE_BYTES = 65_536
_PART_BYTES = 16_384
# Shares of the characters beyond ASCII. If more of them are broken, the charset is another one.
_MOST_BROKEN_DECLARED = 0.5
_MOST_BROKEN_UTF8 = 0.1
# In a text of another charset, less than half of it is valid UTF-8, by accident.
_MOST_BROKEN_MIXED = 0.5


def to_utf8(html: bytes, content_type: str | None) -> bytes:
    r"""Return a page or a feed in UTF-8, without byte order mark and NUL. Valid UTF-8 is returned unchanged otherwise.

    >>> to_utf8("Brücke".encode("latin-1"), "text/html; charset=iso-8859-1").decode()
    'Brücke'

    Args:
        html: The document as fetched. Bytes that are invalid in its charset become U+FFFD.
        content_type: The Content-Type header, None if it is not known.
    """
    if (encoding := _evident(html, content_type)) is not None:
        html = encodings.decode(html, encoding).encode("utf-8", "replace")
    elif not _is_utf8(html):
        html = _decode_legacy(html, content_type).encode("utf-8", "replace")
    return html.removeprefix(_UTF8_MARK).replace(b"\x00", b"")


def _evident(html: bytes, content_type: str | None) -> str | None:
    """Return an encoding that would pass for UTF-8, because all of its bytes, or every second one, are ASCII."""
    if b"\x00" in html[:2]:
        return next((encoding for encoding, beginning in _UTF16.items() if beginning.match(html)), None)
    # Almost no page has an escape sequence, so this check comes first.
    if not html.isascii() or (b"\x1b" not in html and b"~{" not in html):
        return None
    for encoding in _declared(html, content_type):
        if encoding in _SEVEN_BITS and _SEVEN_BITS[encoding] in html:
            return encoding
    return "iso-2022-jp" if _KANJI.search(html) else None


def _is_utf8(html: bytes) -> bool:
    if html.isascii():
        return True
    # Decoding in parts that fit the processor's cache is four times as fast.
    view = memoryview(html)
    start = 0
    try:
        while start < len(html):
            is_last = start + _PART_BYTES >= len(html)
            start += codecs.utf_8_decode(view[start : start + _PART_BYTES], "strict", is_last)[1]
    except UnicodeDecodeError:
        return False
    return True


def _decode_legacy(html: bytes, content_type: str | None) -> str:
    """Return the text of a document that is not valid UTF-8."""
    codec, mark = read_bom(html)
    if codec and mark:
        return encodings.decode(html[len(mark) :], codec)
    text = html.decode("utf-8", "replace")
    broken = _broken_share(text)
    own = declared_encoding(html)
    if own and own in encodings.SINGLE_BYTE and broken <= _MOST_BROKEN_MIXED:
        return html.decode("utf-8", _decode_rest_as(own))
    for encoding, most_broken in _candidates(html, content_type):
        if encoding == "utf-8":
            if broken <= most_broken:
                return text
            continue
        other = encodings.decode(html, encoding)
        share = _broken_share(other)
        if share <= most_broken and (share < broken or broken > _MOST_BROKEN_UTF8):
            return other
    return encodings.decode(html, _USUAL)


def _candidates(html: bytes, content_type: str | None) -> Iterator[tuple[str, float]]:
    """Yield encodings, each with the largest share that may be broken. UTF-8 with a wrong byte may be undeclared."""
    declared = list(_declared(html, content_type))
    detected = _detect(html) if len(declared) != 1 else None
    # If header and document differ, one of them is wrong. windows-1252 and UTF-8 are often defaults of servers.
    declared.sort(key=lambda name: (name in {"utf-8", _USUAL}, name != detected))
    yield from ((encoding, _MOST_BROKEN_DECLARED) for encoding in declared)
    yield "utf-8", _MOST_BROKEN_UTF8
    if encoding := detected or _detect(html):
        yield encoding, _MOST_BROKEN_DECLARED


def _declared(html: bytes, content_type: str | None) -> dict[str, None]:
    """Return the encodings that the document and the header declare, without duplicates."""
    header = _IN_HEADER.search(content_type or "")
    names = (declared_encoding(html), encoding_of(header[1]) if header else None)
    # The document has been read as ASCII, so it is not in UTF-16.
    return dict.fromkeys(name for name in names if name and not name.startswith("utf-16"))


@cache
def _decode_rest_as(encoding: str) -> str:
    """Return the name of an error handler that decodes invalid bytes in another encoding."""

    def handle(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return encodings.decode(error.object[error.start : error.end], encoding), error.end

    name = f"khobor-rest-{encoding}"
    handler: Callable[[UnicodeError], tuple[str, int]] = handle
    codecs.register_error(name, handler)
    return name


def _detect(html: bytes) -> str | None:
    import cchardet

    first = _NOT_ASCII.search(html)
    start = max(0, first.start() - 100) if first else 0
    detected = cchardet.detect(html[start : start + _SAMPLE_BYTES])["encoding"]
    return encoding_of(detected) if detected else None


def _broken_share(text: str) -> float:
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return len(_BROKEN.findall(text)) / beyond_ascii if beyond_ascii else 0
