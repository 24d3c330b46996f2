"""Dates and times as sites write them, in feeds, sitemaps and pages alike.

Most feeds, JSON-LD and meta elements use ISO 8601, Unix time or RFC 822, which need no vocabulary and are read here.
``human_readable`` reads dates in words, and numbers in any order. It is imported for the first of these.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo

from khobor.dates.point_in_time import PointInTime, Precision
from khobor.dates.zones import is_in_use

_DIGIT = re.compile(r"\d")
# A longer text is a sentence that mentions a date. A date without a digit, such as "an hour ago", is shorter still.
_MOST_CHARACTERS = 150
_MOST_WITHOUT_DIGITS = 30
_ISO_DAY = len("2023-08-16")
_ISO_COMPACT_DAY = len("20230816")
# Other years that datetime accepts are of another calendar: 2569 is Buddhist, 1405 is Iranian or Islamic.
_GREGORIAN_YEARS = range(1583, 2500)
# Unix time, also with a fraction or in .NET's form. The number of digits says whether it is in seconds, milliseconds or
# microseconds.
_UNIX = re.compile(r"(?:/?Date\()?(\d{10}|\d{13}|\d{16})(?:\.\d{1,9}|(?<=\d)(?:[+-]\d{4})?\)/?)?")
_TICKS = {10: 1, 13: 1_000, 16: 1_000_000}
# Digits alone: year, month, day, hour, minute, and often second. PDF writes "D:" before them (ISO 32000, 7.9.4).
_COMPACT = re.compile(r"(?:D:)?((?:19|20)\d{6})(\d{4}(?:\d\d)?)(?:(Z|[+-]\d\d)(?:'?:?(\d\d)'?)?)?")
# A day with its offset (XML Schema, 3.3.9). datetime would read the offset as a time of day.
_DAY_WITH_OFFSET = re.compile(r"(\d{4}-\d\d-\d\d)[+-]\d\d:\d\d")
# The form that nearly all feeds use. ``human_readable`` reads its variants.
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2},\s)?(?P<day>\d{1,2})\s(?P<month>[A-Z][a-z]{2})\s(?P<year>\d{4})\s(?P<clock>\d\d:\d\d:\d\d)\s"
    r"(?P<offset>GMT|UTC|Z|[+-](?:0\d|1[0-4])[0-5]\d)",
    re.ASCII,
)
_MONTHS = {
    name: number
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)  # noqa: SIM905
}
# The web began at the end of 1990. An earlier date is a default such as 1970, or the date of something else.
_FIRST_YEAR = 1990
# The last plausible year if the date of the fetch is not known. In Nepal's calendar, 57 years ahead, 2083 is 2026.
_LAST_YEAR = 2069
# Clocks of servers are wrong by minutes, and assumed zones by hours.
_MOST_AHEAD = timedelta(days=1)


def parse_date(
    text: str, zone: tzinfo | None = None, now: datetime | None = None, language: str | None = None
) -> PointInTime | None:
    """Return the point in time of a text, None if it has none or an implausible one.

    >>> parse_date("১৬ আগস্ট ২০২৩, ০৫:২৩ এএম").instant.isoformat()
    '2023-08-16T05:23:00+00:00'
    >>> parse_date("Fri, 27 Nov 2026 13:23:43 IST").instant.isoformat()
    '2026-11-27T13:23:43+05:30'

    An abbreviation of a zone means the site's own zone if that uses it, otherwise its most common meaning. If the
    offset cannot be read, the time of day counts if the site's zone is known; otherwise the day alone.

    Args:
        text: The text, which may have a label such as "Published:". Of several dates the first counts.
        zone: The zone of a time without an offset. None if it is not known; then it is UTC.
        now: When the document was fetched, for "two hours ago". A date more than a day later is implausible.
        language: BCP 47. It resolves ambiguity: the order of 03/04/2024, and words such as "listopada".
    """
    text = text.strip()
    if len(text) > _MOST_CHARACTERS:
        return None
    point = _iso(text, zone) or _unix(text) or _rfc822(text)
    if point is None and (_DIGIT.search(text) or len(text) <= _MOST_WITHOUT_DIGITS):
        from khobor.dates.human_readable import read_human_readable

        point = read_human_readable(text, zone, now, language)
    return point if point and _is_plausible(point.instant, now) else None


def parse_day_without_year(
    text: str, zone: tzinfo | None, now: datetime, language: str | None = None
) -> PointInTime | None:
    """Return the point in time of a text that gives no year, None if it has none.

    It is the last such day that is not after the document was fetched.

    >>> parse_day_without_year("27 ноября, 14:05", None, datetime(2027, 1, 2, tzinfo=UTC)).instant.isoformat()
    '2026-11-27T14:05:00+00:00'

    Args:
        text: The text, which may have a label.
        zone: The zone of a time without an offset. None if it is not known; then it is UTC.
        now: When the document was fetched.
        language: BCP 47. It resolves ambiguity.
    """
    text = text.strip()
    if len(text) > _MOST_CHARACTERS or not _DIGIT.search(text):
        return None
    from khobor.dates.human_readable import read_without_year

    return read_without_year(text, zone, now, language)


def _iso(text: str, zone: tzinfo | None) -> PointInTime | None:
    if match := _COMPACT.fullmatch(text):
        text = f"{match[1]}T{match[2]}{match[3] or ''}{match[4] or ''}"
    elif match := _DAY_WITH_OFFSET.fullmatch(text):
        text = match[1]
    elif len(text) > _ISO_COMPACT_DAY and text[: _ISO_COMPACT_DAY + 1].isdecimal():
        # datetime would read Unix time as a day and an hour, with a digit in place of the T.
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    if time.year not in _GREGORIAN_YEARS:
        return None
    precision: Precision = "minute" if len(text) > _ISO_DAY else "day"
    if time.tzinfo is None:
        return PointInTime(time.replace(tzinfo=zone or UTC), precision, has_offset=False)
    return PointInTime(time, precision, has_offset=True) if is_in_use(time.utcoffset()) else None


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
        time = datetime.fromisoformat(f"{match['year']}-{month:02}-{match['day']:0>2}T{match['clock']}{offset}")
    except ValueError:
        return None
    is_possible = time.year in _GREGORIAN_YEARS and is_in_use(time.utcoffset())
    return PointInTime(time, "minute", has_offset=True) if is_possible else None


def _is_plausible(instant: datetime, now: datetime | None) -> bool:
    if instant.year < _FIRST_YEAR:
        return False
    return instant <= now + _MOST_AHEAD if now else instant.year <= _LAST_YEAR
