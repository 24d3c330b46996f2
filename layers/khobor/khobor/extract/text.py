"""Text of elements as a reader sees it, and the forms in which texts are compared."""

import unicodedata

from lxml.html import HtmlElement

# Characters that show nothing. The joiners U+200C and U+200D do: they change how Bengali and Persian are written.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


def clean(text: str | None) -> str:
    r"""Return a text with each run of white space as one space, and without characters that show nothing.

    >>> clean(" a\u00a0 \n b\u200b ")
    'a b'
    """
    return " ".join((text or "").translate(_INVISIBLE).split())


def text_of(element: HtmlElement) -> str:
    """Return the text of an element and all in it, cleaned."""
    return clean("".join(element.itertext()))


def comparable(text: str | None) -> str:
    """Return a text so that two spellings of it are equal: NFKC, case folded, marks kept, no punctuation.

    >>> comparable("“Hello,  World!”") == comparable("hello world")
    True
    """
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return " ".join("".join(char if _is_word(char) else " " for char in folded).split())


def _is_word(char: str) -> bool:
    # A pattern such as \w leaves out the vowel signs of Indic scripts: they are marks (M).
    return char.isalnum() or unicodedata.category(char)[0] == "M"
