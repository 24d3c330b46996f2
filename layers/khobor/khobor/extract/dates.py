"""Dates and times as news sites write them.

Forms: ISO 8601, Unix time, Bengali ones with the names of months and halves of the day from CLDR and from the sites
themselves, and whatever dateutil reads, RFC 2822 among it.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from datetime import time as clock_time
from typing import Literal

from dateutil import parser as dateutil_parser

Precision = Literal["minute", "day"]


@dataclass(frozen=True)
class PointInTime:
    """A date as read.

    Attributes:
        instant: Aware; the first moment of the day where only the day was written.
        precision: Whether the time of day was written.
        has_offset: Whether the offset from UTC was written; otherwise it was assumed.
    """

    instant: datetime
    precision: Precision
    has_offset: bool


_MONTHS_BN = {
    name: number
    for number, names in enumerate(
        (
            "জানুয়ারি জানুয়ারী", "ফেব্রুয়ারি ফেব্রুয়ারী", "মার্চ", "এপ্রিল", "মে", "জুন", "জুলাই", "আগস্ট অগাস্ট আগষ্ট অগস্ট",
            "সেপ্টেম্বর", "অক্টোবর অক্টোবার", "নভেম্বর", "ডিসেম্বর",
        ),
        start=1,
    )
    for name in unicodedata.normalize("NFKC", names).split()
}  # fmt: skip
_HALVES = {"এএম": "am", "পূর্বাহ্ণ": "am", "পূর্বাহ্ন": "am", "পিএম": "pm", "অপরাহ্ণ": "pm", "অপরাহ্ন": "pm"}
_UNITS = {"সেকেন্ড": "seconds", "মিনিট": "minutes", "ঘণ্টা": "hours", "ঘন্টা": "hours", "দিন": "days", "সপ্তাহ": "weeks"}
_UNITS |= {"second": "seconds", "minute": "minutes", "min": "minutes", "hour": "hours", "day": "days", "week": "weeks"}

# Abbreviations of zones that English and German sites use, in hours from UTC; ambiguous ones are left out.
_ZONES: dict[str, float] = {
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "WET": 0,
    "WEST": 1,
    "CET": 1,
    "CEST": 2,
    "MEZ": 1,
    "MESZ": 2,
    "EET": 2,
    "EEST": 3,
}
_ZONES |= {"MSK": 3, "EST": -5, "EDT": -4, "CDT": -5, "MDT": -6, "MST": -7, "PST": -8, "PDT": -7, "JST": 9, "KST": 9}
_ZONES |= {
    "SAST": 2,
    "EAT": 3,
    "PKT": 5,
    "NPT": 5.75,
    "HKT": 8,
    "SGT": 8,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
}

_MONTH = "|".join(sorted(map(re.escape, _MONTHS_BN), key=len, reverse=True))
_DAY_MONTH_YEAR = re.compile(rf"(?P<day>\d{{1,2}})\s*(?P<month>{_MONTH})\s*,?\s*(?P<year>\d{{4}})")
_MONTH_DAY_YEAR = re.compile(rf"(?P<month>{_MONTH})\s*(?P<day>\d{{1,2}})\s*,?\s*(?P<year>\d{{4}})")
_TIME = re.compile(
    rf"(?P<hour>\d{{1,2}})[:.](?P<minute>\d{{2}})(?:[:.](?P<second>\d{{2}}))?\s*(?P<half>{'|'.join(_HALVES)})?"
)
_AGO = re.compile(rf"(?P<count>\d+)\s*(?P<unit>{'|'.join(_UNITS)})s?\s*(?:আগে|ago\b)")
_UNIX = re.compile(r"\d{10}(?:\d{3})?")
_CLOCK = re.compile(r"\d[:.h]\d\d|\d\s*[ap]\.?m\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
# Longer texts are sentences that mention a date.
_MOST_CHARACTERS = 80
_NOON = 12


def parse_date(text: str, zone: tzinfo, now: datetime) -> PointInTime | None:
    """Return the point in time that a text names, None if it names none.

    >>> parse_date("১৬ আগস্ট ২০২৩, ০৫:২৩ এএম", UTC, datetime.now(UTC)).instant.isoformat()
    '2023-08-16T05:23:00+00:00'

    Args:
        text: The text, without a label such as "Published".
        zone: The zone of a time without an offset.
        now: When the page was fetched, for "two hours ago".
    """
    plain = _plain(text)
    if not _DIGIT.search(plain) or len(plain) > _MOST_CHARACTERS:
        return None
    for read in (_iso, _bengali, _unix):
        if found := read(plain, zone):
            return found
    return _ago(plain, now) or _general(plain, zone, now)


def _plain(text: str) -> str:
    composed = unicodedata.normalize("NFKC", text)
    digits = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in composed)
    return " ".join(digits.split())


def _iso(text: str, zone: tzinfo) -> PointInTime | None:
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _point(stamp, zone, "minute" if _CLOCK.search(text) or "T" in text else "day")


def _unix(text: str, zone: tzinfo) -> PointInTime | None:
    if not _UNIX.fullmatch(text):
        return None
    return _point(datetime.fromtimestamp(int(text[:10]), UTC), zone, "minute")


def _bengali(text: str, zone: tzinfo) -> PointInTime | None:
    date = _DAY_MONTH_YEAR.search(text) or _MONTH_DAY_YEAR.search(text)
    if not date:
        return None
    clock = _TIME.search(text[: date.start()]) or _TIME.search(text[date.end() :])
    try:
        day = datetime(int(date["year"]), _MONTHS_BN[date["month"]], int(date["day"]), tzinfo=zone)
        stamp = datetime.combine(day, _time_of_day(clock), zone)
    except ValueError:
        return None
    return PointInTime(stamp, "minute" if clock else "day", has_offset=False)


def _time_of_day(clock: re.Match[str] | None) -> clock_time:
    if not clock:
        return clock_time()
    hour = int(clock["hour"])
    if half := _HALVES.get(clock["half"]):
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    return clock_time(hour, int(clock["minute"]), int(clock["second"] or 0))


def _ago(text: str, now: datetime) -> PointInTime | None:
    match = _AGO.search(text)
    if not match:
        return None
    unit = _UNITS[match["unit"]]
    instant = now - timedelta(**{unit: int(match["count"])})
    return PointInTime(
        instant.replace(second=0, microsecond=0), "day" if unit in {"days", "weeks"} else "minute", has_offset=True
    )


def _general(text: str, zone: tzinfo, now: datetime) -> PointInTime | None:
    # What the text leaves out is taken from the default; two of them show whether it leaves out the day.
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    days = (midnight.replace(day=28), (midnight - timedelta(days=400)).replace(day=11))
    try:
        first, second = (dateutil_parser.parse(text, default=day, tzinfos=_zone) for day in days)
    except (ValueError, OverflowError):
        return None
    if first != second:
        return None
    return _point(first, zone, "minute" if _CLOCK.search(text) else "day")


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    hours = _ZONES.get(name or "")
    return None if hours is None else timezone(timedelta(hours=hours))


def _point(stamp: datetime, zone: tzinfo, precision: Precision) -> PointInTime:
    if stamp.tzinfo is None:
        return PointInTime(stamp.replace(tzinfo=zone), precision, has_offset=False)
    return PointInTime(stamp, precision, has_offset=True)
