"""A text as the words that are compared, in any script.

Boundaries of words and of grapheme clusters are those of Unicode's annex 29: https://www.unicode.org/reports/tr29/
A script that is written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) has no boundaries of words there,
only of clusters: its clusters are compared in place of words.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from khobor.characters import INVISIBLE

if TYPE_CHECKING:
    import regex


class Words(NamedTuple):
    """The words of a text in order, each with the white space before it; a punctuation mark is a word by itself.

    Attributes:
        texts: The words.
        spaces: What stands before each: nothing, a space or a line break; nothing before the first.
    """

    texts: tuple[str, ...]
    spaces: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(map("".join, zip(self.spaces, self.texts, strict=True)))


def as_shown(text: str | None) -> str:
    r"""Return a text without what a reader cannot see in it.

    Letters are composed (NFC), characters that show nothing are gone, and a run of white space is one space, or one
    line break where there is one in it.

    >>> as_shown(" Caf\u0065\u0301\u00a0 de \n\n Flo\u00adre ")
    'Café de\nFlore'
    """
    text = unicodedata.normalize("NFC", INVISIBLE.sub("", text or ""))
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))


def words(text: str | None) -> Words:
    """Return the words of a text as it is shown; no grapheme cluster is ever torn apart.

    >>> words("Don't pay ৳১২,৫০০!").texts
    ("Don't", 'pay', '৳', '১২,৫০০', '!')
    >>> words("北京 น้ำ").texts
    ('北', '京', 'น้ำ')
    """
    texts, spaces, space = [], [], ""
    for piece in _pieces(as_shown(text)):
        if piece.isspace():
            space = piece
        else:
            texts.append(piece)
            spaces.append(space)
            space = ""
    return Words(tuple(texts), tuple(spaces))


def is_spoken(word: str) -> bool:
    """Whether a word has a letter or a digit, and is no punctuation mark or sign."""
    return any(map(str.isalnum, word))


def _pieces(text: str) -> Iterator[str]:
    word, cluster = _boundaries()
    ends = [match.start() for match in word.finditer(text)]
    if not text.isascii():
        # The annex has boundaries of words within clusters, as in Thai before a vowel sign that is a letter.
        whole = {match.end() for match in cluster.finditer(text)}
        ends = [end for end in ends if end in whole]
    start = 0
    for end in ends:
        if end > start:
            yield text[start:end]
            start = end


@cache
def _boundaries() -> tuple["regex.Pattern[str]", "regex.Pattern[str]"]:
    # No start-up needs it, and it takes as long to import as all else together.
    import regex

    return regex.compile(r"\b", regex.WORD | regex.V1), regex.compile(r"\X")
