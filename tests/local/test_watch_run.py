"""``khobor watch`` at work, against sites on this machine, while the clock of the test passes."""

import multiprocessing
import os
import re
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import time_machine
from pytest_httpserver import HTTPServer
from tests.example_pages import PARAGRAPHS, page
from werkzeug import Request, Response

from khobor.archive.interface import WriteOutcome
from khobor.extract import extract_page
from khobor.fetch.downloader import Downloader, Limits
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.journal import Journal
from khobor.local.network import Network, NetworkDownloader
from khobor.local.page_ingester import archive_pool
from khobor.local.stopping import Stop
from khobor.local.watching import Watch
from khobor.local.workspace import Workspace
from khobor.page import MAX_STORED_PAGE_BYTES
from khobor.sources.registry import Registry

SOURCE = """
version = 1
publisher = "The {name} Test"
hosts = ["{host}/{name}"]
enabled = true
article_url = '^/{name}/[0-9]+$'
[discovery]
feeds = ["http://{host}:{port}/{name}/feed"]
interval_minutes = {interval}
[fetching]
delay_seconds = 0
revisits = [{{ every_minutes = 60, until_hours = 48 }}]
"""
MINUTE = timedelta(minutes=1)


class Watched:
    """Sites with sources, and an archive that watches them."""

    def __init__(self, folder: ArchiveFolder, server: HTTPServer, clock: time_machine.Traveller) -> None:
        self.folder = folder
        self.clock = clock
        self.port = server.port
        self.site = f"http://127.0.0.1:{server.port}"
        self.downloader = Downloader("mailto:tests@localhost", Limits(), allow_loopback=True)
        self.jobs = 1
        self.sources: Callable[[], Registry] = folder.sources
        self.pages: dict[str, bytes] = {}
        self.asked: list[str] = []
        # What the feeds state about every article.
        self.stated = ""
        self.on_request: dict[str, Callable[[], object]] = {}
        server.expect_request("/robots.txt").respond_with_data(status=404)
        server.expect_request(re.compile("/.*")).respond_with_handler(self._answer)

    def publish(self, source: str, number: int, *paragraphs: str) -> None:
        """Publish an article, or change it."""
        self.pages[f"/{source}/{number}"] = page(title=f"{source} {number}", paragraphs=(*PARAGRAPHS, *paragraphs))

    def write_source(self, name: str, *, host: str = "127.0.0.1", interval: int = 30, rest: str = "") -> None:
        """Write the file of a source, at a time of its own."""
        path = self.folder.path / "sources" / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(SOURCE.format(name=name, host=host, port=self.port, interval=interval) + rest)
        at = datetime.now(UTC).timestamp()
        os.utime(path, (at, at))

    def watch(self, lasts: timedelta, events: Mapping[timedelta, Callable[[], object]] | None = None) -> list[str]:
        """Watch for a time, in which things happen; return the titles of the articles that were stored."""
        begun = datetime.now(UTC)
        waiting = sorted((events or {}).items(), key=lambda each: each[0])

        def sleep(seconds: float) -> None:
            self.clock.shift(seconds)
            while waiting and datetime.now(UTC) >= begun + waiting[0][0]:
                waiting.pop(0)[1]()
            if datetime.now(UTC) >= begun + lasts:
                stop.want(signal.SIGTERM)

        stop = self.stop = Stop(sleep)
        names = [path.stem for path in (self.folder.path / "sources").glob("*.toml")]
        with archive_pool(self.jobs, self.folder.sources()) as pool:
            workspace = Workspace(
                folder=self.folder,
                sources=self.folder.sources(),
                downloader=self.downloader,
                pool=pool,
                journal=Journal(),
                stop=stop,
                is_alone=True,
            )
            results = list(Watch(workspace, self.sources, [*names, "later"]).run())
        stop.close()
        stored = (each.article for each in results if each.outcome is WriteOutcome.STORED)
        return sorted(article.title or "" for article in stored if article)

    def headline(self, path: str) -> tuple[int, bool]:
        """Return how many revisions an article has, and whether it is gone."""
        article_id = self.folder.archive.find(f"{self.site}{path}")
        assert article_id
        found = self.folder.lists.headline(article_id)
        assert found
        return found.revisions or 0, found.gone_at is not None

    def _answer(self, request: Request) -> Response:
        self.asked.append(request.path)
        if happens := self.on_request.pop(request.path, None):
            happens()
        source = request.path.removeprefix("/").removesuffix("/feed")
        if request.path.endswith("/feed"):
            links = (path for path in self.pages if path.startswith(f"/{source}/"))
            items = "".join(f"<item><title>{path}</title><link>{path}</link>{self.stated}</item>" for path in links)
            return Response(f"<rss><channel>{items}</channel></rss>")
        body = self.pages.get(request.path)
        return Response(body or b"", status=200 if body else 410, content_type="text/html")


@pytest.fixture
def watched(tmp_path: Path, httpserver: HTTPServer, clock: time_machine.Traveller) -> Iterator[Watched]:
    with ArchiveFolder.open(tmp_path / "news", create=True) as folder:
        found = Watched(folder, httpserver, clock)
        for name in ("daily", "weekly"):
            found.write_source(name)
            found.publish(name, 1)
        yield found


def test_new_articles_are_stored_once_their_sources_interval_is_over(watched: Watched) -> None:
    stored = watched.watch(40 * MINUTE, {5 * MINUTE: lambda: watched.publish("daily", 2)})
    assert stored == ["daily 1", "daily 2", "weekly 1"]
    assert watched.asked.count("/daily/feed") == 2


def test_a_page_that_changed_is_a_revision_and_one_that_is_gone_is_marked(watched: Watched) -> None:
    changes = {
        5 * MINUTE: lambda: watched.publish("daily", 1, "The mayor resigned on Tuesday, her office announced."),
        6 * MINUTE: lambda: watched.pages.pop("/weekly/1"),
    }
    watched.watch(130 * MINUTE, changes)
    assert watched.headline("/daily/1") == (2, False)
    assert watched.headline("/weekly/1")[1]


def test_a_kept_page_read_again_has_what_the_feed_stated(watched: Watched) -> None:
    published_at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    watched.stated = f"<pubDate>{published_at.isoformat()}</pubDate><category>Town</category>"
    watched.watch(5 * MINUTE)
    article_id = watched.folder.archive.find(f"{watched.site}/daily/1") or ""
    article = watched.folder.archive.get(article_id)
    assert article is not None
    assert article.raw is not None
    assert (article.published_at, article.tags) == (published_at, ("Town",))
    kept, raw = watched.folder.pages.get(article.raw, MAX_STORED_PAGE_BYTES)
    assert extract_page(kept, raw, watched.folder.sources()) == article


def test_after_a_day_of_sleep_what_was_due_starts_once(watched: Watched) -> None:
    watched.watch(timedelta(days=1, minutes=20), {5 * MINUTE: lambda: watched.clock.shift(timedelta(days=1))})
    assert watched.asked.count("/daily/feed") == 2
    assert watched.asked.count("/weekly/feed") == 2


def test_a_restart_does_not_ask_again_before_the_interval_is_over(watched: Watched) -> None:
    watched.watch(5 * MINUTE)
    assert watched.watch(5 * MINUTE) == []
    assert watched.asked.count("/daily/feed") == 1


def test_sources_that_come_and_break_while_it_runs_are_taken_up_or_stay_as_they_were(watched: Watched) -> None:
    def come() -> None:
        watched.publish("later", 1)
        watched.write_source("later")

    def break_daily() -> None:
        watched.write_source("daily", rest="color = 1\n")
        watched.publish("daily", 2)

    stored = watched.watch(40 * MINUTE, {5 * MINUTE: come, 6 * MINUTE: break_daily})
    assert stored == ["daily 1", "daily 2", "later 1", "weekly 1"]


def test_what_is_requested_while_sources_change_is_read_by_the_new_ones(watched: Watched) -> None:
    taken_up, looks = Event(), iter(range(3))

    def change() -> None:
        watched.write_source("daily", interval=20)
        watched.stop.wake()
        # The answer comes once the sources have been taken up.
        assert taken_up.wait(60)

    def sources() -> Registry:
        found = watched.folder.sources()
        if found is not first and not taken_up.is_set():
            if next(looks):
                taken_up.set()
            watched.stop.wake()
        return found

    first = watched.folder.sources()
    watched.sources = sources
    watched.on_request["/daily/1"] = change
    assert watched.watch(5 * MINUTE) == ["daily 1", "weekly 1"]
    assert watched.folder.unread.first(5) == []


def test_no_process_is_left_when_a_watch_ends_whose_sources_changed(watched: Watched) -> None:
    watched.jobs = 2
    stored = watched.watch(25 * MINUTE, {5 * MINUTE: lambda: watched.write_source("daily", interval=20)})
    assert stored == ["daily 1", "weekly 1"]
    assert multiprocessing.active_children() == []


def test_a_lost_network_counts_as_no_attempt_and_what_waits_is_fetched_within_a_minute_of_its_return(
    watched: Watched,
) -> None:
    is_there = False
    said: list[bool] = []

    def come_back() -> None:
        nonlocal is_there
        is_there = True

    def resolve(*_: Any, **__: Any) -> list[Any]:
        if not is_there:
            raise socket.gaierror(socket.EAI_AGAIN, "temporary failure in name resolution")
        return socket.getaddrinfo("127.0.0.1", watched.port, type=socket.SOCK_STREAM)

    for name, host in (("daily", "one.example"), ("weekly", "two.example")):
        watched.write_source(name, host=host)
    watched.downloader = NetworkDownloader(
        Network(said.append, has_route=lambda: is_there),
        "mailto:tests@localhost",
        Limits(),
        allow_loopback=True,
        resolver=resolve,
    )
    assert watched.watch(21 * MINUTE + MINUTE / 6, {20 * MINUTE: come_back}) == ["daily 1", "weekly 1"]
    assert said == [False, True]
    assert watched.folder.failures.count() == 0
    assert watched.asked.count("/daily/feed") == 1
