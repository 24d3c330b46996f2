"""The sources and their health: the last article of each, its listings, and its host."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlencode

from khobor.archive.headlines import Headline
from khobor.console.deployment import Deployment
from khobor.console.formatting import Moment, language_tag, moment, web_link
from khobor.discover.silence import is_silent
from khobor.discover.url_filters import configured_listings
from khobor.frontier.backlog import Backlog, BudgetUse
from khobor.frontier.fetch_queue import message_group
from khobor.frontier.host_state import read_state
from khobor.frontier.interface import KnownUrl
from khobor.sources.source import Source

# Each source takes a few calls to AWS, which spend most of their time waiting.
_THREADS = 8
# A budget refills steadily, and each run takes what has refilled since the last. So an exhausted budget is mostly used,
# not completely.
_SCARCE = 0.75


@dataclass(frozen=True, kw_only=True)
class ListingHealth:
    """A configured listing of a source.

    Attributes:
        kind: The kind.
        url: The URL.
        link: The URL as a link; None if it cannot be one.
        news: When it last had a new article; None if it never had one.
        is_known: Whether it was ever fetched.
        is_silent: Whether it has had no new article for longer than usual.
    """

    kind: str
    url: str
    link: str | None
    news: Moment | None
    is_known: bool
    is_silent: bool


@dataclass(frozen=True, kw_only=True)
class LastArticle:
    """The most recently published article of a source."""

    title: str
    language: str | None
    link: str
    at: Moment


@dataclass(frozen=True, kw_only=True)
class SourceCard:
    """A source.

    Attributes:
        name: The name.
        link: The path of its headlines.
        publisher: The publisher.
        hosts: The hosts.
        is_enabled: Whether khobor looks for new articles.
        every_minutes: How often.
        last: The most recently published article; None if the archive has none.
        listings: The configured listings, if it is enabled.
        paused_until: Until when its host gets no requests because it failed too often.
        failures: How often the host has failed since it last answered.
        budgets: The hourly budgets of which at least three quarters are used.
        is_well: Whether nothing needs attention.
    """

    name: str
    link: str
    publisher: str
    hosts: tuple[str, ...]
    is_enabled: bool
    every_minutes: int
    last: LastArticle | None
    listings: tuple[ListingHealth, ...]
    paused_until: Moment | None
    failures: int
    budgets: tuple[BudgetUse, ...]
    is_well: bool


def sources(deployment: Deployment, now: datetime) -> tuple[SourceCard, ...]:
    """Return the health of the sources, enabled ones first; each source takes a few reads, without a scan.

    Args:
        deployment: The deployment.
        now: The current time, aware.
    """
    with ThreadPoolExecutor(_THREADS) as pool:
        health = pool.map(partial(_health, deployment, now), deployment.registry)
    return tuple(sorted(health, key=lambda each: (not each.is_enabled, each.name)))


def _health(deployment: Deployment, now: datetime, source: Source) -> SourceCard:
    headlines = deployment.lists.by_source(source.name, limit=1).headlines
    listings = tuple(_listings(deployment, now, source)) if source.enabled else ()
    paused_until, failures = _trouble(deployment, now, source)
    budgets = Backlog(deployment.hosts).budgets_in_use(source.name, source.hosts, now) if source.enabled else []
    scarce = tuple(each for each in budgets if each.used >= _SCARCE * each.total)
    return SourceCard(
        name=source.name,
        link=f"/?{urlencode({'source': source.name})}",
        publisher=source.publisher,
        hosts=source.hosts,
        is_enabled=source.enabled,
        every_minutes=source.discovery.interval_minutes,
        last=_last(headlines[0]) if headlines else None,
        listings=listings,
        paused_until=moment(paused_until) if paused_until else None,
        failures=failures,
        budgets=scarce,
        is_well=not paused_until and not scarce and not any(listing.is_silent for listing in listings),
    )


def _last(headline: Headline) -> LastArticle:
    return LastArticle(
        title=headline.title or "(no title)",
        language=language_tag(headline.language),
        link=f"/articles/{headline.article_id}",
        at=moment(headline.listed_at),
    )


def _listings(deployment: Deployment, now: datetime, source: Source) -> Iterator[ListingHealth]:
    for kind, url in configured_listings(source):
        known = deployment.urls.get(url)
        yield ListingHealth(
            kind=kind,
            url=url,
            link=web_link(url),
            news=moment(known.new_at) if known and known.new_at else None,
            is_known=known is not None,
            is_silent=known is not None and _is_silent(known, now),
        )


def _is_silent(known: KnownUrl, now: datetime) -> bool:
    return is_silent(known.longest_gap, known.new_at or known.since, now)


def _trouble(deployment: Deployment, now: datetime, source: Source) -> tuple[datetime | None, int]:
    """Return until when the source's host gets no requests, and how often it has failed."""
    host = message_group(f"https://{source.hosts[0]}/")
    state = read_state(deployment.hosts.state(host))
    until = datetime.fromtimestamp(state.open_until, UTC) if state.open_until else None
    return until if until and until > now else None, state.failures
