"""The charset that a page's markup declares, found by the prescan algorithm of the HTML standard.

https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding
"""

import re
from collections.abc import Iterator
from itertools import chain

from khobor.html.labels import encoding_of

# The standard's prescan reads 1024 bytes, but browsers also follow declarations that they parse later.
_HEAD_BYTES = 65_536
_MARKUP = re.compile(
    rb"<(?:(?P<comment>!--)|(?P<meta>meta(?=[\s/]))|(?P<tag>/?[a-z][^\s>]*)|[!/?][^>]*)", re.IGNORECASE
)
# One attribute. "cut" matches if its value does not end.
_ATTRIBUTE = re.compile(
    rb"""[\s/]*(?P<name>[^\s/>][^\s/>=]*)
    (?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>(?!["'])[^\s>]*)(?=[\s>])|(?P<cut>)))?""",
    re.VERBOSE,
)
# As the standard says: a declaration that can be read as ASCII is not in UTF-16, and x-user-defined is windows-1252.
_INSTEAD = {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}
_COMMENT_END = re.compile(rb"-->")
_IN_CONTENT = re.compile(rb"""charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"'][^\s;]*))""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"'>]+)["']""")


def declared_encoding(html: bytes) -> str | None:
    """Return the encoding that a meta element or the XML declaration declares, None if there is none.

    >>> declared_encoding(b'<!-- <meta charset="big5"> --><meta charset="koi8-r">')
    'koi8-r'

    Args:
        html: The page as fetched, in an encoding that contains ASCII.
    """
    head = html[:_HEAD_BYTES]
    xml = _XML.match(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    for label in chain(map(_meta_label, _metas(head)), [_ascii(xml[1])] if xml else ()):
        if label and (encoding := encoding_of(label)):
            return _INSTEAD.get(encoding, encoding)
    return None


def _metas(head: bytes) -> Iterator[dict[bytes, bytes]]:
    """Yield the attributes of each meta element, by name in lower case."""
    position = 0
    while markup := _MARKUP.search(head, position):
        position = markup.end()
        if markup["comment"]:
            # The hyphens that open a comment may also close it: <!-->
            end = _COMMENT_END.search(head, markup.end() - 2)
            position = end.end() if end else len(head)
        elif markup["meta"] or markup["tag"]:
            attributes, position = _attributes(head, position)
            if markup["meta"] and position < len(head):
                yield attributes


def _attributes(head: bytes, position: int) -> tuple[dict[bytes, bytes], int]:
    """Return the attributes of an element, the first of each name, and where they end: the page's end if cut off."""
    attributes: dict[bytes, bytes] = {}
    while attribute := _ATTRIBUTE.match(head, position):
        if attribute["cut"] is not None:
            return attributes, len(head)
        value = attribute["double"] or attribute["single"] or attribute["bare"] or b""
        attributes.setdefault(attribute["name"].lower(), value)
        position = attribute.end()
    return attributes, position


def _meta_label(attributes: dict[bytes, bytes]) -> str | None:
    if label := attributes.get(b"charset"):
        return _ascii(label)
    if attributes.get(b"http-equiv", b"").lower() != b"content-type":
        return None
    match = _IN_CONTENT.search(attributes.get(b"content", b""))
    return _ascii(match[match.lastindex or 0]) if match else None


def _ascii(label: bytes) -> str:
    return label.decode("ascii", "replace")
