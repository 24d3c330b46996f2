"""What the feed stated about an article stays with its page at every visit."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import time_machine
from pytest_httpserver import HTTPServer
from tests.example_pages import page
from werkzeug import Response

from khobor.entry_facts import EntryFacts, write_facts
from khobor.fetch.downloader import Downloader, Limits
from khobor.fetch.fetcher import Fetcher
from khobor.frontier.fetch_queue import FetchRequest, NewUrl, follow_redirect
from khobor.frontier.interface import HostBusyError, KnownUrl
from khobor.frontier.sqlite.hosts import SQLiteHosts
from khobor.frontier.sqlite.known_urls import SQLiteKnownUrls
from khobor.frontier.sqlite.migrations import MIGRATIONS
from khobor.page import RawPage
from khobor.sqlite.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FACTS = EntryFacts(title="Old bridge opens again", published="2026-03-01T10:00:00+06:00")
NEW = NewUrl(since=1, entry=write_facts(FACTS))


class Site:
    """A site, what is known of it, and the pages that were kept."""

    def __init__(self, server: HTTPServer, database: Database, clock: time_machine.Traveller) -> None:
        self.server = server
        self.clock = clock
        self.kept: list[RawPage] = []
        self.urls = SQLiteKnownUrls(database, 400)
        downloader = Downloader("mailto:tests@localhost", Limits(), allow_loopback=True)
        self.fetcher = Fetcher(
            downloader=downloader, hosts=SQLiteHosts(database), urls=self.urls, keep=self._keep, random=Random(7)
        )
        server.expect_request("/robots.txt").respond_with_data(status=404)
        self.answer("/1", page())

    def answer(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        response = Response(body, status, headers, content_type="text/html; charset=utf-8")
        self.server.expect_oneshot_request(path).respond_with_response(response)

    def fetch(self, path: str = "/1", **facts: Any) -> EntryFacts | None:
        """Fetch a path with its redirects when it is its turn; return the facts that were kept with the page."""
        request = FetchRequest(url=self.server.url_for(path), delay=0, **facts)
        while True:
            try:
                result = self.fetcher.fetch(request)
            except HostBusyError as busy:
                self.clock.move_to(busy.until + timedelta(milliseconds=1))
                continue
            if result.redirect is None:
                assert result.key
                return self.kept[-1].entry
            request = follow_redirect(request, result.redirect)

    def _keep(self, fetched: RawPage, _: FetchRequest) -> str:
        self.kept.append(fetched)
        return f"key-{len(self.kept)}"


@pytest.fixture
def site(httpserver: HTTPServer, tmp_path: Path, clock: time_machine.Traveller) -> Iterator[Site]:
    with closing(Database(tmp_path / "archive.db", {"frontier": MIGRATIONS}, create=True)) as database:
        yield Site(httpserver, database, clock)


@pytest.mark.parametrize(
    "again",
    [
        pytest.param({"visit": 2}, id="a later visit, whatever feeds list by then"),
        pytest.param({}, id="a request by hand"),
        pytest.param({"new_url": NewUrl(since=1)}, id="a listing without facts"),
    ],
)
def test_the_facts_stay_with_the_page_at_every_visit(site: Site, again: dict[str, Any]) -> None:
    assert site.fetch(new_url=NEW) == FACTS
    site.answer("/1", page(title="Old bridge opens at last"))
    assert site.fetch(**again) == FACTS


def test_what_a_second_listing_added_before_the_first_visit_is_kept(site: Site) -> None:
    known = KnownUrl(url=site.server.url_for("/1"), source="daily", since=NOON, entry=NEW.entry)
    site.urls.add(known, NOON)
    assert site.fetch(source="daily", new_url=NewUrl(since=1, entry=write_facts(EntryFacts(image="x")))) == FACTS


def test_the_facts_move_with_the_article(site: Site) -> None:
    site.server.clear_all_handlers()
    site.server.expect_request("/robots.txt").respond_with_data(status=404)
    site.answer("/1", status=301, Location="/2")
    site.answer("/2", page())
    assert site.fetch(new_url=NEW) == FACTS
    site.answer("/2", page(title="Old bridge opens at last"))
    assert site.fetch("/2", visit=2) == FACTS


def test_the_page_of_another_site_has_no_facts_of_the_entry(site: Site) -> None:
    site.server.clear_all_handlers()
    site.server.expect_request("/robots.txt").respond_with_data(status=404)
    elsewhere = site.server.url_for("/2").replace("localhost", "127.0.0.1")
    site.answer("/1", status=302, Location=elsewhere)
    site.answer("/2", page())
    assert site.fetch(new_url=NEW) is None
