"""Text of elements as a reader sees it, and the forms in which texts are compared."""

import unicodedata
from functools import lru_cache
from itertools import islice

from lxml import etree

from khobor.characters import INVISIBLE
from khobor.html import markup

# Texts that are compared again and again, such as titles, are no longer.
_SHORT = 200
_MANY_FORMS = 50
# To read each of many elements that are nested in one another takes time without end: larger ones are left out.
_MOST_ELEMENTS = 300
_ASCII = bytes(range(128))
# Capitals as small letters, and what is of no word as spaces; the bytes of other characters stay.
_FOLDED_ASCII = bytes(ord(chr(byte).lower()) if chr(byte).isalnum() else ord(" ") for byte in _ASCII) + bytes(
    range(128, 256)
)


def clean(text: str | None) -> str:
    r"""Return a text with each run of white space as one space, and without characters that show nothing.

    >>> clean(" a\u00a0 \n b\u200b ")
    'a b'
    """
    if not text:
        return ""
    text = text.strip()
    # No other white space than a space is printable, and nothing that shows nothing: nearly all texts end here.
    if text.isprintable() and "  " not in text:
        return text
    text = " ".join(text.split())
    # Printable is nearly every text, in few scripts one with joiners is not.
    if text.isprintable() or not INVISIBLE.search(text):
        return text
    return " ".join(INVISIBLE.sub("", text).split())


def text_of(element: etree._Element) -> str:
    """Return the text of an element and all in it as a reader sees it, on one line; ``lines_of`` gives the lines."""
    if not len(element):
        return clean(element.text)
    return clean(" ".join(markup.lines_of(element)))


def is_large(element: etree._Element) -> bool:
    """Whether an element holds more others than what names an author, a date or a topic."""
    return next(islice(element.iter(), _MOST_ELEMENTS, None), None) is not None


def lines_of(element: etree._Element) -> list[str]:
    """Return the lines of an element as a reader sees them, cleaned; none is empty."""
    return list(filter(None, map(clean, markup.lines_of(element))))


def plain(text: str | None) -> str:
    """Return a text that may have markup in it as ``text_of`` gives an element's.

    >>> plain("Town votes<br/>to <em>re</em>build")
    'Town votes to rebuild'
    """
    return clean(markup.without_markup(text)) if text and ("<" in text or "&" in text) else clean(text)


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
    if not text.isascii():
        text = _folded_beyond_ascii(unicodedata.normalize("NFKC", text))
    return " ".join(text.encode().translate(_FOLDED_ASCII).decode().split())


def _folded_beyond_ascii(text: str) -> str:
    """Return a text with the characters beyond ASCII folded, and those that are of no word as spaces."""
    beyond = text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
    chars = set(beyond)
    forms = {char: form for char, form in zip(chars, map(_form, chars), strict=True) if form != char}
    if len(forms) > _MANY_FORMS:
        return text.translate({ord(char): form for char, form in forms.items()})
    # A text has few: to replace each is faster than to look at every character.
    for char, form in forms.items():
        text = text.replace(char, form)
    return text


@lru_cache(maxsize=16384)
def _form(char: str) -> str:
    return "".join(part if _is_of_word(part) else " " for part in char.casefold())


def _is_of_word(char: str) -> bool:
    # A pattern such as \w leaves out the vowel signs of Indic scripts: they are marks (M).
    return char.isalnum() or unicodedata.category(char)[0] == "M"


_comparable_short = lru_cache(maxsize=4096)(_comparable)
