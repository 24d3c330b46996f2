"""Fingerprints of a text: the same text, and nearly the same text."""

import hashlib
import re
from typing import NamedTuple

from khobor.extract.text import comparable

_BITS = 64
_BYTES = _BITS // 8
_SPAN = 12
# Where a word begins; in scripts that put no spaces between words, every character.
_BEGINNINGS = re.compile(r"(?<!\S)\S|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# Enough for a text of any article; what comes behind is left out.
_MOST_FEATURES = 20_000


class Fingerprints(NamedTuple):
    """The fingerprints of a text.

    Attributes:
        content_hash: The SHA-256 of title and body in hexadecimal; two spellings of one text share it.
        simhash: 64 bits in hexadecimal, of which texts that are nearly the same share nearly all.
    """

    content_hash: str
    simhash: str


def fingerprints(title: str | None, body: str) -> Fingerprints:
    """Return the fingerprints of an article's title and body.

    The features of the simhash are the characters from each word's beginning on, marks included, so that scripts whose
    vowels are marks are told apart. M. Charikar, Similarity estimation techniques from rounding algorithms, 2002.
    """
    heading, text = comparable(title), comparable(body)
    content_hash = hashlib.sha256(f"{heading}\n{text}".encode()).hexdigest()
    return Fingerprints(content_hash, _simhash(f"{heading} {text}".strip()))


def _simhash(text: str) -> str:
    starts = [match.start() for match in _BEGINNINGS.finditer(text)][:_MOST_FEATURES]
    blake = hashlib.blake2b
    data = b"".join([blake(text[start : start + _SPAN].encode(), digest_size=_BYTES).digest() for start in starts])
    masks = [int.from_bytes(bytes([1 << bit]) * len(starts)) for bit in range(8)]
    bits = 0
    for byte in range(_BYTES):
        # Every hash's byte at this place, as one number of which all bits of a place are counted at once.
        column = int.from_bytes(data[byte::_BYTES])
        for bit, mask in enumerate(masks):
            if 2 * (column & mask).bit_count() > len(starts):
                bits |= 1 << (8 * byte + bit)
    return f"{bits:0{_BITS // 4}x}"
