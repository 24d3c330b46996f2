"""What comes to discover, each to what handles it: sources that are due, listings, and links of articles."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from khobor import work_limits
from khobor.article import RawReference
from khobor.aws.s3_events import is_s3_event, uploads
from khobor.discover.discover_queue import ArticleLinks, SourceRun, read_message, send_runs
from khobor.discover.listing_reader import listing_kind, listing_of_links, read_listing
from khobor.discover.scheduler import ListingReport, Scheduler
from khobor.discover.url_filters import is_due
from khobor.errors import PermanentError
from khobor.fetch.robots import RobotsTxt
from khobor.frontier.backlog import Backlog
from khobor.frontier.fetch_queue import FetchRequest, send_requests
from khobor.frontier.interface import Frontier
from khobor.keys import listing_of
from khobor.pages.s3 import S3PageReader
from khobor.runtime.settings import DiscoverSettings
from khobor.sources.reported_sources import reported_sources
from khobor.sources.source import Source
from khobor.sources.source_bucket import SourceBucket
from khobor.telemetry import Step, Telemetry
from khobor.url import origin, url_id

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient


class Dispatch:
    """Decodes each message and passes it to the scheduler.

    Args:
        settings: Of the discover function.
        s3: The client of the raw bucket.
        sqs: The client of the queues.
        frontier: The URL frontier.
        telemetry: Where it is logged and counted what was found.
    """

    def __init__(
        self,
        settings: DiscoverSettings,
        *,
        s3: "S3Client",
        sqs: "SQSClient",
        frontier: Frontier,
        telemetry: Telemetry,
    ) -> None:
        self._settings = settings
        self._s3 = s3
        self._sqs = sqs
        self._source_bucket = SourceBucket(s3, settings.raw_bucket, settings.sources_seconds)
        self._hosts = frontier.hosts
        self._telemetry = telemetry
        self._scheduler = Scheduler(frontier.urls, self._send, Backlog(self._hosts), self._owner)

    def tick(self, at: datetime) -> list[str]:
        """Queue the sources that are due at a tick of the schedule, each by itself; return their names."""
        every = timedelta(seconds=self._settings.schedule_seconds)
        sources = reported_sources(self._source_bucket, self._telemetry)
        due = [source.name for source in sources if source.enabled and is_due(source, at, every)]
        runs = [SourceRun(source=name, at=int(at.timestamp())) for name in due]
        send_runs(self._sqs, self._settings.discover_queue_url, runs)
        return due

    def start(self, run: SourceRun) -> dict[str, Any]:
        """Send the listings of a source, and what is to be fetched again, to be fetched; return how much that is.

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

    def handle_message(self, body: str, *, apart: bool) -> None:
        """Handle a message of the discover queue: of S3 about a listing, or of khobor.

        Args:
            body: The message.
            apart: Whether a listing is read in a process of its own.

        Raises:
            KhoborError: The message is none of these, or what it is about is not there or cannot be read.
        """
        event = _json(body)
        if isinstance(event, dict) and is_s3_event(event):
            for reference in uploads(event):
                self._take_listing(reference, apart=apart)
            return
        message = read_message(body)
        if isinstance(message, SourceRun):
            self.start(message)
        else:
            self._take_links(message)

    def _take_listing(self, reference: RawReference, *, apart: bool) -> None:
        step = self._telemetry.step()
        where, what = listing_of(reference.key), reference.address
        if where is None:
            raise PermanentError("not_a_listing", f"{what} is no listing that fetch stored")
        page, _ = S3PageReader(self._s3).get(reference, self._settings.max_page_bytes)
        source = self._source(where[0])
        url = page.url or ""
        kind = listing_kind(where[1])
        sitemaps = self._named_sitemaps(url) if kind == "home" else ()
        read = partial(read_listing, kind, page, source, sitemaps)
        listing = work_limits.within(work_limits.LISTING_LIMITS, read, what=f"{what} ({url})", apart=apart)
        listing = replace(listing, fetched_at=page.fetched_at)
        report = self._scheduler.schedule(source, url, kind, listing, datetime.now(UTC))
        self._telemetry.count("ListingsRead")
        self._tell(source, url, report, step)

    def _take_links(self, links: ArticleLinks) -> None:
        step = self._telemetry.step()
        source = self._source(links.source)
        report = self._scheduler.schedule(
            source, links.page, "article", listing_of_links(links.urls), datetime.now(UTC)
        )
        self._tell(source, links.page, report, step)

    def _send(self, requests: Iterable[FetchRequest]) -> None:
        sent = list(requests)
        send_requests(self._sqs, self._settings.fetch_queue_url, sent)
        for request in sent:
            if request.kind == "article":
                what = "found" if request.visit is None else "due again"
                facts = {"article_id": url_id(request.url), "url": request.url, "source": request.source}
                self._telemetry.logger.info(what, **facts)

    def _owner(self, url: str) -> str | None:
        registry, _ = self._source_bucket.registry()
        source = registry.find(url)
        return source.name if source else None

    def _source(self, name: str) -> Source:
        source = reported_sources(self._source_bucket, self._telemetry).source(name)
        if source is None:
            raise PermanentError("unknown_source", f"there is no source {name}; upload sources/{name}.toml")
        return source

    def _named_sitemaps(self, url: str) -> tuple[str, ...]:
        data = self._hosts.get(origin(url))
        robots_txt = RobotsTxt.from_bytes(data) if data else None
        return robots_txt.sitemaps if robots_txt else ()

    def _tell(self, source: Source, url: str, report: ListingReport, step: Step) -> None:
        # ``asdict`` makes of a Counter one of pairs, which no line of the log can hold.
        facts = {"source": source.name, "url": url, **vars(report)}
        self._telemetry.logger.info("read", milliseconds=step.end(), **facts)
        for problem in report.problems:
            self._telemetry.logger.warning(f"{url}: {problem}", source=source.name)
        self._telemetry.count_of(source.name, "UrlsFound", report.found)
        self._telemetry.count_of(source.name, "UrlsNew", report.new)
        self._telemetry.count_of(source.name, "UrlsKnown", report.known)
        self._telemetry.count_of(source.name, "UrlsRefused", report.refused.total())
        self._telemetry.count_of(source.name, "UrlsLeft", report.left)


def _json(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError as error:
        raise PermanentError("bad_message", f"expected JSON, got {body[:200]!r}") from error
