"""The loop of a local archive: what schedule, queues and functions do on AWS, in one process.

The scheduler, the fetcher, the extraction and the archive are the same. A request stays in the fetch queue until its
page is kept, and a page is unread until its article is written, so that nothing is lost if the process is killed.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from random import Random

import msgspec

from khobor.article import RawReference
from khobor.discover.discover_queue import SourceRun, limit_links
from khobor.discover.discovery import Discovery
from khobor.discover.related import related_links
from khobor.errors import CommandError, KhoborError, PermanentError
from khobor.fetch.attempts import LONGEST_WAIT, Attempts
from khobor.fetch.fetcher import TURN, Fetcher
from khobor.fetch.reporting_fetcher import ReportingFetcher
from khobor.frontier.fetch_queue import FetchRequest
from khobor.frontier.interface import HostBusyError
from khobor.frontier.sqlite.fetch_queue import QueuedRequest
from khobor.keys import listing_of
from khobor.local.fetch_threads import FetchThreads
from khobor.local.network import NetworkLostError
from khobor.local.page_ingester import PageIngester, PageResult
from khobor.local.workspace import Workspace
from khobor.page import MAX_PAGE_BYTES, RawPage
from khobor.pages.input_page import InputPage
from khobor.url import url_id

# As the fetch function of the template has it.
_MAX_ATTEMPTS = 5
# How many hosts are asked side by side.
_THREADS = 16
# A request that a killed process had is delivered again after the longest fetch.
_HIDDEN = TURN + timedelta(seconds=30)
# While the network is down, a host is tried so often.
_WITHOUT_NETWORK = timedelta(seconds=60)
# The loop looks around so often even if nothing wakes it: the clock may jump, as after a sleep.
_LONGEST_NAP = 15.0
# Requests that are under way when the user ends the work get so many seconds.
_LAST_SECONDS = 10.0
_UNREAD_AT_ONCE = 64


class Crawler:
    """Finds, fetches and reads pages of sources.

    Args:
        workspace: What it works with.
        names: The sources whose requests are fetched; None for all.
    """

    def __init__(self, workspace: Workspace, names: Collection[str] | None = None) -> None:
        self._folder = workspace.folder
        self._sources = workspace.sources
        self._stop = workspace.stop
        self._names = names
        self._fetched: SimpleQueue[str] = SimpleQueue()
        self._parse = workspace.journal.telemetry("parse")
        self._discover = workspace.journal.telemetry("discover")
        self._discovery = Discovery(
            sources=lambda: self._sources,
            pages=self._folder.pages,
            frontier=self._folder.frontier,
            send=self._send,
            telemetry=self._discover,
            max_page_bytes=MAX_PAGE_BYTES,
        )
        self._page_reader = self._page_reader_of(workspace)
        self.fetcher = fetcher_of(workspace, self._fetched.put)
        self._attempts = Attempts(
            self.fetcher, _MAX_ATTEMPTS, workspace.journal.telemetry("fetch"), (CommandError, NetworkLostError)
        )
        self._threads = FetchThreads(_THREADS, self._fetch, self._stop.wake)

    def start(self, source: str, at: datetime) -> None:
        """Request the listings of a source, and its articles that are due again.

        Args:
            source: The name of the source.
            at: The time for which it is started.

        Raises:
            PermanentError: ``unknown_source``.
        """
        # Two runs within a second would send the same requests, of which the queue drops the second ones.
        last = self._folder.runs.last(source)
        at = at if last is None or int(at.timestamp()) != int(last.timestamp()) else last + timedelta(seconds=1)
        self._discovery.start(SourceRun(source=source, at=int(at.timestamp())))
        self._folder.runs.put(source, at)

    def use(self, workspace: Workspace) -> None:
        """Go on with other sources. Requests that are under way go on too, and what they bring is read by these.

        Args:
            workspace: The same archive with other sources, and a pool that has them.
        """
        self._sources = workspace.sources
        self._page_reader = self._page_reader_of(workspace)

    def resume(self) -> Iterator[PageResult]:
        """Read what earlier processes kept and did not read; call it if no other process is at work."""
        self._folder.release(_now())
        after = ""
        while not self._stop.is_wanted and (keys := self._folder.unread.first(_UNREAD_AT_ONCE, after)):
            after = keys[-1]
            yield from self._read(keys)

    def add(self, key: str) -> None:
        """Read a page or a listing at the next step that was kept by others, and is unread.

        Args:
            key: Its key.
        """
        self._fetched.put(key)

    def step(self) -> Iterator[PageResult]:
        """Read what was fetched, and give the threads what is due; yield what became of pages."""
        self._threads.check()
        yield from self._read(self._kept())
        free = self._threads.free
        if free and not self._stop.is_wanted:
            now = _now()
            for request in self._folder.fetch_queue.take(now, now + _HIDDEN, free, self._names):
                self._threads.give(request)

    @property
    def is_busy(self) -> bool:
        """Whether requests are under way, or pages wait to be read."""
        return bool(self._threads.busy) or not self._fetched.empty()

    def next_at(self) -> datetime | None:
        """Return when the next request is due; None if none waits."""
        return self._folder.fetch_queue.next_at(self._names)

    def rest(self, until: datetime | None = None) -> None:
        """Wait until a request is done or due, the work is to end, or a time comes."""
        # First of all: while no request is under way, nothing of what follows changes.
        is_idle = not self._threads.busy
        if not self._fetched.empty():
            return
        times = [each for each in (self.next_at() if self._threads.free else None, until) if each]
        seconds = min(((each - _now()).total_seconds() for each in times), default=_LONGEST_NAP)
        self._stop.wait(min(seconds, _LONGEST_NAP), is_idle=is_idle)

    def finish(self) -> Iterator[PageResult]:
        """Wait a few seconds for requests that are under way, and read what they bring."""
        self._threads.close()
        end = time.monotonic() + _LAST_SECONDS
        while self._threads.busy and time.monotonic() < end:
            time.sleep(0.05)
        yield from self._read(self._kept())
        self._threads.check()

    def _page_reader_of(self, workspace: Workspace) -> PageIngester:
        return PageIngester(self._folder, workspace.pool, workspace.journal, self._follow_links)

    def _send(self, requests: Iterable[FetchRequest]) -> None:
        self._folder.fetch_queue.send(requests, _now())

    def _kept(self) -> list[str]:
        keys: list[str] = []
        with suppress(Empty):
            while len(keys) < _UNREAD_AT_ONCE:
                keys.append(self._fetched.get_nowait())
        return keys

    def _read(self, keys: Iterable[str]) -> Iterator[PageResult]:
        pages: list[InputPage] = []
        for key in keys:
            if listing_of(key):
                self._read_listing(key)
            elif page := self._load(key):
                pages.append(page)
        if pages:
            yield from self._page_reader.read(pages)

    def _read_listing(self, key: str) -> None:
        try:
            self._discovery.read(RawReference(key=key), isolated=False)
        except KhoborError as error:
            self._fail("discover", key, error)
        self._folder.unread.settle(key, None)

    def _load(self, key: str) -> InputPage | None:
        try:
            page, raw = self._folder.pages.get(RawReference(key=key), MAX_PAGE_BYTES)
        except KhoborError as error:
            self._fail("parse", key, error)
            self._folder.unread.settle(key, None)
            return None
        return InputPage(name=page.url or key, page=page, raw=raw)

    def _fail(self, stage: str, key: str, error: KhoborError) -> None:
        telemetry = self._discover if stage == "discover" else self._parse
        url = self._folder.pages.url_of(key)
        telemetry.failed(error, key=key, url=url)
        self._folder.failures.put(stage, url or key, key, error)

    def _follow_links(self, result: PageResult) -> None:
        if result.archived and (links := related_links(result.archived, self._sources)):
            try:
                self._discovery.follow(limit_links(links))
            except PermanentError as error:
                self._discover.failed(error, url=links.page)

    def _fetch(self, queued: QueuedRequest) -> None:
        """Make an attempt at a request, in a thread, and take it from the queue if it is done."""
        follow_ups: list[FetchRequest] = []
        failures: list[tuple[str, KhoborError]] = []
        body = msgspec.json.encode(queued.request).decode()

        def give_up(body: str, error: KhoborError) -> None:
            failures.append((body, error))

        next_at = _now()
        try:
            next_at = self._attempts.make(body, str(queued.number), follow_ups.append, give_up)
        except NetworkLostError:
            self._folder.fetch_queue.postpone(queued, _now() + _WITHOUT_NETWORK)
            return
        except HostBusyError as busy:
            if _now() - queued.sent_at < LONGEST_WAIT:
                self._folder.fetch_queue.postpone(queued, busy.until)
                return
            error = PermanentError("host_busy", f"waited {LONGEST_WAIT.days} days for its host")
            self._attempts.give_up(body, error, give_up)
        self._settle(queued, follow_ups, failures, next_at)

    def _settle(
        self,
        queued: QueuedRequest,
        follow_ups: list[FetchRequest],
        failures: list[tuple[str, KhoborError]],
        next_at: datetime,
    ) -> None:
        with self._folder.database.write():
            for body, error in failures:
                self._folder.failures.put("fetch", queued.request.url, body, error)
            if follow_ups:
                self._folder.fetch_queue.send_again(queued, follow_ups[0], next_at, _now())
                return
            if not failures:
                self._folder.failures.remove("fetch", queued.request.url)
            self._folder.fetch_queue.remove(queued, next_at)


def fetcher_of(workspace: Workspace, on_kept: Callable[[str], object]) -> ReportingFetcher:
    """Return a fetcher that keeps what it fetches in an archive.

    Args:
        workspace: The archive, and what pages are fetched with.
        on_kept: Receives the key of each page and listing, which are unread.
    """
    folder = workspace.folder

    def keep(page: RawPage, request: FetchRequest) -> str:
        if request.kind == "article" or request.source is None:
            key = folder.pages.put_page(page)
        else:
            key = folder.pages.put_listing(page, request.source, request.kind)
        folder.unread.add([(key, None)])
        on_kept(key)
        return key

    def report_gone(url: str, at: datetime, reason: str) -> None:
        outcome = folder.archive.mark_gone(url_id(url), at, reason)
        workspace.journal.telemetry("store").logger.info(outcome.value, article_id=url_id(url), url=url, reason=reason)

    fetcher = Fetcher(
        downloader=workspace.downloader,
        hosts=folder.frontier.hosts,
        urls=folder.frontier.urls,
        keep=keep,
        random=Random(),  # noqa: S311 it spreads requests over time
    )
    return ReportingFetcher(fetcher, report_gone, workspace.journal.telemetry("fetch"))


def _now() -> datetime:
    return datetime.now(UTC)
