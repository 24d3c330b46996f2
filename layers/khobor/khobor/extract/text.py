"""Text of elements as a reader sees it, and the forms in which texts are compared."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from lxml import etree

# Characters that show nothing. The joiners U+200C and U+200D do: they change how Bengali and Persian are written.
_NOTHING = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


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


_SHORT = 200


class _Words(dict[int, int]):
    """Maps each character of a word to itself and every other to a space; learns a character when it meets it."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        # A pattern such as \\w leaves out the vowel signs of Indic scripts: they are marks (M).
        mapped = code if char.isalnum() or unicodedata.category(char)[0] == "M" else ord(" ")
        self[code] = mapped
        return mapped


_WORDS = _Words()


def comparable(text: str | None) -> str:
    """Return a text so that two spellings of it are equal: NFKC, case folded, marks kept, no punctuation.

    >>> comparable("“Hello,  World!”") == comparable("hello world")
    True
    """
    if not text:
        return ""
    # Titles and the like are compared again and again.
    return _comparable_short(text) if len(text) <= _SHORT else _comparable(text)


def _comparable(text: str) -> str:
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.translate(_WORDS).split())


_comparable_short = lru_cache(maxsize=4096)(_comparable)
