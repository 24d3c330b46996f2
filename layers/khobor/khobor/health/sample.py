"""A sample of what came of a source: its newest pages and those of the fortnight before, as the tables know them.

Some two hundred reads of a source: nothing is counted on the way, where it would have to be counted once and only once.
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
# The pages before are of so many days: any day of the week is among them twice.
DAYS = 14
# Of a source that publishes less in these days, the newest headlines are taken, however old.
_NEWEST = 60
_OF_THE_LAST_DAY = 32
_OF_A_DAY_BEFORE = 8
# URLs that were found: of the last day, and of the week before in which they are looked at again.
_FOUND_NOW = 30
_FOUND_BEFORE = 60
_MOST_FOUND = 2000
# So long a URL may take from where it was found to the archive, as it waits for its host's turn.
_WAY = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How one page was read.

    Attributes:
        fetched_at: When it was fetched, aware.
        key: The key of the page in the raw bucket.
        rules: Name and version of the rules that it was read by, such as ``daily/2``.
        origins: Of each field of ``FIELDS`` that was found, where.
    """

    fetched_at: datetime
    key: str | None = None
    rules: str | None = None
    origins: Mapping[str, Origin | None]

    @property
    def day(self) -> date:
        """The day on which it was fetched, of UTC."""
        return self.fetched_at.astimezone(UTC).date()


@dataclass(frozen=True, kw_only=True)
class DiscoveredUrl:
    """A URL that was found and is to be an article.

    Attributes:
        url: The URL.
        since: When it was published, or found.
        is_there: Whether the archive has an article of it.
    """

    url: str
    since: datetime
    is_there: bool


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What is known of a source.

    Attributes:
        source: The source.
        readings: How pages of it were read.
        listed: When its newest articles were published, the newest first.
        found: URLs of it that are young, each long enough known to be an article by now.
    """

    source: Source
    readings: Sequence[Reading] = ()
    listed: Sequence[datetime] = ()
    found: Sequence[DiscoveredUrl] = ()


FIELDS = ("title", "published_at", "authors", "body")


def reading(article: Article) -> Reading:
    """Return how the page of an article was read."""
    extraction = article.extraction
    found = [name for name in FIELDS if getattr(article, name)]
    origins = {name: extraction.fields[name].origin if name in extraction.fields else None for name in found}
    key = article.raw.key if article.raw else None
    return Reading(fetched_at=article.fetched_at, key=key, rules=extraction.rules, origins=origins)


class Sampler:
    """Takes samples.

    Args:
        lists: The lists of the archive.
        archive: The archive.
        urls: The URLs that are known.
    """

    def __init__(self, lists: ArchiveLists, archive: Archive, urls: KnownUrls) -> None:
        self._lists = lists
        self._archive = archive
        self._urls = urls

    def take(self, source: Source, now: datetime) -> Sample:
        """Return a sample of a source.

        Args:
            source: The source.
            now: The time, aware.
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
        """Yield headlines of the last days, of each some, from morning to evening."""
        for number in range(DAYS + 1):
            since = now - (number + 1) * DAY
            # What is dated too late came of late.
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
    """Return so many of some values, from the first to the last.

    >>> evenly(range(10), 4)
    [0, 2, 5, 7]
    """
    every = list(values)
    return every if len(every) <= most else [every[number * len(every) // most] for number in range(most)]
