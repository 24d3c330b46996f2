"""Patterns of dates and times over the symbols of a vocabulary.

``words`` turns a text into tokens. Each token has a symbol for what it can be in a date. The patterns match symbols, so
that one pattern finds a date in every language.
"""

import re
from dataclasses import dataclass
from functools import cache

from khobor.dates.words import vocabulary

# Symbols: 1, 2 and 3 are numbers with so many digits, Y is one with four, {role} is any word that has this role.
_GAP = r"[.,/\-{of}]*"
_WITH_YEAR = (
    # 16 August 2023, 16 آب/أغسطس 2023, August 16, 2023, Wed Aug 16 05:23:00 +0000 2023
    r"(?P<day>[12])" + _GAP + r"(?P<month_name>[{month}])(?:/[{month}])?" + _GAP + r"(?P<year>Y)",
    r"(?P<month_name>[{month}])" + _GAP + r"(?P<day>[12])" + _GAP + r"(?P<year>Y)",
    r"(?P<month_name>[{month}])(?P<day>[12])(?P<clock>[12]:2(?::2)?)(?:[+\-]Y|x){{0,2}}(?P<year>Y)",
    r"(?P<day>[12])(?P<month_name>[{month}])(?P<clock>[12]:2(?::2)?)(?:[+\-]Y|x){{0,2}}(?P<year>Y)",
    # 2024. március 1., 2024. gada 1. marts; but not the end of one date before the next
    r"(?P<year>Y)" + _GAP + r"(?P<month_name>[{month}])" + _GAP + r"(?P<day>[12])(?!" + _GAP + "Y)",
    r"(?P<year>Y)" + _GAP + r"(?P<day>[12])" + _GAP + r"(?P<month_name>[{month}])(?!" + _GAP + "Y)",
    # 2024年3月1日, 令和6年3月1日, 3月 1, 2024, 1 tháng 3 năm 2024
    r"(?P<year>Y)[{year_mark}][{of}]*(?P<month>[12])[{of}]*[{month_mark}][{of}]*(?P<day>[12])",
    r"(?P<era>[{era}])(?P<year>[123])[{year_mark}](?P<month>[12])[{month_mark}](?P<day>[12])",
    r"(?P<minguo>3)[{year_mark}](?P<month>[12])[{month_mark}](?P<day>[12])",
    r"(?P<month>[12])[{month_mark}](?P<day>[12])[,{day_mark}]*(?P<year>Y)",
    r"(?P<day>[12])(?P<month>[12])[{month_mark}],?(?P<year>Y)",
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
# Dates with a year of two digits count only if the text has no other date.
_WITH_SHORT_YEAR = (
    r"(?<!:)(?P<day>[12])" + _GAP + r"(?P<month_name>[{month}])" + _GAP + r"(?P<year>2)(?![:{hour_mark}{half}])",
    r"(?P<year>2)[{year_mark}](?P<month>[12])[{month_mark}](?P<day>[12])",
    r"(?P<first>[12])(?P<sign>[./\-])(?P<second>[12])(?P=sign)(?P<year>2)(?![:{hour_mark}{half}])",
)
# A day whose year is that of the reader. Another number behind it would be the year, unless it is a time of day.
_NO_YEAR_BEHIND = r"(?!" + _GAP + r"(?:[3Y]|[12](?![12:.{hour_mark}{half}])))"
_WITHOUT_YEAR = (
    r"(?<![3Y:./\-])(?P<day>[12])" + _GAP + r"(?P<month_name>[{month}])" + _NO_YEAR_BEHIND,
    r"(?<![12][./\-])(?<![123Y])(?P<month_name>[{month}])" + _GAP + r"(?P<day>[12])(?![:./\-])" + _NO_YEAR_BEHIND,
    r"(?<![123Y{year_mark}])(?P<month>[12])[{month_mark}](?P<day>[12])[{day_mark}]",
)
# Four digits are a year after a full stop, as in 16.08-2023, and an offset after a colon, as in 05:23-0700.
_CLOCK = (
    r"(?P<clock>(?P<before>[{half}])?(?P<hour>[12])"
    r"(?:(?:(?P<colon>:)|\.)(?P<minute>2|1(?=:[12]))(?:[:.](?P<second>2|(?<=:)1)(?:\.[123Yx]|,3)?)?"
    r"(?![{span}]|[./]Y)(?(colon)|(?!-Y))"
    r"|[{hour_mark}](?P<minute_after>2|1(?=[{unit}]))?"
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
# Words and signs that may stand between a date and its time of day, such as "(Wednesday) at": no number, no month.
LARGEST_GAP = 6
_BETWEEN = rf"[^123Y{{month}}{{era}}]{{{{0,{LARGEST_GAP}}}}}?"
# Roles of words that may be a part of a date.
_DATE_PARTS = ("of", "half", "hour_mark", "year_mark", "month_mark", "day_mark")


@dataclass(frozen=True)
class DatePatterns:
    """The compiled patterns.

    Attributes:
        with_year: Dates with a year of four digits, or in a calendar that the date names.
        with_short_year: Dates with a year of two digits.
        without_year: Dates without a year.
        solar: Dates with a month of the solar calendar.
        solar_month: A month of the solar calendar.
        minguo: Dates in numbers with a Minguo year of three digits.
        clock: A time of day.
        clock_after: A time of day after a date, with the words between them.
        other_calendar: A date in a calendar that is not read.
        common_era: The sign of the common era after a year.
        ago: A span of time in the past, such as "2 hours ago".
        relative_day: A word such as "yesterday".
    """

    with_year: tuple[re.Pattern[str], ...]
    with_short_year: tuple[re.Pattern[str], ...]
    without_year: tuple[re.Pattern[str], ...]
    solar: tuple[re.Pattern[str], ...]
    solar_month: re.Pattern[str]
    minguo: tuple[re.Pattern[str], ...]
    clock: re.Pattern[str]
    clock_after: re.Pattern[str]
    other_calendar: re.Pattern[str]
    common_era: re.Pattern[str]
    ago: tuple[re.Pattern[str], ...]
    relative_day: re.Pattern[str]


@cache
def patterns() -> DatePatterns:
    """Return the patterns, compiled on the first call for the symbols of the vocabulary."""
    words = vocabulary()
    classes = {role: words.symbols_of(role) for role in words.roles()}
    # "05:23 min" is a length, not a time of day. A unit that may be a part of a date, such as "h", does not count.
    classes["span"] = "".join(set(classes["unit"]).difference(*(classes[role] for role in _DATE_PARTS)))

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern.format_map(classes))

    def all_of(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
        return tuple(map(compiled, patterns))

    return DatePatterns(
        with_year=all_of(_WITH_YEAR),
        with_short_year=all_of(_WITH_SHORT_YEAR),
        without_year=all_of(_WITHOUT_YEAR),
        solar=all_of(_SOLAR),
        solar_month=compiled("[{solar}]"),
        minguo=all_of(_MINGUO),
        clock=compiled(_CLOCK),
        clock_after=compiled(_BETWEEN + _CLOCK),
        other_calendar=compiled(_OTHER_CALENDAR),
        common_era=compiled(_COMMON_ERA),
        ago=all_of(_AGO),
        relative_day=compiled(_RELATIVE_DAY),
    )
