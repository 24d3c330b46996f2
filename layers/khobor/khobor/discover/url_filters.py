"""The filters of a source: which listings it reads, when it runs, and which URLs of its listings it fetches."""

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit
from zlib import crc32

from khobor.discover.article_urls import end_of_date
from khobor.discover.list_urls import folders_of, is_list, is_list_of, lists_articles, lists_no_articles, lists_pages
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
        reason: A stable slug, which can be a dimension of a metric.
        detail: The reason for people.
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
    """Return why a URL is not fetched; None if it is.

    Args:
        url: An absolute URL.
        hosts: The hosts of the source, including their subdomains; a host may have a path prefix, such as
            ``example.com/bengali``.
        include: Regular expressions, one of which must match path and query; without any, every URL passes.
        exclude: Regular expressions, none of which may match path and query.
        article_url: Regular expression that must match the path; None for any path.
    """
    parts = urlsplit(url)
    path = parts.path
    if not is_within(url, hosts):
        return UrlRefusal(reason="other_host", detail=f"{parts.hostname or ''}{path} is not on a host of the source")
    path_and_query = f"{path}?{parts.query}" if parts.query else path
    if pattern := next((pattern for pattern in exclude if is_in_url(pattern, path_and_query)), None):
        return UrlRefusal(reason="excluded", detail=f"{path_and_query} matches exclude: {pattern}")
    patterns = tuple(include)
    if patterns and not any(is_in_url(pattern, path_and_query) for pattern in patterns):
        return UrlRefusal(reason="not_included", detail=f"{path_and_query} matches no pattern of include")
    if article_url and not is_in_url(article_url, path):
        return UrlRefusal(reason="no_article_url", detail=f"{path} does not match article_url: {article_url}")
    return None


def filter_entries(source: Source, entries: Iterable[Entry], now: datetime) -> Iterator[tuple[Entry, str | None]]:
    """Yield each article of a listing once, with the reason why it is not fetched, or None.

    Args:
        source: The source of the listing.
        entries: The entries of the listing.
        now: The current time, aware.
    """
    oldest = _oldest(source, now)
    entries = tuple(entries)
    folders = folders_of(entry.url for entry in entries)
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
        # A URL with credentials does not hide the same URL without them.
        if identity not in seen:
            if not has_credentials(entry.url):
                seen.add(identity)
            date = entry.published_at or entry.modified_at or end_of_date(entry.url)
            too_old = "too_old" if date and date < oldest else None
            yield entry, _refusal_reason(source, entry.url) or _list_reason(source, entry, folders) or too_old


def _oldest(source: Source, now: datetime) -> datetime:
    return now - timedelta(days=source.discovery.max_age_days)


def _refusal_reason(source: Source, url: str) -> str | None:
    if has_credentials(url):
        # Fetch would refuse it too (RFC 9110, 4.2.4).
        return "bad_url"
    if not owns(url, url, source.hosts):
        # A copy by a viewer or cache would be stored under the URL of the original page.
        return "other_host"
    refusal = refuse_url(
        url,
        hosts=source.hosts,
        include=source.discovery.include,
        exclude=source.discovery.exclude,
        article_url=source.article_url,
    )
    return refusal.reason if refusal else None


def _list_reason(source: Source, entry: Entry, folders: Collection[str]) -> str | None:
    """Return the reason why an entry is no article by its URL, None if it may be one.

    What a source says about its articles' URLs, and a feed about the entry, counts more.

    Args:
        source: The source.
        entry: The entry.
        folders: The folders of several entries of its listing.
    """
    if source.article_url or source.discovery.include or entry.published_at:
        return None
    return "list_url" if is_list(entry.url) or is_list_of(entry.url, folders) else None


def refused_sitemaps(listing: Listing) -> list[tuple[Entry, str]]:
    """Return the sitemaps of an index that contain no articles by their names, each with the reason.

    Sitemaps of pages and products are refused if the index has others for articles.
    """
    urls = [sitemap.url for sitemap in listing.sitemaps]
    has_others = any(map(lists_articles, urls))
    refused = (url for url in urls if lists_no_articles(url) or (has_others and lists_pages(url)))
    return [(Entry(url=url), "list_sitemap") for url in refused]


def configured_listings(source: Source) -> list[tuple[Kind, str]]:
    """Return the listings that each run of a source fetches, each with its kind."""
    discovery = source.discovery
    by_kind: list[tuple[Kind, tuple[str, ...]]] = [
        ("feed", discovery.feeds),
        ("sitemap", discovery.sitemaps),
        ("section", discovery.sections),
    ]
    listings = [(kind, absolute_url(url)) for kind, urls in by_kind for url in urls]
    return listings or [("home", absolute_url(f"https://{source.hosts[0]}/"))]


def home_of(source: Source) -> str | None:
    """Return the URL of the home page, on which listings are found; None for a source that names its listings."""
    kind, url = configured_listings(source)[0]
    return url if kind == "home" else None


def linked_listings(source: Source, url: str, listing: Listing, now: datetime) -> Iterator[tuple[Kind, str]]:
    """Yield the listings that a listing refers to: feeds, and sitemaps that changed recently or have no date.

    Those of ``refused_sitemaps`` are left out.

    Args:
        source: The source of the listing.
        url: The URL of the listing.
        listing: Its contents.
        now: The current time, aware.
    """
    oldest = _oldest(source, now)
    refused = {entry.url for entry, _ in refused_sitemaps(listing)}
    sitemaps = (each for each in listing.sitemaps if each.url not in refused)
    recent = (each.url for each in sitemaps if each.modified_at is None or each.modified_at >= oldest)
    by_kind: list[tuple[Kind, Iterable[str]]] = [
        ("feed", listing.feeds),
        ("sitemap", recent),
    ]
    for kind, urls in by_kind:
        yield from ((kind, target) for target in urls if is_near(target, url, source))


def is_due(source: Source, at: datetime, every: timedelta) -> bool:
    """Return whether a source runs at a tick of the schedule; a hash of its name spreads the sources over the ticks.

    Args:
        source: The source.
        at: The time of the tick, aware.
        every: The time between two ticks.
    """
    tick = int(at.timestamp() // every.total_seconds())
    interval = max(1, math.ceil(timedelta(minutes=source.discovery.interval_minutes) / every))
    return (tick + crc32(source.name.encode())) % interval == 0


def is_near(url: str, listing: str, source: Source) -> bool:
    """Return whether a listing that another one refers to is on the same host, or on a host of the source.

    Args:
        url: The URL of the listing.
        listing: The URL of the other one.
        source: The source of the other one.
    """
    if len(url) > LONGEST_URL or has_credentials(url) or not owns(url, url, source.hosts):
        return False
    return host(url) == host(listing) or refuse_url(url, hosts=source.hosts) is None
