"""Schedules fetches: the listings of a source, the new articles on them, and articles that are due again."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain

from khobor.discover.listing import Entry, Listing
from khobor.discover.silence import is_silent, longest_gap
from khobor.discover.url_filters import (
    configured_listings,
    filter_entries,
    is_near,
    linked_listings,
    refused_sitemaps,
)
from khobor.frontier.backlog import Backlog
from khobor.frontier.budgets import Cause
from khobor.frontier.fetch_queue import FetchRequest, Kind, NewUrl, message_group
from khobor.frontier.interface import KnownUrl, KnownUrls
from khobor.sources.source import Source

# Requests are sent in batches, and only then are their URLs recorded as known. At worst a URL is sent twice and fetched
# twice; a URL that was recorded but not sent would never be fetched.
_BATCH = 10
# How many of the listings that a listing refers to are followed, such as the newest sitemaps of an index.
_MOST_LISTINGS = 50

# The longest chain of links, such as next pages of a listing or related links. Some sites generate such pages without
# end, and the template turns off Lambda's own detection of recursive loops.
_DEEPEST = 100

# How many URLs are looked up at a time.
_LOOKUP_BATCH = 100
# A discovered listing without new articles is fetched again after a tenth of the time since its last one, at least once
# a day.
_QUIET_SHARE = 10
_LONGEST_INTERVAL = timedelta(days=1)

Send = Callable[[Iterable[FetchRequest]], None]


@dataclass(kw_only=True)
class ListingReport:
    """The result of scheduling the URLs of a listing.

    Attributes:
        found: How many URLs the listing has, with the sitemaps that are refused.
        new: How many are requested now, for the first time.
        known: How many were known already.
        left: How many are left for a later run.
        left_by: How many are left, by cause (``frontier.budgets.CAUSES``).
        refused: How many are not fetched, by reason.
        problems: The problems with the listing.
    """

    found: int = 0
    new: int = 0
    known: int = 0
    left: int = 0
    left_by: Counter[Cause] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """The requests of one run of a source.

    Attributes:
        listings: How many listings are requested.
        revisits: How many articles are requested again.
        silent: The URLs of the listings that have had no new article for longer than usual.
        left: How many listings and articles are left for a later run.
        left_by: How many are left, by cause (``frontier.budgets.CAUSES``).
    """

    listings: int
    revisits: int
    silent: tuple[str, ...]
    left: int
    left_by: dict[Cause, int]


class Scheduler:
    """Decides what is fetched, and sends the requests.

    Args:
        urls: The known URLs.
        send: Sends requests to the fetch queue.
        backlog: Limits how much is queued for a host.
        owner: Returns the name of the source that publishes a URL; None if there is none.
    """

    def __init__(self, urls: KnownUrls, send: Send, backlog: Backlog, owner: Callable[[str], str | None]) -> None:
        self._urls = urls
        self._send = send
        self._backlog = backlog
        self._owner = owner

    def start_run(self, source: Source, now: datetime) -> RunReport:
        """Request the listings of a source, and its URLs that are due again.

        Args:
            source: The source.
            now: The current time, aware.
        """
        listings = [self._listing(url, kind, source, now) for kind, url in configured_listings(source)]
        due = [known for known in self._urls.due(source.name, now) if not self._is_retired(known, source, now)]
        left_by = Counter[Cause]()
        listings, due = self._fitting(listings, left_by, source, now), self._fitting(due, left_by, source, now)
        self._send(_request(known, source, now) for known in listings)
        for start in range(0, len(due), _BATCH):
            batch = due[start : start + _BATCH]
            self._send(_request(known, source, known.next_visit or now) for known in batch)
            for known in batch:
                self._urls.postpone(known, _next_visit(known, source, now), now)
        discovered = [known for known in due if known.kind != "article"]
        return RunReport(
            listings=len(listings) + len(discovered),
            revisits=len(due) - len(discovered),
            silent=tuple(known.url for known in (*listings, *discovered) if _falls_silent(known, source, now)),
            left=left_by.total(),
            left_by=dict(left_by),
        )

    def schedule(self, source: Source, url: str, kind: Kind, listing: Listing, now: datetime) -> ListingReport:
        """Request the articles of a listing that are not known yet, and the listings that it refers to.

        Args:
            source: The source of the listing.
            url: The URL of the listing.
            kind: Its kind; ``article`` if the listing consists of the links of an article.
            listing: Its contents.
            now: The current time, aware.
        """
        report = ListingReport(problems=listing.problems)
        parent = self._urls.get(url)
        depth = 1 + ((parent.depth if parent else None) or 0)
        fresh = self._unknown(_fetchable(listing, report, source, now), report, source, now)
        if depth > _DEEPEST:
            report.refused["too_deep"] += report.new + report.left_by.total()
            report.new = 0
            report.left_by.clear()
            return report
        if fresh and kind != "article":
            # Before the URLs are recorded: if this fails and the listing is read again, it must still have new ones.
            self._record_news(url, parent, listing.fetched_at or now, now)
        report.new = self._add([_article(entry, source, depth, now) for entry in fresh], report.left_by, source, now)
        self._follow(source, url, kind, listing, depth, report, now)
        # If all articles are new, the next page may have more.
        if report.new and not report.known and listing.next_page and self._is_next(listing.next_page, url, source):
            page = KnownUrl(
                url=listing.next_page, source=source.name, kind="feed", found_on=kind, depth=depth, since=now
            )
            self._add_next_page(page, report, source, now)
        report.left = report.left_by.total()
        if report.left and kind != "article":
            self._reset_validators(url, parent, source, now)
        return report

    def _add_next_page(self, page: KnownUrl, report: ListingReport, source: Source, now: datetime) -> None:
        """Request the next page of a listing now, or in the next run if URLs are left."""
        if not report.left_by and self._add([page], report.left_by, source, now):
            return
        facts = {"source": page.source, "kind": page.kind, "found_on": page.found_on, "depth": page.depth}
        self._urls.change(page.url, facts | {"next_visit": now + _interval(source)}, now, {"since": now})

    def _reset_validators(self, url: str, known: KnownUrl | None, source: Source, now: datetime) -> None:
        """Make the next run read a listing again even if it has not changed, because some of its URLs were left."""
        facts: dict[str, object] = {"etag": None, "last_modified": None, "digest": None}
        if known and _is_next_page(known):
            facts["next_visit"] = now + _interval(source)
        self._urls.change(url, facts, now)

    def _listing(self, url: str, kind: Kind, source: Source, now: datetime) -> KnownUrl:
        known = self._urls.get(url)
        if known is None or known.source not in {None, source.name}:
            # The validators of another source would keep this one from reading the listing.
            known = KnownUrl(url=url, source=source.name, kind=kind, since=now)
            self._urls.add(known, now, takes_over=True)
        return replace(known, kind=kind, source=source.name)

    def _is_next(self, page: str, url: str, source: Source) -> bool:
        """Whether a URL may be the next page of a listing: it is near, and no other source has it."""
        if not is_near(page, url, source):
            return False
        known = self._urls.get(page)
        return known is None or known.source in {None, source.name}

    def _known(self, urls: Collection[str], source: Source, now: datetime) -> set[str]:
        """Return which URLs are known, except for the source's own URLs that another source recorded."""
        return {
            url
            for url, by in self._urls.known(urls, now).items()
            if by in {None, source.name} or self._owner(url) != source.name
        }

    def _is_retired(self, known: KnownUrl, source: Source, now: datetime) -> bool:
        """Whether a listing was discovered on a home page that its source no longer uses; if so, end its visits."""
        if known.found_on != "home" or configured_listings(source)[0][0] == "home":
            return False
        self._urls.postpone(known, None, now)
        return True

    def _unknown(self, entries: Sequence[Entry], report: ListingReport, source: Source, now: datetime) -> list[Entry]:
        """Return the first entries that are not known, up to the source's limit; the rest are not looked up."""
        most = source.discovery.max_urls
        fresh: list[Entry] = []
        position = 0
        while position < len(entries) and len(fresh) < most:
            batch = entries[position : position + _LOOKUP_BATCH]
            position += len(batch)
            known = self._known([entry.url for entry in batch], source, now)
            report.known += len(known)
            fresh += [entry for entry in batch if entry.url not in known]
        report.new = min(len(fresh), most)
        if left := len(entries) - position + len(fresh) - report.new:
            report.left_by["max_urls"] += left
        return fresh[:most]

    def _fitting(
        self, urls: Sequence[KnownUrl], left_by: Counter[Cause], source: Source, now: datetime
    ) -> list[KnownUrl]:
        """Return the URLs that the queue has room for, the first of each host; count those left by cause."""
        counts = Counter(message_group(known.url) for known in urls)
        delay = source.fetching.delay_seconds
        admitted = self._backlog.admit_hosts(counts, source.name, now)
        room = {
            host: self._backlog.take_room(host, count, delay, _interval(source), now)
            for host, count in counts.items()
            if host in admitted
        }
        fitting = []
        causes = Counter[Cause]()
        for known in urls:
            host = message_group(known.url)
            if host not in room:
                causes["new_hosts"] += 1
            elif room[host] == 0:
                causes["host_full"] += 1
            else:
                room[host] -= 1
                fitting.append(known)
        most = self._backlog.take_urls(source.name, len(fitting), _interval(source), now) if fitting else 0
        causes["source_full"] += len(fitting) - most
        left_by.update(+causes)
        return fitting[:most]

    def _add(self, urls: Sequence[KnownUrl], left_by: Counter[Cause], source: Source, now: datetime) -> int:
        """Request URLs for the first time; return how many, and count those left by cause."""
        fitting = self._fitting(urls, left_by, source, now)
        for start in range(0, len(fitting), _BATCH):
            batch = fitting[start : start + _BATCH]
            self._send(_request(known, source) for known in batch)
            for known in batch:
                self._urls.add(known, now, takes_over=self._owner(known.url) == source.name)
        return len(fitting)

    def _follow(  # noqa: PLR0913, PLR0917 the parts of a listing
        self, source: Source, url: str, kind: Kind, listing: Listing, depth: int, report: ListingReport, now: datetime
    ) -> None:
        """Request the listings that a listing refers to and that are not known yet."""
        kinds = {target: target_kind for target_kind, target in linked_listings(source, url, listing, now)}
        known = self._known(kinds, source, now)
        fresh = [target for target in kinds if target not in known]
        first = KnownUrl(
            url=url, source=source.name, found_on=kind, depth=depth, since=now, next_visit=now + _interval(source)
        )
        requested = [replace(first, url=target, kind=kinds[target]) for target in fresh[:_MOST_LISTINGS]]
        self._add(requested, report.left_by, source, now)
        if len(fresh) > _MOST_LISTINGS:
            report.left_by["listings"] += len(fresh) - _MOST_LISTINGS

    def _record_news(self, url: str, known: KnownUrl | None, fetched_at: datetime, now: datetime) -> None:
        """Record when a listing had new articles; reading the same listing twice records it once."""
        if known and known.new_at and known.new_at >= fetched_at.replace(microsecond=0):
            return
        gap = longest_gap(known.longest_gap, known.new_at, fetched_at) if known else None
        self._urls.change(url, {"new_at": fetched_at} | ({"longest_gap": gap} if gap else {}), now)


def _next_visit(known: KnownUrl, source: Source, now: datetime) -> datetime | None:
    """Return when a URL is visited next: the longer a listing has had no new article, the less often."""
    if known.kind == "article":
        return source.fetching.next_visit(known.since, now)
    if _is_next_page(known):
        return None
    quiet = (now - (known.new_at or known.since)) / _QUIET_SHARE
    return now + min(max(_interval(source), quiet), _LONGEST_INTERVAL)


def _is_next_page(known: KnownUrl) -> bool:
    """Whether a listing was discovered as the next page of another one; it is read until none of its URLs are left.

    The feeds of a home page are not next pages.
    """
    return known.kind == "feed" and known.found_on not in {None, "home"}


def _fetchable(listing: Listing, report: ListingReport, source: Source, now: datetime) -> list[Entry]:
    """Return the entries that pass the source's filters; count all entries, and the refused ones by reason.

    Refused sitemaps are counted among them.
    """
    fetchable = []
    for entry, reason in chain(filter_entries(source, listing.entries, now), refused_sitemaps(listing)):
        report.found += 1
        if reason:
            report.refused[reason] += 1
        else:
            fetchable.append(entry)
    return fetchable


def _interval(source: Source) -> timedelta:
    return timedelta(minutes=source.discovery.interval_minutes)


def _request(known: KnownUrl, source: Source, visit: datetime | None = None) -> FetchRequest:
    return FetchRequest(
        url=known.url,
        source=known.source,
        kind=known.kind,
        # A next page of a listing is requested conditionally even if it is new, and keeps its depth.
        new_url=_new_url(known) if visit is None or known.depth else None,
        visit=int(visit.timestamp()) if visit else None,
        delay=source.fetching.delay_seconds,
        ports=source.fetching.ports,
        hosts=source.hosts,
    )


def _new_url(known: KnownUrl) -> NewUrl:
    return NewUrl(
        since=int(known.since.timestamp()),
        next_visit=int(known.next_visit.timestamp()) if known.next_visit else None,
        found_on=known.found_on,
        depth=known.depth,
    )


def _article(entry: Entry, source: Source, depth: int, now: datetime) -> KnownUrl:
    since = min(entry.published_at or now, now)
    next_visit = source.fetching.next_visit(since, now)
    return KnownUrl(url=entry.url, source=source.name, depth=depth, since=since, next_visit=next_visit)


def _falls_silent(known: KnownUrl, source: Source, now: datetime) -> bool:
    """Whether a listing has become silent since the previous run, so that it is reported once."""
    if _is_next_page(known):
        return False
    last, before = known.new_at or known.since, now - _interval(source)
    return is_silent(known.longest_gap, last, now) and not is_silent(known.longest_gap, last, before)
