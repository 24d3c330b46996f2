"""Schedules fetches: the listings of a source, the new articles on them, and articles that are due again."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from khobor.discover import reach
from khobor.discover.listed_facts import ListedFacts
from khobor.discover.listing import Entry, Listing
from khobor.discover.reports import ListingReport, RunReport
from khobor.discover.silence import is_silent, longest_gap
from khobor.discover.site_images import site_marks
from khobor.discover.url_filters import (
    configured_listings,
    filter_entries,
    home_of,
    is_near,
    linked_listings,
    refused_sitemaps,
)
from khobor.frontier.backlog import Backlog
from khobor.frontier.budgets import Cause
from khobor.frontier.fetch_queue import FetchRequest, Kind, NewUrl, message_group
from khobor.frontier.interface import KnownUrl, KnownUrls, UrlRecord
from khobor.sources.source import Source
from khobor.url import url_id

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
            self._send(_request_again(known, source, now) for known in batch)
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
        parent = reach.as_filling(self._urls.get(url), kind, source)
        is_guess = reach.is_guess(kind, parent)
        report = ListingReport(problems=() if is_guess else listing.problems)
        depth = 1 + ((parent.depth if parent else None) or 0)
        fetchable = _fetchable(listing, report, source, now)
        fetchable = reach.bounded(fetchable, report, source) if is_guess else fetchable
        marks = site_marks(self._urls, source, url, kind, parent, listing, now)
        facts = ListedFacts(self._urls, source, listing.location or url, listing.fetched_at or now, report, marks)
        fresh = self._unknown(fetchable, facts, report, source, now)
        if depth > _DEEPEST:
            report.refused["too_deep"] += report.new + report.left_by.total()
            report.new = 0
            report.left_by.clear()
            return report
        if fresh and kind != "article":
            # Before the URLs are recorded: if this fails and the listing is read again, it must still have new ones.
            self._record_news(url, parent, listing.fetched_at or now, now)
        report.new = self._add([facts.article(entry, depth, now) for entry in fresh], report.left_by, source, now)
        self._follow(source, url, kind, parent, listing, depth, report, now)
        following = listing.next_page
        if following and reach.goes_on(kind, parent, report, depth) and self._is_next(following, url, source):
            next_kind, found_on = reach.next_page(kind, parent, report)
            page = KnownUrl(url=following, source=source.name, kind=next_kind, found_on=found_on, since=now)
            self._add_next_page(replace(page, depth=depth), report, source, now)
        if reach.is_short(kind, parent, listing, report):
            self._fill(source, url, kind, listing, depth, report, now)
        report.left = report.left_by.total()
        if report.left and kind != "article":
            self._reset_validators(url, parent, source, now)
        return report

    def _add_next_page(self, page: KnownUrl, report: ListingReport, source: Source, now: datetime) -> None:
        """Request the next page of a listing now, or in the next run if URLs are left."""
        if page.kind == "section" and self._urls.get(page.url):
            # It is read again, and may be part of another chain of pages.
            self._urls.change(page.url, {"found_on": page.found_on, "depth": page.depth}, now)
        if not report.left_by and self._add([page], report.left_by, source, now):
            return
        facts = {"source": page.source, "kind": page.kind, "found_on": page.found_on, "depth": page.depth}
        self._urls.change(page.url, facts | {"next_visit": now + _interval(source)}, now, {"since": now})

    def _reset_validators(self, url: str, known: KnownUrl | None, source: Source, now: datetime) -> None:
        """Make the next run read a listing again even if it has not changed, because some of its URLs were left."""
        facts: dict[str, object] = {"etag": None, "last_modified": None, "digest": None}
        if known and reach.is_read_once(known):
            facts |= {"next_visit": now + _interval(source), "kind": known.kind}
        self._urls.change(url, facts, now)

    def _listing(self, url: str, kind: Kind, source: Source, now: datetime) -> KnownUrl:
        known = self._urls.get(url)
        if known is None or known.source not in {None, source.name}:
            # The validators of another source would keep this one from reading the listing.
            known = KnownUrl(url=url, source=source.name, kind=kind, since=now)
            self._urls.add(known, now, takes_over=True)
        return replace(known, kind=kind, source=source.name)

    def _is_next(self, page: str, url: str, source: Source) -> bool:
        """Whether a URL may be the next page of a listing: it is near, no article, and no other source has it."""
        home = home_of(source)
        if not is_near(page, url, source) or (home and url_id(page) == url_id(home)):
            return False
        known = self._urls.get(page)
        return known is None or (known.source in {None, source.name} and known.kind != "article")

    def _known(self, urls: Collection[str], source: Source, now: datetime) -> dict[str, UrlRecord]:
        """Return which URLs are known, except for the source's own URLs that another source recorded."""
        return {
            url: record
            for url, record in self._urls.known(urls, now).items()
            if record.source in {None, source.name} or self._owner(url) != source.name
        }

    def _is_retired(self, known: KnownUrl, source: Source, now: datetime) -> bool:
        """Whether a listing was discovered on a home page that its source no longer uses; if so, end its visits."""
        if known.found_on != "home" or configured_listings(source)[0][0] == "home":
            return False
        self._urls.postpone(known, None, now)
        return True

    def _unknown(
        self, entries: Sequence[Entry], facts: ListedFacts, report: ListingReport, source: Source, now: datetime
    ) -> list[Entry]:
        """Return the first entries that are not known, up to the source's limit; the rest are not looked up.

        The facts of those that are known are completed.
        """
        most = source.discovery.max_urls
        fresh: list[Entry] = []
        position = 0
        while position < len(entries) and len(fresh) < most:
            batch = entries[position : position + _LOOKUP_BATCH]
            position += len(batch)
            known = self._known([entry.url for entry in batch], source, now)
            report.known += len(known)
            fresh += [entry for entry in batch if entry.url not in known]
            facts.complete(batch, known, now)
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

    def _add(
        self,
        urls: Sequence[KnownUrl],
        left_by: Counter[Cause],
        source: Source,
        now: datetime,
        again: Collection[str] = (),
    ) -> int:
        """Request URLs for the first time, or again; return how many, and count those left by cause."""
        fitting = self._fitting(urls, left_by, source, now)
        for start in range(0, len(fitting), _BATCH):
            batch = fitting[start : start + _BATCH]
            self._send(_request(known, source, now if known.url in again else None) for known in batch)
            for known in batch:
                self._urls.add(known, now, takes_over=self._owner(known.url) == source.name)
        return len(fitting)

    def _follow(  # noqa: PLR0913, PLR0917 the parts of a listing
        self,
        source: Source,
        url: str,
        kind: Kind,
        parent: KnownUrl | None,
        listing: Listing,
        depth: int,
        report: ListingReport,
        now: datetime,
    ) -> None:
        """Request the listings that a listing refers to and that are not known yet.

        The sitemaps of an index that is read where a feed does not reach back far enough are requested each time.
        """
        is_filling = parent is not None and parent.found_on == reach.FILL
        kinds = {target: target_kind for target_kind, target in linked_listings(source, url, listing, now)}
        if listing.sections and self._is_home(url, source):
            kinds |= {target: "section" for target in listing.sections if is_near(target, url, source)}
        known = self._known(kinds, source, now)
        again = {target for target, record in known.items() if is_filling and record.source == source.name}
        wanted = [target for target in kinds if target not in known or target in again]
        requested = []
        for target in wanted[:_MOST_LISTINGS]:
            # A home page without articles of its own has them on these pages.
            is_beside = kinds[target] == "section" and (kind != "home" or listing.entries)
            found_on = reach.FILL if is_filling or is_beside else kind
            first = KnownUrl(
                url=target, source=source.name, kind=kinds[target], found_on=found_on, depth=depth, since=now
            )
            next_visit = None if reach.is_read_once(first) else now + _interval(source)
            requested.append(replace(first, next_visit=next_visit))
        self._add(requested, report.left_by, source, now, again=again)
        if len(wanted) > _MOST_LISTINGS:
            report.left_by["listings"] += len(wanted) - _MOST_LISTINGS

    def _fill(  # noqa: PLR0913, PLR0917 the parts of a listing
        self,
        source: Source,
        url: str,
        kind: Kind,
        listing: Listing,
        depth: int,
        report: ListingReport,
        now: datetime,
    ) -> None:
        """Request other listings of a site, because a listing may not reach back to the last look."""
        home = home_of(source)
        if home is None:
            return
        filled = self._urls.get(home)
        if kind != "home" and filled and filled.new_at and now - filled.new_at < max(reach.PAUSE, _interval(source)):
            return
        requested, again = [], set()
        for target_kind, target in listing.fallbacks:
            known = self._urls.get(target)
            first = KnownUrl(
                url=target, source=source.name, kind=target_kind, found_on=reach.FILL, depth=depth, since=now
            )
            if not is_near(target, url, source) or (known and known.source not in {None, source.name}):
                continue
            if url_id(target) == url_id(home):
                # Its own facts stay as they are.
                requested.append(replace(first, found_on=None, depth=None))
            elif known is None or (reach.is_read_once(known) and not reach.is_missing(known, now)):
                again |= {target} if known else set()
                requested.append(first)
        if self._add(requested, report.left_by, source, now, again=again) == len(requested):
            self._urls.change(home, {"new_at": now}, now)

    def _is_home(self, url: str, source: Source) -> bool:
        """Whether a URL is that of the home page on which the listings of a source are found, or where it answered."""
        home = home_of(source)
        known = self._urls.get(home) if home else None
        return home is not None and url_id(url) in {url_id(home), url_id((known and known.answered_by) or home)}

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
    if reach.is_read_once(known) or reach.is_home_as_section(known, source):
        return None
    quiet = (now - (known.new_at or known.since)) / _QUIET_SHARE
    return now + min(max(_interval(source), quiet), _LONGEST_INTERVAL)


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


def _request_again(known: KnownUrl, source: Source, now: datetime) -> FetchRequest:
    """Return the request for a URL that is due."""
    if reach.is_home_as_section(known, source):
        # The run requests it as a home page too, after which it would count as unchanged.
        return _request(replace(known, next_visit=None), source)
    return _request(known, source, known.next_visit or now)


def _new_url(known: KnownUrl) -> NewUrl:
    return NewUrl(
        since=int(known.since.timestamp()),
        next_visit=int(known.next_visit.timestamp()) if known.next_visit else None,
        found_on=known.found_on,
        depth=known.depth,
        entry=known.entry,
    )


def _falls_silent(known: KnownUrl, source: Source, now: datetime) -> bool:
    """Whether a listing has become silent since the previous run, so that it is reported once."""
    if reach.is_read_once(known):
        return False
    last, before = known.new_at or known.since, now - _interval(source)
    return is_silent(known.longest_gap, last, now) and not is_silent(known.longest_gap, last, before)
