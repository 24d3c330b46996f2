"""Human-readable dates, in words and numbers, in the languages of the world.

``words`` turns a text into tokens with symbols, ``patterns`` finds dates among the symbols. Unknown words are passed
over, so that labels and weekdays need no vocabulary.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from khobor.dates.calendars import MINGUO_YEARS, SOLAR_YEARS, common_year, short_year, solar_date, with_plain_years
from khobor.dates.clock import find_clock, with_time_of_day
from khobor.dates.patterns import patterns
from khobor.dates.point_in_time import PointInTime, Precision
from khobor.dates.words import Tokens, fold, vocabulary

# Smaller years of four digits are of another calendar: 1448 is Islamic.
_FIRST_GREGORIAN = 1583
_NUMERIC = frozenset({"first", "second", "year", "month", "day", "minguo"})
_NUMBER_SYMBOLS = frozenset("123")
_SHORT = "2"
_DAYS = frozenset({"days", "weeks"})
_THAI = re.compile("[\u0e00-\u0e7f]")
# Extended Arabic-Indic digits, used in Iran, in Afghanistan and in Urdu.
_EXTENDED_DIGIT = re.compile("[\u06f0-\u06f9]")
# Signs that designers put between the numbers of a day.
_OTHER_SIGNS = re.compile(r"(?<!\d)(\d{1,4})\s?([·•∙・|_])\s?(\d{1,2})\s?\2\s?(\d{4}|\d\d)(?!\d)")
# The year of Mar 12 '09.
_APOSTROPHE_YEAR = re.compile(r"(?<=[\s,])['’‘](\d\d)(?![\w'’‘])")
# A clock of four digits, beside a year. 2009 GMT alone is a year.
_PLAIN_CLOCK = re.compile(r"(?<![\d:.+-])([01]\d|2[0-3])([0-5]\d)(?=\s?(?:hrs|hours|GMT|UTC)\b)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN_NUMERAL = re.compile("[IVX]")
_ROMAN = re.compile(r"(?<!\d)(\d{1,2})[ ./-]{1,2}(I{1,3}|IV|VI{0,3}|IX|XI{0,2})[ ./-]{1,2}(?=(?:19|20)\d\d(?!\d))")
# The latest year that two digits can mean if the date of the fetch is not known.
_LAST_SHORT_YEAR = 2049


@dataclass(frozen=True)
class _Context:
    """What resolves an ambiguous date.

    Attributes:
        zone: The zone of the site, None if it is not known.
        now: When the document was fetched, None if it is not known.
        first: What a numeric date begins with: day, month or year; None if it is not known.
        calendars: The calendars that years may be of beside the Gregorian.
    """

    zone: tzinfo | None
    now: datetime | None
    first: str | None
    calendars: frozenset[str]


def read_human_readable(
    text: str, zone: tzinfo | None, now: datetime | None, language: str | None
) -> PointInTime | None:
    """Return the first complete date in a text, plausible or not; None if there is none.

    Args:
        text: The text.
        zone: The zone of the site, None if it is not known.
        now: When the document was fetched; None reads no relative date.
        language: BCP 47; None if it is not known.
    """
    words = vocabulary()
    whole = _APOSTROPHE_YEAR.sub(lambda match: str(short_year(int(match[1]), _LAST_SHORT_YEAR)), text)
    folded = with_plain_signs(with_plain_years(fold(whole)))
    tokens = words.tokens(folded, language or words.language_of_zone(getattr(zone, "key", None)))
    # A site may give one date in several calendars. The Gregorian date is the most exact.
    tokens = tokens.without(patterns().common_era).without(patterns().other_calendar)
    context = _context(text, zone, now, language)
    try:
        return _absolute(tokens, context) or (
            (_ago(tokens, now) or _relative_day(tokens, context, now)) if now else None
        )
    except (ValueError, OverflowError):
        # 31 February, 25:70.
        return None


def read_without_year(text: str, zone: tzinfo | None, now: datetime, language: str | None) -> PointInTime | None:
    """Return the first date in a text that has no year, in the year before the document was fetched; None if none has.

    Args:
        text: The text.
        zone: The zone of the site, None if it is not known.
        now: When the document was fetched.
        language: BCP 47; None if it is not known.
    """
    words = vocabulary()
    folded = with_plain_signs(with_plain_years(fold(text)))
    tokens = words.tokens(folded, language or words.language_of_zone(getattr(zone, "key", None)))
    found = [match for each in patterns().without_year if (match := each.search(tokens.symbols))]
    if not found:
        return None
    match = min(found, key=re.Match.start)
    parts = {name: tokens.number(match.start(name)) for name in _NUMERIC & match.re.groupindex.keys()}
    month = parts["month"] if "month" in parts else tokens.roles[match.start("month_name")]["month"]
    latest = now.astimezone(zone or UTC).date() + timedelta(days=1)
    for year in (latest.year, latest.year - 1):
        with suppress(ValueError):
            day = date(year, month, parts["day"])
            if day <= latest:
                return with_time_of_day(day, match, tokens, zone)
    return None


def with_plain_signs(text: str) -> str:
    """Return a text with a full stop for other signs between the numbers of a day, and without brackets in endings.

    >>> with_plain_signs("27·11·2026"), with_plain_signs("27 XI 2026"), with_plain_signs("2026(e)ko azaroaren 27a")
    ('27.11.2026', '27.11.2026', '2026eko azaroaren 27a')

    Args:
        text: A text as ``words.fold`` returns it.
    """
    if not text.isascii() or "|" in text or "_" in text:
        text = _OTHER_SIGNS.sub(r"\1.\3.\4", text)
    if "(e)" in text:
        text = text.replace("(e)", "e")
    if ":" not in text:
        text = _with_plain_clock(text)
    if _ROMAN_NUMERAL.search(text):
        text = _ROMAN.sub(lambda match: f"{match[1]}.{_NUMERALS.index(match[2]) + 1}.", text)
    return text


def _with_plain_clock(text: str) -> str:
    """Return a text with a colon in a clock of four digits, if it has a year beside that."""
    clock = _PLAIN_CLOCK.search(text)
    if clock is None or not any(year.start() != clock.start() for year in _YEAR.finditer(text)):
        return text
    return f"{text[: clock.start()]}{clock[1]}:{clock[2]}{text[clock.end() :]}"


def _context(text: str, zone: tzinfo | None, now: datetime | None, language: str | None) -> _Context:
    first, calendars = _usage(getattr(zone, "key", None), language)
    if not text.isascii():
        if language is None and _EXTENDED_DIGIT.search(text):
            calendars |= {"solar"}
        if _THAI.search(text):
            calendars |= {"buddhist"}
    # Discover calls without any of these to skip old articles. A guessed month would lose some.
    return _Context(zone, now, first if zone or language or now else None, calendars)


@lru_cache(maxsize=256)
def _usage(zone: str | None, language: str | None) -> tuple[str, frozenset[str]]:
    """Return what a numeric date begins with, and the calendars in use beside the Gregorian.

    Args:
        zone: The name of the site's zone.
        language: The language of the page.
    """
    words = vocabulary()
    local_language = words.language_of_zone(zone)
    # Publishing systems declare en-US everywhere, so the zone says more about the order of numbers.
    order_language = local_language if zone not in {None, "UTC"} else language
    return words.first_of_numbers(order_language), words.calendars(language) | words.calendars(local_language)


def _absolute(tokens: Tokens, context: _Context) -> PointInTime | None:
    minguo = patterns().minguo if "minguo" in context.calendars else ()
    gregorian = tokens
    if patterns().solar_month.search(tokens.symbols):
        for pattern in patterns().solar:
            gregorian = gregorian.without(pattern)
    for among, alternatives in (
        (gregorian, patterns().with_year),
        (tokens, patterns().solar),
        (gregorian, minguo),
        (gregorian, patterns().with_short_year),
    ):
        if match := _first_match(alternatives, among, context):
            return with_time_of_day(_date(match, among, context), match, among, context.zone)
    return None


def _first_match(alternatives: tuple[re.Pattern[str], ...], tokens: Tokens, context: _Context) -> re.Match[str] | None:
    """Return the first match of any of these patterns whose year is of a known calendar."""
    matches = [match for pattern in alternatives if (match := pattern.search(tokens.symbols))]
    if not all(_has_known_calendar(match, tokens, context) for match in matches):
        every = (match for pattern in alternatives for match in pattern.finditer(tokens.symbols))
        matches = [match for match in every if _has_known_calendar(match, tokens, context)]
    return min(matches, key=re.Match.start, default=None)


def _has_known_calendar(match: re.Match[str], tokens: Tokens, context: _Context) -> bool:
    if match.re.groupindex.get("year") is None or match["year"] != "Y":
        return True
    year = tokens.number(match.start("year"))
    return year >= _FIRST_GREGORIAN or "solar" in match.re.groupindex or _is_solar(year, context)


def _date(match: re.Match[str], tokens: Tokens, context: _Context) -> date:
    """Return the date of a match. ValueError for one that its calendar does not have."""
    parts = {name: tokens.number(match.start(name)) for name in _NUMERIC & match.re.groupindex.keys()}
    if "solar" in match.re.groupindex:
        return _from_solar_month(parts["year"], tokens.roles[match.start("solar")]["solar"], parts["day"])
    if "first" in parts:
        return _numeric_date(parts, context, is_short=match["year"] == _SHORT, is_plain=match["sign"] == ".")
    month = parts["month"] if "month" in parts else tokens.roles[match.start("month_name")]["month"]
    if "month" in parts and _is_solar(parts.get("year", 0), context):
        return solar_date(parts["year"], month, parts["day"])
    return date(_year(match, parts, tokens, context), month, parts["day"])


def _year(match: re.Match[str], parts: dict[str, int], tokens: Tokens, context: _Context) -> int:
    """Return the Gregorian year of a match."""
    if "minguo" in parts:
        return parts["minguo"] + MINGUO_YEARS
    if "era" in match.re.groupindex:
        return parts["year"] + int(tokens.roles[match.start("era")]["era"])
    return _short_year(parts["year"], context) if match["year"] == _SHORT else common_year(parts["year"])


def _is_solar(year: int, context: _Context) -> bool:
    return "solar" in context.calendars and year in SOLAR_YEARS


def _from_solar_month(year: int, month: int, day: int) -> date:
    if year not in SOLAR_YEARS:
        raise ValueError(f"not a year of the solar calendar: {year}")
    return solar_date(year, month, day)


def _numeric_date(parts: dict[str, int], context: _Context, *, is_short: bool, is_plain: bool) -> date:
    """Return the date of three numbers, in the first order that the calendar allows.

    With full stops the day comes first. Otherwise ValueError if the order is not known and makes a difference.
    """
    first, second, third = parts["first"], parts["second"], parts["year"]
    if _is_solar(third, context):
        return solar_date(third, second, first)
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
        raise ValueError(f"no date, or an ambiguous one: {parts}")
    return days[0]


def _short_year(digits: int, context: _Context) -> int:
    latest = context.now.year + 1 if context.now else _LAST_SHORT_YEAR
    return short_year(digits, latest, context.calendars)


def _ago(tokens: Tokens, now: datetime) -> PointInTime | None:
    """Return the point in time of "two hours ago"."""
    match = next(filter(None, (pattern.search(tokens.symbols) for pattern in patterns().ago)), None)
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
            per_unit, name = unit
            yield count * per_unit, name
            count = 1


def _relative_day(tokens: Tokens, context: _Context, now: datetime) -> PointInTime | None:
    """Return the point in time of "yesterday at 14:05"; "yesterday" alone counts only if the text is nothing else."""
    match = patterns().relative_day.search(tokens.symbols)
    if match is None:
        return None
    clock = find_clock(match, tokens.symbols)
    if clock is None and tokens.symbols != match[0]:
        return None
    back = timedelta(days=tokens.roles[match.start()]["relative_day"])
    return with_time_of_day((now.astimezone(context.zone or UTC) - back).date(), match, tokens, context.zone)
