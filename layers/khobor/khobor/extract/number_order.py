"""The order of a day in numbers, such as 09/05/2026, which the rest of the page may tell better than its language."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from khobor.dates.point_in_time import PointInTime

# With a year in front the order is known.
_NUMBERS = re.compile(
    r"(?<![\d/.-])(?P<first>\d{1,2})[ ]?(?P<sign>[/.-])[ ]?(?P<second>\d{1,2})[ ]?(?P=sign)[ ]?"
    r"(?=(?:\d{4}|\d\d)(?!\d))"
)
# The day of the week leaves no choice: Wed, 08/11/2021. Other languages with such names have one order.
_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur|)(?:day)?\b", re.IGNORECASE)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# How American servers write a time if nobody says how: 8/11/2021 10:20:00 AM.
_AMERICAN_FORM = re.compile(r"(?<![\d/])\d\d?/\d\d?/\d{4} \d\d?:\d\d:\d\d [AP]M\b")
_AMERICAN_ZONE = re.compile(r"\b[ECMP][SD]?T\b")
_MOST_MONTHS = 12
_NUMBER = re.compile(r"\d+")


def swapped(text: str) -> str | None:
    """Return a text with the first two numbers of its day exchanged, None if that gives no other day.

    >>> swapped("Posted 09/05/2026 3:59 pm"), swapped("16/09/2026")
    ('Posted 05/09/2026 3:59 pm', None)
    """
    match = _NUMBERS.search(text)
    if match is None or match["first"] == match["second"] or max(_first_and_second(match)) > _MOST_MONTHS:
        return None
    sign = match["sign"]
    return f"{text[: match.start()]}{match['second']}{sign}{match['first']}{sign}{text[match.end() :]}"


def has_full_stops(text: str) -> bool:
    """Whether the day of a text is separated by full stops. Then it comes first, unless another date says otherwise."""
    match = _NUMBERS.search(text)
    return match is not None and match["sign"] == "."


def is_swapped(
    days: tuple[date, date], text: str, known: Iterable[date], others: Iterable[str], *, may_be_american: bool
) -> bool:
    """Whether the rest of a page agrees with the other order of numbers only.

    Args:
        days: The day as the language has it, and in the other order.
        text: The text with the day.
        known: The days that the page states in an order that is known.
        others: Other texts of the page, whose days in numbers may leave no choice.
        may_be_american: Whether the page is in English and not of another country.
    """
    usual, other = days
    if (weekday := _WEEKDAY.search(text)) and usual.weekday() != other.weekday():
        named = _WEEKDAYS.index(weekday[1].lower())
        if named in {usual.weekday(), other.weekday()}:
            return named == other.weekday()
    agreeing = set(known) & {usual, other}
    if agreeing:
        return agreeing == {other}
    if has_full_stops(text):
        return False
    sign = own["sign"] if (own := _NUMBERS.search(text)) else None
    found = [_first_and_second(match) for each in others for match in _NUMBERS.finditer(each) if match["sign"] == sign]
    is_day_first = any(first > _MOST_MONTHS for first, _ in found)
    is_month_first = any(second > _MOST_MONTHS for _, second in found)
    if is_day_first or is_month_first:
        return is_day_first != is_month_first and _is_day_first(usual, text) != is_day_first
    is_american = _AMERICAN_ZONE.search(text) or (may_be_american and _AMERICAN_FORM.search(text))
    return bool(is_american) and _is_day_first(usual, text)


def _is_day_first(day: date, text: str) -> bool:
    match = _NUMBERS.search(text)
    return match is not None and int(match["first"]) == day.day


def _first_and_second(match: re.Match[str]) -> tuple[int, int]:
    return int(match["first"]), int(match["second"])


def numbers_in(text: str) -> set[int]:
    """Return the numbers in a text."""
    return {int(number) for number in _NUMBER.findall(text)}


def first_moment(point: PointInTime) -> datetime:
    """Return the day of a point in time as its first moment, without a zone."""
    return point.instant.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
