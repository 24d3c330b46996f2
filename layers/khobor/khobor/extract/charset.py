"""The charset of a page, and its text.

The order is that of the HTML standard: byte order mark, Content-Type header, meta element; then a guess.
https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
"""

from w3lib.encoding import html_to_unicode

_USUAL = "cp1252"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def decode(html: bytes, content_type: str | None) -> str:
    """Return the text of a page; bytes that its charset does not know become U+FFFD.

    Args:
        html: The page as it came.
        content_type: The Content-Type header, if one is known.
    """
    # A declaration is believed unless the page is UTF-8 all the same: that is not so by accident.
    try:
        return html.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError:
        charset, text = html_to_unicode(content_type, html, default_encoding=_USUAL)
    return html.decode(_USUAL, "replace") if charset == "utf-8" and _is_mostly_broken(text) else text


def _is_mostly_broken(text: str) -> bool:
    """Whether what is not ASCII is mostly what UTF-8 does not know: then it was not UTF-8."""
    beyond_ascii = sum(not char.isascii() for char in text)
    return 2 * text.count(_REPLACEMENT) > beyond_ascii
