"""Encoded articles in fewer bytes: about a third of what they have as JSON."""

import zlib
from pathlib import Path

# The compressor starts with the text that every article repeats. This file must never change: what it compressed could
# not be read any more. A new dictionary gets a new number.
_DICTIONARY = (Path(__file__).parent / "dictionary-1.txt").read_bytes()


def compress(data: bytes) -> bytes:
    """Return an encoded article in fewer bytes."""
    deflater = zlib.compressobj(level=9, wbits=-15, zdict=_DICTIONARY)
    return deflater.compress(data) + deflater.flush()


def decompress(data: bytes) -> bytes:
    """Return what ``compress`` was given."""
    return zlib.decompressobj(wbits=-15, zdict=_DICTIONARY).decompress(data)
