"""How far back a site is read: at first, and after a time without a look, further than its feed reaches."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.discover.test_scheduler import FEED, HOUR, NOON, SITE, Plans, listing, source
from tests.discover.test_scheduler import plans as plans  # noqa: PLC0414 the fixture

from khobor.discover.article_urls import end_of_date
from khobor.discover.listing import Listing, SitemapReference
from khobor.discover.scheduler import Scheduler
from khobor.frontier.backlog import Backlog
from khobor.frontier.fetch_queue import Kind

HOME = f"{SITE}/"
SITEMAP = f"{SITE}/sitemap.xml"
FALLBACKS: tuple[tuple[Kind, str], ...] = (("sitemap", SITEMAP), ("section", HOME))
FRONT = Listing(feeds=(FEED,), fallbacks=FALLBACKS)
ANY = source("")


def feed(*paths: str) -> Listing:
    return replace(listing(*paths, published=NOON), fallbacks=FALLBACKS)


def start(plans: Plans, *paths: str) -> None:
    """Read the home page and the feed of a new source."""
    plans.scheduler.start_run(ANY, NOON)
    plans.scheduler.schedule(ANY, HOME, "home", FRONT, NOON)
    plans.scheduler.schedule(ANY, FEED, "feed", feed(*paths), NOON)


def test_a_new_source_is_read_from_its_sitemap_and_its_home_page_after_its_feed(plans: Plans) -> None:
    start(plans, "/1", "/2")
    kinds = [(request.kind, request.url.removeprefix(SITE)) for request in plans.sent]
    assert kinds == [
        ("home", "/"),
        ("feed", "/feed"),
        ("sitemap", "/sitemap.xml"),
        ("section", "/"),
        ("article", "/1"),
        ("article", "/2"),
    ]


def test_they_are_read_once(plans: Plans) -> None:
    start(plans, "/1")
    index = Listing(sitemaps=(SitemapReference(url=f"{SITE}/posts.xml"),))
    plans.scheduler.schedule(ANY, SITEMAP, "sitemap", index, NOON)
    plans.scheduler.schedule(ANY, HOME, "section", replace(listing("/1"), sections=(f"{SITE}/archive/",)), NOON)
    assert plans.paths()[-2:] == ["/posts.xml", "/archive/"]
    plans.scheduler.start_run(ANY, NOON + HOUR)
    assert plans.paths() == ["/", "/feed"]
    plans.scheduler.schedule(ANY, FEED, "feed", feed("/2", "/1"), NOON + HOUR)
    assert plans.paths() == ["/2"]


def test_after_a_time_without_a_look_they_are_read_again(plans: Plans) -> None:
    start(plans, "/1")
    index = Listing(sitemaps=(SitemapReference(url=f"{SITE}/posts.xml"),))
    plans.scheduler.schedule(ANY, SITEMAP, "sitemap", index, NOON)
    plans.paths()
    later = NOON + timedelta(days=3)
    plans.scheduler.schedule(ANY, FEED, "feed", feed("/8", "/7"), later)
    again = plans.sent[:]
    assert plans.paths() == ["/8", "/7", "/sitemap.xml", "/"]
    # Only if it changed.
    assert [request.visit is not None for request in again if request.kind == "sitemap"] == [True]
    plans.scheduler.schedule(ANY, SITEMAP, "sitemap", index, later)
    assert plans.paths() == ["/posts.xml"]


def test_a_feed_that_never_reaches_back_has_them_read_once_an_hour(plans: Plans) -> None:
    start(plans, "/1")
    plans.paths()
    sent = 0
    for quarters in range(1, 9):
        at = NOON + quarters * timedelta(minutes=15)
        plans.scheduler.schedule(ANY, FEED, "feed", feed(f"/{quarters}x"), at)
        sent += plans.paths().count("/sitemap.xml")
    assert sent == 2


def test_a_feed_with_an_entry_that_is_known_or_too_old_reaches_back(plans: Plans) -> None:
    start(plans, "/1")
    plans.paths()
    later = NOON + timedelta(days=3)
    plans.scheduler.schedule(ANY, FEED, "feed", feed("/2", "/1"), later)
    old = replace(feed("/3"), entries=(*feed("/3").entries, *listing("/0", published=NOON - 40 * 24 * HOUR).entries))
    plans.scheduler.schedule(ANY, FEED, "feed", old, later)
    assert plans.paths() == ["/2", "/3"]


def test_beside_a_feed_in_no_order_they_are_read_too_once_an_hour(plans: Plans) -> None:
    start(plans, "/1", "/2")
    plans.paths()
    for minutes, asked in ((15, 0), (60, 1), (75, 0), (120, 1)):
        any_order = replace(feed("/2", "/1"), is_unordered=True)
        plans.scheduler.schedule(ANY, FEED, "feed", any_order, NOON + timedelta(minutes=minutes))
        assert plans.paths().count("/sitemap.xml") == asked


def test_a_usual_sitemap_that_is_missing_is_left_alone_for_a_week(plans: Plans) -> None:
    start(plans, "/1")
    plans.urls.change(SITEMAP, {"gone_at": NOON}, NOON)
    plans.paths()
    for days, asked in ((3, []), (8, ["/sitemap.xml"])):
        plans.scheduler.schedule(ANY, FEED, "feed", feed(f"/{days}x"), NOON + timedelta(days=days))
        assert [path for path in plans.paths() if path == "/sitemap.xml"] == asked


def test_a_sitemap_that_the_site_names_is_not_read_twice(plans: Plans) -> None:
    plans.scheduler.start_run(ANY, NOON)
    named = replace(FRONT, sitemaps=(SitemapReference(url=SITEMAP),))
    plans.scheduler.schedule(ANY, HOME, "home", named, NOON)
    assert plans.paths().count("/sitemap.xml") == 1


def test_what_is_read_of_another_source_s_site_stays_its_own(plans: Plans) -> None:
    start(plans, "/1")
    theirs = f"{SITE}/theirs.xml"
    plans.urls.change(theirs, {"source": "other", "kind": "sitemap"}, NOON)
    plans.urls.change(f"{SITE}/7", {"source": "daily", "kind": "article"}, NOON)
    plans.paths()
    # The owner of the URL is another one: as where two sources share a host.
    index = Listing(sitemaps=(SitemapReference(url=theirs),))
    plans.scheduler = Scheduler(plans.urls, plans.sent.extend, Backlog(plans.hosts), lambda _: "other")
    plans.scheduler.schedule(ANY, SITEMAP, "sitemap", index, NOON)
    plans.scheduler.schedule(ANY, HOME, "section", replace(listing("/8"), next_page=f"{SITE}/7"), NOON)
    assert plans.paths() == ["/8"]


def test_a_source_that_names_its_listings_has_only_these(plans: Plans) -> None:
    plans.scheduler.start_run(source(), NOON)
    plans.scheduler.schedule(source(), FEED, "feed", listing("/1", "/2"), NOON)
    assert plans.paths() == ["/feed", "/1", "/2"]


def test_of_a_sitemap_without_dates_a_bounded_number_is_fetched(plans: Plans) -> None:
    few = source("max_urls = 2")
    plans.scheduler.start_run(few, NOON)
    plans.scheduler.schedule(few, HOME, "home", FRONT, NOON)
    report = plans.scheduler.schedule(few, SITEMAP, "sitemap", listing("/1", "/2", "/3", "/4", "/5"), NOON)
    assert (report.new, report.left, dict(report.refused)) == (2, 0, {"undated": 3})


def pages(plans: Plans, articles: list[list[str]]) -> int:
    """Read a home page as a section page and those that continue it; return how many were requested."""
    url, number = HOME, 0
    while True:
        following = f"{SITE}/page/{number + 2}/"
        report = plans.scheduler.schedule(
            ANY, url, "section", replace(listing(*articles[number]), next_page=following), NOON
        )
        assert report is not None
        paths = plans.paths()
        url, number = following, number + 1
        if following.removeprefix(SITE) not in paths:
            return number


def test_pages_of_a_list_are_followed_past_what_the_feed_has_until_nothing_is_new(plans: Plans) -> None:
    start(plans, "/1", "/2", "/3", "/4")
    plans.paths()
    assert pages(plans, [["/1", "/2"], ["/3", "/4"], ["/5", "/1"], ["/6"], ["/5", "/6"], ["/7"]]) == 5


@pytest.mark.slow
def test_pages_of_a_list_without_end_are_followed_up_to_a_limit(plans: Plans) -> None:
    start(plans, "/1")
    plans.paths()
    assert pages(plans, [[f"/{number}"] for number in range(1, 200)]) == 20
    assert pages(plans, [["/1"]] * 200) == 10


def test_of_a_home_page_without_articles_the_lists_that_it_links_to_are_read_with_every_run(plans: Plans) -> None:
    blog = f"{SITE}/blog/"
    plans.scheduler.start_run(ANY, NOON)
    plans.scheduler.schedule(ANY, HOME, "home", Listing(sections=(blog,)), NOON)
    paged = replace(listing("/blog/1"), next_page=f"{blog}page/2/")
    plans.scheduler.schedule(ANY, blog, "section", paged, NOON)
    assert plans.paths() == ["/", "/blog/", "/blog/1", "/blog/page/2/"]
    plans.scheduler.schedule(ANY, f"{blog}page/2/", "section", listing("/blog/1", "/blog/0"), NOON)
    plans.scheduler.start_run(ANY, NOON + HOUR)
    assert plans.paths() == ["/blog/0", "/", "/blog/"]


def test_pages_of_a_section_are_followed_while_all_is_new(plans: Plans) -> None:
    section = source(f'sections = ["{HOME}"]')
    paged = replace(listing("/1"), next_page=f"{SITE}/page/2/")
    plans.scheduler.start_run(section, NOON)
    plans.scheduler.schedule(section, HOME, "section", paged, NOON)
    assert [(request.kind, request.url.removeprefix(SITE)) for request in plans.sent][1:] == [
        ("article", "/1"),
        ("section", "/page/2/"),
    ]
    plans.paths()
    plans.scheduler.schedule(section, HOME, "section", paged, NOON)
    plans.scheduler.start_run(section, NOON + HOUR)
    assert plans.paths() == ["/"]


def test_a_page_that_a_budget_cut_off_is_read_again(plans: Plans) -> None:
    few = source("max_urls = 1")
    plans.scheduler.start_run(few, NOON)
    plans.scheduler.schedule(few, HOME, "home", FRONT, NOON)
    plans.scheduler.schedule(few, HOME, "section", listing("/1", "/2"), NOON)
    plans.paths()
    plans.scheduler.start_run(few, NOON + HOUR)
    assert [request.kind for request in plans.sent if request.url == HOME] == ["home", "section"]


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ("/2026/01/31/x", "2026-02-01T12:00:00+00:00"),
        ("/blog/2025/12/x", "2026-01-01T12:00:00+00:00"),
        ("/2026-01-05-council-votes", "2026-01-06T12:00:00+00:00"),
        ("/2026/13/x", None),
        ("/2026/02/31/x", None),
        ("/2026/x", None),
        ("/x/12", None),
    ],
)
def test_the_age_of_an_entry_without_a_date_is_that_of_its_url(path: str, end: str | None) -> None:
    found = end_of_date(f"{SITE}{path}")
    assert (found.isoformat() if found else None) == end


def test_entries_whose_url_is_too_old_are_refused(plans: Plans) -> None:
    report = plans.scheduler.schedule(ANY, HOME, "section", listing("/2025/11/a", "/2026/02/b"), NOON)
    assert (dict(report.refused), plans.paths()) == ({"too_old": 1}, ["/2026/02/b"])
