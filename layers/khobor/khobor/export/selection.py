"""Which articles are taken, and the partitions that they make: one for each source and day."""

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
    """Which articles are taken; a time is when an article was published, else fetched.

    Attributes:
        sources: Names of sources; none takes all, and needs a start.
        start: The first day, by the clocks of each source, or the first instant, aware.
        end: The first day, or the first instant, that is not taken any more; None where there is no end, or, of all
            sources, the day after tomorrow: some dates lie ahead.
        languages: BCP 47 language ranges (RFC 4647, 3.3.1): ``bn`` takes ``bn-BD`` too; none takes all.
        respected: The reservations for which an article is left out.
    """

    sources: tuple[str, ...] = ()
    start: Bound | None = None
    end: Bound | None = None
    languages: tuple[str, ...] = ()
    respected: tuple[Reservation, ...] = ()

    @property
    def span(self) -> Span:
        """Its span of time."""
        return Span(since=self.start or ALWAYS.since, until=self.end or ALWAYS.until)

    def takes(self, headline: Headline) -> bool:
        """Whether an article is taken, as far as its headline tells."""
        is_in_time = self.span.has(headline.listed_at)
        return is_in_time and (not self.languages or any(_matches(headline.language, each) for each in self.languages))

    def covers(self, source: str | None, day: date) -> bool:
        """Whether all of a source's articles of a day are within the sources and the time."""
        return self.span.has_day(day) and (not self.sources or source in self.sources)


@dataclass(frozen=True, kw_only=True)
class Partition:
    """The articles of one source on one day by its clocks.

    Attributes:
        source: The source's name; None for articles that have none.
        day: The day.
        article_ids: In order of time.
        listing: A digest of what the archive lists of them: another one where articles came, left or changed there.
    """

    source: str | None
    day: date
    article_ids: tuple[str, ...]
    listing: str


# Of a headline what is kept until its partition is made: time, id and a digest of all of it.
_Entry = tuple[datetime, str, str]


def bound(text: str, *, is_end: bool = False) -> Bound:
    """Return the day of an ISO 8601 date, or the instant of a time; one without an offset is of UTC.

    >>> bound("2026-03-01").isoformat(), bound("2026-03-01", is_end=True).isoformat()
    ('2026-03-01', '2026-03-02')

    Args:
        text: The date or the time.
        is_end: Whether it ends something: a date is then taken to its end, and the day after it is returned.

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
    """Yield the partitions of a selection; of one at a time the ids are held.

    Args:
        reader: Where the headlines are read.
        selection: Which articles are taken.
        now: The time, aware: without an end, the days of all sources end one after it.

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
    """Yield the entries of each day, from headlines that are given the newest first.

    Where a source's clocks are changed, or its pages differ in what they say of them, days overlap.
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
    # The index puts what has one time in any order: here it is the same one each time.
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
