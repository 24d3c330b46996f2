"""Offsets and names of time zones as they are written beside a clock."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

# What an abbreviation can mean: hours from UTC, or a zone by its name; the usual meaning first.
Meanings = Sequence[float | str]

_OFFSET = re.compile(
    r"[\s(\[,]{0,3}(?:"
    r"(?:UTC|GMT|Z)(?:/(?:UTC|GMT))?[ ]?(?P<named>[+-][ ]?\d{1,2}(?:[:.]?\d{2})?)(?!\d|[:.,h]\d)"
    r"|(?P<colon>\+[ ]?\d{1,2}[:.]\d{2}|-\d{1,2}:\d{2})(?::00)?(?!\d|[:.,h]\d)"
    r"|(?P<plain>\+[ ]?\d{3,4}|-\d{3,4}|\+\d{1,2})(?:00)?(?!\d|[:.,h/]\d)"
    # What ends the text: hours, or an offset whose plus a URL has made a space.
    r"|(?:(?P<hours>-\d{1,2}|(?<=\d[ ])(?:0\d|1[0-4])[0-5]\d)"
    r"|(?:UTC|GMT)[ ](?P<without_plus>\d|(?:0\d|1[0-4])(?::?[0-5]\d)?))[)\]]?\s*\Z)",
    re.IGNORECASE,
)
# What begins as an offset does, and is none that can be read.
_BEGINNING = re.compile(r"[\s(\[,]{0,3}(?:(?:UTC|GMT)[ ]?[+-]|\+)[ ]?\d", re.IGNORECASE)
_PLACE = re.compile(r"[\s(\[,]{0,3}([A-Z][A-Za-z]{1,12}(?:/[A-Z][A-Za-z_]{1,20}){1,2}(?:[+-]\d{1,2})?)(?![\w+-])")
_UTC = re.compile(r"[\s(\[,]{0,3}(?:utc?|gmt|zulu)\b(?![+/-])", re.IGNORECASE)
# Upper case in Latin script, so that "et" and "art" are words; Russian pages write theirs in either.
_NAME = re.compile("[A-Z]{1,5}|(?:Bd|Ch)ST|[Мм][Сс][Кк]")
# Letters behind a clock that are a zone nobody knows, not a word: behind seconds, or with the T of "time" at the end.
_UNKNOWN_NAME = re.compile("[A-Z]{2,4}T")
_UNKNOWN_NAME_BEHIND_SECONDS = re.compile("[A-Z]{2,5}")
# Whole hours from -12 to 14, and the others that clocks have shown since the web began, in minutes.
_REAL = frozenset(range(-720, 841, 60)) | {
    *(-570, -270, -210, -150),
    *(210, 270, 330, 345, 390, 510, 525, 570, 630, 690, 765, 825),
}
_SIGNS = str.maketrans("", "", ":. ")
_MINUTE = timedelta(minutes=1)
_WINTER, _SUMMER = datetime(2024, 1, 1), datetime(2024, 7, 1)  # noqa: DTZ001 as clocks show them


@dataclass(frozen=True)
class Told:
    """What stands beside a clock of its zone.

    Attributes:
        zone: The zone; None where nothing is said, or nothing that can be read.
        is_unreadable: Whether something is said that cannot be read.
    """

    zone: tzinfo | None = None
    is_unreadable: bool = False


UNREADABLE = Told(is_unreadable=True)
NOTHING = Told()


def is_real(offset: timedelta | None) -> bool:
    """Whether clocks somewhere have shown an offset from UTC since the web began."""
    return offset is not None and offset / _MINUTE in _REAL


def offset_at(text: str, position: int) -> Told:
    """Return the offset, or the zone by the name of its place, that is written at a position of a text."""
    if match := _OFFSET.match(text, position):
        written = next(filter(None, match.groups()))
        zone = _fixed(written)
        if zone:
            return Told(zone)
        # What is none may be the end of a span: 10:00-11:20.
        return NOTHING if match["colon"] and written[0] == "-" else UNREADABLE
    if _BEGINNING.match(text, position):
        return UNREADABLE
    if _UTC.match(text, position):
        return Told(UTC)
    match = _PLACE.match(text, position)
    return _place(match[1]) if match else NOTHING


def named(
    name: str, stamp: datetime, zone: tzinfo | None, meanings: Mapping[str, Meanings], *, has_seconds: bool = False
) -> Told:
    """Return the zone that an abbreviation beside a clock means.

    Args:
        name: The abbreviation as it is written.
        stamp: What the clock shows, without a zone.
        zone: The zone of the site, if that is known.
        meanings: By abbreviations in lower case.
        has_seconds: Whether the abbreviation stands behind seconds, where no other word is usual.
    """
    if not _NAME.fullmatch(name):
        return NOTHING
    # An abbreviation that the site's own clocks show that day is its own.
    if zone and zone.tzname(stamp) == name:
        return Told(zone)
    possible = meanings.get(name.casefold())
    if possible is None:
        unknown = _UNKNOWN_NAME_BEHIND_SECONDS if has_seconds else _UNKNOWN_NAME
        return UNREADABLE if unknown.fullmatch(name) else NOTHING
    if zone and len(possible) > 1:
        # In August too a site in Jerusalem means its own clocks by IST.
        if name in {zone.tzname(_WINTER), zone.tzname(_SUMMER)}:
            return Told(zone)
        own = zone.utcoffset(stamp)
        possible = [*(each for each in possible if zone_of(each).utcoffset(stamp) == own), *possible]
    usual = zone_of(possible[0])
    # No clock of London shows BST in winter.
    is_there = len(possible) == 1 or isinstance(possible[0], float | int) or usual.tzname(stamp) == name
    return Told(usual) if is_there else UNREADABLE


def zone_of(meaning: float | str) -> tzinfo:
    """Return the zone of hours from UTC, or of a name."""
    return ZoneInfo(meaning) if isinstance(meaning, str) else _of(timedelta(hours=meaning))


def _place(name: str) -> Told:
    try:
        return Told(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return NOTHING


def _fixed(written: str) -> tzinfo | None:
    """Return the zone of an offset such as +0530, +05:30, +5.30, +5; None if no clock shows it."""
    digits = written.lstrip("+-").translate(_SIGNS)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > len("12") else (digits, "0")
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes))
    offset = -offset if written[0] == "-" else offset
    return _of(offset) if is_real(offset) else None


def _of(offset: timedelta) -> tzinfo:
    return timezone(offset) if offset else UTC
