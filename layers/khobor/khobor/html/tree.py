"""The tree of a page."""

import re

from lxml import etree

_EMPTY = b"<html/>"
# With all that is read of it an element takes some 700 bytes, and so these 170 MB; pages of news have some thousands.
MOST_TAGS = 250_000
# libxml2 compares each attribute of a tag with all before it: 20,000 take three seconds. A tag of news has dozens.
MOST_ATTRIBUTES = 250
# Each part takes all that it can, and gives nothing back: so the time is linear.
_ATTRIBUTE = rb"""[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_TAG = re.compile(rb"<(?:!--|([a-zA-Z][^\s/>]*+)(?:%b){0,%d}+(%b)?)" % (_ATTRIBUTE, MOST_ATTRIBUTES, _ATTRIBUTE))
# What is in these is no markup, up to their end tags.
_RAW = {name: re.compile(rb"</%b" % name, re.IGNORECASE) for name in (b"script", b"style", b"textarea", b"title")}
# What libxml2 says when it stops in the middle of a page.
_EXCESSIVE_DEPTH = "Excessive depth"


def parse(html: bytes) -> tuple[etree._Element, str | None]:
    """Return the root of a page's tree, and why it is not the whole page, as a slug.

    ``nested_too_deeply``: there the parser stopped. ``too_many_tags``, ``too_many_attributes``: the tree is that of
    an empty page.

    Raises MemoryError where there is none left.

    Args:
        html: The page in UTF-8, as ``charset.utf8`` gives it. Bytes in one known encoding: libxml2 leaves text strings
            with a declaration alone, and guesses for others.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    if html.count(b"<") > MOST_TAGS:
        return etree.fromstring(_EMPTY, parser), "too_many_tags"
    if has_many_attributes(html):
        return etree.fromstring(_EMPTY, parser), "too_many_attributes"
    try:
        root = etree.fromstring(html.strip() or _EMPTY, parser)
    except etree.ParserError:
        root = None
    except etree.XMLSyntaxError as error:
        # The parser recovers from whatever a page holds. Without memory it gives up, with an error that says nothing.
        raise MemoryError from error
    is_cut_off = any(_EXCESSIVE_DEPTH in entry.message for entry in parser.error_log.filter_from_fatals())
    return root if root is not None else etree.fromstring(_EMPTY, parser), "nested_too_deeply" if is_cut_off else None


def has_many_attributes(html: bytes) -> bool:
    """Whether a tag has more attributes than a page's tag may have; scripts and comments have no tags."""
    at = 0
    while tag := _TAG.search(html, at):
        at = tag.end()
        if tag[2] is not None:
            return True
        if tag[1] is None:
            end = html.find(b"-->", at)
            at = len(html) if end < 0 else end
        elif raw := _RAW.get(tag[1].lower()):
            closing = raw.search(html, at)
            at = closing.start() if closing else len(html)
    return False
