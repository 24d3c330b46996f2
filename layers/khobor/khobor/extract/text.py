"""Text of elements as a reader sees it, and the forms in which texts are compared."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from lxml import etree

# Characters that show nothing. The joiners U+200C and U+200D do: they change how Bengali and Persian are written.
_NOTHING = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
# Texts that are compared again and again, such as titles, are no longer.
_SHORT = 200
_MANY_SIGNS = 50


def clean(text: str | None) -> str:
    r"""Return a text with each run of white space as one space, and without characters that show nothing.

    >>> clean(" a\u00a0 \n b\u200b ")
    'a b'
    """
    if not text:
        return ""
    # To look for each is faster than to translate, and nearly no text has any.
    if not text.isascii() and ("\u00ad" in text or "\u200b" in text or "\ufeff" in text or "\u2060" in text):
        text = text.translate(_NOTHING)
    return " ".join(text.split())


def text_of(element: etree._Element) -> str:
    """Return the text of an element and all in it, cleaned."""
    return clean("".join(cast("Iterator[str]", element.itertext())))


def comparable(text: str | None) -> str:
    """Return a text so that two spellings of it are equal: NFKC, case folded, marks kept, no punctuation.

    >>> comparable("“Hello,  World!”") == comparable("hello world")
    True
    """
    if not text:
        return ""
    return _comparable_short(text) if len(text) <= _SHORT else _comparable(text)


def is_one_of(text: str, known: frozenset[str]) -> bool:
    """Whether a text is one of those that are given as ``comparable`` gives them."""
    # By their beginnings most are none: a second character of ASCII joins the first in no other.
    if text[:2].isascii() and text[:1].isalnum() and text[0].lower() not in {other[:1] for other in known}:
        return False
    return comparable(text) in known


def _comparable(text: str) -> str:
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    signs = [char for char in set(folded) if not _is_of_word(char)]
    if len(signs) > _MANY_SIGNS:
        folded = folded.translate(dict.fromkeys(map(ord, signs), " "))
    else:
        # A text has few: to replace each is faster than to look at every character.
        for sign in signs:
            folded = folded.replace(sign, " ")
    return " ".join(folded.split())


@lru_cache(maxsize=16384)
def _is_of_word(char: str) -> bool:
    # A pattern such as \w leaves out the vowel signs of Indic scripts: they are marks (M).
    return char.isalnum() or unicodedata.category(char)[0] == "M"


_comparable_short = lru_cache(maxsize=4096)(_comparable)
