"""Sketches of texts: which articles say nearly the same is told by few bytes of each.

The shingles of a text are all its runs of words that follow one another. How alike two texts are is how many of their
shingles they share (A. Broder, On the resemblance and containment of documents, 1997). A MinHash keeps of them:

- The smallest hashes. Each is a key under which a text is found again: any text with one of the same keys is a
  candidate. Whoever shares much shares some of the smallest, whatever the size of the archive.
- For each of 128 slots into which the hashes fall, four bits of the smallest: as many of these are equal as shingles
  are shared (P. Li, A. Owen, C.-H. Zhang, One permutation hashing, 2012; P. Li, A. König, b-bit minwise hashing, 2010).

What is shared by chance is found, too: the sentences that a publisher writes below each article, or a daily weather
report. Candidates are to be verified by ``resemblance``, and of each key only the newest are to be read.

Sketches are stored: what is computed here from a text may never change, or copies are not found any more.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from khobor.article import Article

# Of how many words a shingle is. Long ones keep apart a daily report and yesterday's, which has other numbers here and
# there; the copies that editors make differ in whole sentences.
_WORDS = 8
# What has no spaces between words is cut into characters: as many of them say as much. First of Chinese and Japanese,
# then of Thai and Lao, Burmese and Khmer; with the white space that is put around each to count them by.
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
# A text of fewer shingles, for each word of one, is a line that many pages have: one that asks to watch the video.
_FEWEST_SHINGLES = 2
# Enough for a live blog of a day; what comes behind is left out.
_MOST_WORDS = 20_000
# Letters that are written for one another, by the publisher's spelling or keyboard.
_WRITTEN_ALIKE = {"ী": "ি", "ূ": "ু", "ঈ": "ই", "ঊ": "উ", "ণ": "ন", "ي": "ی", "ى": "ی", "ك": "ک"}

_BANDS = 4
_BAND_BYTES = 4
# The first seven of the 32 bits of a hash say its slot, the last four are kept of it. Fewer slots with more bits each,
# as many bytes altogether, err by a quarter more.
_SLOTS = 128
_SLOT_SHIFT = 25
_KEPT = 0xF
_SIZE = _BANDS * _BAND_BYTES + _SLOTS // 2
# So many slots are equal by chance.
_BY_CHANCE = 1 / 16

# From this resemblance on, one article is a copy of the other. Measured by tests/benchmarks/similarity.py: independent
# reports of one event stay below, and so do nearly all of a series of daily reports.
SIMILAR = 0.32


@dataclass(frozen=True)
class MinHash:
    """What is kept of a text to find copies of it.

    Attributes:
        data: 80 bytes, to be stored as they are.

    Raises:
        ValueError: It has another length.
    """

    data: bytes

    def __post_init__(self) -> None:
        if len(self.data) != _SIZE:
            raise ValueError(
                f"a MinHash has {_SIZE} bytes, not {len(self.data)}: give the data of one made by minhash()"
            )


class _Forms(dict[int, str]):
    """For each character, looked up by its number, how it is compared."""

    def __missing__(self, code: int) -> str:
        form = self[code] = self._of(chr(code))
        return form

    @staticmethod
    def _of(char: str) -> str:
        if char.isdecimal():
            return str(unicodedata.decimal(char))
        category = unicodedata.category(char)
        # Vowel signs are marks (M): without them nearly all words of Bengali are alike. Joiners (Cf) show nothing.
        if char.isalnum() or category[0] == "M":
            around = next((around for first, last, around in _UNSPACED if first <= char <= last), "")
            return around + _WRITTEN_ALIKE.get(char, char) + around
        return "" if category == "Cf" else " "


_FORMS = _Forms()


def minhash(article: Article) -> MinHash | None:
    """Return the MinHash of an article's body; None for one that is too short to be told from others by its text.

    The headline is no part of it: that is what each publisher writes anew.
    """
    words, width = _words(article.body_text)
    # A CRC is no worse here than a hash that spreads better: both were measured to err as much as theory says.
    found = set(map(crc32, map(b" ".join, zip(*(words[start:] for start in range(width)), strict=False))))
    if len(found) < _FEWEST_SHINGLES * width:
        return None
    hashes = sorted(found, reverse=True)
    smallest = b"".join(value.to_bytes(_BAND_BYTES) for value in hashes[: -_BANDS - 1 : -1])
    # From the largest to the smallest: of each slot the last one stays.
    slots = {value >> _SLOT_SHIFT: f"{value & _KEPT:x}" for value in hashes}
    return MinHash(smallest + bytes.fromhex("".join(_of_slot(slot, slots) for slot in range(_SLOTS))))


def bands(of: MinHash) -> tuple[str, ...]:
    """Return four keys, each of eight characters; the MinHash of nearly the same text has one of them, too."""
    size = _BAND_BYTES
    return tuple(of.data[start : start + size].hex() for start in range(0, _BANDS * size, size))


def resemblance(one: MinHash, other: MinHash) -> float:
    """Return from 0 to 1 which part of their shingles two texts share, of all that either has (Jaccard).

    It is an estimate: in two of three cases it is right by 0.04.
    """
    start = _BANDS * _BAND_BYTES
    slots = zip(one.data[start:].hex(), other.data[start:].hex(), strict=True)
    equal = sum(mine == its for mine, its in slots) / _SLOTS
    return max(0.0, (equal - _BY_CHANCE) / (1 - _BY_CHANCE))


def _words(text: str) -> tuple[Sequence[bytes], int]:
    """Return the words of a text, all spellings of one alike, and how many of them are a shingle."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_FORMS)
    words = text.encode("utf-8", "replace").split()
    ideographs, letters = (text.count(around) // 2 for around in (_AROUND_IDEOGRAPHS, _AROUND_LETTERS))
    width = _WORDS if 2 * (ideographs + letters) <= len(words) else _IDEOGRAPHS if ideographs > letters else _LETTERS
    return words[:_MOST_WORDS], width


def _of_slot(slot: int, slots: Mapping[int, str]) -> str:
    """Return the digit of a slot; an empty one borrows that of another, each from the others in an order of its own.

    A. Shrivastava, Optimal densification for fast and accurate minwise hashing, 2017.
    """
    return slots[slot] if slot in slots else next(slots[other] for other in _lenders(slot) if other in slots)


@lru_cache(maxsize=_SLOTS)
def _lenders(slot: int) -> tuple[int, ...]:
    return tuple(sorted(range(_SLOTS), key=lambda other: crc32(bytes((slot, other)))))
