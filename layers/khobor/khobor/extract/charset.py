"""The charset of a page, and its text.

The order is that of the HTML standard: byte order mark, Content-Type header, meta element; then a guess.
https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
"""

from w3lib.encoding import html_to_unicode


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
        return html_to_unicode(content_type, html, default_encoding="cp1252")[1]
