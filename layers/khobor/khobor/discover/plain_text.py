"""Titles without markup."""

import re

from khobor.characters import unescape
from khobor.html.markup import INLINE

_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*+)[^<>]*>")


def plain_text(title: str | None) -> str | None:
    r"""Return a title without markup, on one line; titles in feeds contain HTML, escaped once or twice.

    >>> plain_text(" <b>Rise &amp; fall</b><br>of 5 < 6 ")
    'Rise & fall of 5 < 6'
    """
    if not title:
        return None
    text = unescape(_TAG.sub(lambda tag: "" if tag[1].lower() in INLINE else " ", title))
    # JSON can contain a lone surrogate, which no charset can encode.
    return " ".join(text.encode("utf-8", "ignore").decode().split()) or None
