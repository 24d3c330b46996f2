"""Which images are of a site, as its pages and feeds say, and how the articles of its listings learn it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
from tests.sources.daily import DAILY, read

from khobor.discover.listing import Entry, Listing
from khobor.discover.listing_reader import read_listing
from khobor.discover.scheduler import Scheduler
from khobor.embedded.stack import EmbeddedStack
from khobor.entry_facts import EntryFacts, image_mark, read_facts, write_facts
from khobor.frontier.backlog import Backlog
from khobor.frontier.dynamodb.hosts import DynamoDBHosts
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.frontier.fetch_queue import FetchRequest, Kind
from khobor.frontier.interface import Frontier, KnownUrl
from khobor.frontier.sqlite.hosts import SQLiteHosts
from khobor.frontier.sqlite.known_urls import SQLiteKnownUrls
from khobor.frontier.sqlite.migrations import MIGRATIONS
from khobor.page import RawPage
from khobor.sources.source import Source
from khobor.sqlite.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SITE = "https://daily.example"
HOME, FEED, SITEMAP = f"{SITE}/", f"{SITE}/feed", f"{SITE}/sitemap.xml"
CARD, OTHER = f"{SITE}/img/card.jpg", f"{SITE}/img/other.jpg"
SOURCE = read(DAILY)
FEED_LINK = '<link rel="alternate" type="application/rss+xml" href="/feed">'


def images(kind: Kind, body: str, path: str = "/", source: Source = SOURCE) -> tuple[str, ...]:
    page = RawPage(body=body.encode(), fetched_at=NOON, url=f"{SITE}{path}")
    return read_listing(kind, page, source).site_images


def home_page(shown: str = "", declared: str = "/img/card.jpg") -> str:
    cards = "".join(
        f'<div class="card"><img src="/img/{n}.jpg"><h2><a href="/news/2026/03/bridge-{n}-opens">Bridge {n}</a></h2>'
        "<p>The bridge over the river is open to all again, after two years.</p></div>"
        for n in range(4)
    )
    return f'<head>{FEED_LINK}<meta property="og:image" content="{declared}"></head><body>{shown}{cards}</body>'


STORY = '<a href="/news/2026/03/bridge-0-opens">'


@pytest.mark.parametrize("kind", ["home", "section"])
@pytest.mark.parametrize(
    "shown",
    [
        pytest.param("", id="nowhere"),
        pytest.param('<a href="/"><img src="/img/card.jpg"></a>', id="leads home"),
        pytest.param('<header><img src="/img/card.jpg"><a href="/about">About us</a></header>', id="cover"),
        pytest.param(f'<div>{STORY}<img src="/img/card.jpg.html"></a></div>', id="another name"),
        pytest.param(
            f'<div>{STORY}<img class="card" src="/img/9.jpg" alt="card"></a></div>', id="a class of this name"
        ),
    ],
)
def test_the_image_that_a_page_of_links_declares_is_of_the_site(kind: Kind, shown: str) -> None:
    assert images(kind, home_page(shown)) == (CARD,)


@pytest.mark.parametrize("kind", ["home", "section"])
@pytest.mark.parametrize(
    "shown",
    [
        f'{STORY}<img src="/img/card.jpg?w=300"></a>',
        f'<article><img src="/img/card-300x200.webp"><h2>{STORY}Bridge 0 opens</a></h2></article>',
        f'<div><picture><source srcset="/small/card-600w.jpg 600w, /c.jpg 900w"></picture>{STORY}Bridge</a></div>',
    ],
)
def test_an_image_that_the_page_shows_with_an_article_is_that_of_its_top_story(kind: Kind, shown: str) -> None:
    assert images(kind, home_page(shown)) == ()


def test_the_image_of_an_article_in_a_list_is_its_own() -> None:
    assert images("home", home_page(declared="/img/0.jpg")) == ()


def test_a_page_of_twitter_cards_declares_its_image_too() -> None:
    assert images("section", '<meta name="twitter:image" content="img/card.jpg"><a href="/x">x</a>', "/city/") == (
        f"{SITE}/city/img/card.jpg",
    )


RSS = "<rss><channel><image><url>/img/card.jpg</url><title>Daily</title></image>{}</channel></rss>"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><icon>/img/card.jpg</icon><logo>/img/other.jpg</logo>{}</feed>'


def test_the_images_of_a_feed_are_of_the_site() -> None:
    assert images("feed", RSS.format("<item><link>/1</link><url>/img/x.jpg</url></item>")) == (CARD,)
    assert images("feed", ATOM.format('<entry><link href="/1"/><icon>/img/x.jpg</icon></entry>')) == (OTHER, CARD)
    feed = {"icon": "/img/card.jpg", "favicon": OTHER, "items": [{"url": "/1", "image": "/img/x.jpg"}]}
    assert images("feed", json.dumps(feed)) == (CARD, OTHER)


def item(number: int, image: str) -> str:
    return f'<item><link>/{number}</link><enclosure url="{image}" type="image/jpeg"/></item>'


@pytest.mark.parametrize(("same", "of", "is_shared"), [(3, 5, True), (2, 2, False), (3, 70, False), (4, 70, True)])
def test_an_image_that_several_entries_of_a_feed_state_is_of_the_site(same: int, of: int, *, is_shared: bool) -> None:
    items = [item(n, OTHER if n < same else f"{SITE}/img/{n}.jpg") for n in range(of)]
    found = images("feed", f"<rss><channel>{''.join(items)}</channel></rss>")
    assert found == ((OTHER,) if is_shared else ())


class Plans:
    """A scheduler, and what it sent and knows."""

    def __init__(self, frontier: Frontier, source: Source = SOURCE) -> None:
        self.urls = frontier.urls
        self.sent: list[FetchRequest] = []
        self.source = source
        self.scheduler = Scheduler(frontier.urls, self.sent.extend, Backlog(frontier.hosts), lambda _: "daily")

    def read(
        self,
        kind: Kind,
        url: str,
        *paths: str,
        site: tuple[str, ...] = (),
        at: datetime = NOON,
        location: str | None = None,
    ) -> None:
        entries = tuple(Entry(url=f"{SITE}{path}") for path in paths)
        listing = Listing(entries=entries, site_images=site, fetched_at=at, location=location or url)
        self.scheduler.schedule(self.source, url, kind, listing, at)

    def marks(self, path: str) -> tuple[str, ...]:
        """Return the marks that an article has in the frontier; its request has the same."""
        known = self.urls.get(f"{SITE}{path}")
        (request,) = [each for each in self.sent if each.url == f"{SITE}{path}"]
        assert known is not None
        assert request.new_url is not None
        assert request.new_url.entry == known.entry
        facts = read_facts(known.entry)
        return facts.site_images if facts else ()


@pytest.fixture(params=["sqlite", "dynamodb"])
def plans(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Plans]:
    if request.param == "dynamodb":
        stack: EmbeddedStack = request.getfixturevalue("stack")
        table = stack.outputs["CrawlTableName"]
        hosts = DynamoDBHosts(stack.dynamodb, table)
        yield Plans(Frontier(urls=DynamoDBKnownUrls(stack.dynamodb, table, 400), hosts=hosts))
        return
    with closing(Database(tmp_path / "archive.db", {"frontier": MIGRATIONS}, create=True)) as database:
        yield Plans(Frontier(urls=SQLiteKnownUrls(database, 400), hosts=SQLiteHosts(database)))


@pytest.mark.parametrize(("kind", "url"), [("feed", FEED), ("sitemap", SITEMAP), ("section", f"{SITE}/city")])
def test_the_image_of_the_home_page_goes_with_each_article_of_its_listings(plans: Plans, kind: Kind, url: str) -> None:
    plans.scheduler.start_run(plans.source, NOON)
    plans.read("home", HOME, site=(CARD,))
    plans.read(kind, url, "/1", "/2", site=(OTHER,))
    assert plans.marks("/1") == plans.marks("/2") == (image_mark(OTHER), image_mark(CARD))
    plans.read("article", f"{SITE}/1", "/3")
    assert plans.marks("/3") == plans.marks("/1")


def test_the_articles_of_the_home_page_itself_have_it_and_lose_it_when_the_page_does(plans: Plans) -> None:
    plans.scheduler.start_run(plans.source, NOON)
    plans.read("home", HOME, "/1", site=(CARD,))
    plans.read("home", HOME, "/2", at=NOON + HOUR)
    plans.read("feed", FEED, "/3", at=NOON + HOUR)
    assert [plans.marks(path) for path in ("/1", "/2", "/3")] == [(image_mark(CARD),), (), ()]


def test_a_page_of_another_site_says_nothing_of_the_images(plans: Plans) -> None:
    plans.scheduler.start_run(plans.source, NOON)
    plans.read("home", HOME, "/1", site=(CARD,), location="https://parking.example/")
    plans.read("feed", FEED, "/2", site=(OTHER,), location="https://feeds.example/daily")
    assert plans.marks("/1") == plans.marks("/2") == ()


def test_a_home_page_that_another_source_made_known_says_nothing_of_the_images(plans: Plans) -> None:
    entry = write_facts(EntryFacts(site_images=(image_mark(CARD),)))
    plans.urls.add(KnownUrl(url=HOME, source="other", kind="home", since=NOON, entry=entry), NOON)
    plans.read("feed", FEED, "/1")
    assert plans.marks("/1") == ()


def test_a_source_that_names_its_feeds_has_what_they_say(plans: Plans) -> None:
    plans.source = read(f"{DAILY}\n[discovery]\nfeeds = ['{FEED}']")
    plans.read("feed", FEED, "/1", site=(CARD,))
    assert plans.marks("/1") == (image_mark(CARD),)


class CountedUrls(SQLiteKnownUrls):
    """Known URLs that note which are looked up and which are written."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, 400)
        self.read: list[str] = []
        self.written: list[str] = []

    def get(self, url: str) -> KnownUrl | None:
        self.read.append(url)
        return super().get(url)

    def change(
        self,
        url: str,
        facts: Mapping[str, object],
        now: datetime,
        defaults: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        self.written.append(url)
        super().change(url, facts, now, defaults)


def test_a_home_page_is_written_when_it_changes_and_looked_up_for_new_articles_alone(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "archive.db", {"frontier": MIGRATIONS}, create=True)) as database:
        urls = CountedUrls(database)
        plans = Plans(Frontier(urls=urls, hosts=SQLiteHosts(database)))
        plans.scheduler.start_run(plans.source, NOON)
        plans.read("home", HOME)
        plans.read("feed", FEED, "/1")
        urls.written.clear()
        plans.read("home", HOME, site=(CARD,), at=NOON + HOUR)
        plans.read("home", HOME, site=(CARD,), at=NOON + HOUR)
        assert urls.written == [HOME]
        urls.read.clear()
        plans.read("feed", FEED, "/1", at=NOON + HOUR)
        assert (urls.read, urls.written) == ([FEED], [HOME])
        assert plans.marks("/1") == ()
        plans.read("sitemap", SITEMAP, "/2", "/3", "/4", at=NOON + HOUR)
        assert urls.read.count(HOME) == 1


def test_facts_that_complete_a_known_article_bring_it_along(plans: Plans) -> None:
    plans.scheduler.start_run(plans.source, NOON)
    plans.read("sitemap", SITEMAP, "/1")
    plans.read("home", HOME, site=(CARD,))
    facts = EntryFacts(title="Bridge opens")
    listing = Listing(entries=(Entry(url=f"{SITE}/1", facts=facts),), fetched_at=NOON, location=FEED)
    plans.scheduler.schedule(plans.source, FEED, "feed", listing, NOON)
    known = plans.urls.get(f"{SITE}/1")
    assert known is not None
    assert read_facts(known.entry) == replace(facts, site_images=(image_mark(CARD),))
