"""What a source wants: which listings, at which ticks of the schedule, and which of the URLs found on them."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit
from zlib import crc32

from khobor.discover.listing import Entry, Listing
from khobor.errors import PermanentError
from khobor.frontier.fetch_queue import Kind
from khobor.frontier.ownership import owns
from khobor.page import LONGEST_URL
from khobor.site import is_within
from khobor.sources.patterns import is_in_url
from khobor.sources.source import Source
from khobor.url import absolute_url, has_credentials, host, url_id

RefusalReason = Literal["other_host", "excluded", "not_included", "no_article_url"]


@dataclass(frozen=True, kw_only=True, slots=True)
class UrlRefusal:
    """Why a URL is not fetched.

    Attributes:
        reason: Stable slug of the cause, safe as a metric dimension.
        detail: The same in words.
    """

    reason: RefusalReason
    detail: str


def refuse_url(
    url: str,
    *,
    hosts: Iterable[str],
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    article_url: str | None = None,
) -> UrlRefusal | None:
    """Return why a URL is not to be fetched, None if it is.

    Args:
        url: An absolute URL.
        hosts: The source's hosts, subdomains included, some with the beginning of a path: ``example.com/bengali``.
        include: Regular expressions, one of which must be found in path and query; none lets all through.
        exclude: Regular expressions, none of which may be found there.
        article_url: Regular expression that must be found in the path.
    """
    parts = urlsplit(url)
    path = parts.path
    if not is_within(url, hosts):
        return UrlRefusal(reason="other_host", detail=f"{parts.hostname or ''}{path} is on none of the source's hosts")
    path_and_query = f"{path}?{parts.query}" if parts.query else path
    if pattern := next((pattern for pattern in exclude if is_in_url(pattern, path_and_query)), None):
        return UrlRefusal(reason="excluded", detail=f"{path_and_query} has what exclude names: {pattern}")
    patterns = tuple(include)
    if patterns and not any(is_in_url(pattern, path_and_query) for pattern in patterns):
        return UrlRefusal(reason="not_included", detail=f"{path_and_query} has nothing that include names")
    if article_url and not is_in_url(article_url, path):
        return UrlRefusal(reason="no_article_url", detail=f"{path} is not as article_url says: {article_url}")
    return None


def filter_entries(source: Source, entries: Iterable[Entry], now: datetime) -> Iterator[tuple[Entry, str | None]]:
    """Yield each article of a listing once, with the reason if it is not to be fetched.

    Args:
        source: The source of the listing.
        entries: The entries of the listing.
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
        # Without credentials it may stand beside itself.
        if identity not in seen:
            if not has_credentials(entry.url):
                seen.add(identity)
            told = entry.published_at or entry.modified_at
            yield entry, _refusal_reason(source, entry.url) or ("too_old" if told and told < oldest else None)


def _oldest(source: Source, now: datetime) -> datetime:
    return now - timedelta(days=source.discovery.max_age_days)


def _refusal_reason(source: Source, url: str) -> str | None:
    if has_credentials(url):
        # Fetch refuses it, too (RFC 9110, 4.2.4).
        return "bad_url"
    if not owns(url, url, source.hosts):
        # A viewer's or a cache's copy: it would be known under the URL of the page that it shows.
        return "other_host"
    found = refuse_url(
        url,
        hosts=source.hosts,
        include=source.discovery.include,
        exclude=source.discovery.exclude,
        article_url=source.article_url,
    )
    return found.reason if found else None


def configured_listings(source: Source) -> list[tuple[Kind, str]]:
    """Return the listings that each run of a source fetches."""
    discovery = source.discovery
    listed: list[tuple[Kind, tuple[str, ...]]] = [
        ("feed", discovery.feeds),
        ("sitemap", discovery.sitemaps),
        ("section", discovery.sections),
    ]
    found = [(kind, absolute_url(url)) for kind, urls in listed for url in urls]
    return found or [("home", absolute_url(f"https://{source.hosts[0]}/"))]


def linked_listings(source: Source, url: str, listing: Listing, now: datetime) -> Iterator[tuple[Kind, str]]:
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
    if len(url) > LONGEST_URL or has_credentials(url) or not owns(url, url, source.hosts):
        return False
    return host(url) == host(listing) or refuse_url(url, hosts=source.hosts) is None
