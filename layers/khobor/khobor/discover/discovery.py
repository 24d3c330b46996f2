"""Discovery: turns runs of sources, listings and links of articles into requests to fetch.

It does not know where listings are stored and how requests are sent: ``discover.dispatch`` composes it on AWS,
``local.crawling`` on a laptop.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from khobor import work_limits
from khobor.article import RawReference
from khobor.discover.discover_queue import ArticleLinks, SourceRun
from khobor.discover.listing_reader import listing_kind, listing_of_links, read_listing
from khobor.discover.reports import ListingReport
from khobor.discover.scheduler import Scheduler, Send
from khobor.discover.url_filters import home_of, is_due
from khobor.errors import PermanentError
from khobor.fetch.robots import RobotsTxt
from khobor.frontier.backlog import Backlog
from khobor.frontier.fetch_queue import FetchRequest
from khobor.frontier.interface import Frontier
from khobor.keys import listing_of
from khobor.pages.interface import PageReader
from khobor.sources.registry import Registry
from khobor.sources.source import Source
from khobor.telemetry import Step, Telemetry
from khobor.url import origin, url_id


class Discovery:
    """Reads listings and links, and sends requests to fetch the new articles.

    Args:
        sources: Returns the current sources.
        pages: Reads listings.
        frontier: The URL frontier.
        send: Sends requests to fetch.
        telemetry: Logs and counts the results.
        max_page_bytes: The largest listing that is read, after decompression.
    """

    def __init__(  # noqa: PLR0913 each by keyword
        self,
        *,
        sources: Callable[[], Registry],
        pages: PageReader,
        frontier: Frontier,
        send: Send,
        telemetry: Telemetry,
        max_page_bytes: int,
    ) -> None:
        self._sources = sources
        self._pages = pages
        self._hosts = frontier.hosts
        self._urls = frontier.urls
        self._send = send
        self._telemetry = telemetry
        self._max_page_bytes = max_page_bytes
        self._scheduler = Scheduler(frontier.urls, self._send_requests, Backlog(self._hosts), self._owner)

    def due(self, at: datetime, every: timedelta) -> list[str]:
        """Return the names of the enabled sources that are due at a tick of the schedule.

        Args:
            at: The time of the tick, aware.
            every: The time between two ticks.
        """
        return [source.name for source in self._sources() if source.enabled and is_due(source, at, every)]

    def start(self, run: SourceRun) -> dict[str, Any]:
        """Request the listings of a source, and its articles that are due again; return the facts for the log.

        Raises:
            PermanentError: ``unknown_source``.
        """
        step = self._telemetry.step()
        source = self._source(run.source)
        started = self._scheduler.start_run(source, datetime.fromtimestamp(run.at, UTC))
        for url in started.silent:
            self._telemetry.logger.warning(f"{url} has had nothing new for longer than usual", source=source.name)
            self._telemetry.count_of(source.name, "ListingsSilent", 1)
        self._telemetry.count_of(source.name, "UrlsLeft", started.left)
        facts = {"source": source.name, **asdict(started)}
        self._telemetry.logger.info("started", milliseconds=step.end(), **facts)
        return facts

    def read(self, reference: RawReference, *, isolated: bool) -> None:
        """Read a listing that fetch stored, and request the new articles on it.

        Args:
            reference: The listing.
            isolated: Whether it is read in a separate process.

        Raises:
            KhoborError: The listing does not exist, is not a listing or cannot be read; or its source is unknown.
        """
        step = self._telemetry.step()
        where, what = listing_of(reference.key), reference.address
        if where is None:
            raise PermanentError("not_a_listing", f"{what} is not a listing that fetch stored")
        page, _ = self._pages.get(reference, self._max_page_bytes)
        source = self._source(where[0])
        url = page.url or ""
        kind = listing_kind(where[1])
        home = page.location if kind == "home" else self._home(source) if kind == "feed" else None
        sitemaps = self._sitemaps_of_robots_txt(home) if home else ()
        read = partial(read_listing, kind, page, source, sitemaps, home)
        listing = work_limits.within(work_limits.LISTING_LIMITS, read, what=f"{what} ({url})", isolated=isolated)
        listing = replace(listing, fetched_at=page.fetched_at, location=page.location)
        report = self._scheduler.schedule(source, url, kind, listing, datetime.now(UTC))
        self._telemetry.count("ListingsRead")
        self._report(source, url, report, step)

    def follow(self, links: ArticleLinks) -> None:
        """Request the new articles among the links of an article.

        Raises:
            PermanentError: ``unknown_source``.
        """
        step = self._telemetry.step()
        source = self._source(links.source)
        report = self._scheduler.schedule(
            source, links.page, "article", listing_of_links(links.urls), datetime.now(UTC)
        )
        self._report(source, links.page, report, step)

    def _send_requests(self, requests: Iterable[FetchRequest]) -> None:
        sent = list(requests)
        self._send(sent)
        for request in sent:
            if request.kind == "article":
                what = "found" if request.visit is None else "due again"
                facts = {"article_id": url_id(request.url), "url": request.url, "source": request.source}
                self._telemetry.logger.info(what, **facts)

    def _owner(self, url: str) -> str | None:
        source = self._sources().find(url)
        return source.name if source else None

    def _source(self, name: str) -> Source:
        source = self._sources().source(name)
        if source is None:
            raise PermanentError("unknown_source", f"there is no source {name}; upload sources/{name}.toml")
        return source

    def _home(self, source: Source) -> str | None:
        """Return where the home page of a source answered last; None if the source names its listings."""
        home = home_of(source)
        known = self._urls.get(home) if home else None
        return (known and known.answered_by) or home

    def _sitemaps_of_robots_txt(self, url: str) -> tuple[str, ...]:
        data = self._hosts.get(origin(url))
        robots_txt = RobotsTxt.from_bytes(data) if data else None
        return robots_txt.sitemaps if robots_txt else ()

    def _report(self, source: Source, url: str, report: ListingReport, step: Step) -> None:
        # ``asdict`` turns a Counter into one whose keys are pairs, which JSON cannot represent.
        facts = {"source": source.name, "url": url, **vars(report)}
        self._telemetry.logger.info("read", milliseconds=step.end(), **facts)
        for problem in report.problems:
            self._telemetry.logger.warning(f"{url}: {problem}", source=source.name)
        self._telemetry.count_of(source.name, "UrlsFound", report.found)
        self._telemetry.count_of(source.name, "UrlsNew", report.new)
        self._telemetry.count_of(source.name, "UrlsKnown", report.known)
        self._telemetry.count_of(source.name, "UrlsRefused", report.refused.total())
        self._telemetry.count_of(source.name, "UrlsLeft", report.left)
