"""Which facts of entries reach the requests and the known URLs."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.sources.daily import DAILY, read

from khobor.discover.listing import Entry, Listing
from khobor.discover.reports import ListingReport
from khobor.discover.scheduler import Scheduler
from khobor.entry_facts import EntryFacts, read_facts
from khobor.frontier.backlog import Backlog
from khobor.frontier.fetch_queue import FetchRequest
from khobor.frontier.sqlite.hosts import SQLiteHosts
from khobor.frontier.sqlite.known_urls import SQLiteKnownUrls
from khobor.frontier.sqlite.migrations import MIGRATIONS
from khobor.sqlite.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SITE = "https://daily.example"
URL, FEED, SITEMAP = f"{SITE}/1", f"{SITE}/feed", f"{SITE}/sitemap.xml"
FACTS = EntryFacts(title="Bridge opens", published="2026-03-01T10:00:00+00:00", authors=("Jane Doe",))
SOURCE = read(f"{DAILY}\n[discovery]\nfeeds = ['{FEED}']")


class Plans:
    """A scheduler, and what it sent and knows."""

    def __init__(self, database: Database) -> None:
        self.urls = SQLiteKnownUrls(database, 400)
        self.sent: list[FetchRequest] = []
        self.scheduler = Scheduler(self.urls, self.sent.extend, Backlog(SQLiteHosts(database)), lambda _: "daily")

    def read(
        self, facts: EntryFacts | None, at: datetime = NOON, *, feed: str = FEED, location: str | None = None
    ) -> ListingReport:
        entries = (Entry(url=URL, facts=facts),)
        listing = Listing(entries=entries, fetched_at=at, location=location or feed)
        return self.scheduler.schedule(SOURCE, feed, "feed", listing, at)

    def known(self) -> EntryFacts | None:
        found = self.urls.get(URL)
        return read_facts(found.entry) if found else None


@pytest.fixture
def plans(tmp_path: Path) -> Iterator[Plans]:
    with closing(Database(tmp_path / "archive.db", {"frontier": MIGRATIONS}, create=True)) as database:
        yield Plans(database)


def test_the_facts_of_an_entry_go_with_its_request(plans: Plans) -> None:
    assert plans.read(FACTS).foreign_facts == 0
    (request,) = plans.sent
    assert request.new_url is not None
    assert read_facts(request.new_url.entry) == plans.known() == FACTS


@pytest.mark.parametrize("location", ["https://feeds.example/daily", "https://feedburner.com/daily"])
def test_a_feed_of_another_site_states_nothing_about_an_article(plans: Plans, location: str) -> None:
    report = plans.read(FACTS, location=location)
    assert (report.new, report.foreign_facts, plans.known()) == (1, 1, None)
    plans.read(FACTS, NOON + HOUR, location=location)
    assert plans.known() is None


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("2026-03-01T12:04:00+00:00", "2026-03-01T12:04:00+00:00"),
        pytest.param("2026-03-01T17:59:00+00:00", "2026-03-01T17:59:00", id="local time that is called UTC"),
        ("2026-03-01T18:00:00", "2026-03-01T18:00:00"),
        ("2026-03-01T18:00:00+06:00", "2026-03-01T18:00:00+06:00"),
        pytest.param("2026-03-01T18:00:00+05:00", None, id="later, in another zone than UTC"),
        ("2026-03-02", "2026-03-02"),
        ("2026-03-04", None),
        ("2026-03-04T10:00:00+00:00", None),
        ("2036-01-01T00:00:00", None),
    ],
)
def test_a_time_that_has_not_passed_is_no_time_of_publication(plans: Plans, stated: str, kept: str | None) -> None:
    plans.read(replace(FACTS, published=stated))
    assert plans.known() == replace(FACTS, published=kept)
    # It has passed by then, but the article is older.
    plans.read(replace(FACTS, published=stated), NOON + 240 * HOUR)
    assert plans.known() == replace(FACTS, published=kept)


def test_a_feed_completes_what_a_sitemap_made_known(plans: Plans) -> None:
    plans.read(None, feed=SITEMAP)
    plans.urls.change(URL, {"etag": '"a"', "digest": "d"}, NOON)
    plans.read(FACTS, NOON + HOUR)
    found = plans.urls.get(URL)
    assert found is not None
    assert plans.known() == FACTS
    # The page was stored without them, so the next visit takes it again.
    assert (found.etag, found.digest) == (None, None)
    plans.urls.change(URL, {"etag": '"a"'}, NOON)
    plans.read(replace(FACTS, title="Another feed calls it so", published="2026-02-01"), NOON + 2 * HOUR)
    found = plans.urls.get(URL)
    assert found is not None
    assert (plans.known(), found.etag) == (FACTS, '"a"')


def test_a_forgotten_article_stays_without_facts(plans: Plans) -> None:
    plans.urls.forget(URL, NOON)
    plans.read(FACTS)
    assert plans.known() is None
