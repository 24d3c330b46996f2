"""The calendars that news sites use beside the Gregorian: those of Iran, Thailand, Taiwan and Japan."""

import re
from collections.abc import Collection
from datetime import date, timedelta

_BUDDHIST_YEARS = 543
_FIRST_BUDDHIST = 2500
# Two digits of a Buddhist year: 33 is 2533, which is 1990. Two digits of a Gregorian year since 1990 are never these.
_BUDDHIST_SHORT = range(33, 90)
_CENTURY = 100
MINGUO_YEARS = 1911
# Two digits of a Minguo year since 1990. As a Gregorian year they are older than nearly all of the web.
_MINGUO_SHORT = range(79, 100)
# The solar years since the web began, and some to come. Islamic lunar years are in the same range: the site's language
# or zone decides.
SOLAR_YEARS = range(1360, 1480)
# 1 Farvardin 1403. In a cycle of 33 years these are leap years, which agrees with the equinox from 1244 to 1502.
_SOLAR_EPOCH = (1403, date(2024, 3, 20))
_SOLAR_CYCLE = 33
_SOLAR_LEAPS = (1, 5, 9, 13, 17, 22, 26, 30)
_LONG_MONTHS = 6
_LONG_MONTH = 31
_LAST_MONTH = 12
# The year before an era's first, by its letter in JIS X 0301 and by its name.
_ERAS = {"r": 2018, "h": 1988, "s": 1925, "t": 1911, "m": 1867, "令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911}
_ERA = re.compile(
    r"(?:(?<![^\W_])([RHSTM])|(令和|平成|昭和|大正))\.?(\d{1,2}|元)(?=年|[./-][ ]?\d{1,2}[./-][ ]?\d{1,2}(?!\d))",
    re.IGNORECASE,
)
# The first year of an era is written with a character, not a number.
_FIRST_OF_ERA = re.compile(r"(?<=[一-龯])元(?=年)")
# The same year in both calendars: 令和8年(2026年)11月, 2026年(令和8年)11月, 2026(令和8)年11月.
_YEAR_TWICE = re.compile(r"(?<=\d)年?[ ]?\((?:\d{4}|(?:令和|平成|昭和)\d{1,2})年?\)年?(?=[ ]?\d{1,2}月)")
_NUMERALS = {numeral: value for value, numerals in enumerate(("〇○零", *"一二三四五六七八九")) for numeral in numerals}
_NUMERAL = rf"[十{''.join(_NUMERALS)}]"
_DATE_IN_NUMERALS = re.compile(rf"({_NUMERAL}{{1,4}})年[ ]?({_NUMERAL}{{1,3}})月[ ]?({_NUMERAL}{{1,3}})(?=[日号號])")


def with_plain_years(text: str) -> str:
    """Return a text with years of Japanese eras as Gregorian years, and dates in Chinese numerals in digits.

    >>> with_plain_years("R8.11.27"), with_plain_years("令和元年5月1日"), with_plain_years("二〇二六年十一月二十七日")
    ('2026.11.27', '2019年5月1日', '2026年11月27日')

    Args:
        text: A text as ``words.fold`` returns it.
    """
    if not text.isascii():
        text = _DATE_IN_NUMERALS.sub(_in_digits, _FIRST_OF_ERA.sub("1", text))
        text = _YEAR_TWICE.sub("年", text)
    return _ERA.sub(_year_of_era, text)


def _year_of_era(match: re.Match[str]) -> str:
    return str(_ERAS[(match[1] or match[2]).lower()] + (1 if match[3] == "元" else int(match[3])))


def _in_digits(match: re.Match[str]) -> str:
    year, month, day = map(_number, match.groups())
    return f"{year}年{month}月{day}"


def _number(numerals: str) -> int:
    """Return the number of Chinese numerals: digit by digit, or with the sign for ten as in 二十七."""
    if "十" not in numerals:
        return int("".join(str(_NUMERALS[numeral]) for numeral in numerals))
    tens, _, ones = numerals.partition("十")
    return (_number(tens) if tens else 1) * 10 + (_number(ones) if ones else 0)


def common_year(year: int) -> int:
    """Return the Gregorian year of a year in four digits, which may be Buddhist."""
    return year - _BUDDHIST_YEARS if year >= _FIRST_BUDDHIST else year


def short_year(digits: int, latest: int, calendars: Collection[str] = ()) -> int:
    """Return the Gregorian year of a year in two digits: the last one that is not after ``latest``.

    >>> short_year(98, 2027), short_year(98, 2027, {"minguo"}), short_year(26, 2027, {"minguo"})
    (1998, 2009, 2026)
    >>> short_year(69, 2027, {"buddhist"}), short_year(26, 2027, {"buddhist"})
    (2026, 2026)

    Args:
        digits: The two digits as a number.
        latest: The latest year that they can mean.
        calendars: The calendars that the year may be of beside the Gregorian: buddhist, minguo.
    """
    if "buddhist" in calendars and digits in _BUDDHIST_SHORT:
        return common_year(_FIRST_BUDDHIST + digits)
    if "minguo" in calendars and digits in _MINGUO_SHORT:
        return digits + MINGUO_YEARS
    year = latest // _CENTURY * _CENTURY + digits
    return year - _CENTURY if year > latest else year


def solar_date(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of a date in the solar calendar of Iran and Afghanistan.

    >>> solar_date(1405, 9, 6).isoformat()
    '2026-11-27'

    Args:
        year: Such as 1405.
        month: From 1 to 12.
        day: From 1 to 31.

    Raises:
        ValueError: The calendar has no such day.
    """
    length = _LONG_MONTH if month <= _LONG_MONTHS else _LONG_MONTH - 1
    if month == _LAST_MONTH and year % _SOLAR_CYCLE not in _SOLAR_LEAPS:
        length -= 1
    if not (1 <= month <= _LAST_MONTH and 1 <= day <= length):
        raise ValueError(f"not a day of the solar calendar: {year}/{month}/{day}")
    epoch, start = _SOLAR_EPOCH
    days = 365 * (year - epoch) + _leap_years_before(year) - _leap_years_before(epoch)
    before = _LONG_MONTH * min(month - 1, _LONG_MONTHS) + (_LONG_MONTH - 1) * max(0, month - 1 - _LONG_MONTHS)
    return start + timedelta(days=days + before + day - 1)


def _leap_years_before(year: int) -> int:
    cycles, rest = divmod(year, _SOLAR_CYCLE)
    return cycles * len(_SOLAR_LEAPS) + sum(leap < rest for leap in _SOLAR_LEAPS)
