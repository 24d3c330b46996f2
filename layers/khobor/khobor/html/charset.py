"""The charset of a page, and its text.

The order is that of the HTML standard: byte order mark, Content-Type header, meta element or XML declaration; then
detection. Names are read as the Encoding Standard does, so that ISO-8859-1 is windows-1252 and GB2312 is GB18030.
https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
https://encoding.spec.whatwg.org/#names-and-labels
"""

import codecs
import re
from collections.abc import Iterator

import webencodings
from w3lib.encoding import read_bom, to_unicode

from khobor.html.declared_charset import declared_label

_USUAL = "cp1252"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_UTF8_MARK = b"\xef\xbb\xbf"
# The first character of a document in UTF-16 without a mark: a tag, or a brace of JSON.
_UTF16 = {b"<\x00": "utf-16-le", b"\x00<": "utf-16-be", b"{\x00": "utf-16-le", b"\x00{": "utf-16-be"}
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?([^\s"';,]+)""", re.IGNORECASE)
# Enough letters to know a language by, also where most of it is markup.
_SAMPLE_BYTES = 65_536
_PART_BYTES = 16_384
# The codecs of Python that do what the standard's do.
_CODECS = {"gbk": "gb18030", "x-user-defined": _USUAL}
# Names of the detector that the standard does not know.
_DETECTED = {"UHC": "euc-kr"}
# What the standard decodes to nothing: no page is lost for its charset.
_DROPPED = "replacement"
# Shares of the characters beyond ASCII: more that cannot be read, and it is not the charset.
_MOST_BROKEN_DECLARED = 0.5
_MOST_BROKEN_UTF8 = 0.1


def decode(html: bytes, content_type: str | None) -> str:
    """Return the text of a page; bytes that its charset does not know become U+FFFD.

    Args:
        html: The page as it came.
        content_type: The Content-Type header, if one is known.
    """
    if codec := _UTF16.get(html[:2]):
        return html.decode(codec, "replace")
    # A declaration is believed unless the page is UTF-8 all the same: that is not so by accident.
    try:
        return html.removeprefix(_UTF8_MARK).decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(html, content_type)


def utf8(html: bytes, content_type: str | None) -> bytes:
    r"""Return a page in UTF-8, without byte order mark and NUL; one that is in UTF-8 already as it is.

    >>> utf8("Brücke".encode("latin-1"), "text/html; charset=iso-8859-1").decode()
    'Brücke'

    Args:
        html: The page as it came.
        content_type: The Content-Type header, if one is known.
    """
    if html[:2] in _UTF16 or not _is_utf8(html):
        html = decode(html, content_type).encode("utf-8", "replace")
    return html.removeprefix(_UTF8_MARK).replace(b"\x00", b"")


def _is_utf8(html: bytes) -> bool:
    if html.isascii():
        return True
    # In parts that stay in the processor's cache: the text of a whole page takes four times as long.
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
    codec, mark = read_bom(html)
    if codec and mark:
        return to_unicode(html[len(mark) :], codec)
    for codec, most_broken in _candidates(html, content_type):
        text = to_unicode(html, codec)
        if _broken_share(text) <= most_broken:
            return text
    return html.decode(_USUAL, "replace")


def _candidates(html: bytes, content_type: str | None) -> Iterator[tuple[str, float]]:
    """Yield codecs, and the share that each may leave broken; UTF-8 comes undeclared too, with a byte gone wrong."""
    header = _IN_HEADER.search(content_type or "")
    for label in (header and header[1], declared_label(html)):
        if label and (codec := _codec(label)):
            yield codec, _MOST_BROKEN_DECLARED
    yield "utf-8", _MOST_BROKEN_UTF8
    if codec := _detect(html):
        yield codec, _MOST_BROKEN_DECLARED


def _codec(label: str) -> str | None:
    """Return the name of Python's codec for a label such as "latin1", None for a label that is none."""
    encoding = webencodings.lookup(label)
    if encoding is None or encoding.name == _DROPPED:
        return None
    return _CODECS.get(encoding.name, encoding.codec_info.name)


def _detect(html: bytes) -> str | None:
    import cchardet

    first = _NOT_ASCII.search(html)
    start = max(0, first.start() - 100) if first else 0
    detected = cchardet.detect(html[start : start + _SAMPLE_BYTES])["encoding"]
    return _codec(_DETECTED.get(detected, detected)) if detected else None


def _broken_share(text: str) -> float:
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text.count(_REPLACEMENT) / beyond_ascii if beyond_ascii else 0
