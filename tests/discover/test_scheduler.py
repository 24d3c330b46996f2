"""Which URLs of a source's listings are fetched, with the real table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from msgspec import structs
from tests.sources.daily import DAILY, read

from khobor.discover.listing import Entry, Listing, SitemapReference
from khobor.discover.scheduler import Scheduler
from khobor.discover.url_filters import is_due
from khobor.embedded.stack import EmbeddedStack
from khobor.frontier.backlog import Backlog
from khobor.frontier.budgets import URLS_OF_SOURCE
from khobor.frontier.dynamodb.hosts import DynamoDBHosts
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.frontier.fetch_queue import FetchRequest, Kind, NewUrl
from khobor.frontier.host_state import write_state
from khobor.frontier.interface import KnownUrl
from khobor.frontier.pace import HostState
from khobor.sources.source import Source

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "https://daily.example/feed"
SITE = "https://daily.example"


def source(discovery: str = f'feeds = ["{FEED}"]', fetching: str = "", top: str = "") -> Source:
    text = DAILY.replace("[rules]", f"{top}\n[rules]")
    return read(f"{text}\n[discovery]\n{discovery}\n[fetching]\n{fetching}")


def listing(*paths: str, published: datetime | None = None) -> Listing:
    return Listing(entries=tuple(Entry(url=f"{SITE}{path}", published_at=published) for path in paths))


def owner(url: str) -> str | None:
    """Return the name of the source of ``daily.example``."""
    return "daily" if url.startswith(SITE) else None


class Plans:
    """A scheduler, and what it sent."""

    def __init__(self, stack: EmbeddedStack) -> None:
        self.urls = DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], 400)
        self.sent: list[FetchRequest] = []
        self.hosts = DynamoDBHosts(stack.dynamodb, stack.outputs["CrawlTableName"])
        self.scheduler = Scheduler(self.urls, self.sent.extend, Backlog(self.hosts), owner)

    def paths(self) -> list[str]:
        taken = [request.url.removeprefix(SITE) for request in self.sent]
        self.sent.clear()
        return taken


@pytest.fixture
def plans(stack: EmbeddedStack) -> Plans:
    return Plans(stack)


def test_a_run_asks_for_the_listings_each_time(plans: Plans) -> None:
    both = source(f'feeds = ["{FEED}"]\nsections = ["{SITE}/"]')
    for at in (NOON, NOON + HOUR):
        assert plans.scheduler.start_run(both, at).listings == 2
        assert [(request.kind, request.visit) for request in plans.sent] == [
            ("feed", int(at.timestamp())),
            ("section", int(at.timestamp())),
        ]
        assert plans.paths() == ["/feed", "/"]


def test_a_host_that_is_left_alone_is_asked_for_nothing_and_later_for_what_was_due(plans: Plans) -> None:
    daily = source(
        f'feeds = ["{FEED}", "https://feeds.example/daily"]', "revisits = [{until_hours = 3, every_minutes = 60}]"
    )
    plans.scheduler.schedule(daily, FEED, "feed", listing("/1", published=NOON), NOON)
    plans.paths()
    later = NOON + HOUR
    trouble = HostState(failures=5, open_until=(later + HOUR).timestamp())
    plans.hosts.end_turn("daily.example", write_state(trouble), later, later)
    started = plans.scheduler.start_run(daily, later)
    assert (started.left, plans.paths()) == (2, ["https://feeds.example/daily"])
    plans.scheduler.start_run(daily, later + HOUR)
    assert plans.paths() == ["/feed", "https://feeds.example/daily", "/1"]


def test_a_host_gets_no_more_than_it_can_be_asked_for_until_the_next_run(plans: Plans) -> None:
    slow = source(fetching="delay_seconds = 1200")
    report = plans.scheduler.schedule(slow, FEED, "feed", listing("/1", "/2", "/3", "/4"), NOON)
    assert (report.new, report.left, plans.paths()) == (3, 1, ["/1", "/2", "/3"])
    assert plans.scheduler.start_run(slow, NOON).left == 1
    report = plans.scheduler.schedule(slow, FEED, "feed", listing("/3", "/4", "/5"), NOON + HOUR / 2)
    assert (report.known, report.new, report.left, plans.paths()) == (1, 1, 1, ["/4"])


def on_hosts(pattern: str, count: int, next_page: str | None = None) -> Listing:
    """Return a listing with one article on each of many hosts."""
    entries = (Entry(url=f"https://{pattern.format(number)}/{number}") for number in range(count))
    return Listing(entries=tuple(entries), next_page=next_page)


def source_of(*hosts: str) -> Source:
    """Return a source of these hosts that takes 3,000 articles of a listing at once."""
    return structs.replace(source(f'feeds = ["{FEED}"]\nmax_urls = 3000'), hosts=hosts)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("host", "pattern", "per_hour"),
    [
        ("daily.example", "x{}.daily.example", 20),
        ("blogspot.com", "x{}.blogspot.com", 60),
        ("daily.example", "x{}.daily.example:8443", 20),
    ],
    ids=["one domain", "sites below a private suffix", "another port"],
)
def test_hosts_without_end_get_a_few_new_ones_an_hour(plans: Plans, host: str, pattern: str, per_hour: int) -> None:
    endless, feed = source_of(host), on_hosts(pattern, 3000)
    for run in range(2):
        report = plans.scheduler.schedule(endless, FEED, "feed", feed, NOON + run * HOUR)
        left = 3000 - per_hour * (run + 1)
        assert (report.known, report.new, report.left) == (per_hour * run, per_hour, left)
        assert report.left_by == {"new_hosts": left}
        assert len(plans.paths()) == per_hour
    # A host that was asked before has room of its own.
    more = Listing(entries=(Entry(url=f"https://{pattern.format(0)}/more"),))
    assert plans.scheduler.schedule(endless, FEED, "feed", more, NOON + HOUR).new == 1


def test_one_domain_without_end_leaves_new_hosts_to_the_other_domains_of_its_source(plans: Plans) -> None:
    feed = on_hosts("x{}.daily.example", 100)
    feed = replace(feed, entries=(*feed.entries, Entry(url="https://sport.other.example/1")))
    plans.scheduler.schedule(source_of("daily.example", "other.example"), FEED, "feed", feed, NOON)
    assert len(plans.sent) == 21
    assert plans.sent[-1].url == "https://sport.other.example/1"


@pytest.mark.slow
def test_other_sources_keep_their_budgets(plans: Plans) -> None:
    plans.scheduler.schedule(source_of("blogspot.com"), FEED, "feed", on_hosts("x{}.blogspot.com", 100), NOON)
    other = structs.replace(source_of("github.io"), name="other")
    assert plans.scheduler.schedule(other, FEED, "feed", on_hosts("x{}.github.io", 100), NOON).new == 60


def test_a_big_publisher_has_its_first_3000_articles_queued_at_once(plans: Plans) -> None:
    backlog = Backlog(plans.hosts)
    hosts = ["daily.example", "sport.daily.example", "english.daily.example"]
    assert backlog.admit_hosts(hosts, "daily", NOON) == set(hosts)
    assert [backlog.take_room(host, 1000, 2.0, HOUR, NOON) for host in hosts] == [1000, 1000, 1000]
    assert backlog.take_urls("daily", 3000, HOUR, NOON) == 3000


def test_a_source_has_so_many_urls_an_hour_however_many_hosts_it_has(plans: Plans) -> None:
    backlog = Backlog(plans.hosts)
    assert backlog.take_urls("daily", URLS_OF_SOURCE - 1, HOUR, NOON) == URLS_OF_SOURCE - 1
    report = plans.scheduler.schedule(source(), FEED, "feed", listing("/1", "/2", "/3"), NOON)
    assert (report.new, report.left_by, plans.paths()) == (1, {"source_full": 2}, ["/1"])
    report = plans.scheduler.schedule(source(), FEED, "feed", listing("/1", "/2", "/3"), NOON + HOUR)
    assert (report.known, report.new, report.left, plans.paths()) == (1, 2, 0, ["/2", "/3"])


def test_the_page_after_a_listing_that_was_not_taken_whole_is_fetched_with_the_next_run(plans: Plans) -> None:
    few = source(f'feeds = ["{FEED}"]\nmax_urls = 2')
    second = f"{FEED}?page=2"
    plans.scheduler.schedule(few, FEED, "feed", replace(listing("/1", "/2", "/3"), next_page=second), NOON)
    assert plans.paths() == ["/1", "/2"]
    plans.scheduler.start_run(few, NOON + HOUR)
    assert plans.paths() == ["/feed", "/feed?page=2"]
    # It is read again until it has no URL left, and then no more.
    report = plans.scheduler.schedule(few, second, "feed", listing("/4", "/5", "/6"), NOON + HOUR)
    assert (report.left_by, plans.paths()) == ({"max_urls": 1}, ["/4", "/5"])
    plans.scheduler.start_run(few, NOON + 2 * HOUR)
    assert plans.paths() == ["/feed", "/feed?page=2"]
    assert plans.scheduler.schedule(few, second, "feed", listing("/4", "/5", "/6"), NOON + 2 * HOUR).new == 1
    plans.paths()
    plans.scheduler.start_run(few, NOON + 3 * HOUR)
    assert [path for path in plans.paths() if path.startswith("/feed")] == ["/feed"]


@pytest.mark.slow
def test_next_pages_without_end_ask_for_no_more_than_the_budgets(plans: Plans) -> None:
    endless, url = source_of("blogspot.com", "daily.example"), FEED
    for number in range(1, 10):
        page = on_hosts(f"x{{}}-{number}.blogspot.com", 30, f"{FEED}?page={number}")
        plans.scheduler.schedule(endless, url, "feed", page, NOON)
        url = f"{FEED}?page={number}"
    articles = [request for request in plans.sent if request.kind == "article"]
    # The host of the page is one of the sixty. Two pages have something left: they come with the next run.
    assert (len(articles), len(plans.sent) - len(articles)) == (59, 1)
    assert {known.url for known in plans.urls.due("daily", NOON + HOUR)} == {f"{FEED}?page=1", f"{FEED}?page=2"}


def test_of_listings_that_a_listing_names_the_rest_is_counted_and_followed_later(plans: Plans) -> None:
    index = Listing(sitemaps=tuple(SitemapReference(url=f"{SITE}/{number}.xml") for number in range(70)))
    daily, url = source(f'sitemaps = ["{SITE}/index.xml"]'), f"{SITE}/index.xml"
    plans.urls.change(url, {"etag": '"1"'}, NOON)
    report = plans.scheduler.schedule(daily, url, "sitemap", index, NOON)
    assert (report.left_by, len(plans.paths())) == ({"listings": 20}, 50)
    known = plans.urls.get(url)
    assert known
    assert known.etag is None
    report = plans.scheduler.schedule(daily, url, "sitemap", index, NOON + HOUR)
    assert (report.left, len(plans.paths())) == (0, 20)


def test_what_a_host_asks_for_counts_too(plans: Plans) -> None:
    asks = HostState(delay=1000.0)
    plans.hosts.end_turn("daily.example", write_state(asks), NOON, NOON)
    assert plans.scheduler.schedule(source(), FEED, "feed", listing("/1", "/2", "/3", "/4"), NOON).new == 3


def test_a_host_that_asks_for_hours_gets_its_listing_and_articles_of_it(plans: Plans) -> None:
    asks = HostState(delay=7200.0)
    plans.hosts.end_turn("daily.example", write_state(asks), NOON, NOON)
    assert plans.scheduler.start_run(source(), NOON).listings == 1
    assert plans.scheduler.schedule(source(), FEED, "feed", listing("/1", "/2", "/3"), NOON).new == 2
    assert plans.paths() == ["/feed", "/1", "/2"]


def test_new_articles_are_fetched_once(plans: Plans) -> None:
    report = plans.scheduler.schedule(source(), FEED, "feed", listing("/1", "/2", "/1#top"), NOON)
    assert (report.found, report.new, report.known) == (2, 2, 0)
    assert plans.paths() == ["/1", "/2"]
    report = plans.scheduler.schedule(source(), FEED, "feed", listing("/2", "/3?utm_source=feed", "/2"), NOON)
    assert (report.found, report.new, report.known) == (2, 1, 1)
    assert plans.paths() == ["/3?utm_source=feed"]


def test_a_request_says_how_it_is_to_be_fetched(plans: Plans) -> None:
    plans.scheduler.schedule(source(fetching="delay_seconds = 7\nports = [8443]"), FEED, "feed", listing("/1"), NOON)
    (request,) = plans.sent
    assert (request.source, request.kind, request.visit) == ("daily", "article", None)
    assert (request.delay, request.ports) == (7, (8443,))


@pytest.mark.parametrize(
    ("discovery", "top", "path", "reason"),
    [
        ("exclude = ['/video/']", "", "/video/1", "excluded"),
        ("include = ['/news/']", "", "/1", "not_included"),
        ("", "article_url = '/\\d+$'", "/about", "no_article_url"),
    ],
)
def test_what_a_source_does_not_want_is_refused_with_the_reason(
    plans: Plans, discovery: str, top: str, path: str, reason: str
) -> None:
    report = plans.scheduler.schedule(source(discovery, top=top), FEED, "feed", listing(path), NOON)
    assert (dict(report.refused), plans.paths()) == ({reason: 1}, [])


def test_lists_and_their_sitemaps_are_counted_as_refused(plans: Plans) -> None:
    index = Listing(
        entries=(Entry(url=f"{SITE}/2026/the-bridge"), Entry(url=f"{SITE}/tag/bridge/")),
        sitemaps=(SitemapReference(url=f"{SITE}/category-sitemap.xml"),),
    )
    report = plans.scheduler.schedule(source(), f"{SITE}/sitemap.xml", "sitemap", index, NOON)
    assert (report.found, dict(report.refused)) == (3, {"list_url": 1, "list_sitemap": 1})
    assert plans.paths() == ["/2026/the-bridge"]


def test_another_host_and_what_is_no_url_are_refused(plans: Plans) -> None:
    told = Listing(entries=(Entry(url="https://other.example/1"), Entry(url="mailto:a@daily.example")))
    report = plans.scheduler.schedule(source(), FEED, "feed", told, NOON)
    assert (dict(report.refused), plans.paths()) == ({"other_host": 1, "bad_url": 1}, [])


def test_articles_that_are_too_old_are_left_where_they_are(plans: Plans) -> None:
    week = source("max_age_days = 7")
    report = plans.scheduler.schedule(week, FEED, "feed", listing("/1", published=NOON - timedelta(days=8)), NOON)
    assert dict(report.refused) == {"too_old": 1}
    report = plans.scheduler.schedule(week, FEED, "feed", listing("/1", published=NOON - timedelta(days=6)), NOON)
    assert report.new == 1


def test_that_an_articles_links_led_to_news_is_no_matter_of_the_article(plans: Plans) -> None:
    plans.urls.change(f"{SITE}/1", {"etag": '"a"'}, NOON)
    report = plans.scheduler.schedule(source("max_urls = 1"), f"{SITE}/1", "article", listing("/2", "/3"), NOON)
    assert (report.new, report.left) == (1, 1)
    known = plans.urls.get(f"{SITE}/1")
    assert known
    assert (known.etag, known.new_at) == ('"a"', None)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["feed", "article"])
def test_a_chain_of_links_that_never_ends_is_ended(plans: Plans, kind: Kind) -> None:
    calendar = source("max_urls = 2\nrelated = true", "delay_seconds = 0.1")
    url, steps = FEED, 0
    while url and steps < 1000:
        steps += 1
        page = replace(listing(f"/{steps}-a", f"/{steps}-b"), next_page=f"{FEED}?page={steps}")
        report = plans.scheduler.schedule(calendar, url, kind, page, NOON)
        followed = next((request for request in plans.sent if (request.kind == "feed") == (kind == "feed")), None)
        plans.sent.clear()
        url = followed.url if followed else ""
        if followed:
            # As fetch does when it has the page.
            plans.urls.change(
                url, {"source": "daily"}, NOON, {"depth": followed.new_url.depth} if followed.new_url else {}
            )
    assert steps == 101
    assert (report.new, report.refused) == (0, {"too_deep": 2})


def test_that_a_listing_told_of_news_is_known_though_it_has_to_be_read_twice(
    plans: Plans, stack: EmbeddedStack
) -> None:
    two = replace(listing("/1", "/2"), fetched_at=NOON)
    adds = iter([None, EndpointConnectionError(endpoint_url="https://dynamodb.example")])

    def fail(params: dict[str, Any], **_: object) -> None:
        if params["Item"]["pk"]["S"].startswith("url#") and (error := next(adds, None)):
            raise error

    # Between one URL that is known then and the other.
    events = stack.dynamodb.meta.events
    events.register("provide-client-params.dynamodb.PutItem", fail)
    with pytest.raises(EndpointConnectionError):
        plans.scheduler.schedule(source(), FEED, "feed", two, NOON)
    events.unregister("provide-client-params.dynamodb.PutItem", fail)
    for _ in range(2):
        plans.scheduler.schedule(source(), FEED, "feed", two, NOON + HOUR)
    known = plans.urls.get(FEED)
    assert known
    assert (known.new_at, known.longest_gap) == (NOON, None)


def test_what_is_to_be_known_of_a_url_is_told_to_who_fetches_it(plans: Plans) -> None:
    daily = source(f'feeds = ["{FEED}"]', "revisits = [{until_hours = 3, every_minutes = 60}]")
    plans.scheduler.schedule(daily, FEED, "feed", listing("/1", published=NOON), NOON)
    (request,) = plans.sent
    assert request.new_url == NewUrl(since=int(NOON.timestamp()), next_visit=int((NOON + HOUR).timestamp()), depth=1)


def test_a_listing_that_is_not_taken_whole_is_read_again(plans: Plans) -> None:
    few = source("max_urls = 2")
    plans.urls.change(FEED, {"etag": '"a"', "digest": "d"}, NOON)
    report = plans.scheduler.schedule(few, FEED, "feed", listing("/1", "/2", "/3"), NOON)
    assert (report.new, report.left, plans.paths()) == (2, 1, ["/1", "/2"])
    known = plans.urls.get(FEED)
    assert known
    assert (known.etag, known.digest) == (None, None)
    report = plans.scheduler.schedule(few, FEED, "feed", listing("/1", "/2", "/3"), NOON)
    assert (report.new, report.left, plans.paths()) == (1, 0, ["/3"])


def test_young_articles_are_looked_at_again_and_old_ones_are_not(plans: Plans) -> None:
    daily = source(f'feeds = ["{FEED}"]', "revisits = [{until_hours = 3, every_minutes = 60}]")
    plans.scheduler.schedule(daily, FEED, "feed", listing("/1", published=NOON), NOON)
    plans.paths()
    counts = []
    for hours in range(1, 6):
        counts.append(plans.scheduler.start_run(daily, NOON + hours * HOUR).revisits)
        again = [request for request in plans.sent if request.kind == "article"]
        assert all(request.visit == int((NOON + hours * HOUR).timestamp()) for request in again)
        plans.sent.clear()
    assert counts == [1, 1, 1, 0, 0]


def test_a_tick_that_comes_twice_asks_once_for_what_is_due(plans: Plans) -> None:
    daily = source(f'feeds = ["{FEED}"]', "revisits = [{until_hours = 3, every_minutes = 60}]")
    plans.scheduler.schedule(daily, FEED, "feed", listing("/1", published=NOON), NOON)
    assert [plans.scheduler.start_run(daily, NOON + HOUR).revisits for _ in range(2)] == [1, 0]


def test_listings_that_a_listing_leads_to_are_fetched_with_each_run(plans: Plans) -> None:
    daily = source("")
    leads = Listing(
        feeds=(FEED,),
        sitemaps=(
            SitemapReference(url=f"{SITE}/new.xml", modified_at=NOON),
            SitemapReference(url=f"{SITE}/undated.xml"),
            SitemapReference(url=f"{SITE}/old.xml", modified_at=NOON - timedelta(days=90)),
        ),
    )
    plans.scheduler.schedule(daily, f"{SITE}/", "home", leads, NOON)
    assert [request.kind for request in plans.sent] == ["feed", "sitemap", "sitemap"]
    assert plans.paths() == ["/feed", "/new.xml", "/undated.xml"]
    plans.scheduler.schedule(daily, f"{SITE}/", "home", leads, NOON)
    assert plans.paths() == []
    assert plans.scheduler.start_run(daily, NOON + HOUR).listings == 4
    assert sorted(plans.paths()) == ["/", "/feed", "/new.xml", "/undated.xml"]


def test_of_a_feed_with_pages_those_before_are_read_while_all_is_new(plans: Plans) -> None:
    paged = Listing(entries=listing("/1").entries, next_page=f"{FEED}?page=2")
    plans.scheduler.schedule(source(), FEED, "feed", paged, NOON)
    assert plans.paths() == ["/1", "/feed?page=2"]
    plans.scheduler.schedule(source(), FEED, "feed", paged, NOON)
    assert plans.paths() == []


def test_sitemaps_of_an_index_that_is_written_down_are_looked_at_again_and_again(plans: Plans) -> None:
    index = f"{SITE}/index.xml"
    daily = source(f'sitemaps = ["{index}"]')
    leads = Listing(sitemaps=(SitemapReference(url=f"{SITE}/news.xml"),))
    plans.scheduler.schedule(daily, index, "sitemap", leads, NOON)
    plans.paths()
    for hours in (1, 2, 24):
        plans.scheduler.start_run(daily, NOON + hours * HOUR)
        assert plans.paths() == ["/index.xml", "/news.xml"]


@pytest.mark.slow
def test_listings_that_are_quiet_are_looked_at_more_rarely(plans: Plans) -> None:
    daily = source("")
    plans.scheduler.schedule(daily, f"{SITE}/", "home", Listing(feeds=(FEED,)), NOON)
    looks = 0
    for hours in range(1, 24 * 10):
        looks += plans.scheduler.start_run(daily, NOON + hours * HOUR).listings - 1
    assert 10 < looks < 50


@pytest.mark.parametrize("lead", ["https://other.example/feed", f"{SITE}/{'x' * 3000}"])
def test_no_listing_leads_to_another_site_or_without_end(plans: Plans, lead: str) -> None:
    plans.scheduler.schedule(source(""), f"{SITE}/", "home", Listing(feeds=(lead,), next_page=lead), NOON)
    plans.scheduler.schedule(source(), FEED, "feed", Listing(entries=listing("/1").entries, next_page=lead), NOON)
    assert plans.paths() == ["/1"]


def test_one_url_that_is_too_long_leaves_its_neighbours_alone(plans: Plans) -> None:
    report = plans.scheduler.schedule(source(), FEED, "feed", listing(f"/{'x' * 200_000}", "/1"), NOON)
    assert (dict(report.refused), plans.paths()) == ({"url_too_long": 1}, ["/1"])


def test_of_a_listing_without_end_no_more_is_looked_up_than_is_needed(plans: Plans) -> None:
    many = listing(*(f"/{number}" for number in range(5000)))
    report = plans.scheduler.schedule(source("max_urls = 10"), FEED, "feed", many, NOON)
    assert (report.found, report.new, report.left) == (5000, 10, 4990)


def test_listings_that_were_found_give_way_to_those_that_are_written_down(plans: Plans) -> None:
    plans.scheduler.schedule(source(""), f"{SITE}/", "home", Listing(feeds=(f"{SITE}/found",)), NOON)
    plans.paths()
    plans.scheduler.start_run(source(), NOON + HOUR)
    plans.scheduler.start_run(source(), NOON + 2 * HOUR)
    assert plans.paths() == ["/feed", "/feed"]


@pytest.mark.slow
def test_a_listing_that_falls_silent_is_told_of_once(plans: Plans) -> None:
    plans.scheduler.start_run(source(), NOON)
    plans.scheduler.schedule(source(), FEED, "feed", listing("/1"), NOON)
    told = []
    for quarters in range(4 * 24 * 2, 4 * 24 * 4):
        at = NOON + quarters * timedelta(minutes=15)
        told += [(at, url) for url in plans.scheduler.start_run(source(), at).silent]
    assert told == [(NOON + timedelta(days=3, minutes=15), FEED)]


def test_what_was_sent_is_known_only_then(plans: Plans) -> None:
    """A crash between the two has an article fetched twice, and never none."""

    def crash(_: object) -> None:
        raise RuntimeError("no queue")

    with pytest.raises(RuntimeError):
        Scheduler(plans.urls, crash, Backlog(plans.hosts), owner).schedule(source(), FEED, "feed", listing("/1"), NOON)
    assert plans.urls.get(f"{SITE}/1") is None


def test_a_url_found_is_as_old_as_its_article(plans: Plans) -> None:
    plans.scheduler.schedule(source(), FEED, "feed", listing("/1", published=NOON - 2 * HOUR), NOON)
    known = plans.urls.get(f"{SITE}/1")
    assert isinstance(known, KnownUrl)
    assert (known.since, known.source) == (NOON - 2 * HOUR, "daily")


@pytest.mark.parametrize(("minutes", "every"), [(5, 5), (7, 10), (15, 15), (22, 25), (60, 60), (1440, 1440)])
def test_a_source_is_run_at_its_interval_and_no_oftener(minutes: int, every: int) -> None:
    tick_time = timedelta(minutes=5)
    often = source(f"interval_minutes = {minutes}")
    ticks = [NOON + number * tick_time for number in range(2 * 24 * 12)]
    due = [tick for tick in ticks if is_due(often, tick, tick_time)]
    assert {later - earlier for earlier, later in pairwise(due)} == {timedelta(minutes=every)}


def test_an_article_that_another_source_made_known_is_fetched_by_its_own_once(plans: Plans) -> None:
    plans.urls.change(f"{SITE}/1", {"source": "evil", "kind": "feed", "etag": "evil"}, NOON)
    for new in (1, 0):
        assert plans.scheduler.schedule(source(), FEED, "feed", listing("/1"), NOON).new == new
    assert plans.paths() == ["/1"]
    known = plans.urls.get(f"{SITE}/1")
    assert known
    assert (known.source, known.kind, known.etag) == ("daily", "article", None)


def test_an_article_of_another_source_on_the_same_host_is_not_taken_from_it(plans: Plans) -> None:
    plans.urls.change(f"{SITE}/1", {"source": "daily", "etag": "own"}, NOON)
    other = structs.replace(source(), name="other")
    assert plans.scheduler.schedule(other, FEED, "feed", listing("/1"), NOON).known == 1
    known = plans.urls.get(f"{SITE}/1")
    assert known
    assert (known.source, known.etag) == ("daily", "own")


def test_what_was_forgotten_is_not_fetched_by_the_source_that_publishes_it(plans: Plans) -> None:
    plans.urls.forget(f"{SITE}/1", NOON)
    assert plans.scheduler.schedule(source(), FEED, "feed", listing("/1"), NOON).known == 1
    assert plans.paths() == []


def test_a_listing_that_another_source_made_known_is_read_as_if_for_the_first_time(plans: Plans) -> None:
    shared = "https://feeds.example/daily"
    plans.urls.change(shared, {"source": "evil", "kind": "feed", "etag": "evil", "digest": "read by evil"}, NOON)
    plans.scheduler.start_run(source(f'feeds = ["{shared}"]'), NOON)
    known = plans.urls.get(shared)
    assert known
    assert (known.source, known.etag, known.digest) == ("daily", None, None)


def test_a_next_page_that_is_another_source_s_listing_is_left_alone(plans: Plans) -> None:
    shared, theirs = "https://feeds.example/evil", "https://feeds.example/victim"
    plans.urls.change(theirs, {"source": "victim", "kind": "feed"}, NOON)
    leads_on = replace(listing("/1"), next_page=theirs, feeds=(theirs,))
    plans.scheduler.schedule(source(), shared, "feed", leads_on, NOON)
    assert plans.paths() == ["/1"]


@pytest.mark.parametrize(
    "copy",
    ["https://www.google.com/amp/s/victim.example/1", "https://victim-example.cdn.ampproject.org/c/s/victim.example/1"],
)
def test_no_copy_of_another_site_s_page_is_fetched_or_known(plans: Plans, copy: str) -> None:
    reader = structs.replace(source(), hosts=("google.com", "cdn.ampproject.org"))
    told = Listing(entries=(Entry(url=copy),), feeds=(copy,))
    report = plans.scheduler.schedule(reader, "https://www.google.com/feed", "feed", told, NOON)
    assert (report.refused, plans.sent) == ({"other_host": 1}, [])
    assert plans.urls.get("https://victim.example/1") is None
