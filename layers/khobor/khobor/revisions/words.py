"""Splits a text of any script into the words that are compared.

The boundaries of words and grapheme clusters are those of UAX #29: https://www.unicode.org/reports/tr29/
Scripts without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) have no word boundaries there; grapheme clusters
are compared instead.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from khobor.characters import INVISIBLE

if TYPE_CHECKING:
    import regex


class Words(NamedTuple):
    """The words of a text in order, each with the preceding white space; a punctuation mark is a word of its own.

    Attributes:
        texts: The words.
        spaces: The white space before each: none, a space or a line break; none before the first.
    """

    texts: tuple[str, ...]
    spaces: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(map("".join, zip(self.spaces, self.texts, strict=True)))


def visible_text(text: str | None) -> str:
    r"""Return a text without the differences that readers cannot see.

    Letters are composed (NFC), invisible characters are removed, and a run of white space becomes one space, or one
    line break if it contains one.

    >>> visible_text(" Caf\u0065\u0301\u00a0 de \n\n Flo\u00adre ")
    'Café de\nFlore'
    """
    text = _composed(text or "")
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))


def on_one_line(text: str) -> str:
    r"""Return a text as ``visible_text`` does, with a space for each line break.

    >>> on_one_line(" Caf\u0065\u0301 de \n\n Flo\u00adre ")
    'Café de Flore'
    """
    # Every line break is white space.
    return " ".join(_composed(text).split())


def words(text: str | None) -> Words:
    """Return the words of a text as readers see it; no grapheme cluster is split.

    >>> words("Don't pay ৳১২,৫০০!").texts
    ("Don't", 'pay', '৳', '১২,৫০০', '!')
    >>> words("北京 น้ำ").texts
    ('北', '京', 'น้ำ')
    """
    texts, spaces, space = [], [], ""
    for piece in _pieces(visible_text(text)):
        if piece.isspace():
            space = piece
        else:
            texts.append(piece)
            spaces.append(space)
            space = ""
    return Words(tuple(texts), tuple(spaces))


def _composed(text: str) -> str:
    # No invisible character is printable. This is cheaper to see than what an expression finds.
    return unicodedata.normalize("NFC", text if text.isprintable() else INVISIBLE.sub("", text))


def has_letter_or_digit(word: str) -> bool:
    """Whether a word has a letter or a digit, and is not a punctuation mark or a symbol."""
    return any(map(str.isalnum, word))


def _pieces(text: str) -> Iterator[str]:
    word, cluster = _boundaries()
    ends = [match.start() for match in word.finditer(text)]
    if not text.isascii():
        # UAX #29 has word boundaries within clusters, as in Thai before a vowel sign that is a letter.
        whole = {match.end() for match in cluster.finditer(text)}
        ends = [end for end in ends if end in whole]
    start = 0
    for end in ends:
        if end > start:
            yield text[start:end]
            start = end


@cache
def _boundaries() -> tuple["regex.Pattern[str]", "regex.Pattern[str]"]:
    # Imported here: no start-up needs it, and it takes as long to import as everything else together.
    import regex

    return regex.compile(r"\b", regex.WORD | regex.V1), regex.compile(r"\X")
