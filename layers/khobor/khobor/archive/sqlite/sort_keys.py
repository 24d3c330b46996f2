"""Times as integers that sort as lists do."""

from datetime import UTC, datetime, timedelta, timezone
from hashlib import blake2b

from khobor.archive.spans import Span

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
# A sort key has the second, 11 bits for the offset of the source's clocks, and 14 bits of the article's id.
_OFFSET_BITS, _ID_BITS = 11, 14
_SHIFT = _OFFSET_BITS + _ID_BITS
# Offsets sort as the texts of ``times.offset_text`` do: none, then +00:01 to +14:00, then -00:01 to -12:00.
_NEGATIVE = 1 << (_OFFSET_BITS - 1)
# The characters of ids (``url.digest``) in their order.
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_PLACES = {char: place for place, char in enumerate(_ALPHABET)}
_BITS_OF_CHAR = 5
_CHARS = 3


def microseconds(at: datetime) -> int:
    """Return an aware time as microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def instant_of(number: int) -> datetime:
    """Return the time in UTC of microseconds since 1970."""
    return _EPOCH + number * _MICROSECOND


def listed_key(listed_at: datetime, article_id: str) -> int:
    """Return a number by which articles are listed: by second, then offset, then id, as the archive on AWS does it.

    Args:
        listed_at: When the article is listed, aware, with the offset of its source's clocks.
        article_id: Its id.
    """
    second = (listed_at - _EPOCH) // _SECOND
    minutes = (listed_at.utcoffset() or timedelta()) // _MINUTE
    offset = minutes if minutes >= 0 else _NEGATIVE - minutes
    return (second << _SHIFT) + (offset << _ID_BITS) + _id_bits(article_id)


def listed_at_of(key: int) -> datetime:
    """Return when an article is listed, with the offset of its source's clocks, from its ``listed_key``."""
    offset = key >> _ID_BITS & (1 << _OFFSET_BITS) - 1
    minutes = _NEGATIVE - offset if offset >= _NEGATIVE else offset
    at = _EPOCH + (key >> _SHIFT) * _SECOND
    return at.astimezone(timezone(minutes * _MINUTE)) if minutes else at


def listed_range(span: Span) -> tuple[int, int]:
    """Return the first key of a span of time, and the first key after it; days make both ends approximate."""
    return first_key(span.starts_at), first_key(span.ends_at + _SECOND - _MICROSECOND)


def first_key(at: datetime) -> int:
    """Return the first key of the second of an instant."""
    return (at - _EPOCH) // _SECOND << _SHIFT


def hashed(index_key: str) -> int:
    """Return a key of an index as a number of 64 bits with a sign, as SQLite has them."""
    return int.from_bytes(blake2b(index_key.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)


def _id_bits(article_id: str) -> int:
    bits = 0
    for char in article_id[:_CHARS].ljust(_CHARS, _ALPHABET[0]):
        bits = bits << _BITS_OF_CHAR | _PLACES.get(char, 0)
    return bits >> _CHARS * _BITS_OF_CHAR - _ID_BITS
