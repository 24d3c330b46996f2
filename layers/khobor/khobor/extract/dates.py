"""Dates and times as news sites write them.

ISO 8601 and Unix time are read here, at once: that is what JSON-LD and meta elements hold. Dates in words, and numbers
in any order, are read by ``written_dates``.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from khobor.extract.point_in_time import PointInTime, Precision

_DIGIT = re.compile(r"\d")
# Longer texts are sentences that mention a date; those without a digit, such as "an hour ago", are shorter still.
_MOST_CHARACTERS = 150
_MOST_WITHOUT_DIGITS = 30
_ISO_DAY = len("2023-08-16")
# Unix time by its number of digits: in seconds, milliseconds, microseconds.
_UNIX = {10: 1, 13: 1_000, 16: 1_000_000}
# The web began at the end of 1990: what is older is a default such as 1970, or the date of something else.
_FIRST_YEAR = 1990
# Clocks of servers are wrong by minutes, and zones that are assumed by hours.
_MOST_AHEAD = timedelta(days=1)


def parse_date(text: str, zone: tzinfo, now: datetime, language: str | None = None) -> PointInTime | None:
    """Return the point in time that a text names, None if it names none or one that cannot be.

    >>> parse_date("১৬ আগস্ট ২০২৩, ০৫:২৩ এএম", UTC, datetime.now(UTC)).instant.isoformat()
    '2023-08-16T05:23:00+00:00'

    Args:
        text: The text; a label such as "Published:" does no harm. Of several dates the first is taken.
        zone: The zone of a time without an offset.
        now: When the page was fetched, for "two hours ago"; what is more than a day later is not believed.
        language: BCP 47. It decides what is ambiguous: the order of 03/04/2024, and words such as "listopada".
    """
    text = text.strip()
    if len(text) > _MOST_CHARACTERS:
        return None
    point = _iso(text, zone) or _unix(text)
    if point is None and (_DIGIT.search(text) or len(text) <= _MOST_WITHOUT_DIGITS):
        from khobor.extract import written_dates

        point = written_dates.read(text, zone, now, language)
    return point if point and _is_believed(point.instant, now) else None


def _iso(text: str, zone: tzinfo) -> PointInTime | None:
    # A number alone is Unix time, which datetime would read as a day and an hour.
    if len(text) in _UNIX and text.isdecimal():
        return None
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return None
    precision: Precision = "minute" if len(text) > _ISO_DAY else "day"
    if stamp.tzinfo is None:
        return PointInTime(stamp.replace(tzinfo=zone), precision, has_offset=False)
    return PointInTime(stamp, precision, has_offset=True)


def _unix(text: str) -> PointInTime | None:
    ticks = _UNIX.get(len(text))
    if ticks is None or not text.isdecimal():
        return None
    return PointInTime(datetime.fromtimestamp(int(text) // ticks, UTC), "minute", has_offset=True)


def _is_believed(instant: datetime, now: datetime) -> bool:
    return instant.year >= _FIRST_YEAR and instant <= now + _MOST_AHEAD
