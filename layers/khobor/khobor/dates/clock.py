"""The time of day beside a date, and the time zone beside that."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from khobor.dates import zones
from khobor.dates.patterns import LARGEST_GAP, patterns
from khobor.dates.point_in_time import PointInTime
from khobor.dates.words import Roles, Tokens, vocabulary
from khobor.dates.zones import NO_ZONE, ZoneReading

_NOON = 12
# A "noon" hour before this one is in the afternoon, a "night" hour from this one on is in the evening.
_EVENING = 6
_HOURS, _MINUTES, _SECONDS = 24, 60, 60


def find_clock(day: re.Match[str], symbols: str) -> re.Match[str] | None:
    """Return the time of day that belongs to a date: within it, before it or after it.

    Args:
        day: The match of the date.
        symbols: The symbols of the text.
    """
    if "clock" in day.re.groupindex:
        return patterns().clock.match(symbols, day.start("clock"))
    before = list(patterns().clock.finditer(symbols, 0, day.start()))
    if before and day.start() - before[-1].end() <= LARGEST_GAP:
        return before[-1]
    return patterns().clock_after.match(symbols, day.end())


def with_time_of_day(day: date, match: re.Match[str], tokens: Tokens, zone: tzinfo | None) -> PointInTime:
    """Return the point in time of a day and the clock beside it.

    Args:
        day: The day.
        match: Where the text has it.
        tokens: The text.
        zone: The zone of the site, None if it is not known.

    Raises:
        ValueError: The clock shows no time of day, such as 25:70.
    """
    clock = find_clock(match, tokens.symbols)
    midnight = datetime.combine(day, datetime.min.time())
    day_alone = PointInTime(midnight.replace(tzinfo=zone or UTC), "day", has_offset=False)
    if clock is None:
        return day_alone
    time = midnight + _since_midnight(clock, tokens)
    beside = _zone_of(clock, max(clock.end("clock"), match.end()), tokens, time, zone)
    if beside.is_unreadable and zone is None:
        return day_alone
    return PointInTime(time.replace(tzinfo=beside.zone or zone or UTC), "minute", has_offset=beside.zone is not None)


def _since_midnight(clock: re.Match[str], tokens: Tokens) -> timedelta:
    """Return the time since midnight: 24:00 is the next day, and a leap second the next minute."""
    hour, minute, minute_after, second = (
        tokens.number(clock.start(name)) if clock[name] else 0 for name in ("hour", "minute", "minute_after", "second")
    )
    half = next((tokens.roles[clock.start(name)]["half"] for name in ("after", "before") if clock[name]), None)
    hour, minute = _hour_of_day(hour, half), minute + minute_after
    time = timedelta(hours=hour, minutes=minute, seconds=second)
    if minute >= _MINUTES or second > _SECONDS or hour > _HOURS or (hour == _HOURS and (minute or second)):
        raise ValueError(f"no time of day: {time}")
    return time


def _hour_of_day(hour: int, half: str | None) -> int:
    """Return the hour of the day for an hour that may be of half a day."""
    if half in {"am", "night"} and hour == _NOON:
        return 0
    is_later = half == "pm" or (half == "noon" and hour < _EVENING) or (half == "night" and hour >= _EVENING)
    return hour + _NOON if is_later and hour < _NOON else hour


def _zone_of(clock: re.Match[str], end: int, tokens: Tokens, time: datetime, zone: tzinfo | None) -> ZoneReading:
    """Return the zone after a clock, before it as in 2023-04-14 HKT 21:06, or after both clock and day.

    Args:
        clock: The match of the clock.
        end: The first token after both clock and day.
        tokens: The text.
        time: The local time.
        zone: The zone of the site, None if it is not known.
    """
    start, after = clock.start("clock"), clock.end("clock")
    if clock["minute_after"] and after < len(tokens.symbols) and "unit" in tokens.roles[after]:
        after += 1
    reading = _zone_from(after, tokens, time, zone, has_seconds=clock["second"] is not None)
    if reading == NO_ZONE and start:
        reading = _abbreviation_at(start - 1, tokens, time, zone)
    if reading == NO_ZONE and end > after:
        reading = _zone_from(end, tokens, time, zone)
    return reading


def _zone_from(
    index: int, tokens: Tokens, time: datetime, zone: tzinfo | None, *, has_seconds: bool = False
) -> ZoneReading:
    """Return the zone that begins at a token."""
    words, position = vocabulary(), tokens.ends[index - 1]
    reading = zones.zone_at(tokens.text, position)
    if reading == NO_ZONE and (match := words.zone_in_words.match(tokens.text, position)):
        return ZoneReading(zones.zone_of(words.zones_in_words[match[1].casefold()]))
    if reading == NO_ZONE and index < len(tokens.symbols):
        is_between = tokens.texts[index] in {"(", ","} or "hour_mark" in tokens.roles[index]
        reading = _abbreviation_at(index + is_between, tokens, time, zone, has_seconds=has_seconds)
    return reading


def _abbreviation_at(
    index: int, tokens: Tokens, time: datetime, zone: tzinfo | None, *, has_seconds: bool = False
) -> ZoneReading:
    if index >= len(tokens.symbols) or _is_of_date(tokens.roles[index]):
        return NO_ZONE
    abbreviations = vocabulary().zone_abbreviations
    return zones.zone_by_abbreviation(tokens.texts[index], time, zone, abbreviations, has_seconds=has_seconds)


def _is_of_date(roles: Roles) -> bool:
    return "month" in roles or "half" in roles
