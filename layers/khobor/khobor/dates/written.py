"""Dates in words and numbers, in the world's languages: what a reader sees.

A text is turned into tokens, each with a symbol for what it can be (``words``), and dates are patterns over the
symbols. Unknown words are passed over, so that labels and weekdays need no vocabulary.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, lru_cache

from khobor.dates import zones
from khobor.dates.calendars import MINGUO_YEARS, SOLAR_YEARS, common_year, of_solar, short_year, with_plain_years
from khobor.dates.point_in_time import PointInTime, Precision
from khobor.dates.words import Roles, Tokens, fold, vocabulary

# Patterns over symbols: 1 and 2 are numbers of so many digits, Y one of four, {role} any word that can be that.
_GAP = r"[.,/\-{of}]*"
_WITH_YEAR = (
    # 16 August 2023, 16 آب/أغسطس 2023, August 16, 2023, Wed Aug 16 05:23:00 +0000 2023
    r"(?P<day>[12])" + _GAP + r"(?P<month_name>[{month}])(?:/[{month}])?" + _GAP + r"(?P<year>Y)",
    r"(?P<month_name>[{month}])" + _GAP + r"(?P<day>[12])" + _GAP + r"(?P<year>Y)",
    r"(?P<month_name>[{month}])(?P<day>[12])(?P<clock>[12]:2(?::2)?)(?:[+\-]Y|x){{0,2}}(?P<year>Y)",
    r"(?P<day>[12])(?P<month_name>[{month}])(?P<clock>[12]:2(?::2)?)(?:[+\-]Y|x){{0,2}}(?P<year>Y)",
    # 2024. március 1., 2024. gada 1. marts; not the end of one date before the next
    r"(?P<year>Y)" + _GAP + r"(?P<month_name>[{month}])" + _GAP + r"(?P<day>[12])(?!" + _GAP + "Y)",
    r"(?P<year>Y)" + _GAP + r"(?P<day>[12])" + _GAP + r"(?P<month_name>[{month}])(?!" + _GAP + "Y)",
    # 2024年3月1日, 令和6年3月1日, 3月 1, 2024, 1 tháng 3 năm 2024
    r"(?P<year>Y)[{year_mark}][{of}]*(?P<month>[12])[{of}]*[{month_mark}][{of}]*(?P<day>[12])",
    r"(?P<era>[{era}])(?P<year>[123])[{year_mark}](?P<month>[12])[{month_mark}](?P<day>[12])",
    r"(?P<minguo>3)[{year_mark}](?P<month>[12])[{month_mark}](?P<day>[12])",
    r"(?P<month>[12])[{month_mark}](?P<day>[12])[,{day_mark}]*(?P<year>Y)",
    r"(?P<day>[12])(?P<month>[12])[{month_mark}](?P<year>Y)",
    r"(?P<day>[12])[{of}]*[{before_month_mark}](?P<month>[12])[.,/\-{of}]*(?P<year>Y)",
    # 16.08.2023, 16/8/2023, 2023-08-16
    r"(?P<first>[12])(?P<sign>[./\-])(?P<second>[12])(?P=sign)(?P<year>Y)",
    r"(?P<year>Y)(?P<sign>[./\-])(?P<month>[12])(?P=sign)(?P<day>[12])",
)
# 6 آذر 1405, آذر 6, 1405, 1405 آذر 6
_SOLAR = (
    r"(?P<day>[12])" + _GAP + r"(?P<solar>[{solar}])" + _GAP + r"(?P<year>Y)",
    r"(?P<solar>[{solar}])" + _GAP + r"(?P<day>[12])" + _GAP + r"(?P<year>Y)",
    r"(?P<year>Y)" + _GAP + r"(?P<solar>[{solar}])" + _GAP + r"(?P<day>[12])(?!" + _GAP + "Y)",
)
# 115/11/27
_MINGUO = (r"(?P<minguo>3)(?P<sign>[./\-])(?P<month>[12])(?P=sign)(?P<day>[12])",)
# Two digits of a year are taken for one where nothing else is.
_WITH_SHORT_YEAR = (
    r"(?P<day>[12])" + _GAP + r"(?P<month_name>[{month}])" + _GAP + r"(?P<year>2)(?![:{hour_mark}{half}])",
    r"(?P<year>2)[{year_mark}](?P<month>[12])[{month_mark}](?P<day>[12])",
    r"(?P<first>[12])(?P<sign>[./\-])(?P<second>[12])(?P=sign)(?P<year>2)(?![:{hour_mark}{half}])",
)
# Behind a full stop, four digits are a year: 16.08-2023; behind a colon they are an offset: 05:23-0700.
_CLOCK = (
    r"(?P<clock>(?P<before>[{half}])?(?P<hour>[12])"
    r"(?:(?:(?P<colon>:)|\.)(?P<minute>2|1(?=:[12]))(?:[:.](?P<second>2|(?<=:)1)(?:\.[123Yx]|,3)?)?"
    r"(?![{span}]|[./]Y)(?(colon)|(?!-Y))"
    r"|[{hour_mark}](?P<minute_behind>2|1(?=[{unit}]))?"
    r"|(?=[{half}]))"
    r"(?:[{hour_mark}]?(?P<after>[{half}]))?)"
)
# 19 Boishakh 1431, 19 Boishakh, Boishakh 19, 1431, Boishakh 1431, 1431 Boishakh 19, 1431 AH, 16/06/1448 AH.
_OTHER_CALENDAR = (
    r"[12]" + _GAP + r"[{calendar}]+(?:" + _GAP + r"[3Y](?:" + _GAP + r"[{calendar}])*)?"
    r"|[{calendar}]+" + _GAP + r"(?:[12]" + _GAP + r")?[3Y](?:" + _GAP + r"[{calendar}])*"
    r"|[3Y][{calendar}]+[12](?!" + _GAP + r"[3Y])"
    r"|(?:[3Y](?P<sign>[./\-])[12](?P=sign)[12]|[12](?P<other>[./\-])[12](?P=other)[3Y]|[3Y])[{calendar}]+"
    r"(?![{calendar}]|" + _GAP + r"[12])"
)
_COMMON_ERA = r"(?<=Y)[{common_era}]"
_SPAN = r"(?:(?<![12][.,])[123][{unit}{alone}]|[{one}][{unit}]|[{alone}])"
_AGO = (
    r"[{before}][{of}]*(?P<spans>" + _SPAN + r"(?:[,{of}]*" + _SPAN + r")*)",
    r"(?P<spans>" + _SPAN + r"(?:[,{of}]*" + _SPAN + r")*)[{of}]*[{after}]",
)
_RELATIVE_DAY = r"[{relative_day}]"
# Words and signs that may stand between a date and its time of day, such as "(Wednesday) at"; no number, no month.
_LARGEST_GAP = 6
_BETWEEN = rf"[^123Y{{month}}{{era}}]{{{{0,{_LARGEST_GAP}}}}}?"
# Smaller years of four digits count in another calendar: 1448 in the Islamic one.
_FIRST_GREGORIAN = 1583
_NOON = 12
_EVENING = 6
_HOURS, _MINUTES, _SECONDS = 24, 60, 60
_NUMERIC = frozenset({"first", "second", "year", "month", "day", "minguo"})
_PARTS = ("of", "half", "hour_mark", "year_mark", "month_mark", "day_mark")
_NUMBER_SYMBOLS = frozenset("123")
_SHORT = "2"
_DAYS = frozenset({"days", "weeks"})
_THAI = re.compile("[\u0e00-\u0e7f]")
# Extended digits of Arabic script, which Iran and Afghanistan write, and Urdu.
_EXTENDED_DIGIT = re.compile("[\u06f0-\u06f9]")
# The last year that two digits can mean where the day is not known on which the document was fetched.
_LAST_SHORT_YEAR = 2049


@dataclass(frozen=True)
class _Context:
    """What decides where a text does not.

    Attributes:
        zone: The zone of the site's clocks, None where it is not known.
        now: When the document was fetched, None where that is not known.
        first: What dates in numbers begin with; None where nothing says so.
        counts: The calendars that years may be counted in beside the Gregorian.
    """

    zone: tzinfo | None
    now: datetime | None
    first: str | None
    counts: frozenset[str]


@dataclass(frozen=True)
class _Forms:
    """The patterns, for the symbols of a vocabulary."""

    with_year: tuple[re.Pattern[str], ...]
    with_short_year: tuple[re.Pattern[str], ...]
    solar: tuple[re.Pattern[str], ...]
    solar_word: re.Pattern[str]
    minguo: tuple[re.Pattern[str], ...]
    clock: re.Pattern[str]
    clock_behind: re.Pattern[str]
    other_calendar: re.Pattern[str]
    common_era: re.Pattern[str]
    ago: tuple[re.Pattern[str], ...]
    relative_day: re.Pattern[str]


def read(text: str, zone: tzinfo | None, now: datetime | None, language: str | None) -> PointInTime | None:
    """Return the first complete date in a text, believed or not; takes what ``reading.parse_date`` takes."""
    words = vocabulary()
    folded = with_plain_years(fold(text))
    tokens = words.tokens(folded, language or words.language_of_zone(getattr(zone, "key", None)))
    # A site says the date by several calendars at once: the Gregorian one says most exactly which day it is.
    tokens = tokens.without(_forms().common_era).without(_forms().other_calendar)
    context = _context(text, zone, now, language)
    try:
        return _absolute(tokens, context) or (
            (_ago(tokens, now) or _relative_day(tokens, context, now)) if now else None
        )
    except (ValueError, OverflowError):
        # 31 February, half past 25.
        return None


def _context(text: str, zone: tzinfo | None, now: datetime | None, language: str | None) -> _Context:
    first, counts = _usage(getattr(zone, "key", None), language)
    if not text.isascii():
        if language is None and _EXTENDED_DIGIT.search(text):
            counts |= {"solar"}
        if _THAI.search(text):
            counts |= {"buddhist"}
    # Listings decide which articles are too old to fetch: there a month that is a guess loses some.
    return _Context(zone, now, first if zone or language or now else None, counts)


@lru_cache(maxsize=256)
def _usage(zone: str | None, language: str | None) -> tuple[str, frozenset[str]]:
    """Return what dates in numbers begin with, and the calendars that years are counted in beside the Gregorian."""
    words = vocabulary()
    spoken = words.language_of_zone(zone)
    # Publishing systems say en-US wherever they are, so that a zone says more about the order of numbers.
    ordered = spoken if zone not in {None, "UTC"} else language
    return words.first_of_numbers(ordered), words.counts(language) | words.counts(spoken)


@cache
def _forms() -> _Forms:
    words = vocabulary()
    classes = {role: words.symbols_of(role) for role in words.roles()}
    # 05:23 min is how long a film is; what may be a part of a date, such as "h", says nothing.
    classes["span"] = "".join(set(classes["unit"]).difference(*(classes[role] for role in _PARTS)))

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern.format_map(classes))

    def all_of(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
        return tuple(map(compiled, patterns))

    return _Forms(
        with_year=all_of(_WITH_YEAR),
        with_short_year=all_of(_WITH_SHORT_YEAR),
        solar=all_of(_SOLAR),
        solar_word=compiled("[{solar}]"),
        minguo=all_of(_MINGUO),
        clock=compiled(_CLOCK),
        clock_behind=compiled(_BETWEEN + _CLOCK),
        other_calendar=compiled(_OTHER_CALENDAR),
        common_era=compiled(_COMMON_ERA),
        ago=all_of(_AGO),
        relative_day=compiled(_RELATIVE_DAY),
    )


def _absolute(tokens: Tokens, context: _Context) -> PointInTime | None:
    forms = _forms()
    minguo = forms.minguo if "minguo" in context.counts else ()
    gregorian = tokens
    if forms.solar_word.search(tokens.symbols):
        for form in forms.solar:
            gregorian = gregorian.without(form)
    for among, alternatives in (
        (gregorian, forms.with_year),
        (tokens, forms.solar),
        (gregorian, minguo),
        (gregorian, forms.with_short_year),
    ):
        if match := _first_match(alternatives, among, context):
            return _point(_date(match, among, context), match, among, context.zone)
    return None


def _first_match(forms: tuple[re.Pattern[str], ...], tokens: Tokens, context: _Context) -> re.Match[str] | None:
    """Return where the first of some forms stands whose year is one of a calendar that is read."""
    matches = [match for form in forms if (match := form.search(tokens.symbols))]
    if not all(_is_readable(match, tokens, context) for match in matches):
        found = (match for form in forms for match in form.finditer(tokens.symbols))
        matches = [match for match in found if _is_readable(match, tokens, context)]
    return min(matches, key=re.Match.start, default=None)


def _is_readable(match: re.Match[str], tokens: Tokens, context: _Context) -> bool:
    if match.re.groupindex.get("year") is None or match["year"] != "Y":
        return True
    year = tokens.number(match.start("year"))
    return year >= _FIRST_GREGORIAN or "solar" in match.re.groupindex or _is_solar(year, context)


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
    if "solar" in match.re.groupindex:
        return _solar_date(parts["year"], tokens.roles[match.start("solar")]["solar"], parts["day"])
    if "first" in parts:
        return _numeric_date(parts, context, is_short=match["year"] == _SHORT, is_plain=match["sign"] == ".")
    month = parts["month"] if "month" in parts else tokens.roles[match.start("month_name")]["month"]
    if "month" in parts and _is_solar(parts.get("year", 0), context):
        return of_solar(parts["year"], month, parts["day"])
    return date(_year(match, parts, tokens, context), month, parts["day"])


def _year(match: re.Match[str], parts: dict[str, int], tokens: Tokens, context: _Context) -> int:
    """Return the year of our era that a match names."""
    if "minguo" in parts:
        return parts["minguo"] + MINGUO_YEARS
    if "era" in match.re.groupindex:
        return parts["year"] + int(tokens.roles[match.start("era")]["era"])
    return _short_year(parts["year"], context) if match["year"] == _SHORT else common_year(parts["year"])


def _is_solar(year: int, context: _Context) -> bool:
    return "solar" in context.counts and year in SOLAR_YEARS


def _solar_date(year: int, month: int, day: int) -> date:
    if year not in SOLAR_YEARS:
        raise ValueError(f"no year of the solar calendar: {year}")
    return of_solar(year, month, day)


def _numeric_date(parts: dict[str, int], context: _Context, *, is_short: bool, is_plain: bool) -> date:
    """Return the day of a date in numbers alone, in the first order that the calendar allows.

    With full stops it is plain that the day comes first; else ValueError is raised where nothing says what does.
    """
    first, second, third = parts["first"], parts["second"], parts["year"]
    if _is_solar(third, context):
        return of_solar(third, second, first)
    year = _short_year(third, context) if is_short else common_year(third)
    orders = [(year, second, first), (year, first, second)]
    if context.first == "month":
        orders.reverse()
    elif is_short and (context.first == "year" or (context.first is None and not is_plain)):
        orders.insert(0, (_short_year(first, context), second, third))
    days = []
    for order in orders:
        with suppress(ValueError):
            days.append(date(*order))
    if not days or (context.first is None and not is_plain and days[0] != days[-1]):
        raise ValueError(f"no day of the calendar, or two: {parts}")
    return days[0]


def _short_year(written: int, context: _Context) -> int:
    latest = context.now.year + 1 if context.now else _LAST_SHORT_YEAR
    return short_year(written, latest, is_thai="buddhist" in context.counts)


def _point(day: date, match: re.Match[str], tokens: Tokens, zone: tzinfo | None) -> PointInTime:
    """Return the point in time of a day and the clock beside it; raises ValueError for 25:70.

    Args:
        day: The day.
        match: Where it is written.
        tokens: The text.
        zone: The zone of the site, None where it is not known.
    """
    clock = _clock_of(match, tokens.symbols)
    midnight = datetime.combine(day, datetime.min.time())
    alone = PointInTime(midnight.replace(tzinfo=zone or UTC), "day", has_offset=False)
    if clock is None:
        return alone
    stamp = midnight + _time(clock, tokens)
    told = _told_zone(tokens, clock, max(clock.end("clock"), match.end()), stamp, zone)
    if told.is_unreadable and zone is None:
        return alone
    return PointInTime(stamp.replace(tzinfo=told.zone or zone or UTC), "minute", has_offset=told.zone is not None)


def _time(clock: re.Match[str], tokens: Tokens) -> timedelta:
    """Return how long after midnight a clock is: 24:00 is the next day, and a leap second the next minute."""
    hour, minute, behind, second = (
        tokens.number(clock.start(name)) if clock[name] else 0 for name in ("hour", "minute", "minute_behind", "second")
    )
    half = next((tokens.roles[clock.start(name)]["half"] for name in ("after", "before") if clock[name]), None)
    hour, minute = _hour(hour, half), minute + behind
    since = timedelta(hours=hour, minutes=minute, seconds=second)
    if minute >= _MINUTES or second > _SECONDS or hour > _HOURS or (hour == _HOURS and (minute or second)):
        raise ValueError(f"no time of day: {since}")
    return since


def _hour(hour: int, half: str | None) -> int:
    """Return an hour of the day from one that may be of half a day."""
    if half in {"am", "night"} and hour == _NOON:
        return 0
    is_later = half == "pm" or (half == "noon" and hour < _EVENING) or (half == "night" and hour >= _EVENING)
    return hour + _NOON if is_later and hour < _NOON else hour


def _told_zone(tokens: Tokens, clock: re.Match[str], end: int, stamp: datetime, zone: tzinfo | None) -> zones.Told:
    """Return the zone that is written behind a clock, before it as in 2023-04-14 HKT 21:06, or behind both and day."""
    start, behind = clock.start("clock"), clock.end("clock")
    if clock["minute_behind"] and behind < len(tokens.symbols) and "unit" in tokens.roles[behind]:
        behind += 1
    told = _zone_behind(tokens, behind, stamp, zone, has_seconds=clock["second"] is not None)
    if told == zones.NOTHING and start:
        told = _named_zone(tokens, start - 1, stamp, zone)
    if told == zones.NOTHING and end > behind:
        told = _zone_behind(tokens, end, stamp, zone)
    return told


def _zone_behind(
    tokens: Tokens, index: int, stamp: datetime, zone: tzinfo | None, *, has_seconds: bool = False
) -> zones.Told:
    """Return the zone that is written from a token on."""
    words, position = vocabulary(), tokens.ends[index - 1]
    told = zones.offset_at(tokens.text, position)
    if told == zones.NOTHING and (match := words.clock_in_words.match(tokens.text, position)):
        return zones.Told(zones.zone_of(words.clocks_in_words[match[1].casefold()]))
    if told == zones.NOTHING and index < len(tokens.symbols):
        is_between = tokens.written[index] in {"(", ","} or "hour_mark" in tokens.roles[index]
        told = _named_zone(tokens, index + is_between, stamp, zone, has_seconds=has_seconds)
    return told


def _named_zone(
    tokens: Tokens, index: int, stamp: datetime, zone: tzinfo | None, *, has_seconds: bool = False
) -> zones.Told:
    if index >= len(tokens.symbols) or _is_of_a_date(tokens.roles[index]):
        return zones.NOTHING
    return zones.named(tokens.written[index], stamp, zone, vocabulary().clocks, has_seconds=has_seconds)


def _is_of_a_date(roles: Roles) -> bool:
    return "month" in roles or "half" in roles


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


def _relative_day(tokens: Tokens, context: _Context, now: datetime) -> PointInTime | None:
    """Return what "yesterday at 14:05" names; a day alone is one only where nothing else is written."""
    match = _forms().relative_day.search(tokens.symbols)
    if match is None:
        return None
    clock = _clock_of(match, tokens.symbols)
    if clock is None and tokens.symbols != match[0]:
        return None
    back = timedelta(days=tokens.roles[match.start()]["relative_day"])
    return _point((now.astimezone(context.zone or UTC) - back).date(), match, tokens, context.zone)
