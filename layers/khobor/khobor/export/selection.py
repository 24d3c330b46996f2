"""The articles that an export selects, divided into partitions: one for each source and day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta

from khobor.archive.headlines import Headline
from khobor.archive.spans import ALWAYS, Bound, Span, day_starts, last_day_now
from khobor.export.reading import ExportReader
from khobor.export.rights import Reservation
from khobor.url import digest

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which articles to export; the time of an article is that of its publication, or of the fetch if unknown.

    Attributes:
        sources: Names of sources; empty selects all sources and requires a start.
        start: The first day in the time zone of each source, or the first instant, aware.
        end: The end, exclusive: a day or an instant. None means no end, or for all sources the day after tomorrow,
            because some dates lie in the future.
        languages: BCP 47 language ranges (RFC 4647, 3.3.1): ``bn`` matches ``bn-BD`` too; empty selects all.
        respected: The reservations for which an article is left out.
    """

    sources: tuple[str, ...] = ()
    start: Bound | None = None
    end: Bound | None = None
    languages: tuple[str, ...] = ()
    respected: tuple[Reservation, ...] = ()

    @property
    def span(self) -> Span:
        """The selected span of time."""
        return Span(since=self.start or ALWAYS.since, until=self.end or ALWAYS.until)

    def takes(self, headline: Headline) -> bool:
        """Whether the selection includes an article, judged by its headline."""
        is_in_time = self.span.contains(headline.listed_at)
        return is_in_time and (not self.languages or any(_matches(headline.language, each) for each in self.languages))

    def covers(self, source: str | None, day: date) -> bool:
        """Whether the sources and the time include all articles of a source on a day.

        Args:
            source: The name of the source; None for articles without one.
            day: The day in its time zone.
        """
        return self.span.contains_day(day) and (not self.sources or source in self.sources)


@dataclass(frozen=True, kw_only=True)
class Partition:
    """The articles of one source on one day in its time zone.

    Attributes:
        source: The name of the source; None for articles without one.
        day: The day.
        article_ids: The ids of the articles in order of time.
        listing: A digest of what the archive lists: it changes if articles are added, removed or changed.
    """

    source: str | None
    day: date
    article_ids: tuple[str, ...]
    listing: str


# What is kept of a headline until its partition is complete: time, id and a digest of the whole.
_Entry = tuple[datetime, str, str]


def bound(text: str, *, is_end: bool = False) -> Bound:
    """Return the day of an ISO 8601 date, or the instant of a time; a time without an offset is UTC.

    >>> bound("2026-03-01").isoformat(), bound("2026-03-01", is_end=True).isoformat()
    ('2026-03-01', '2026-03-02')

    Args:
        text: The date or the time.
        is_end: Whether it is an inclusive end: for a date, the following day is returned.

    Raises:
        ValueError: It is neither.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        stamp = datetime.fromisoformat(text)
        return stamp.astimezone(UTC) if stamp.tzinfo else stamp.replace(tzinfo=UTC)
    return day + (_DAY if is_end else timedelta())


def partitions(reader: ExportReader, selection: Selection, now: datetime) -> Iterator[Partition]:
    """Yield the partitions of a selection, holding the ids of one at a time.

    Args:
        reader: Reads the headlines.
        selection: Which articles to export.
        now: The current time, aware: without an end, the days of all sources end one day after it.

    Raises:
        ValueError: There is neither a source nor a start.
    """
    if selection.sources:
        for source in dict.fromkeys(selection.sources):
            yield from _partitions_of_source(reader, source, selection)
    elif selection.start:
        for day in _days(
            selection.span.first_day, selection.span.last_day if selection.end else last_day_now(now + _DAY)
        ):
            yield from _partitions_of_day(reader, day, selection)
    else:
        raise ValueError("a selection needs a source or a start")


def _partitions_of_source(reader: ExportReader, source: str, selection: Selection) -> Iterator[Partition]:
    for day, entries in _by_day(filter(selection.takes, reader.of_source(source, selection.span))):
        yield _partition(source, day, entries)


def _by_day(headlines: Iterable[Headline]) -> Iterator[tuple[date, list[_Entry]]]:
    """Yield the entries of each day, from headlines in descending order of time.

    Days overlap if the UTC offset of a source changes, or differs between its pages.
    """
    by_day: defaultdict[date, list[_Entry]] = defaultdict(list)
    for headline in headlines:
        for day in [each for each in by_day if headline.listed_at < day_starts(each)]:
            yield day, by_day.pop(day)
        by_day[headline.listed_at.date()].append(_entry(headline))
    yield from sorted(by_day.items(), reverse=True)


def _partitions_of_day(reader: ExportReader, day: date, selection: Selection) -> Iterator[Partition]:
    by_source: defaultdict[str | None, list[_Entry]] = defaultdict(list)
    for headline in filter(selection.takes, reader.of_day(day)):
        by_source[headline.source].append(_entry(headline))
    for source in sorted(by_source, key=lambda name: name or ""):
        yield _partition(source, day, by_source[source])


def _partition(source: str | None, day: date, entries: Iterable[_Entry]) -> Partition:
    # The index returns equal times in any order; sorting makes it stable.
    ordered = sorted(entries)
    listing = digest("".join(state for _, _, state in ordered).encode())
    return Partition(source=source, day=day, article_ids=tuple(key for _, key, _ in ordered), listing=listing)


def _entry(headline: Headline) -> _Entry:
    return headline.listed_at, headline.article_id, digest(repr(astuple(headline)).encode())


def _days(first: date, last: date) -> Iterator[date]:
    yield from (first + number * _DAY for number in range((last - first).days + 1))


def _matches(language: str | None, wanted: str) -> bool:
    """Whether a language tag is within a range: RFC 4647, 3.3.1."""
    return f"{language or ''}-".lower().startswith(f"{wanted}-".lower())
