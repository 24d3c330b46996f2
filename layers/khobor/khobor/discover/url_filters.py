"""What a source chooses: its listings, when it is looked at, and which of the URLs that are found are its own."""

import math
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zlib import crc32

from khobor.discover.listing import Entry, Listing
from khobor.discover.selection import unwanted
from khobor.errors import PermanentError
from khobor.frontier.fetch_queue import Kind
from khobor.frontier.ownership import owns
from khobor.page import LONGEST_URL
from khobor.sources.source import Source
from khobor.url import absolute_url, host, url_id


def decided(source: Source, entries: Iterable[Entry], now: datetime) -> Iterator[tuple[Entry, str | None]]:
    """Yield the articles that a listing tells of, each once, with the reason why it is not fetched, if there is one.

    Args:
        source: The source of the listing.
        entries: What the listing tells.
        now: The time.
    """
    oldest = _oldest(source, now)
    seen: set[str] = set()
    for entry in entries:
        try:
            identity = url_id(entry.url)
        except PermanentError as error:
            yield entry, error.reason
            continue
        if len(entry.url) > LONGEST_URL:
            yield entry, "url_too_long"
            continue
        if identity not in seen:
            seen.add(identity)
            told = entry.published_at or entry.modified_at
            yield entry, _unwanted(source, entry.url) or ("too_old" if told and told < oldest else None)


def _oldest(source: Source, now: datetime) -> datetime:
    return now - timedelta(days=source.discovery.max_age_days)


def _unwanted(source: Source, url: str) -> str | None:
    if not owns(url, url, source.hosts):
        # A viewer's or a cache's copy: it would be known under the URL of the page that it shows.
        return "other_host"
    found = unwanted(
        url,
        hosts=source.hosts,
        include=source.discovery.include,
        exclude=source.discovery.exclude,
        article_url=source.article_url,
    )
    return found.reason if found else None


def configured(source: Source) -> list[tuple[Kind, str]]:
    """Return the listings that are to be fetched with each run of a source."""
    discovery = source.discovery
    listed: list[tuple[Kind, tuple[str, ...]]] = [
        ("feed", discovery.feeds),
        ("sitemap", discovery.sitemaps),
        ("section", discovery.sections),
    ]
    found = [(kind, absolute_url(url)) for kind, urls in listed for url in urls]
    return found or [("home", absolute_url(f"https://{source.hosts[0]}/"))]


def leads(source: Source, url: str, listing: Listing, now: datetime) -> Iterator[tuple[Kind, str]]:
    """Yield where a listing leads for news: to feeds, and to sitemaps that changed of late or do not say when.

    Args:
        source: The source of the listing.
        url: The listing's URL.
        listing: What it tells.
        now: The time.
    """
    oldest = _oldest(source, now)
    of_late = (each.url for each in listing.sitemaps if each.modified_at is None or each.modified_at >= oldest)
    found: list[tuple[Kind, Iterable[str]]] = [("feed", listing.feeds), ("sitemap", of_late)]
    for kind, urls in found:
        yield from ((kind, lead) for lead in urls if is_near(lead, url, source))


def is_due(source: Source, at: datetime, every: timedelta) -> bool:
    """Whether a source is to be run at a tick of the schedule: each at its own ticks, so that not all are at once.

    Args:
        source: The source.
        at: When the tick is.
        every: The time between two ticks.
    """
    tick = int(at.timestamp() // every.total_seconds())
    interval = max(1, math.ceil(timedelta(minutes=source.discovery.interval_minutes) / every))
    return (tick + crc32(source.name.encode())) % interval == 0


def is_near(url: str, listing: str, source: Source) -> bool:
    """Whether a listing that another one leads to is on that one's host, or on one of the source's."""
    if len(url) > LONGEST_URL or not owns(url, url, source.hosts):
        return False
    return host(url) == host(listing) or unwanted(url, hosts=source.hosts) is None
