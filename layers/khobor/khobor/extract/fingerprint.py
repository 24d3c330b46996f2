"""Fingerprints of a text: the same text, and nearly the same text."""

import hashlib
import re

from khobor.extract.text import comparable

_BITS = 64
_SPAN = 12
# Where a word begins; in scripts that put no spaces between words, every character.
_BEGINNINGS = re.compile(r"(?<!\S)\S|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# One byte of a hash, its eight bits spread over eight 16-bit lanes, so that one addition counts all of them.
_HALF_LANES = [sum((half >> bit & 1) << 16 * bit for bit in range(4)) for half in range(16)]
_LANES = [low | high << 64 for high in _HALF_LANES for low in _HALF_LANES]
_LANE_MASK = 0xFFFF
# A lane holds this many.
_MOST_FEATURES = 0xFFFF


def content_hash(title: str | None, body: str) -> str:
    """Return the SHA-256 of title and body in hexadecimal; spellings that ``comparable`` takes as one share it."""
    return hashlib.sha256(f"{comparable(title)}\n{comparable(body)}".encode()).hexdigest()


def simhash(title: str | None, body: str) -> str:
    """Return 64 bits in hexadecimal, of which texts that are nearly the same share nearly all.

    The features are the characters from each word's beginning on, marks included, so that scripts whose vowels are
    marks are told apart. M. Charikar, Similarity estimation techniques from rounding algorithms, 2002.
    """
    text = comparable(f"{title or ''} {body}")
    starts = [match.start() for match in _BEGINNINGS.finditer(text)][:_MOST_FEATURES]
    columns = [0] * 8
    for start in starts:
        digest = hashlib.blake2b(text[start : start + _SPAN].encode(), digest_size=8).digest()
        for column, byte in enumerate(digest):
            columns[column] += _LANES[byte]
    counts = [column >> 16 * bit & _LANE_MASK for column in columns for bit in range(8)]
    bits = sum((2 * count > len(starts)) << position for position, count in enumerate(counts))
    return f"{bits:0{_BITS // 4}x}"
