"""Dates in words and numbers, in the world's languages: what a reader sees.

A text is turned into tokens, each with a symbol for what it can be (``date_words``), and dates are patterns over the
symbols. Unknown words are passed over, so that labels and weekdays need no vocabulary.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from datetime import time as clock_time
from functools import cache
from zoneinfo import ZoneInfo

from khobor.extract.date_words import Tokens, vocabulary
from khobor.extract.point_in_time import PointInTime, Precision

# Patterns over symbols: 1 and 2 are numbers of so many digits, Y one of four, {role} any word that can be that.
_GAP = r"[.,/\-{of}]*"
_WITH_YEAR = (
    # 16 August 2023, 16 آب/أغسطس 2023, August 16, 2023, Wed Aug 16 05:23:00 +0000 2023
    r"(?P<day>[12])" + _GAP + r"(?P<month_name>[{month}])(?:/[{month}])?" + _GAP + r"(?P<year>Y)",
    r"(?P<month_name>[{month}])" + _GAP + r"(?P<day>[12])" + _GAP + r"(?P<year>Y)",
    r"(?P<month_name>[{month}])(?P<day>[12])(?P<clock>[12]:2(?::2)?)(?:[+\-]Y|x){{0,2}}(?P<year>Y)",
    # 2024. március 1., 2024. gada 1. marts; not the end of one date before the next
    r"(?P<year>Y)" + _GAP + r"(?P<month_name>[{month}])" + _GAP + r"(?P<day>[12])(?!" + _GAP + "Y)",
    r"(?P<year>Y)" + _GAP + r"(?P<day>[12])" + _GAP + r"(?P<month_name>[{month}])(?!" + _GAP + "Y)",
    # 2024年3月1日, 令和6年3月1日, 3月 1, 2024, 1 tháng 3 năm 2024
    r"(?P<year>Y)[{year_mark}][{of}]*(?P<month>[12])[{of}]*[{month_mark}][{of}]*(?P<day>[12])",
    r"(?P<era>[{era}])(?P<year>[123])[{year_mark}](?P<month>[12])[{month_mark}](?P<day>[12])",
    r"(?P<month>[12])[{month_mark}](?P<day>[12])[,{day_mark}]*(?P<year>Y)",
    r"(?P<day>[12])[{of}]*[{before_month_mark}](?P<month>[12])[.,/\-{of}]*(?P<year>Y)",
    # 16.08.2023, 16/8/2023, 2023-08-16
    r"(?P<first>[12])(?P<sign>[./\-])(?P<second>[12])(?P=sign)(?P<year>Y)",
    r"(?P<year>Y)(?P<sign>[./\-])(?P<month>[12])(?P=sign)(?P<day>[12])",
)
# Two digits of a year are taken for one where nothing else is.
_WITH_SHORT_YEAR = (
    r"(?P<day>[12])" + _GAP + r"(?P<month_name>[{month}])" + _GAP + r"(?P<year>2)(?![:{hour_mark}{half}])",
    r"(?P<year>2)[{year_mark}](?P<month>[12])[{month_mark}](?P<day>[12])",
    r"(?P<first>[12])(?P<sign>[./\-])(?P<second>[12])(?P=sign)(?P<year>2)(?![:{hour_mark}{half}])",
)
_CLOCK = (
    r"(?P<clock>(?P<before>[{half}])?(?P<hour>[12])"
    r"(?:[:.](?P<minute>2)(?:[:.](?P<second>2)(?:\.[123x])?)?(?![{span}]|[./\-]Y)"
    r"|[{hour_mark}](?P<minute_behind>2|1(?=[{unit}]))?"
    r"|(?=[{half}]))"
    r"(?:[{hour_mark}]?(?P<after>[{half}]))?)"
)
# 19 Boishakh, Boishakh 1431, Boishakh 19, 1431
_OTHER_CALENDAR = r"[123Y]" + _GAP + r"[{calendar}]|[{calendar}]" + _GAP + r"(?:[12]" + _GAP + r")?[3Y]"
_SPAN = r"(?:(?<![12][.,])[123][{unit}{alone}]|[{one}][{unit}]|[{alone}])"
_AGO = (
    r"[{before}][{of}]*(?P<spans>" + _SPAN + r"(?:[,{of}]*" + _SPAN + r")*)",
    r"(?P<spans>" + _SPAN + r"(?:[,{of}]*" + _SPAN + r")*)[{of}]*[{after}]",
)
_RELATIVE_DAY = r"[{relative_day}]"
# Words and signs that may stand between a date and its time of day, such as "(Wednesday) at"; no number, no month.
_LARGEST_GAP = 6
_BETWEEN = rf"[^123Y{{month}}{{era}}]{{{{0,{_LARGEST_GAP}}}}}?"
_OFFSET = re.compile(
    r"[\s(]*(?:(?:UTC|GMT|Z)\s?(?P<named>[+-]\d{1,2}(?::?\d{2})?)|(?P<bare>[+-]\d{2}:?\d{2}|\+\d{2}))(?!\d)",
    re.IGNORECASE,
)
_LARGEST_OFFSET = timedelta(hours=14)
_QUARTER = timedelta(minutes=15)
_NOON = 12
_EVENING = 6
_BUDDHIST_YEARS = 543
_FIRST_BUDDHIST = 2500
_NUMERIC = frozenset({"first", "second", "year", "month", "day"})
_PARTS = ("of", "half", "hour_mark", "year_mark", "month_mark", "day_mark")
_NUMBER_SYMBOLS = frozenset("123")
_SHORT = "2"
_DAYS = frozenset({"days", "weeks"})
# Upper case in Latin script, so that "et" and "art" are words; Russian pages write theirs in either.
_ZONE_NAME = re.compile("[A-Z]{1,5}|Ch[A-Z]+|[Мм][Сс][Кк]")
_THAI = re.compile("[\u0e00-\u0e7f]")
_CENTURY = 100


@dataclass(frozen=True)
class _Context:
    """What decides where a text does not."""

    zone: tzinfo
    now: datetime
    first: str


@dataclass(frozen=True)
class _Forms:
    """The patterns, for the symbols of a vocabulary."""

    dates: tuple[tuple[re.Pattern[str], ...], ...]
    clock: re.Pattern[str]
    clock_behind: re.Pattern[str]
    other_calendar: re.Pattern[str]
    ago: tuple[re.Pattern[str], ...]
    relative_day: re.Pattern[str]


def read(text: str, zone: tzinfo, now: datetime, language: str | None) -> PointInTime | None:
    """Return the first complete date in a text, believed or not; takes what ``dates.parse_date`` takes."""
    words = vocabulary()
    key = getattr(zone, "key", None)
    tokens = words.tokens(text, language or words.language_of_zone(key))
    if _forms().other_calendar.search(tokens.symbols):
        return None
    # Publishing systems say en-US wherever they are, so that a zone says more about the order of numbers.
    ordered = words.language_of_zone(key) if key not in {None, "UTC"} else language
    context = _Context(zone, now, words.first_of_numbers(ordered))
    try:
        return _absolute(tokens, context) or _ago(tokens, now) or _relative_day(tokens, context)
    except (ValueError, OverflowError):
        # 31 February, half past 25.
        return None


@cache
def _forms() -> _Forms:
    words = vocabulary()
    classes = {role: words.symbols_of(role) for role in words.roles()}
    # 05:23 min is how long a film is; what may be a part of a date, such as "h", says nothing.
    classes["span"] = "".join(set(classes["unit"]).difference(*(classes[role] for role in _PARTS)))

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern.format_map(classes))

    return _Forms(
        dates=(tuple(map(compiled, _WITH_YEAR)), tuple(map(compiled, _WITH_SHORT_YEAR))),
        clock=compiled(_CLOCK),
        clock_behind=compiled(_BETWEEN + _CLOCK),
        other_calendar=compiled(_OTHER_CALENDAR),
        ago=tuple(map(compiled, _AGO)),
        relative_day=compiled(_RELATIVE_DAY),
    )


def _absolute(tokens: Tokens, context: _Context) -> PointInTime | None:
    for forms in _forms().dates:
        matches = [match for form in forms if (match := form.search(tokens.symbols))]
        if matches:
            match = min(matches, key=re.Match.start)
            return _point(_date(match, tokens, context), _clock_of(match, tokens.symbols), tokens, context.zone)
    return None


def _clock_of(day: re.Match[str], symbols: str) -> re.Match[str] | None:
    """Return the time of day that belongs to a date: inside it, before it or behind it."""
    forms = _forms()
    if "clock" in day.re.groupindex:
        return forms.clock.match(symbols, day.start("clock"))
    before = list(forms.clock.finditer(symbols, 0, day.start()))
    if before and day.start() - before[-1].end() <= _LARGEST_GAP:
        return before[-1]
    return forms.clock_behind.match(symbols, day.end())


def _date(match: re.Match[str], tokens: Tokens, context: _Context) -> date:
    """Return the day that a match names; raises ValueError for one that the calendar does not have."""
    parts = {name: tokens.number(match.start(name)) for name in _NUMERIC & match.re.groupindex.keys()}
    is_short = match["year"] == _SHORT
    if "first" in parts:
        return _numeric_date(parts, tokens, context, is_short=is_short)
    year = _short_year(parts["year"], tokens, context) if is_short else _year(parts["year"])
    if "era" in match.re.groupindex:
        year = parts["year"] + tokens.roles[match.start("era")]["era"]
    month = parts["month"] if "month" in parts else tokens.roles[match.start("month_name")]["month"]
    return date(year, month, parts["day"])


def _numeric_date(parts: dict[str, int], tokens: Tokens, context: _Context, *, is_short: bool) -> date:
    """Return the day of a date in numbers alone, in the first order that the calendar allows."""
    first, second, third = parts["first"], parts["second"], parts["year"]
    year = _short_year(third, tokens, context) if is_short else _year(third)
    orders = [(year, second, first), (year, first, second)]
    if context.first == "month":
        orders.reverse()
    elif context.first == "year" and is_short:
        orders.insert(0, (_short_year(first, tokens, context), second, third))
    for order in orders:
        with suppress(ValueError):
            return date(*order)
    raise ValueError(f"no day of the calendar: {parts}")


def _year(written: int) -> int:
    """Return the year of our era that four digits mean, also if they count in the Buddhist one."""
    return written - _BUDDHIST_YEARS if written >= _FIRST_BUDDHIST else written


def _short_year(written: int, tokens: Tokens, context: _Context) -> int:
    """Return the year that two digits mean: the last that is not to come."""
    if _THAI.search(tokens.text):
        return _year(_FIRST_BUDDHIST + written)
    year = context.now.year // _CENTURY * _CENTURY + written
    return year - _CENTURY if year > context.now.year + 1 else year


def _point(day: date, clock: re.Match[str] | None, tokens: Tokens, zone: tzinfo) -> PointInTime:
    """Return the point in time of a day and what was found of a clock; raises ValueError for 25:70."""
    if clock is None:
        return PointInTime(datetime.combine(day, clock_time(), zone), "day", has_offset=False)
    stamp = datetime.combine(day, _time(clock, tokens))
    told = _told_zone(tokens, clock.end("clock"), stamp, zone)
    return PointInTime(stamp.replace(tzinfo=told or zone), "minute", has_offset=told is not None)


def _time(clock: re.Match[str], tokens: Tokens) -> clock_time:
    hour, minute, behind, second = (
        tokens.number(clock.start(name)) if clock[name] else 0 for name in ("hour", "minute", "minute_behind", "second")
    )
    half = next((tokens.roles[clock.start(name)]["half"] for name in ("after", "before") if clock[name]), None)
    return clock_time(_hour(hour, half), minute + behind, second)


def _hour(hour: int, half: str | None) -> int:
    """Return an hour of the day from one that may be of half a day."""
    if half in {"am", "night"} and hour == _NOON:
        return 0
    is_later = half == "pm" or (half == "noon" and hour < _EVENING) or (half == "night" and hour >= _EVENING)
    return hour + _NOON if is_later and hour < _NOON else hour


def _told_zone(tokens: Tokens, index: int, stamp: datetime, zone: tzinfo) -> tzinfo | None:
    """Return the zone that is written behind a clock, None if there is none or it could be several."""
    if offset := _OFFSET.match(tokens.text, tokens.ends[index - 1]):
        return _fixed(offset["named"] or offset["bare"])
    if index < len(tokens.symbols) and (tokens.written[index] in {"(", ","} or "hour_mark" in tokens.roles[index]):
        index += 1
    name = "".join(tokens.written[index : index + 1])
    if not _ZONE_NAME.fullmatch(name):
        return None
    # An abbreviation that the site's own clocks show that day is its own.
    if zone.tzname(stamp) == name:
        return zone
    clock = vocabulary().clocks.get(name.casefold())
    if isinstance(clock, str):
        return ZoneInfo(clock)
    return None if clock is None else _zone_of(timedelta(hours=clock))


def _fixed(written: str) -> tzinfo | None:
    """Return the zone of an offset such as +0530, +05:30, +5; None if no clock is that far away."""
    digits = written[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > len("12") else (digits, "0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    # What is none may be the end of a span: 10:00-11:20.
    if offset > _LARGEST_OFFSET or offset % _QUARTER:
        return None
    return _zone_of(-offset if written[0] == "-" else offset)


def _zone_of(offset: timedelta) -> tzinfo:
    return timezone(offset) if offset else UTC


def _ago(tokens: Tokens, now: datetime) -> PointInTime | None:
    """Return what "two hours ago" names."""
    match = next(filter(None, (form.search(tokens.symbols) for form in _forms().ago)), None)
    if match is None:
        return None
    spans = list(_spans(tokens, *match.span("spans")))
    instant = now - sum((timedelta(**{unit: count}) for count, unit in spans), timedelta())
    precision: Precision = "minute" if any(unit not in _DAYS for _, unit in spans) else "day"
    return PointInTime(instant.replace(second=0, microsecond=0), precision, has_offset=True)


def _spans(tokens: Tokens, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield counts and units, such as 1 hours and 20 minutes."""
    count = 1
    for index in range(start, end):
        roles = tokens.roles[index]
        if tokens.symbols[index] in _NUMBER_SYMBOLS:
            count = tokens.number(index)
        elif unit := roles.get("unit") or roles.get("alone"):
            held, name = unit
            yield count * held, name
            count = 1


def _relative_day(tokens: Tokens, context: _Context) -> PointInTime | None:
    """Return what "yesterday at 14:05" names; a day alone is one only where nothing else is written."""
    match = _forms().relative_day.search(tokens.symbols)
    if match is None:
        return None
    clock = _clock_of(match, tokens.symbols)
    if clock is None and tokens.symbols != match[0]:
        return None
    back = timedelta(days=tokens.roles[match.start()]["relative_day"])
    return _point((context.now.astimezone(context.zone) - back).date(), clock, tokens, context.zone)
