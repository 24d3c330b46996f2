"""Fingerprints of a text: the same text, and nearly the same text."""

import hashlib
import re
from array import array
from operator import add
from typing import NamedTuple
from zlib import crc32

from khobor.extract.text import comparable

_BITS = 64
# Characters of scripts that put no spaces between words: each is taken for one.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# Enough for a text of any article; what comes behind is left out.
_MOST_FEATURES = 20_000
# 2⁶⁴ divided by the golden ratio spreads 32 bits over 64 (D. Knuth, The Art of Computer Programming 3, 6.4).
_SPREAD = 0x9E3779B97F4A7C15
# Bytes of a hash before it is cut to 64 bits: 32 bits times 64 are 96.
_ROOM = 16


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

    The features of the simhash are pairs of words that follow one another, marks included, so that scripts whose
    vowels are marks are told apart. M. Charikar, Similarity estimation techniques from rounding algorithms, 2002.
    """
    heading, text = comparable(title), comparable(body)
    content_hash = hashlib.sha256(f"{heading}\n{text}".encode("utf-8", "replace")).hexdigest()
    return Fingerprints(content_hash, _simhash(f"{heading} {text}"))


def _simhash(text: str) -> str:
    spaced = text if text.isascii() else _UNSPACED.sub(r" \g<0>", text)
    words = spaced.encode("utf-8", "replace").split()[:_MOST_FEATURES]
    pairs = map(add, words, [*words[1:], b""])
    # All hashes as one number, each with room for the product, so that one multiplication spreads them all.
    hashes = array("Q", bytes(_ROOM * len(words)))
    hashes[:: _ROOM // 8] = array("Q", map(crc32, pairs))
    data = (int.from_bytes(hashes.tobytes(), "little") * _SPREAD).to_bytes(_ROOM * len(words), "little")
    ones = int.from_bytes(b"\x01" * len(words))
    bits = 0
    for byte in range(_BITS // 8):
        # Every hash's byte at this place, as one number of which all bits of a place are counted at once.
        column = int.from_bytes(data[byte::_ROOM])
        for bit in range(8):
            if 2 * (column & ones << bit).bit_count() > len(words):
                bits |= 1 << (8 * byte + bit)
    return f"{bits:0{_BITS // 4}x}"
