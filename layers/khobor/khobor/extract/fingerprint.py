"""Fingerprints of a text: the same text, and nearly the same text."""

import hashlib
import re
from typing import NamedTuple

from khobor.extract.text import comparable

_BITS = 64
_BYTES = _BITS // 8
# A few words of Latin script, a long one of Bengali.
_SPAN = 16
# Where a word begins in UTF-8; in scripts that put no spaces between words (Thai, Lao, Myanmar, Khmer, kana, Chinese
# characters), every character.
_BEGINNINGS = re.compile(
    rb"(?<![^ ])[^ ]|\xe0[\xb8-\xbb]|\xe1[\x80-\x82\x9e\x9f]|\xe3[\x81-\x83]|[\xe3-\xe9][\x80-\xbf]|\xef[\xa4-\xab]"
)
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

    The features of the simhash are what stands from each word's beginning on, marks included, so that scripts whose
    vowels are marks are told apart. M. Charikar, Similarity estimation techniques from rounding algorithms, 2002.
    """
    heading, text = comparable(title), comparable(body)
    content_hash = hashlib.sha256(f"{heading}\n{text}".encode()).hexdigest()
    return Fingerprints(content_hash, _simhash(f"{heading} {text}".strip()))


def _simhash(text: str) -> str:
    encoded = text.encode("utf-8", "replace")
    starts = [match.start() for match in _BEGINNINGS.finditer(encoded)][:_MOST_FEATURES]
    blake = hashlib.blake2b
    data = b"".join([blake(encoded[start : start + _SPAN], digest_size=_BYTES).digest() for start in starts])
    masks = [int.from_bytes(bytes([1 << bit]) * len(starts)) for bit in range(8)]
    bits = 0
    for byte in range(_BYTES):
        # Every hash's byte at this place, as one number of which all bits of a place are counted at once.
        column = int.from_bytes(data[byte::_BYTES])
        for bit, mask in enumerate(masks):
            if 2 * (column & mask).bit_count() > len(starts):
                bits |= 1 << (8 * byte + bit)
    return f"{bits:0{_BITS // 4}x}"
