"""Dates in feeds and sitemaps: RFC 822, and ISO 8601 with the profile that the W3C made of it.

https://www.rfc-editor.org/rfc/rfc822#section-5, https://www.w3.org/TR/NOTE-datetime
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz

# Longer texts are no dates.
_MOST_CHARACTERS = 80
# Unix time by its number of digits: in seconds, and in milliseconds.
_UNIX = {10: 1, 13: 1_000}
_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d\d))?")
# ISO 8601 writes neither the space before an offset nor a lone digit for the hour.
_LOOSE_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:T|[ ]+)(?P<hour>\d{1,2})(?P<rest>:[\d:.]+)[ ]*(?P<offset>Z|[+-][\d:]+|UTC|GMT)?",
    re.IGNORECASE,
)
# Clocks of twelve hours are in no standard: a wrong half of the day is worse than none.
_TWELVE_HOURS = re.compile(r"\d\s*[ap]\.?m\b", re.IGNORECASE)
_OFFSET_FROM_GMT = re.compile(r"(?:GMT|UTC)\s*([+-])(\d{1,2})(?::?(\d\d))?$", re.IGNORECASE)
_UTC = re.compile(r"[+-]0000\b|\b(?:UTC?|GMT|Z)\b", re.IGNORECASE)
# The web began at the end of 1990: what is older is a default such as 1970. The upper bound needs no clock.
_FIRST_YEAR = 1990
_LAST_YEAR = 2100


def read_date(text: str | None, zone: tzinfo = UTC) -> datetime | None:
    """Return the point in time that a text names, None if it names none or one that cannot be.

    >>> read_date("Tue, 10 Mar 2026 09:01:00 GMT+6").isoformat()
    '2026-03-10T09:01:00+06:00'

    Args:
        text: The text.
        zone: The zone of a time without one, or with one whose name is no standard's: BST is a zone in London
            and another in Dhaka.
    """
    text = (text or "").strip()
    if not text or len(text) > _MOST_CHARACTERS:
        return None
    try:
        moment = _unix(text) or _iso(text) or _rfc822(text)
        aware = moment.replace(tzinfo=zone) if moment and moment.tzinfo is None else moment
        return aware if aware and _FIRST_YEAR <= aware.astimezone(UTC).year < _LAST_YEAR else None
    except (ValueError, OverflowError):
        return None


def _unix(text: str) -> datetime | None:
    ticks = _UNIX.get(len(text))
    return datetime.fromtimestamp(int(text) // ticks, UTC) if ticks and text.isdecimal() else None


def _iso(text: str) -> datetime | None:
    if match := _YEAR_OR_MONTH.fullmatch(text):
        return datetime(int(match[1]), int(match[2] or 1), 1)  # noqa: DTZ001 read_date gives it its zone
    if match := _LOOSE_ISO.fullmatch(text):
        offset = (match["offset"] or "").upper()
        offset = "Z" if offset in {"UTC", "GMT"} else offset
        text = f"{match['day']}T{match['hour']:0>2}{match['rest']}{offset}"
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    if match := _OFFSET_FROM_GMT.search(text):
        text = f"{text[: match.start()]}{match[1]}{match[2]:0>2}{match[3] or '00'}"
    parts = parsedate_tz(text if ":" in text else f"{text} 00:00:00")
    if parts is None or _TWELVE_HOURS.search(text):
        return None
    # The standard library takes a zone that it does not know, or that is not there, for UTC.
    is_told = parts[9] or _UTC.search(text)
    return datetime(*parts[:6], tzinfo=timezone(timedelta(seconds=parts[9] or 0)) if is_told else None)
