"""A span of time in which articles are listed: from one instant or day to another.

A day is a day by the clocks of each article's source. It begins at different instants for different sources.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from khobor.article import EARLIEST_CLOCK, LATEST_CLOCK

# A day, by the clocks of each source, or an instant, aware.
Bound: TypeAlias = date | datetime

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Span:
    """A span of time, from its start to before its end.

    Attributes:
        since: The first instant or day of the span.
        until: The first instant or day after the span.
    """

    since: Bound = FIRST
    until: Bound = LAST

    @property
    def starts_at(self) -> datetime:
        """The earliest instant in the span, by any clock on Earth."""
        return self.since if isinstance(self.since, datetime) else day_starts(self.since)

    @property
    def ends_at(self) -> datetime:
        """The first instant after the span, by every clock on Earth."""
        return self.until if isinstance(self.until, datetime) else day_ends(self.until - timedelta(days=1))

    @property
    def is_exact(self) -> bool:
        """Whether the span begins and ends at the same instants for all sources."""
        return isinstance(self.since, datetime) and isinstance(self.until, datetime)

    @property
    def is_backwards(self) -> bool:
        """Whether the span is empty because it ends before or when it begins."""
        is_by_day = not isinstance(self.since, datetime) and not isinstance(self.until, datetime)
        return self.since >= self.until if is_by_day else self.starts_at >= self.ends_at

    @property
    def first_day(self) -> date:
        """The first day of which some part is in the span, by any clock on Earth."""
        return _day(self.since, EARLIEST_CLOCK) if isinstance(self.since, datetime) else self.since

    @property
    def last_day(self) -> date:
        """The last day of which some part is in the span, by any clock on Earth."""
        if isinstance(self.until, datetime):
            return _day(self.until - timedelta(microseconds=1), LATEST_CLOCK)
        return self.until - timedelta(days=1)

    def contains(self, listed_at: datetime) -> bool:
        """Whether the time of an article is in the span.

        Args:
            listed_at: The time, aware, with the UTC offset of the clocks of the article's source.
        """
        return _is_reached(self.since, listed_at) and not _is_reached(self.until, listed_at)

    def contains_day(self, day: date) -> bool:
        """Whether a whole day is in the span, for every source."""
        begins = self.since <= day_starts(day) if isinstance(self.since, datetime) else self.since <= day
        ends = day_ends(day) <= self.until if isinstance(self.until, datetime) else day < self.until
        return begins and ends


ALWAYS = Span()


def one_day(day: date) -> Span:
    """Return the span of a day."""
    return Span(since=day, until=day + timedelta(days=1))


def day_starts(day: date) -> datetime:
    """Return the instant at which the first clocks on Earth reach a day."""
    return _shifted(day, -LATEST_CLOCK, FIRST)


def day_ends(day: date) -> datetime:
    """Return the instant at which the last clocks on Earth leave a day."""
    return _shifted(day, timedelta(days=1) - EARLIEST_CLOCK, LAST)


def last_day_now(now: datetime) -> date:
    """Return today's date where it is the latest on Earth."""
    return _day(now, LATEST_CLOCK)


def _is_reached(bound: Bound, listed_at: datetime) -> bool:
    return listed_at >= bound if isinstance(bound, datetime) else listed_at.date() >= bound


def _shifted(day: date, shift: timedelta, otherwise: datetime) -> datetime:
    try:
        return datetime.combine(day, time(), UTC) + shift
    except OverflowError:
        return otherwise


def _day(stamp: datetime, clock: timedelta) -> date:
    try:
        return (stamp.astimezone(UTC) + clock).date()
    except OverflowError:
        return stamp.date()
