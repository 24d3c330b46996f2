"""Schedules fetches: the listings of a source, the new articles on them, and articles that are due again."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from khobor.discover.listing import Entry, Listing
from khobor.discover.silence import is_silent, longest_gap
from khobor.discover.url_filters import configured_listings, filter_entries, is_near, linked_listings
from khobor.frontier.backlog import Backlog
from khobor.frontier.budgets import Cause
from khobor.frontier.fetch_queue import FetchRequest, Kind, NewUrl, message_group
from khobor.frontier.interface import KnownUrl, KnownUrls
from khobor.sources.source import Source

# Requests are sent so many at a time, and only then are their URLs known: what is sent twice is fetched twice at worst,
# what is known and was not sent would never be.
_BATCH = 10
# Of listings that listings lead to, such as the sitemaps of an index, so many are followed: the newest.
_MOST_LISTINGS = 50

# Further pages of a listing and related links lead from one to the next. Some sites make such pages without end, and
# Lambda is told not to stop functions that run in a loop: a chain of so many links ends here.
_DEEPEST = 100

# Looked up at a time, while so many are not enough.
_LOOKED_UP = 100
# A listing that was found and is quiet is looked at after this share of the time for which it was; once a day at least.
_QUIET = 10
_MOST_RARELY = timedelta(days=1)

Send = Callable[[Iterable[FetchRequest]], None]


@dataclass(kw_only=True)
class ListingReport:
    """The result of scheduling the URLs of a listing.

    Attributes:
        found: How many there were.
        new: How many are fetched now for the first time.
        known: How many were known already.
        left: How many are left for a later run.
        left_by: The same by cause (``frontier.budgets.CAUSES``).
        refused: How many are not fetched, by reason.
        problems: What was wrong with the listing.
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
        listings: How many listings.
        revisits: How many articles are looked at again.
        silent: URLs of listings that have had nothing new for longer than usual.
        left: How many of both are left for a later run.
        left_by: The same by cause (``frontier.budgets.CAUSES``).
    """

    listings: int
    revisits: int
    silent: tuple[str, ...]
    left: int
    left_by: dict[Cause, int]


class Scheduler:
    """Decides what is fetched, and sends the requests.

    Args:
        urls: The URLs that are known.
        send: Sends requests to be fetched.
        backlog: How much may be queued for a host.
        owner: Returns the name of the source that publishes a URL, None where there is none.
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
            now: The time.
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
        found = [known for known in due if known.kind != "article"]
        return RunReport(
            listings=len(listings) + len(found),
            revisits=len(due) - len(found),
            silent=tuple(known.url for known in (*listings, *found) if _falls_silent(known, source, now)),
            left=left_by.total(),
            left_by=dict(left_by),
        )

    def schedule(self, source: Source, url: str, kind: Kind, listing: Listing, now: datetime) -> ListingReport:
        """Request the articles of a listing that are not known yet, and the listings it names.

        Args:
            source: The source of the listing.
            url: The listing's URL.
            kind: Its kind; ``article`` if the listing holds the links of an article.
            listing: Its content.
            now: The time.
        """
        report = ListingReport(problems=listing.problems)
        led_here = self._urls.get(url)
        depth = 1 + ((led_here.depth if led_here else None) or 0)
        fresh = self._unknown(_wanted(listing, report, source, now), report, source, now)
        if depth > _DEEPEST:
            report.refused["too_deep"] += report.new + report.left_by.total()
            report.new = 0
            report.left_by.clear()
            return report
        if fresh and kind != "article":
            # Before they are known: read once more, the listing would tell of nothing new.
            self._note_news(url, led_here, listing.fetched_at or now, now)
        report.new = self._add([_article(entry, source, depth, now) for entry in fresh], report.left_by, source, now)
        self._follow(source, url, kind, listing, depth, report, now)
        # Where all are new, there may be more on the page before.
        if report.new and not report.known and listing.next_page and self._is_next(listing.next_page, url, source):
            page = KnownUrl(
                url=listing.next_page, source=source.name, kind="feed", found_on=kind, depth=depth, since=now
            )
            self._add_next_page(page, report, source, now)
        report.left = report.left_by.total()
        if report.left and kind != "article":
            self._read_again(url, led_here, source, now)
        return report

    def _add_next_page(self, page: KnownUrl, report: ListingReport, source: Source, now: datetime) -> None:
        """Request the next page of a listing; if something was left, at the next run."""
        if not report.left_by and self._add([page], report.left_by, source, now):
            return
        facts = {"source": page.source, "kind": page.kind, "found_on": page.found_on, "depth": page.depth}
        self._urls.change(page.url, facts | {"next_visit": now + _interval(source)}, now, {"since": now})

    def _read_again(self, url: str, known: KnownUrl | None, source: Source, now: datetime) -> None:
        """Have the next run read a listing again even if it has not changed, because URLs on it were left."""
        facts: dict[str, object] = {"etag": None, "last_modified": None, "digest": None}
        if known and _is_next_page(known):
            facts["next_visit"] = now + _interval(source)
        self._urls.change(url, facts, now)

    def _listing(self, url: str, kind: Kind, source: Source, now: datetime) -> KnownUrl:
        known = self._urls.get(url)
        if known is None or known.source not in {None, source.name}:
            # What another source knows of it would keep this one from reading it.
            known = KnownUrl(url=url, source=source.name, kind=kind, since=now)
            self._urls.add(known, now, takes_over=True)
        return replace(known, kind=kind, source=source.name)

    def _is_next(self, page: str, url: str, source: Source) -> bool:
        """Whether a listing may name a URL as its next page: it is near, and not another source's."""
        if not is_near(page, url, source):
            return False
        known = self._urls.get(page)
        return known is None or known.source in {None, source.name}

    def _known(self, urls: Collection[str], source: Source, now: datetime) -> set[str]:
        """Return those of these URLs that are known, but for the source's own that another source made known."""
        return {
            url
            for url, by in self._urls.known(urls, now).items()
            if by in {None, source.name} or self._owner(url) != source.name
        }

    def _is_retired(self, known: KnownUrl, source: Source, now: datetime) -> bool:
        """Whether a listing was found on the home page before somebody wrote down which to use; then it rests."""
        if known.found_on != "home" or configured_listings(source)[0][0] == "home":
            return False
        self._urls.postpone(known, None, now)
        return True

    def _unknown(self, wanted: Sequence[Entry], report: ListingReport, source: Source, now: datetime) -> list[Entry]:
        """Return the first that are not known, as many as the source takes; the rest is not looked up."""
        most = source.discovery.max_urls
        fresh: list[Entry] = []
        looked = 0
        while looked < len(wanted) and len(fresh) < most:
            asked = wanted[looked : looked + _LOOKED_UP]
            looked += len(asked)
            known = self._known([entry.url for entry in asked], source, now)
            report.known += len(known)
            fresh += [entry for entry in asked if entry.url not in known]
        report.new = min(len(fresh), most)
        if left := len(wanted) - looked + len(fresh) - report.new:
            report.left_by["max_urls"] += left
        return fresh[:most]

    def _fitting(
        self, wanted: Sequence[KnownUrl], left_by: Counter[Cause], source: Source, now: datetime
    ) -> list[KnownUrl]:
        """Return what there is room for on the queue, of each host the first; count what is left by its cause."""
        counts = Counter(message_group(known.url) for known in wanted)
        delay = source.fetching.delay_seconds
        admitted = self._backlog.admit_hosts(counts, source.name, now)
        room = {
            host: self._backlog.take_room(host, count, delay, _interval(source), now)
            for host, count in counts.items()
            if host in admitted
        }
        fitting = []
        causes = Counter[Cause]()
        for known in wanted:
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

    def _add(self, wanted: Sequence[KnownUrl], left_by: Counter[Cause], source: Source, now: datetime) -> int:
        """Request URLs for the first time; return how many, and count those left by cause."""
        found = self._fitting(wanted, left_by, source, now)
        for start in range(0, len(found), _BATCH):
            batch = found[start : start + _BATCH]
            self._send(_request(known, source) for known in batch)
            for known in batch:
                self._urls.add(known, now, takes_over=self._owner(known.url) == source.name)
        return len(found)

    def _follow(  # noqa: PLR0913, PLR0917 all that a listing is
        self, source: Source, url: str, kind: Kind, listing: Listing, depth: int, report: ListingReport, now: datetime
    ) -> None:
        """Request the listings that a listing names and that are not known yet."""
        found = {lead: what for what, lead in linked_listings(source, url, listing, now)}
        known = self._known(found, source, now)
        fresh = [(lead, what) for lead, what in found.items() if lead not in known]
        first = KnownUrl(
            url=url, source=source.name, found_on=kind, depth=depth, since=now, next_visit=now + _interval(source)
        )
        self._add(
            [replace(first, url=lead, kind=what) for lead, what in fresh[:_MOST_LISTINGS]], report.left_by, source, now
        )
        if len(fresh) > _MOST_LISTINGS:
            report.left_by["listings"] += len(fresh) - _MOST_LISTINGS

    def _note_news(self, url: str, known: KnownUrl | None, told_at: datetime, now: datetime) -> None:
        """Keep of a listing when it told of news; read twice, it told of them once."""
        if known and known.new_at and known.new_at >= told_at.replace(microsecond=0):
            return
        gap = longest_gap(known.longest_gap, known.new_at, told_at) if known else None
        self._urls.change(url, {"new_at": told_at} | ({"longest_gap": gap} if gap else {}), now)


def _next_visit(known: KnownUrl, source: Source, now: datetime) -> datetime | None:
    """Return when a URL is looked at again: a listing the more rarely the longer it told of nothing new."""
    if known.kind == "article":
        return source.fetching.next_visit(known.since, now)
    if _is_next_page(known):
        return None
    quiet = (now - (known.new_at or known.since)) / _QUIET
    return now + min(max(_interval(source), quiet), _MOST_RARELY)


def _is_next_page(known: KnownUrl) -> bool:
    """Whether a listing was found as the next page of another: it is read once, until nothing of it is left.

    Of a home page's feeds none is a next page.
    """
    return known.kind == "feed" and known.found_on not in {None, "home"}


def _wanted(listing: Listing, report: ListingReport, source: Source, now: datetime) -> list[Entry]:
    """Return the entries that the source's filters let through; count all of them, and those refused by reason."""
    wanted = []
    for entry, reason in filter_entries(source, listing.entries, now):
        report.found += 1
        if reason:
            report.refused[reason] += 1
        else:
            wanted.append(entry)
    return wanted


def _interval(source: Source) -> timedelta:
    return timedelta(minutes=source.discovery.interval_minutes)


def _request(known: KnownUrl, source: Source, visit: datetime | None = None) -> FetchRequest:
    return FetchRequest(
        url=known.url,
        source=known.source,
        kind=known.kind,
        # A further page of a listing may be new or not: it is asked for only if it changed, and its depth is kept.
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
    """Whether a listing has become silent since the run before: so it is told once."""
    if _is_next_page(known):
        return False
    last, before = known.new_at or known.since, now - _interval(source)
    return is_silent(known.longest_gap, last, now) and not is_silent(known.longest_gap, last, before)
