"""The text of elements as a reader sees it, the form in which texts are compared, and their hash."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from itertools import islice
from typing import cast

from lxml import etree

from khobor.characters import INVISIBLE
from khobor.html import markup

# Texts that are compared repeatedly, such as titles, are not longer. Their comparable form is cached.
_SHORT = 200
_MANY_FORMS = 50
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
UNSPACED_SCRIPTS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
ALPHANUMERIC = re.compile(r"[^\W_]")
# How many more letters a word has in a script with spaces.
_PER_CHARACTER = 2
# Larger elements are not read for names, because reading each of many nested elements takes quadratic time.
_MOST_ELEMENTS = 300
_MOST_CHARACTERS = 10_000
_LENGTH = etree.XPath("string-length()")
_ASCII = bytes(range(128))
# A table that maps capitals to small letters and other signs to spaces. Bytes of characters beyond ASCII stay.
_FOLDED_ASCII = bytes(ord(chr(byte).lower()) if chr(byte).isalnum() else ord(" ") for byte in _ASCII) + bytes(
    range(128, 256)
)


def length_of(text: str) -> int:
    """Return the length of a text in characters of a script with spaces.

    >>> length_of("Council votes"), length_of("市议会")
    (13, 9)
    """
    if text.isascii():
        return len(text)
    return len(text) + _PER_CHARACTER * len(UNSPACED_SCRIPTS.findall(text))


def clean(text: str | None) -> str:
    r"""Return a text with each run of white space as one space, and without invisible characters.

    >>> clean(" a\u00a0 \n b\u200b ")
    'a b'
    """
    if not text:
        return ""
    text = text.strip()
    # No white space but the space is printable, and no invisible character. Almost all texts return here.
    if text.isprintable() and "  " not in text:
        return text
    text = " ".join(text.split())
    # Almost every text is printable now; in a few scripts it contains joiners.
    if text.isprintable() or not INVISIBLE.search(text):
        return text
    return " ".join(INVISIBLE.sub("", text).split())


def text_of(element: etree._Element) -> str:
    """Return the text of an element as a reader sees it, on one line."""
    if not len(element):
        return clean(element.text)
    return clean(" ".join(markup.lines_of(element)))


def is_large(element: etree._Element) -> bool:
    """Whether an element has too many descendants or too much text to be the name of an author, a date or a topic."""
    if not len(element):
        return len(element.text or "") > _MOST_CHARACTERS
    if next(islice(element.iter(), _MOST_ELEMENTS, None), None) is not None:
        return True
    # This is counted by libxml2, because each of many nested elements would make a string of the same text.
    return int(cast("float", _LENGTH(element))) > _MOST_CHARACTERS


def lines_of(element: etree._Element) -> list[str]:
    """Return the lines of an element as a reader sees them, cleaned and without empty ones."""
    return list(filter(None, map(clean, markup.lines_of(element))))


def plain(text: str | None) -> str:
    """Return a text that may contain markup as ``text_of`` returns the text of an element.

    >>> plain("Town votes<br/>to <em>re</em>build")
    'Town votes to rebuild'
    """
    return clean(markup.without_markup(text)) if text and ("<" in text or "&" in text) else clean(text)


def comparable(text: str | None) -> str:
    """Return a text in a form in which its spellings are equal: NFKC, case folded, with marks, without punctuation.

    >>> comparable("“Hello,  World!”") == comparable("hello world")
    True
    """
    if not text:
        return ""
    return _comparable_short(text) if len(text) <= _SHORT else _comparable(text)


def content_hash(title: str | None, body: str) -> str:
    """Return the SHA-256 of an article's title and body in hexadecimal. Two spellings of one text have the same.

    Args:
        title: The title.
        body: The text of the body.
    """
    return hashlib.sha256(f"{comparable(title)}\n{comparable(body)}".encode("utf-8", "replace")).hexdigest()


def is_one_of(text: str, known: frozenset[str]) -> bool:
    """Whether a text is one of several.

    Args:
        text: The text.
        known: The others, as ``comparable`` returns them.
    """
    beginnings, shortest = _beginnings(known)
    # In ASCII no text is longer in the form for comparison.
    if len(text) < shortest and text.isascii():
        return False
    # Most texts differ in the first character. NFKC does not change one that another character of ASCII follows.
    start = start_of_words(text)
    first = text[start : start + 1]
    if first.isalnum() and text[: start + 2].isascii() and first.lower() not in beginnings:
        return False
    return comparable(text) in known


def start_of_words(text: str) -> int:
    """Return the index of the first letter or digit of a text, 0 if it has none.

    >>> start_of_words("Bridge"), start_of_words("“Bridge”"), start_of_words("…")
    (0, 1, 0)
    """
    # Almost every text begins with one.
    if text[:1].isalnum():
        return 0
    first = ALPHANUMERIC.search(text)
    return first.start() if first else 0


@lru_cache(maxsize=64)
def _beginnings(texts: frozenset[str]) -> tuple[frozenset[str], int]:
    """Return the first characters of texts, and the length of the shortest."""
    return frozenset(text[:1] for text in texts), min(map(len, texts), default=0)


def _comparable(text: str) -> str:
    if not text.isascii():
        text = _folded_beyond_ascii(unicodedata.normalize("NFKC", text))
    # Only spaces are left between words. Bytes are split faster than characters.
    return b" ".join(text.encode().translate(_FOLDED_ASCII).split()).decode()


def _folded_beyond_ascii(text: str) -> str:
    """Return a text with the characters beyond ASCII case folded, and those that are not of words as spaces."""
    beyond = text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
    chars = set(beyond)
    forms = {char: form for char, form in zip(chars, map(_form, chars), strict=True) if form != char}
    if len(forms) > _MANY_FORMS:
        return text.translate({ord(char): form for char, form in forms.items()})
    # A text has few different ones. Replacing each is faster than translating every character.
    for char, form in forms.items():
        text = text.replace(char, form)
    return text


@lru_cache(maxsize=16384)
def _form(char: str) -> str:
    return "".join(part if _is_of_word(part) else " " for part in char.casefold())


def _is_of_word(char: str) -> bool:
    # Vowel signs of Indic scripts are marks (M), which \w does not match.
    return char.isalnum() or unicodedata.category(char)[0] == "M"


_comparable_short = lru_cache(maxsize=4096)(_comparable)
