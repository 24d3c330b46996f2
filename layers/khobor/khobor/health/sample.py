"""A sample of a source: its newest pages and those of the previous fortnight, read from the tables.

It costs about 200 reads for each source. Counting in the pipeline instead would need exactly-once delivery.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TypeVar

from khobor.archive.headlines import MAX_PAGE_SIZE, Headline
from khobor.archive.interface import Archive, ArchiveLists
from khobor.archive.spans import Span
from khobor.article import Article, Origin
from khobor.frontier.interface import KnownUrl, KnownUrls
from khobor.sources.source import Source

_Each = TypeVar("_Each")

DAY = timedelta(days=1)
# The past spans this many days: each weekday twice.
DAYS = 14
# If a source publishes fewer articles in that time, its newest headlines are used, however old.
_NEWEST = 60
_OF_THE_LAST_DAY = 32
_OF_A_DAY_BEFORE = 8
# Discovered URLs: of the last day, and of the week before, during which they are visited again.
_FOUND_NOW = 30
_FOUND_BEFORE = 60
_MOST_FOUND = 2000
# The time that a URL may take to become an article, including the wait for its host's turn.
_WAY = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class SampledPage:
    """How one page was read.

    Attributes:
        fetched_at: When it was fetched, aware.
        key: The key of the page in the raw bucket.
        rules: Name and version of the rules that read it, such as ``daily/2``.
        origins: The origin of each field of ``FIELDS`` that was found.
    """

    fetched_at: datetime
    key: str | None = None
    rules: str | None = None
    origins: Mapping[str, Origin | None]

    @property
    def day(self) -> date:
        """The UTC day on which it was fetched."""
        return self.fetched_at.astimezone(UTC).date()


@dataclass(frozen=True, kw_only=True)
class DiscoveredUrl:
    """A discovered URL that should become an article.

    Attributes:
        url: The URL.
        since: When it was published, or discovered.
        is_there: Whether the archive has its article.
    """

    url: str
    since: datetime
    is_there: bool


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A sample of a source.

    Attributes:
        source: The source.
        readings: How its pages were read.
        listed: When its newest articles were published, the newest first.
        found: Recently discovered URLs, each old enough to be an article by now.
    """

    source: Source
    readings: Sequence[SampledPage] = ()
    listed: Sequence[datetime] = ()
    found: Sequence[DiscoveredUrl] = ()


FIELDS = ("title", "published_at", "authors", "body")


def reading(article: Article) -> SampledPage:
    """Return how the page of an article was read."""
    extraction = article.extraction
    present = [name for name in FIELDS if getattr(article, name)]
    origins = {name: extraction.fields[name].origin if name in extraction.fields else None for name in present}
    key = article.raw.key if article.raw else None
    return SampledPage(fetched_at=article.fetched_at, key=key, rules=extraction.rules, origins=origins)


class Sampler:
    """Takes samples.

    Args:
        lists: The lists of the archive.
        archive: The archive.
        urls: The known URLs.
    """

    def __init__(self, lists: ArchiveLists, archive: Archive, urls: KnownUrls) -> None:
        self._lists = lists
        self._archive = archive
        self._urls = urls

    def take(self, source: Source, now: datetime) -> Sample:
        """Return a sample of a source.

        Args:
            source: The source.
            now: The current time, aware.
        """
        newest = self._lists.by_source(source.name, limit=_NEWEST).headlines
        is_slow = len(newest) < _NEWEST or newest[-1].listed_at < now - DAYS * DAY
        headlines = newest if is_slow else tuple(self._spread(source.name, now))
        articles = (self._archive.get(each.article_id) for each in headlines)
        return Sample(
            source=source,
            readings=[reading(article) for article in articles if article],
            listed=[each.listed_at for each in newest],
            found=list(self._found(source.name, now)) if source.enabled and newest else (),
        )

    def _spread(self, source: str, now: datetime) -> Iterator[Headline]:
        """Yield some headlines of each of the last days, spread evenly over the day."""
        for number in range(DAYS + 1):
            since = now - (number + 1) * DAY
            # Articles dated in the future count as recent.
            span = Span(since=since, until=since + DAY) if number else Span(since=since)
            headlines = self._lists.by_source(source, span=span, limit=MAX_PAGE_SIZE).headlines
            yield from evenly(headlines, _OF_A_DAY_BEFORE if number else _OF_THE_LAST_DAY)

    def _found(self, source: str, now: datetime) -> Iterator[DiscoveredUrl]:
        young = [
            each
            for each in islice(self._urls.coming(source, now), _MOST_FOUND)
            if each.kind == "article" and each.since < now - _WAY
        ]
        young.sort(key=lambda each: each.since)
        yield from map(self._looked_up, evenly([each for each in young if each.since < now - DAY], _FOUND_BEFORE))
        yield from map(self._looked_up, evenly([each for each in young if each.since >= now - DAY], _FOUND_NOW))

    def _looked_up(self, known: KnownUrl) -> DiscoveredUrl:
        return DiscoveredUrl(url=known.url, since=known.since, is_there=self._archive.find(known.url) is not None)


def evenly(values: Iterable[_Each], most: int) -> list[_Each]:
    """Return at most a number of values, spread evenly.

    >>> evenly(range(10), 4)
    [0, 2, 5, 7]

    Args:
        values: The values.
        most: The number of values at most.
    """
    every = list(values)
    return every if len(every) <= most else [every[number * len(every) // most] for number in range(most)]
