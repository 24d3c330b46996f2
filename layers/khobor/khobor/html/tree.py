"""The tree of a page."""

from lxml import etree

_EMPTY = b"<html/>"
# What libxml2 says when it stops in the middle of a page.
_EXCESSIVE_DEPTH = "Excessive depth"


def parse(html: bytes) -> tuple[etree._Element, bool]:
    """Return the root of a page's tree, and whether elements were nested so deeply that the parser stopped.

    Args:
        html: The page in UTF-8, as ``charset.utf8`` gives it. Bytes in one known encoding: libxml2 leaves text strings
            with a declaration alone, and guesses for others.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        root = etree.fromstring(html.strip() or _EMPTY, parser)
    except etree.ParserError:
        root = None
    is_cut_off = any(_EXCESSIVE_DEPTH in entry.message for entry in parser.error_log.filter_from_fatals())
    return root if root is not None else etree.fromstring(_EMPTY, parser), is_cut_off
