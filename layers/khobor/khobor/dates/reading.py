"""Dates and times as sites write them, in feeds, sitemaps and pages alike.

ISO 8601, Unix time and RFC 822 are read here, at once: that is what most feeds, JSON-LD and meta elements hold. Dates
in words, and numbers in any order, are read by ``written``, whose vocabulary is loaded when the first of them comes.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from khobor.dates.point_in_time import PointInTime, Precision
from khobor.dates.zones import is_real

_DIGIT = re.compile(r"\d")
# Longer texts are sentences that mention a date; those without a digit, such as "an hour ago", are shorter still.
_MOST_CHARACTERS = 150
_MOST_WITHOUT_DIGITS = 30
_ISO_DAY = len("2023-08-16")
_ISO_COMPACT_DAY = len("20230816")
# Years of our era. What datetime reads beyond them counts in another: 2569 is Buddhist, 1405 Iranian or Islamic.
_OUR_YEARS = range(1583, 2500)
# Unix time, also as JSON has it and as .NET writes it; by its number of digits it is in seconds, milliseconds or
# microseconds.
_UNIX = re.compile(r"(?:/?Date\()?(\d{10}|\d{13}|\d{16})(?:\.\d{1,9}|(?<=\d)(?:[+-]\d{4})?\)/?)?")
_TICKS = {10: 1, 13: 1_000, 16: 1_000_000}
# Digits alone: year, month, day, hour, minute, and often second.
_COMPACT = re.compile(r"((?:19|20)\d{6})(\d{4}(?:\d\d)?)(Z|[+-]\d\d:?\d\d)?")
# The form that nearly all feeds have; of all others the vocabulary knows more.
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2},\s)?(?P<day>\d{1,2})\s(?P<month>[A-Z][a-z]{2})\s(?P<year>\d{4})\s(?P<clock>\d\d:\d\d:\d\d)\s"
    r"(?P<offset>GMT|UTC|Z|[+-](?:0\d|1[0-4])[0-5]\d)",
    re.ASCII,
)
_MONTHS = {
    name: number
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)  # noqa: SIM905
}
# The web began at the end of 1990: what is older is a default such as 1970, or the date of something else.
_FIRST_YEAR = 1990
# Where the day on which a document was fetched is not known. In Nepal, where years count 57 more, 2083 is 2026.
_LAST_YEAR = 2069
# Clocks of servers are wrong by minutes, and zones that are assumed by hours.
_MOST_AHEAD = timedelta(days=1)


def parse_date(
    text: str, zone: tzinfo | None = None, now: datetime | None = None, language: str | None = None
) -> PointInTime | None:
    """Return the point in time that a text names, None if it names none or one that cannot be.

    >>> parse_date("১৬ আগস্ট ২০২৩, ০৫:২৩ এএম").instant.isoformat()
    '2023-08-16T05:23:00+00:00'
    >>> parse_date("Fri, 27 Nov 2026 13:23:43 IST").instant.isoformat()
    '2026-11-27T13:23:43+05:30'

    An abbreviation of a zone is the one of the site's own clocks if these have it, then the one that most people mean
    by it. Behind a clock with an offset that cannot be read, the time of day is believed where the site's zone is
    known; elsewhere the day alone.

    Args:
        text: The text; a label such as "Published:" does no harm. Of several dates the first is taken.
        zone: The zone of a time without an offset, None where it is not known: then it is UTC.
        now: When the document was fetched, for "two hours ago"; what is more than a day later is not believed.
        language: BCP 47. It decides what is ambiguous: the order of 03/04/2024, and words such as "listopada".
    """
    text = text.strip()
    if len(text) > _MOST_CHARACTERS:
        return None
    point = _iso(text, zone) or _unix(text) or _rfc822(text)
    if point is None and (_DIGIT.search(text) or len(text) <= _MOST_WITHOUT_DIGITS):
        from khobor.dates import written

        point = written.read(text, zone, now, language)
    return point if point and _is_believed(point.instant, now) else None


def _iso(text: str, zone: tzinfo | None) -> PointInTime | None:
    if match := _COMPACT.fullmatch(text):
        text = f"{match[1]}T{match[2]}{match[3] or ''}"
    elif len(text) > _ISO_COMPACT_DAY and text[: _ISO_COMPACT_DAY + 1].isdecimal():
        # datetime would read Unix time as a day and an hour, with a digit for the T.
        return None
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return None
    if stamp.year not in _OUR_YEARS:
        return None
    precision: Precision = "minute" if len(text) > _ISO_DAY else "day"
    if stamp.tzinfo is None:
        return PointInTime(stamp.replace(tzinfo=zone or UTC), precision, has_offset=False)
    return PointInTime(stamp, precision, has_offset=True) if is_real(stamp.utcoffset()) else None


def _unix(text: str) -> PointInTime | None:
    match = _UNIX.fullmatch(text)
    if match is None:
        return None
    return PointInTime(datetime.fromtimestamp(int(match[1]) // _TICKS[len(match[1])], UTC), "minute", has_offset=True)


def _rfc822(text: str) -> PointInTime | None:
    match = _RFC_822.fullmatch(text)
    month = _MONTHS.get(match["month"]) if match else None
    if match is None or month is None:
        return None
    offset = match["offset"] if match["offset"][0] in "+-" else "Z"
    try:
        stamp = datetime.fromisoformat(f"{match['year']}-{month:02}-{match['day']:0>2}T{match['clock']}{offset}")
    except ValueError:
        return None
    is_possible = stamp.year in _OUR_YEARS and is_real(stamp.utcoffset())
    return PointInTime(stamp, "minute", has_offset=True) if is_possible else None


def _is_believed(instant: datetime, now: datetime | None) -> bool:
    if instant.year < _FIRST_YEAR:
        return False
    return instant <= now + _MOST_AHEAD if now else instant.year <= _LAST_YEAR
