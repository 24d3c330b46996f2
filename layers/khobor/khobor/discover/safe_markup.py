"""Prepares a feed or a sitemap for an XML parser, so that errors do not end the reading early.

Everything before the first known element is removed, and references to entities are replaced. So a document type, and
with it external or expanding entities, never reaches the parser.
"""

import re
from html import escape
from html.entities import html5

# The outermost elements of feeds, including feeds without their first lines.
FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel", "item", "entry"})

_SITEMAP_ROOTS = frozenset({"urlset", "sitemapindex", "url", "sitemap"})
_ROOT = re.compile(
    rf"<(?:[\w.-]+:)?({'|'.join(sorted(FEED_ROOTS | _SITEMAP_ROOTS))})(?=[\s/>])".encode(), re.IGNORECASE
)
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
# Control characters, which XML does not allow, not even as references.
_CONTROL = bytes(octet for octet in range(32) if octet not in b"\t\n\r")
# Markup that would end the reading, or cut a URL. Complete CDATA sections are kept. Comments are removed, as is the
# start of a section that does not end, or in which another one starts. Possessive groups cannot be used: they match
# wrongly in Python 3.11.2 (https://github.com/python/cpython/issues/106052).
_UNSAFE = re.compile(
    rb"(?P<section><!\[CDATA\[.*?(?:(?P<section_end>\]\]>)|(?=<!\[CDATA\[)|\Z))"
    rb"|(?P<comment><!--.*?(?:(?P<comment_end>-->)|(?=<!--)|\Z))"
    rb"|(?P<less><(?!/?[A-Za-z_]))"
    rb"|&(?!(?:amp|lt|gt|quot|apos);)(?:#(?P<number>\d{1,7}|[xX][\da-fA-F]{1,6});|(?P<name>\w{1,40});)?",
    re.DOTALL,
)
_SECTION = b"<![CDATA["
_NO_CHARACTERS = frozenset({*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF})
_LAST_CODE_POINT = 0x10FFFF


def root_name(data: bytes) -> str | None:
    """Return the name of the outermost element in lower case; None if the document is neither feed nor sitemap."""
    root = find_root(data)
    return root[1].decode().lower() if root else None


def find_root(data: bytes) -> re.Match[bytes] | None:
    """Return the match of the outermost element of a feed or sitemap; None if the document is neither."""
    root = _ROOT.search(data)
    return root if root and not _HTML.search(data, 0, root.start()) else None


def safe_markup(data: bytes, start: int) -> bytes:
    r"""Return a document from a position on, without markup that would end the reading or cut a URL.

    >>> safe_markup(b"<link>https://example.com/?a=1&b=2</link><title>5 < 6&eacute;<![CDATA[x</title> and", 0).decode()
    '<link>https://example.com/?a=1&amp;b=2</link><title>5 &lt; 6éx</title>'

    Args:
        data: The document in UTF-8.
        start: The position of its outermost element.
    """
    # Text after the last tag is dropped: it may be truncated.
    whole = data[start : data.rfind(b">") + 1]
    return _UNSAFE.sub(_escape, whole.translate(None, _CONTROL))


def describe_document(data: bytes) -> str:
    """Return a description of a document that is neither feed nor sitemap."""
    start = data.lstrip()[:1]
    if not start:
        return "this is empty"
    if _HTML.search(data):
        return "this is HTML"
    return {b"<": "this is another kind of XML", b"{": "this is JSON"}.get(start, "this is not XML")


def _escape(match: re.Match[bytes]) -> bytes:
    kind, text = match.lastgroup, match[0]
    if kind == "section":
        return text if match["section_end"] else _UNSAFE.sub(_escape, text[len(_SECTION) :])
    if kind == "comment":
        return b"" if match["comment_end"] else b"&lt;" + _UNSAFE.sub(_escape, text[1:])
    if kind == "number":
        # XML requires a lower-case x here.
        return text.lower() if _is_character(match["number"].decode()) else b""
    if kind == "name" and (characters := html5.get(f"{match['name'].decode()};")):
        # The characters of &AMP; and &QUOT; are markup themselves, and are escaped again.
        return escape(characters).encode()
    return (b"&lt;" if kind == "less" else b"&amp;") + text[1:]


def _is_character(number: str) -> bool:
    """Whether XML allows the character of a numeric reference."""
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    return code <= _LAST_CODE_POINT and code not in _NO_CHARACTERS
