"""Which of several dates comes first: what confirms them, times before their days, the earlier of two."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import chain

from khobor.article import EARLIEST_CLOCK, LATEST_CLOCK, Candidate
from khobor.extract.field_candidate import FieldCandidate, best_candidate

Date = FieldCandidate[datetime]
SAME_DAY = timedelta(days=1)
# Dates that are farther apart than this differ.
_SAME = timedelta(minutes=1)
_YEAR = re.compile(r"\d{4}|\d\D{1,2}\d\d?\D{1,2}\d\d")
# A longer line says more than a date.
_LONGEST_ALONE = 40


def with_witnesses(date: Date, declared: list[Date]) -> Date:
    """Return a date whose evidence names the declared dates that confirm it, and those that differ.

    Args:
        date: The date.
        declared: The dates that the page declares.
    """
    others = (each for each in declared if not _confirms(each, date))
    disputed = tuple(dict.fromkeys(Candidate(origin=each.evidence.origin, text=each.evidence.text) for each in others))
    agreeing = (each.place for each in declared if each.place != date.place and _confirms(each, date))
    confirmed = tuple(dict.fromkeys(agreeing))
    if not (disputed or confirmed):
        return date
    return replace(date, evidence=replace(date.evidence, confirmed_by=confirmed, disputed_by=disputed))


def _confirms(witness: Date, date: Date) -> bool:
    """Whether two dates are the same. A day does not differ from a time on it."""
    is_day = "day" in {date.evidence.precision, witness.evidence.precision}
    return abs(witness.value - date.value) < (SAME_DAY if is_day else _SAME)


def most_confirmed_first(dates: list[Date], listed: list[Date]) -> list[Date]:
    """Return declared dates with those first that most kinds of places confirm; the order decides between equals.

    Args:
        dates: The dates that the page declares.
        listed: Those that a feed states, which confirm others.
    """
    witnesses = (replace(date, is_last_resort=True) for date in listed)
    best = best_candidate(chain(dates, witnesses), is_same_day)
    if best is None:
        return []
    return sorted(dates, key=lambda date: not is_same_day(date, best))


def with_year_first(dates: Iterator[Date]) -> Iterator[Date]:
    """Yield dates in their order; but if the first has no year, such as "two hours ago", those with one come before it.

    The day of the others depends on when the page was fetched, which is not known of every page.
    """
    first = next(dates, None)
    if first is None:
        return
    if not _YEAR.search(first.evidence.text):
        rest = list(dates)
        yield from (date for date in rest if _YEAR.search(date.evidence.text))
        dates = (date for date in rest if not _YEAR.search(date.evidence.text))
    yield first
    yield from dates


def earliest_first(dates: Iterator[Date]) -> Iterator[Date]:
    """Yield the dates of lines; but if the first is little else than a date, those of the earliest such day first.

    Of two dates, the second is that of the last change, whatever the word for it.
    """
    found = list(dates)
    if not found or not _is_alone(found[0]):
        return iter(found)
    precision = found[0].evidence.precision
    alike = (date for date in found if _is_alone(date) and date.evidence.precision == precision)
    earliest = min(alike, key=lambda date: date.value)
    return iter(sorted(found, key=lambda date: not is_same_day(date, earliest)))


def _is_alone(date: Date) -> bool:
    """Whether a date with a year is nearly all of a line."""
    text = date.evidence.text
    return len(text) <= _LONGEST_ALONE and _YEAR.search(text) is not None


def if_one_day(dates: Iterator[Date]) -> Iterator[Date]:
    """Yield dates if all of them are on one day, so that no other thing on the page can have them."""
    found = list(dates)
    if all(is_same_day(found[0], date) for date in found[1:]):
        yield from times_first(iter(found))


def with_time_of(listed: list[Date], dates: Iterator[Date]) -> Iterator[Date]:
    """Yield dates; before the first, if it is a day, the times that a feed states on this day.

    Args:
        listed: The dates that the feed states.
        dates: The dates of the page, the best first.
    """
    first = next(dates, None)
    if first is None:
        return
    if first.evidence.precision == "day":
        yield from (date for date in listed if date.evidence.precision == "minute" and is_same_day(date, first))
    yield first
    yield from dates


def times_first(dates: Iterator[Date], more: Iterable[Date] = ()) -> Iterator[Date]:
    """Yield dates in their order; but if the first is a day, the times on this day come before it.

    Args:
        dates: The dates.
        more: Other dates, of which only such times count.
    """
    first = next(dates, None)
    if first is None:
        return
    if first.evidence.precision == "day":
        others = list(dates)
        known = chain(others, more)
        times = [date for date in known if date.evidence.precision == "minute" and is_same_day(date, first)]
        yield from times
        dates = (date for date in others if date not in times)
    yield first
    yield from dates


def day_of_midnight(date: Date, zone: tzinfo | None) -> Date:
    """Return a day for a time that is midnight in its own zone or in that of the page, as machines write a day.

    Args:
        date: The date.
        zone: The zone of the page; None if it is unknown.
    """
    for local in (date.value, date.value.astimezone(zone)) if zone else (date.value,):
        if (local.hour, local.minute, local.second) == (0, 0, 0):
            return replace(date, value=local, evidence=replace(date.evidence, precision="day"))
    return date


def is_same_day(date: Date, other: Date) -> bool:
    """Whether two dates are on one day in their own zones or, if one has no zone of its own, in any zone.

    Two times are on one day if they are in the zone of either. Two days are one only if they are the same.

    Args:
        date: One date.
        other: The other.
    """
    if date.value.date() == other.value.date():
        return True
    if date.evidence.precision == other.evidence.precision == "minute":
        # A feed states in UTC what the page shows in local time.
        return (
            date.value.astimezone(other.value.tzinfo).date() == other.value.date()
            or other.value.astimezone(date.value.tzinfo).date() == date.value.date()
        )
    day, time = (date, other) if date.evidence.precision == "day" else (other, date)
    are_days = time.evidence.precision == "day"
    if are_days or day.evidence.precision != "day" or time.value.utcoffset():
        return abs(date.value - other.value) < _SAME
    return -LATEST_CLOCK <= time.value - day.value.replace(tzinfo=UTC) < SAME_DAY - EARLIEST_CLOCK
