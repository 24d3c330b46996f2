"""Visits to a web server on this machine, with the real table: what is asked for, when, and what is kept."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
import time_machine
from pytest_httpserver import HTTPServer
from tests.example_pages import page
from werkzeug import Request, Response

from khobor.embedded.stack import EmbeddedStack
from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.fetch.downloader import MAX_REDIRECTS, Downloader, Limits
from khobor.fetch.fetcher import Fetcher, FetchOutcome, FetchResult
from khobor.frontier.backlog import Backlog
from khobor.frontier.dynamodb.hosts import DynamoDBHosts
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.frontier.fetch_queue import FetchRequest, NewUrl, message_group
from khobor.frontier.interface import HostBusyError
from khobor.page import RawPage, Redirect

DELAY = 2.0
HTML = "text/html; charset=utf-8"


class FakeSite:
    """A site, and what was kept of it."""

    def __init__(self, stack: EmbeddedStack, server: HTTPServer, clock: time_machine.Traveller) -> None:
        self.server = server
        self.clock = clock
        self.kept: list[tuple[RawPage, FetchRequest]] = []
        self.urls = DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], 400)
        self.hosts = DynamoDBHosts(stack.dynamodb, stack.outputs["CrawlTableName"])
        self.fetcher = self.started()

    def started(self) -> Fetcher:
        downloader = Downloader("mailto:tests@localhost", Limits(), allow_loopback=True)
        return Fetcher(downloader=downloader, hosts=self.hosts, urls=self.urls, keep=self._keep, random=Random(7))

    def url(self, path: str = "/1") -> str:
        return self.server.url_for(path)

    def fetch(self, path: str = "/1", *, again: bool = False, **facts: Any) -> FetchResult:
        """Fetch a path when it is its turn."""
        request = FetchRequest(url=self.url(path), visit=1 if again else None, delay=DELAY, **facts)
        while True:
            try:
                return self.fetcher.fetch(request)
            except HostBusyError as busy:
                self.clock.move_to(busy.until + timedelta(milliseconds=1))

    def asked(self) -> list[str]:
        return [request.path for request, _ in self.server.log]

    def _keep(self, fetched: RawPage, request: FetchRequest) -> str:
        self.kept.append((fetched, request))
        return f"key-{len(self.kept)}"


@pytest.fixture
def site(stack: EmbeddedStack, httpserver: HTTPServer, clock: time_machine.Traveller) -> FakeSite:
    return FakeSite(stack, httpserver, clock)


@pytest.fixture
def respond(site: FakeSite) -> Callable[..., None]:
    """From now on, the site answers every request except the one for robots.txt."""

    def to_all(status: int = 200, body: bytes | None = None, **headers: str) -> None:
        site.server.clear_all_handlers()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        site.server.expect_request("/robots.txt").respond_with_data(status=404)
        answer = Response(page() if body is None else body, status, named, content_type=HTML)
        site.server.expect_request("/1").respond_with_response(answer)

    return to_all


def test_a_page_is_kept_with_what_robots_txt_said(site: FakeSite, respond: Callable[..., None]) -> None:
    respond()
    result = site.fetch()
    assert (result.outcome, result.key) == (FetchOutcome.STORED, "key-1")
    ((kept, _),) = site.kept
    assert (kept.body, kept.robots_txt) == (page(), "none")
    assert site.asked() == ["/robots.txt", "/1"]


def test_robots_txt_is_asked_for_once_by_all_functions(site: FakeSite, respond: Callable[..., None]) -> None:
    respond()
    site.fetch()
    site.fetcher = site.started()
    site.fetch()
    assert site.asked() == ["/robots.txt", "/1", "/1"]


def test_what_robots_txt_forbids_is_not_asked_for(site: FakeSite, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /1")
    result = site.fetch()
    assert (result.outcome, result.reason, result.key) == (FetchOutcome.DISALLOWED, "robots_disallowed", None)
    assert site.asked() == ["/robots.txt"]


def test_nothing_is_asked_for_while_robots_txt_cannot_be_had(site: FakeSite, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data(status=500)
    began = datetime.now(UTC)
    while (now := datetime.now(UTC)) < began + timedelta(hours=48):
        with pytest.raises(HostBusyError) as busy:
            site.fetcher.fetch(FetchRequest(url=site.url()))
        site.clock.move_to(max(busy.value.until, now) + timedelta(milliseconds=1))
    asked = site.asked()
    assert set(asked) == {"/robots.txt"}
    assert len(asked) < 25


def test_between_two_requests_to_a_host_its_delay_passes(site: FakeSite, respond: Callable[..., None]) -> None:
    respond()
    times: list[datetime] = []
    handler = site.server.expect_request
    site.server.clear_all_handlers()

    def note(_: Request) -> Response:
        times.append(datetime.now(UTC))
        return Response(page(), content_type=HTML)

    handler("/robots.txt").respond_with_handler(note)
    handler("/1").respond_with_handler(note)
    for _ in range(3):
        site.fetch()
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 3
    assert min(gaps) >= timedelta(seconds=DELAY)


def test_a_host_may_ask_for_a_longer_delay(site: FakeSite, respond: Callable[..., None]) -> None:
    respond()
    site.server.clear_all_handlers()
    site.server.expect_request("/robots.txt").respond_with_data("User-agent: khobor\nCrawl-delay: 30")
    site.server.expect_request("/1").respond_with_data(page(), content_type=HTML)
    before = datetime.now(UTC)
    assert site.fetch().next_at >= before + timedelta(seconds=30)


def test_a_page_that_did_not_change_is_not_kept_again(site: FakeSite, respond: Callable[..., None]) -> None:
    respond(ETag='"a"')
    site.fetch()
    site.server.clear_all_handlers()
    site.server.expect_request("/1", headers={"If-None-Match": '"a"'}).respond_with_data(status=304)
    assert site.fetch(again=True).outcome is FetchOutcome.UNCHANGED
    assert len(site.kept) == 1


def test_a_page_with_the_same_bytes_is_not_kept_again_whatever_its_etag(
    site: FakeSite, respond: Callable[..., None]
) -> None:
    respond(ETag='"a"')
    site.fetch()
    respond(ETag='"b"')
    assert site.fetch(again=True).outcome is FetchOutcome.UNCHANGED
    assert len(site.kept) == 1
    known = site.urls.get(site.url())
    assert known
    assert known.etag == '"b"'


def test_a_page_that_changed_is_kept_again(site: FakeSite, respond: Callable[..., None]) -> None:
    respond(ETag='"a"')
    site.fetch()
    respond(ETag='"b"', body=page(title="Another bridge opens"))
    assert site.fetch(again=True).outcome is FetchOutcome.STORED
    assert [kept.etag for kept, _ in site.kept] == ['"a"', '"b"']


@pytest.mark.parametrize(("status", "outcomes"), [(404, ["missing", "gone"]), (410, ["gone", "gone"])])
def test_a_page_is_gone_when_its_site_says_so_for_good_or_twice(
    site: FakeSite, respond: Callable[..., None], status: int, outcomes: list[str]
) -> None:
    respond()
    site.fetch()
    later = datetime.now(UTC) + timedelta(days=1)
    site.urls.change(site.url(), {"next_visit": later}, later)
    respond(status)
    assert [site.fetch(again=True).outcome.value for _ in range(2)] == outcomes
    known = site.urls.get(site.url())
    assert known
    assert (known.next_visit, known.gone_at is None) == (None, False)


def test_a_page_that_is_announced_before_it_can_be_had_is_looked_for_again(
    site: FakeSite, respond: Callable[..., None]
) -> None:
    later = datetime.now(UTC) + timedelta(hours=3)
    site.urls.change(site.url(), {"next_visit": later}, later)
    respond(404)
    assert site.fetch().outcome is FetchOutcome.MISSING
    known = site.urls.get(site.url())
    assert known
    assert known.next_visit == later.replace(microsecond=0)
    respond()
    assert site.fetch(again=True).outcome is FetchOutcome.STORED


def test_a_listing_that_is_not_there_is_fetched_again_all_the_same(site: FakeSite) -> None:
    later = datetime.now(UTC) + timedelta(hours=3)
    site.urls.change(site.url("/feed"), {"next_visit": later, "kind": "feed"}, later)
    assert [site.fetch("/feed", again=True, kind="feed", source="daily").outcome for _ in range(2)] == [
        FetchOutcome.MISSING,
        FetchOutcome.GONE,
    ]
    known = site.urls.get(site.url("/feed"))
    assert known
    assert known.next_visit is not None


def test_a_page_that_is_back_is_kept(site: FakeSite, respond: Callable[..., None]) -> None:
    respond(410)
    site.fetch()
    respond()
    assert site.fetch(again=True).outcome is FetchOutcome.STORED
    back = site.urls.get(site.url())
    assert back
    assert back.gone_at is None


@pytest.mark.parametrize(("status", "is_moved"), [(301, True), (308, True), (302, False), (307, False)])
def test_a_page_that_moved_for_good_is_fetched_at_its_new_address(
    site: FakeSite, respond: Callable[..., None], status: int, is_moved: bool
) -> None:
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    site.urls.change(site.url(), {"next_visit": later, "source": "daily"}, later)
    respond(status, Location="/moved")
    site.server.expect_request("/moved").respond_with_data(page(), content_type=HTML, headers={"ETag": '"a"'})
    assert site.fetch(source="daily").outcome is FetchOutcome.STORED
    (due,) = site.urls.due("daily", later)
    assert due.url == site.url("/moved" if is_moved else "/1")
    assert site.urls.postpone(due, None, later)
    assert list(site.urls.due("daily", later)) == []
    known = site.urls.get(due.url)
    assert known
    assert known.etag == '"a"'


@pytest.mark.parametrize("status", [301, 302])
def test_a_page_with_another_address_is_stored_once_more_as_it_is(
    site: FakeSite, respond: Callable[..., None], status: int
) -> None:
    respond()
    assert site.fetch().outcome is FetchOutcome.STORED
    respond(status, Location="/moved")
    site.server.expect_request("/moved").respond_with_data(page(), content_type=HTML)
    assert [site.fetch(again=True).outcome for _ in range(2)] == [FetchOutcome.STORED, FetchOutcome.UNCHANGED]
    assert site.kept[-1][0].final_url == site.url("/moved")


@pytest.mark.parametrize("path", ["/", "/city"])
def test_an_article_that_is_redirected_to_a_listing_has_not_moved(
    site: FakeSite, respond: Callable[..., None], path: str
) -> None:
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    site.urls.change(site.url(), {"next_visit": later, "source": "daily"}, later)
    if path == "/city":
        listing = {"next_visit": later + timedelta(hours=1), "source": "daily", "kind": "section"}
        site.urls.change(site.url(path), listing, later)
    before = site.urls.get(site.url(path))
    respond(301, Location=path)
    site.server.expect_request(path).respond_with_data(page(), content_type=HTML)
    result = site.fetch(source="daily", again=True)
    assert (result.outcome, result.refused) == (FetchOutcome.STORED, None)
    assert site.urls.get(site.url(path)) == before
    assert [known.url for known in site.urls.due("daily", later)] == [site.url()]


@pytest.mark.parametrize("status", [200, 301])
def test_a_page_that_is_fetched_before_its_listing_is_done_with_is_looked_at_again_all_the_same(
    site: FakeSite, respond: Callable[..., None], status: int
) -> None:
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    respond(status, **({"Location": "/moved"} if status == 301 else {}))
    site.server.expect_request("/moved").respond_with_data(page(), content_type=HTML)
    new_url = NewUrl(since=int(later.timestamp()) - 10_800, next_visit=int(later.timestamp()))
    # As a message may, it comes twice.
    for _ in range(2):
        assert site.fetch(source="daily", new_url=new_url).outcome is FetchOutcome.STORED
    (due,) = site.urls.due("daily", later)
    assert (due.url, due.next_visit) == (site.url("/moved" if status == 301 else "/1"), later)
    assert due.since == later - timedelta(hours=3)


def elsewhere(site: FakeSite, path: str) -> str:
    """Return the URL of a path on the same server by the name of another host."""
    return site.url(path).replace("localhost", "127.0.0.1")


def test_a_redirect_to_another_host_waits_for_its_turn_and_its_robots_txt(
    site: FakeSite, respond: Callable[..., None]
) -> None:
    location = elsewhere(site, "/moved")
    respond(301, Location=location)
    site.server.expect_request("/moved").respond_with_data(page(), content_type=HTML)
    led = site.fetch()
    redirected = Redirect(location=location, moved_to=location, left_site=True)
    assert (led.outcome, led.redirect) == (FetchOutcome.REDIRECTED, redirected)
    assert site.asked() == ["/robots.txt", "/1"]
    assert site.fetch(redirect=led.redirect).outcome is FetchOutcome.STORED
    assert site.asked()[2:] == ["/robots.txt", "/moved"]
    ((kept, _),) = site.kept
    assert (kept.url, kept.final_url, kept.moved_to) == (site.url(), location, location)


def test_a_redirect_is_not_followed_where_robots_txt_forbids(site: FakeSite, respond: Callable[..., None]) -> None:
    respond(302, Location="/private")
    site.server.clear_all_handlers()
    site.server.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /private")
    site.server.expect_request("/1").respond_with_data(status=302, headers={"Location": "/private"})
    led = site.fetch()
    result = site.fetch(redirect=led.redirect)
    assert (result.outcome, result.reason) == (FetchOutcome.DISALLOWED, "robots_disallowed")
    assert site.asked() == ["/robots.txt", "/1"]


def test_redirects_between_hosts_come_to_an_end(site: FakeSite, respond: Callable[..., None]) -> None:
    respond(302, Location=elsewhere(site, "/2"))
    site.server.expect_request("/2").respond_with_data(status=302, headers={"Location": site.url()})
    redirected = None
    for _ in range(MAX_REDIRECTS):
        redirected = site.fetch(redirect=redirected).redirect
    with pytest.raises(PermanentError, match="too_many_redirects"):
        site.fetch(redirect=redirected)


def test_a_host_that_fails_is_left_alone_ever_longer(site: FakeSite, respond: Callable[..., None]) -> None:
    respond(503)
    waits: list[float] = []
    for _ in range(8):
        with pytest.raises(RetryableError, match="http_503"):
            site.fetch()
        ended = datetime.now(UTC)
        with pytest.raises(HostBusyError) as busy:
            site.fetcher.fetch(FetchRequest(url=site.url()))
        waits.append((busy.value.until - ended).total_seconds())
    assert min(waits[4:]) > 890
    host = message_group(site.url())
    backlog, hour, now = Backlog(site.hosts), timedelta(hours=1), datetime.now(UTC)
    assert backlog.take_room(host, 1, DELAY, hour, now) == 0
    assert backlog.take_room(host, 1, DELAY, hour, now + timedelta(days=2)) == 1
    assert waits[7] > waits[4]
    respond()
    assert site.fetch().outcome is FetchOutcome.STORED
    assert site.fetch(again=True).next_at < datetime.now(UTC) + timedelta(seconds=DELAY + 1)


def test_a_host_is_not_asked_before_it_says(site: FakeSite, respond: Callable[..., None]) -> None:
    respond(429, Retry_After="3600")
    with pytest.raises(RetryableError, match="http_429"):
        site.fetch()
    with pytest.raises(HostBusyError) as busy:
        site.fetcher.fetch(FetchRequest(url=site.url()))
    assert busy.value.until >= datetime.now(UTC) + timedelta(seconds=3590)


def test_a_page_that_is_refused_is_not_its_hosts_fault(site: FakeSite, respond: Callable[..., None]) -> None:
    respond(403)
    for _ in range(6):
        with pytest.raises(PermanentError, match="http_403"):
            site.fetch()
    respond()
    assert site.fetch().outcome is FetchOutcome.STORED


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data", "forbidden_address"),
        ("http://no.such.host.invalid/", "unknown_host"),
    ],
)
def test_what_cannot_be_asked_for_says_why(site: FakeSite, url: str, reason: str) -> None:
    with pytest.raises(KhoborError) as error:
        site.fetcher.fetch(FetchRequest(url=url))
    assert error.value.reason in {reason, "name_lookup_failed"} if "invalid" in url else error.value.reason == reason


def test_a_listing_is_taken_whatever_its_type(site: FakeSite) -> None:
    site.server.expect_request("/feed").respond_with_data("<rss/>", content_type="application/rss+xml")
    assert site.fetch("/feed", kind="feed", source="daily").outcome is FetchOutcome.STORED
    with pytest.raises(PermanentError, match="not_html"):
        site.fetch("/feed")


def redirect(site: FakeSite, location: str, status: int = 302, answers: int = 200) -> None:
    site.server.clear_all_handlers()
    site.server.expect_request("/robots.txt").respond_with_data(status=404)
    site.server.expect_request("/1").respond_with_data(status=status, headers={"Location": location})
    site.server.expect_request("/victim").respond_with_data(page(), answers, content_type=HTML)


def fetch_through(site: FakeSite, **facts: Any) -> FetchResult:
    """Fetch a path that leads to another host, and then where it leads."""
    return site.fetch(**facts, redirect=site.fetch(**facts).redirect)


@pytest.mark.parametrize("status", [404, 410])
def test_a_url_that_led_to_another_site_cannot_say_that_its_article_is_gone(
    site: FakeSite, respond: Callable[..., None], status: int
) -> None:
    victim = elsewhere(site, "/victim")
    redirect(site, victim)
    assert fetch_through(site, again=True).outcome is FetchOutcome.STORED
    respond(status)
    results = [site.fetch(again=True) for _ in range(2)]
    assert [result.gone for result in results] == [None, None]
    assert results[1].outcome is FetchOutcome.GONE
    assert results[1].refused == ("gone", victim)


def test_a_url_that_leads_to_a_page_that_is_gone_says_nothing_of_another_article_there(site: FakeSite) -> None:
    redirect(site, elsewhere(site, "/victim"))
    fetch_through(site, again=True)
    redirect(site, elsewhere(site, "/long-gone"))
    site.server.expect_request("/long-gone").respond_with_data(status=410)
    assert fetch_through(site, again=True).gone is None


@pytest.mark.parametrize(("status", "is_gone"), [(404, False), (410, True)])
def test_an_article_that_another_site_leads_to_is_gone_when_its_own_url_says_so_for_good(
    site: FakeSite, respond: Callable[..., None], status: int, is_gone: bool
) -> None:
    victim = elsewhere(site, "/victim")
    redirect(site, victim)
    fetch_through(site, again=True)
    # A first 404, of its own.
    respond(404)
    site.fetch(again=True)
    redirect(site, victim, answers=status)
    assert fetch_through(site, again=True).gone == (victim if is_gone else None)


def test_a_site_that_a_url_leads_to_cannot_end_its_schedule(site: FakeSite) -> None:
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    site.urls.change(site.url(), {"next_visit": later, "source": "daily"}, later)
    redirect(site, elsewhere(site, "/gone"))
    site.server.expect_request("/gone").respond_with_data(status=410)
    result = fetch_through(site, again=True, source="daily")
    assert (result.outcome, result.gone) == (FetchOutcome.GONE, None)
    assert [known.url for known in site.urls.due("daily", later)] == [site.url()]


@pytest.mark.parametrize("kind", ["feed", "article"])
@pytest.mark.parametrize("is_known", [True, False])
def test_a_url_that_moved_to_another_site_changes_nothing_there(site: FakeSite, kind: Any, is_known: bool) -> None:
    victim, later = elsewhere(site, "/victim"), datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    if is_known:
        site.urls.change(victim, {"next_visit": later, "source": "victim", "etag": '"own"'}, later)
    site.urls.change(site.url(), {"next_visit": later, "source": "evil", "kind": kind}, later)
    before = site.urls.get(victim)
    redirect(site, victim, 301)
    result = fetch_through(site, source="evil", kind=kind, again=True)
    assert result.refused == ("moved", victim)
    assert site.urls.get(victim) == before
    assert [known.url for known in site.urls.due("evil", later)] == [site.url()]


def test_a_source_whose_file_names_both_hosts_may_move_from_one_to_the_other(site: FakeSite) -> None:
    there, later = elsewhere(site, "/victim"), datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    site.urls.change(site.url(), {"next_visit": later, "source": "daily"}, later)
    redirect(site, there, 301)
    result = fetch_through(site, source="daily", again=True, hosts=("localhost", "127.0.0.1"))
    assert result.refused is None
    assert [known.url for known in site.urls.due("daily", later)] == [there]
    site.server.clear_all_handlers()
    site.server.expect_request("/1").respond_with_data(status=410)
    assert site.fetch(source="daily", again=True, hosts=("localhost", "127.0.0.1")).gone == there


def test_a_url_of_another_source_on_the_same_host_stays_that_source_s(site: FakeSite) -> None:
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    site.urls.change(site.url("/victim"), {"next_visit": later, "source": "victim"}, later)
    redirect(site, "/victim", 301)
    assert site.fetch(source="evil", again=True).refused == ("moved", site.url("/victim"))
    assert [known.url for known in site.urls.due("victim", later)] == [site.url("/victim")]


@pytest.mark.parametrize(
    ("facts", "is_asked_without"),
    [
        pytest.param({}, True, id="never answered"),
        pytest.param({"digest": "d", "answered_by": "http"}, True, id="answered without TLS"),
        pytest.param({"digest": "d"}, False, id="answered with TLS"),
    ],
)
def test_a_home_page_is_asked_without_tls_if_it_never_answered_with_it(
    site: FakeSite, respond: Callable[..., None], facts: dict[str, object], is_asked_without: bool
) -> None:
    respond()
    without = site.url("/1")
    url = without.replace("http:", "https:")
    site.urls.change(
        url, {"kind": "home"} | facts | ({"answered_by": without} if "answered_by" in facts else {}), datetime.now(UTC)
    )
    request = FetchRequest(url=url, source="daily", kind="home", delay=DELAY, ports=(site.server.port,))
    results = []
    for _ in range(2):
        try:
            results.append(site.fetcher.fetch(request))
        except HostBusyError as busy:
            site.clock.move_to(busy.until + timedelta(milliseconds=1))
    assert {result.redirect.location for result in results if result.redirect} == (
        {without} if is_asked_without else set()
    )
