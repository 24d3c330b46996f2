"""MinHash: finds articles with nearly the same text by 80 bytes of each.

The shingles of a text are its sequences of eight words. The resemblance of two texts is the share of shingles that they
have in common (A. Broder, On the resemblance and containment of documents, 1997). A MinHash keeps:

- The four smallest hashes of shingles. Each is an index key: any text with one of the same keys is a candidate. Texts
  that share much share some of the smallest hashes, whatever the size of the archive.
- For each of 128 slots into which the hashes fall, four bits of the smallest hash. The share of equal slots estimates
  the resemblance (P. Li, A. Owen, C.-H. Zhang, One permutation hashing, 2012; P. Li, A. König, b-bit minwise hashing,
  2010).

Candidates may share only boilerplate, such as a publisher's standard sentences or a daily weather report. Verify
candidates by ``resemblance``, and read only the newest of each key.

MinHashes are stored. A change to how they are computed would make copies unfindable.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from khobor.article import Article
from khobor.characters import translated

# The words of a shingle. Long shingles separate a daily report from yesterday's, which differs in a few numbers; edited
# copies differ in whole sentences.
_WORDS = 8
# Scripts without spaces are split into characters: 12 for Chinese and Japanese, 24 for Thai, Lao, Burmese and Khmer
# carry about as much information as eight words. The white space is put around each to count them.
_IDEOGRAPHS, _AROUND_IDEOGRAPHS = 12, "\v"
_LETTERS, _AROUND_LETTERS = 24, "\f"
_UNSPACED = (
    ("\u3040", "\u30ff", _AROUND_IDEOGRAPHS),
    ("\u3400", "\u9fff", _AROUND_IDEOGRAPHS),
    ("\uf900", "\ufaff", _AROUND_IDEOGRAPHS),
    ("\U00020000", "\U0003ffff", _AROUND_IDEOGRAPHS),
    ("\u0e00", "\u0eff", _AROUND_LETTERS),
    ("\u1000", "\u109f", _AROUND_LETTERS),
    ("\u1780", "\u17ff", _AROUND_LETTERS),
)
# The fewest shingles for each word of one. Shorter texts are lines that many pages have, such as "Watch the video".
_FEWEST_SHINGLES = 2
# Enough for a day's live blog; further words are ignored.
_MOST_WORDS = 20_000
# Letters that publishers use interchangeably, by spelling or keyboard.
_WRITTEN_ALIKE = {"ী": "ি", "ূ": "ু", "ঈ": "ই", "ঊ": "উ", "ণ": "ন", "ي": "ی", "ى": "ی", "ك": "ک"}

_BANDS = 4
_BAND_BYTES = 4
# The first 7 of the 32 bits of a hash select its slot, the last 4 are kept. Fewer slots with more bits each, in the
# same size, have a 25 % larger error.
_SLOTS = 128
_SLOT_SHIFT = 25
_KEPT = 0xF
_SIZE = _BANDS * _BAND_BYTES + _SLOTS // 2
# The share of slots that are equal by chance.
_BY_CHANCE = 1 / 16

# The lowest resemblance of copies. Measured by tests/benchmarks/similarity.py: independent reports of one event stay
# below, and so do nearly all reports of a daily series.
SIMILAR = 0.32


@dataclass(frozen=True)
class MinHash:
    """The MinHash of a text.

    Attributes:
        data: 80 bytes, stored as they are.

    Raises:
        ValueError: The data has another length.
    """

    data: bytes

    def __post_init__(self) -> None:
        if len(self.data) != _SIZE:
            raise ValueError(
                f"a MinHash has {_SIZE} bytes, not {len(self.data)}: give the data of one made by minhash()"
            )


class _Forms(dict[int, str]):
    """Maps each code point to the form in which it is compared."""

    def __missing__(self, code: int) -> str:
        form = self[code] = self._of(chr(code))
        return form

    @staticmethod
    def _of(char: str) -> str:
        if char.isdecimal():
            return str(unicodedata.decimal(char))
        category = unicodedata.category(char)
        # Keep marks (M): without vowel signs nearly all Bengali words look alike. Joiners (Cf) are invisible.
        if char.isalnum() or category[0] == "M":
            around = next((around for first, last, around in _UNSPACED if first <= char <= last), "")
            return around + _WRITTEN_ALIKE.get(char, char) + around
        return "" if category == "Cf" else " "


_FORMS = _Forms()


def minhash(article: Article) -> MinHash | None:
    """Return the MinHash of an article's body; None if the body is too short to identify it.

    The headline is left out, because each publisher writes a new one.
    """
    words, width = _words(article.body_text)
    # CRC-32 is good enough: its measured error is that of a better hash, and what theory predicts.
    shingles = set(map(crc32, map(b" ".join, zip(*(words[start:] for start in range(width)), strict=False))))
    if len(shingles) < _FEWEST_SHINGLES * width:
        return None
    hashes = sorted(shingles)
    smallest = b"".join(value.to_bytes(_BAND_BYTES) for value in hashes[:_BANDS])
    slots = _slots(hashes)
    return MinHash(smallest + bytes.fromhex("".join(_of_slot(slot, slots) for slot in range(_SLOTS))))


def bands(of: MinHash) -> tuple[str, ...]:
    """Return four index keys of eight characters; a copy of the text has at least one of them in common."""
    size = _BAND_BYTES
    return tuple(of.data[start : start + size].hex() for start in range(0, _BANDS * size, size))


def resemblance(one: MinHash, other: MinHash) -> float:
    """Return the estimated Jaccard similarity of the shingles of two texts, from 0 to 1.

    The standard error is 0.04.

    Args:
        one: The MinHash of one text.
        other: The MinHash of the other text.
    """
    start = _BANDS * _BAND_BYTES
    slots = zip(one.data[start:].hex(), other.data[start:].hex(), strict=True)
    equal = sum(mine == its for mine, its in slots) / _SLOTS
    return max(0.0, (equal - _BY_CHANCE) / (1 - _BY_CHANCE))


def _words(text: str) -> tuple[Sequence[bytes], int]:
    """Return the normalized words of a text, and the number of words in a shingle."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = translated(text, _FORMS)
    words = text.encode("utf-8", "replace").split()
    ideographs, letters = (text.count(around) // 2 for around in (_AROUND_IDEOGRAPHS, _AROUND_LETTERS))
    width = _WORDS if 2 * (ideographs + letters) <= len(words) else _IDEOGRAPHS if ideographs > letters else _LETTERS
    return words[:_MOST_WORDS], width


def _slots(hashes: Sequence[int]) -> dict[int, str]:
    """Return the digits of the slots that are not empty.

    Args:
        hashes: The hashes of the shingles in ascending order.
    """
    firsts = ((slot, bisect_left(hashes, slot << _SLOT_SHIFT)) for slot in range(_SLOTS))
    return {
        slot: f"{hashes[at] & _KEPT:x}" for slot, at in firsts if at < len(hashes) and hashes[at] >> _SLOT_SHIFT == slot
    }


def _of_slot(slot: int, slots: Mapping[int, str]) -> str:
    """Return the digit of a slot; an empty slot borrows that of another, in an order of its own.

    A. Shrivastava, Optimal densification for fast and accurate minwise hashing, 2017.
    """
    return slots[slot] if slot in slots else next(slots[other] for other in _lenders(slot) if other in slots)


@lru_cache(maxsize=_SLOTS)
def _lenders(slot: int) -> tuple[int, ...]:
    return tuple(sorted(range(_SLOTS), key=lambda other: crc32(bytes((slot, other)))))
