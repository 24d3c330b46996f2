"""Offsets and names of time zones beside a time of day."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

# What an abbreviation can mean: hours from UTC, or the name of a zone; the usual meaning first.
Meanings = Sequence[float | str]

_OFFSET = re.compile(
    r"[\s(\[,]{0,3}(?:"
    r"(?:UTC|GMT|Z)(?:/(?:UTC|GMT))?[ ]?(?P<named>[+-][ ]?\d{1,2}(?:[:.]?\d{2})?)(?!\d|[:.,h]\d)"
    r"|(?P<colon>\+[ ]?\d{1,2}[:.]\d{2}|-\d{1,2}:\d{2})(?::00)?(?!\d|[:.,h]\d)"
    r"|(?P<plain>\+[ ]?\d{3,4}|-\d{3,4}|\+\d{1,2})(?:00)?(?!\d|[:.,h/]\d)"
    # At the end of the text: hours, or an offset whose plus sign has become a space in a URL.
    r"|(?:(?P<hours>-\d{1,2}|(?<=\d[ ])(?:0\d|1[0-4])[0-5]\d)"
    r"|(?:UTC|GMT)[ ](?P<without_plus>\d|(?:0\d|1[0-4])(?::?[0-5]\d)?))[)\]]?\s*\Z)",
    re.IGNORECASE,
)
# The beginning of an offset that cannot be read.
_BEGINNING = re.compile(r"[\s(\[,]{0,3}(?:(?:UTC|GMT)[ ]?[+-]|\+)[ ]?\d", re.IGNORECASE)
_PLACE = re.compile(r"[\s(\[,]{0,3}([A-Z][A-Za-z]{1,12}(?:/[A-Z][A-Za-z_]{1,20}){1,2}(?:[+-]\d{1,2})?)(?![\w+-])")
_UTC = re.compile(r"[\s(\[,]{0,3}(?:utc?|gmt|zulu)\b(?![+/-])", re.IGNORECASE)
# Abbreviations in Latin script are in upper case: "et" and "art" are words. Russian pages use either case.
_NAME = re.compile("[A-Z]{1,5}|(?:Bd|Ch)ST|[Мм][Сс][Кк]")
# Letters after a clock that are an unknown zone, not a word: after seconds, or with the T of "time" at the end.
_UNKNOWN = re.compile("[A-Z]{2,4}T")
_UNKNOWN_AFTER_SECONDS = re.compile("[A-Z]{2,5}")
# Offsets in use since the web began, in minutes: whole hours from -12 to 14, and these others.
_IN_USE = frozenset(range(-720, 841, 60)) | {
    *(-570, -270, -210, -150),
    *(210, 270, 330, 345, 390, 510, 525, 570, 630, 690, 765, 825),
}
_SIGNS = str.maketrans("", "", ":. ")
_MINUTE = timedelta(minutes=1)
_WINTER, _SUMMER = datetime(2024, 1, 1), datetime(2024, 7, 1)  # noqa: DTZ001 local times


@dataclass(frozen=True)
class ZoneReading:
    """The zone that a text gives beside a time of day.

    Attributes:
        zone: The zone; None if there is none, or none that can be read.
        is_unreadable: Whether there is one that cannot be read.
    """

    zone: tzinfo | None = None
    is_unreadable: bool = False


UNREADABLE = ZoneReading(is_unreadable=True)
NO_ZONE = ZoneReading()


def is_in_use(offset: timedelta | None) -> bool:
    """Whether an offset from UTC has been in use anywhere since the web began."""
    return offset is not None and offset / _MINUTE in _IN_USE


def zone_at(text: str, position: int) -> ZoneReading:
    """Return the offset, or the zone such as "Asia/Dhaka", at a position in a text.

    Args:
        text: The text.
        position: Where the token before ends.
    """
    if match := _OFFSET.match(text, position):
        offset = next(filter(None, match.groups()))
        zone = _fixed_zone(offset)
        if zone:
            return ZoneReading(zone)
        # An offset that is not in use may be the end of a span: 10:00-11:20.
        return NO_ZONE if match["colon"] and offset[0] == "-" else UNREADABLE
    if _BEGINNING.match(text, position):
        return UNREADABLE
    if _UTC.match(text, position):
        return ZoneReading(UTC)
    match = _PLACE.match(text, position)
    return _zone_by_name(match[1]) if match else NO_ZONE


def zone_by_abbreviation(
    name: str, time: datetime, zone: tzinfo | None, meanings: Mapping[str, Meanings], *, has_seconds: bool = False
) -> ZoneReading:
    """Return the zone of an abbreviation beside a time of day.

    Args:
        name: The abbreviation as written.
        time: The local time.
        zone: The zone of the site, None if it is not known.
        meanings: Meanings by abbreviation in lower case.
        has_seconds: Whether the abbreviation follows seconds, after which no other word is usual.
    """
    if not _NAME.fullmatch(name):
        return NO_ZONE
    # The abbreviation is that of the site's own zone on that day.
    if zone and zone.tzname(time) == name:
        return ZoneReading(zone)
    possible = meanings.get(name.casefold())
    if possible is None:
        unknown = _UNKNOWN_AFTER_SECONDS if has_seconds else _UNKNOWN
        return UNREADABLE if unknown.fullmatch(name) else NO_ZONE
    if zone and len(possible) > 1:
        # A site in Jerusalem means its own zone by IST in August too.
        if name in {zone.tzname(_WINTER), zone.tzname(_SUMMER)}:
            return ZoneReading(zone)
        own = zone.utcoffset(time)
        possible = [*(each for each in possible if zone_of(each).utcoffset(time) == own), *possible]
    usual = zone_of(possible[0])
    # London does not use BST in winter.
    is_in_force = len(possible) == 1 or isinstance(possible[0], float | int) or usual.tzname(time) == name
    return ZoneReading(usual) if is_in_force else UNREADABLE


def zone_of(meaning: float | str) -> tzinfo:
    """Return the zone of a number of hours from UTC, or of a name such as "Asia/Dhaka"."""
    return ZoneInfo(meaning) if isinstance(meaning, str) else _zone(timedelta(hours=meaning))


def _zone_by_name(name: str) -> ZoneReading:
    try:
        return ZoneReading(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return NO_ZONE


def _fixed_zone(text: str) -> tzinfo | None:
    """Return the zone of an offset such as +0530, +05:30, +5.30, +5; None if it is not in use."""
    digits = text.lstrip("+-").translate(_SIGNS)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > len("12") else (digits, "0")
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes))
    offset = -offset if text[0] == "-" else offset
    return _zone(offset) if is_in_use(offset) else None


def _zone(offset: timedelta) -> tzinfo:
    return timezone(offset) if offset else UTC
