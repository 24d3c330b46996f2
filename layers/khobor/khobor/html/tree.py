"""The tree of a page."""

import re

from lxml import etree

_EMPTY = b"<html/>"
# An element takes about 700 bytes with all that is read from it, so these take 170 MB. News pages have some thousands.
MOST_TAGS = 250_000
# libxml2 compares each attribute of a tag with all before it: 20,000 take three seconds. News pages have dozens.
MOST_ATTRIBUTES = 250
# All quantifiers are possessive, so the time is linear.
_ATTRIBUTE = rb"""[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_TAG = re.compile(rb"<(?:!--|([a-zA-Z][^\s/>]*+)(?:%b){0,%d}+(%b)?)" % (_ATTRIBUTE, MOST_ATTRIBUTES, _ATTRIBUTE))
# The content of these is not markup, up to the end tag.
_RAW = {name: re.compile(rb"</%b" % name, re.IGNORECASE) for name in (b"script", b"style", b"textarea", b"title")}
# The error of libxml2 when it stops in the middle of a page.
_EXCESSIVE_DEPTH = "Excessive depth"


def parse(html: bytes) -> tuple[etree._Element, str | None]:
    """Return the root of a page's tree, and a slug that says why the tree is incomplete, None if it is complete.

    ``nested_too_deeply``: the parser stopped there. ``too_many_tags``, ``too_many_attributes``: the tree is that of an
    empty page.

    Args:
        html: The page in UTF-8, as ``charset.to_utf8`` returns it. It is bytes because libxml2 refuses strings with an
            encoding declaration, and guesses the encoding of others.

    Raises:
        MemoryError: The memory is used up.
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
        # The parser recovers from any page. It raises this error, without a reason, only if memory is used up.
        raise MemoryError from error
    is_cut_off = any(_EXCESSIVE_DEPTH in entry.message for entry in parser.error_log.filter_from_fatals())
    return root if root is not None else etree.fromstring(_EMPTY, parser), "nested_too_deeply" if is_cut_off else None


def has_many_attributes(html: bytes) -> bool:
    """Whether a tag has more than MOST_ATTRIBUTES attributes. Tags in scripts and comments do not count."""
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
