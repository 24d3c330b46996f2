"""The tree of a page."""

from lxml import etree

_EMPTY = b"<html/>"
# With all that is read of it an element takes some 700 bytes, and so these 170 MB; pages of news have some thousands.
MOST_TAGS = 250_000
# What libxml2 says when it stops in the middle of a page.
_EXCESSIVE_DEPTH = "Excessive depth"


def parse(html: bytes) -> tuple[etree._Element, str | None]:
    """Return the root of a page's tree, and why it is not the whole page, as a slug.

    ``nested_too_deeply``: there the parser stopped. ``too_many_tags``: the tree is that of an empty page.

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
    try:
        root = etree.fromstring(html.strip() or _EMPTY, parser)
    except etree.ParserError:
        root = None
    except etree.XMLSyntaxError as error:
        # The parser recovers from whatever a page holds. Without memory it gives up, with an error that says nothing.
        raise MemoryError from error
    is_cut_off = any(_EXCESSIVE_DEPTH in entry.message for entry in parser.error_log.filter_from_fatals())
    return root if root is not None else etree.fromstring(_EMPTY, parser), "nested_too_deeply" if is_cut_off else None
