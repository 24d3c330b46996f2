"""Dates near the headline that only together say what they are the dates of.

Of several dates that a page calls that of publication, the first is, and the last is that of the last change: "Stand:
28.11.2026 | Erstellt: 27.11.2026". And a change with nothing but a time of day was on the day of publication: "Publié
le 27 novembre 2026 à 17h00, mis à jour à 18h02".
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from khobor.extract.date_choice import Date, is_same_day
from khobor.extract.date_labels import after_label, before_label, kinds_of_labels
from khobor.extract.date_lines import DateLine, is_prose, labelled_dates

Reader = Callable[[str], Date | None]

_WORD = re.compile(r"[^\W\d_]+")
# A time of day, and no number beside it that may be a day.
_CLOCK = re.compile(
    r"(?P<before>\D{0,20})\d{1,2}[:h]\d\d(?::\d\d)?(?:\s?\(?(?:GMT|UTC)?\s?[+-]\d\d?(?::?\d\d)?\)?)?"
    r"[^\d|•·;(]{0,40}(?:$|[|•·;(])"
)
# A line with a time of day and nothing else but a word such as "at" or "Uhr". With a full stop it may be a number.
_CLOCK_LINE = re.compile(
    r"(?:[^\W\d_]{1,10}\s?[:：]?\s?)?\d{1,2}(?:[:h]\d\d(?::\d\d)?|\.\d\d(?=\s?[^\W\d_]))\s?(?:[^\W\d_.]{1,5}\.?\s?){0,2}"
)
_LONGEST_CLOCK_LINE = 30
_LONGEST_DAY = 60
# A longer word before a time of day may be a day of the week. One in a script without small letters may be "evening".
_LONGEST_SHORT_WORD = 4


def of_publication(lines: Iterable[DateLine], read: Reader) -> list[Date]:
    """Return the dates after labels of publication in lines beside each other, the earliest first.

    The list is empty if they are all on one day, unless all of them are times.

    Args:
        lines: The lines near the headline that are of no other article.
        read: Reads a date.
    """
    found: list[str] = []
    for line in lines:
        texts = [] if is_prose(line) else list(labelled_dates([line], "published"))
        if found and not texts:
            break
        found += texts
    # Most pages have one, which may never be read.
    dates = list(filter(None, map(read, found))) if len(found) > 1 else []
    are_times = all(date.evidence.precision == "minute" for date in dates)
    if len(dates) < 2 or (not are_times and all(is_same_day(dates[0], date) for date in dates)):  # noqa: PLR2004 pairs
        return []
    return sorted(dates, key=lambda date: date.value)


def of_changes(lines: Iterable[DateLine], read: Reader) -> Iterator[Date]:
    """Yield the times of changes that have no day, on the day of publication in the same line or the one before.

    Args:
        lines: The lines near the headline that are of no other article.
        read: Reads a date.
    """
    changes = [(line, [] if is_prose(line) else _clocks(line)) for line in lines]
    if not any(texts for _, texts in changes):
        return
    before: Date | None = None
    for line, clocks in changes:
        if is_prose(line):
            continue
        texts = [text for text in clocks if read(text) is None]
        days = [*after_label(line.text, "published"), "" if line.label == "modified" else before_label(line.text)]
        published = next(filter(None, map(read, filter(None, days))), None) or (before if texts else None)
        if published:
            dates = (read(f"{published.value.date().isoformat()} {text}") for text in texts)
            for each, text in zip(dates, texts, strict=True):
                date = _in_zone_of(published, each) if each else None
                if date and date.evidence.precision == "minute" and date.value > published.value:
                    yield replace(date, evidence=replace(date.evidence, text=text))
        before = published


def days_with_clocks(lines: Iterable[DateLine]) -> Iterator[str]:
    """Yield the lines with a day and the time of day in the line behind them, which has nothing else.

    Args:
        lines: The lines near the headline that are of no other article.
    """
    for line, following in pairwise(lines):
        is_clock = len(following.text) <= _LONGEST_CLOCK_LINE and _CLOCK_LINE.fullmatch(following.text)
        # The last change may have nothing but a time.
        if not is_clock or following.label == "modified" or not set(kinds_of_labels(following.text)) <= {"published"}:
            continue
        if line.label in {None, "published"} and len(line.text) <= _LONGEST_DAY and not is_prose(line):
            yield f"{before_label(line.text)} {following.text}"


def _in_zone_of(published: Date, date: Date) -> Date:
    """Return the time of a change in the zone of the time of publication beside it, if neither has an offset."""
    zone = published.evidence.assumed_zone
    if not zone or not date.evidence.assumed_zone or published.evidence.precision == "day":
        return date
    value = date.value.replace(tzinfo=published.value.tzinfo)
    return replace(date, value=value, evidence=replace(date.evidence, assumed_zone=zone))


def _clocks(line: DateLine) -> list[str]:
    return [text for text in labelled_dates([line], "modified") if _is_clock_alone(text)]


def _is_clock_alone(text: str) -> bool:
    clock = _CLOCK.match(text)
    return clock is not None and all(
        not word[0].isupper() and (len(word) <= _LONGEST_SHORT_WORD or not word.islower())
        for word in _WORD.findall(clock["before"])
    )
