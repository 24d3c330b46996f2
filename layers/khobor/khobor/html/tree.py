"""The tree of a page."""

import re

from lxml import etree

from khobor.html import nesting, streaming

_EMPTY = b"<html/>"
# An element takes about 700 bytes with all that is read from it, so these take 170 MB. News pages have some thousands.
MOST_TAGS = 250_000
# libxml2 compares each attribute of a tag with all before it: 20,000 take three seconds. News pages have dozens.
MOST_ATTRIBUTES = 250
# All quantifiers are possessive, so the time is linear. White space is spelled out, because re matches a class of
# single bytes faster than one with \s in it; and so is the most frequent form of a value.
_SPACE = rb" \t\n\r\f\v"
_VALUE = rb"""="[^"]*+"|[%(s)b]*+=[%(s)b]*+(?:"[^"]*+"|'[^']*+'|[^%(s)b>]*+)""" % {b"s": _SPACE}
_ATTRIBUTE = rb"[^%(s)b/>=][^%(s)b/>=]*+(?:%(v)b|)[%(s)b/]*+" % {b"s": _SPACE, b"v": _VALUE}
_REST_OF_TAG = rb"[^%(s)b/>]*+[%(s)b/]*+(?:%(a)b){0,%(most)d}+[>=]" % {
    b"s": _SPACE,
    b"a": _ATTRIBUTE,
    b"most": MOST_ATTRIBUTES,
}
# The content of these is not markup, up to the end tag.
_RAW = b"|".join(
    rb"[%b%b](?i:%b)(?=[%b/>])%b(?:[^<]++|<(?!/(?i:%b)))*+"
    % (name[:1], name[:1].upper(), name[1:], _SPACE, _REST_OF_TAG, name)
    for name in (b"script", b"style", b"textarea", b"title")
)
_COMMENT = rb"!--(?:[^-]++|-(?!->))*+"
# One match of all of a page takes half as long as one of each tag. re passes over an alternative fast if it begins with
# a byte or a class.
_FEW_ATTRIBUTES = re.compile(
    rb"(?:[^<]*+<(?:/|[a-rA-Ru-zU-Z]%b|%b|[sStT]%b|%b|(?![a-zA-Z]|!--)))*+[^<]*+"
    % (_REST_OF_TAG, _RAW, _REST_OF_TAG, _COMMENT)
)
TOO_MANY_PARTS = "too_many_parts"
# The error of libxml2 when it stops in the middle of a page.
_EXCESSIVE_DEPTH = "Excessive depth"
# The type of its errors about end tags.
_MISMATCH = etree.ErrorTypes.ERR_TAG_NAME_MISMATCH


def parse(html: bytes) -> tuple[etree._Element, str | None]:
    """Return what ``parse_as_sent`` does, with the parts of a streamed page in their places.

    ``too_many_parts``: no part is in its place.
    """
    root, problem = parse_as_sent(html)
    try:
        streaming.assemble(root, root.iter("template"))
    except streaming.TooManyPartsError:
        problem = problem or TOO_MANY_PARTS
    return root, problem


def parse_as_sent(html: bytes) -> tuple[etree._Element, str | None]:
    """Return the root of a page's tree, and a slug that says why the tree is incomplete, None if it is complete.

    ``nested_too_deeply``: the parser stopped there. ``too_many_tags``, ``too_many_attributes``: the tree is that of an
    empty page.

    Args:
        html: The page in UTF-8, as ``charset.to_utf8`` returns it. It is bytes because libxml2 refuses strings with an
            encoding declaration, and guesses the encoding of others.

    Raises:
        MemoryError: The memory is used up.
    """
    # A tag has at least two bytes. Counting them took 0.5 % of the time of an extraction on news pages.
    if len(html) > 2 * MOST_TAGS and html.count(b"<") > MOST_TAGS:
        return etree.fromstring(_EMPTY, _parser()), "too_many_tags"
    if has_many_attributes(html):
        return etree.fromstring(_EMPTY, _parser()), "too_many_attributes"
    root, errors = _parse(html)
    if any(nesting.is_ignored(error.message) for error in errors.filter_types(_MISMATCH)):
        mended = nesting.closed(html)
        if mended is not html:
            root, errors = _parse(mended)
    is_cut_off = any(_EXCESSIVE_DEPTH in error.message for error in errors.filter_from_fatals())
    return root, "nested_too_deeply" if is_cut_off else None


def _parser() -> etree.HTMLParser:
    return etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False)


def _parse(html: bytes) -> tuple[etree._Element, etree._ListErrorLog]:
    """Return the root of a page's tree, and the errors of the parser."""
    parser = _parser()
    try:
        root = etree.fromstring(html.strip() or _EMPTY, parser)
    except etree.ParserError:
        root = None
    except etree.XMLSyntaxError as error:
        # The parser recovers from any page. It raises this error, without a reason, only if memory is used up.
        raise MemoryError from error
    return root if root is not None else etree.fromstring(_EMPTY, parser), parser.error_log


def has_many_attributes(html: bytes) -> bool:
    """Whether a tag has more than MOST_ATTRIBUTES attributes. Tags in scripts and comments do not count."""
    # The last tag may be cut off.
    page = _FEW_ATTRIBUTES.match(html + b">")
    return page is None or page.end() <= len(html)
