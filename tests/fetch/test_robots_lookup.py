import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from tests.fetch.servers import RawServer, page, raw_server

from khobor.errors import PermanentError
from khobor.fetch.downloader import Downloader, Limits
from khobor.fetch.robots import LIFETIME, RETRY, Verdict
from khobor.fetch.robots_lookup import RobotsLookup

RULES = page(b"User-agent: *\nDisallow: /private\nCrawl-delay: 2\nSitemap: https://news.example/a.xml\n")
DOWN = page(b"", status="503 Busy")


@dataclass
class RobotsSite:
    """A site whose robots.txt changes as the test says, and the time there."""

    answer: bytes = RULES
    now: datetime = datetime(2024, 1, 1, tzinfo=UTC)
    server: RawServer | None = None

    def url(self, path: str) -> str:
        assert self.server
        return self.server.url(path)

    @property
    def requests(self) -> list[bytes]:
        assert self.server
        return self.server.requests

    def robots(self, store: "MemoryStore | None" = None) -> RobotsLookup:
        downloader = Downloader("x", Limits(total_seconds=10), allow_loopback=True)
        return RobotsLookup(downloader, store, clock=lambda: self.now)


@dataclass
class MemoryStore:
    """A store as an adapter is one: bytes by name."""

    values: dict[str, bytes] = field(default_factory=dict)

    def get(self, host_key: str) -> bytes | None:
        return self.values.get(host_key)

    def put(self, host_key: str, value: bytes) -> None:
        self.values[host_key] = value


def verdict(robots: RobotsLookup, url: str) -> Verdict:
    return (robots.known(url) or robots.fetch(url)).verdict(url)


@pytest.fixture
def site() -> Iterator[RobotsSite]:
    site = RobotsSite()
    with raw_server(lambda _: [site.answer]) as server:
        site.server = server
        yield site


def test_robots_txt_is_fetched_once_for_all_urls_of_a_host(site: RobotsSite) -> None:
    robots = site.robots()
    verdicts = [verdict(robots, site.url(path)).allowed for path in ("/a", "/private/b", "/c?d#e")]
    assert verdicts == [True, False, True]
    assert verdict(robots, site.url("/a")).crawl_delay == 2
    known = robots.known(site.url("/a"))
    assert known
    assert known.sitemaps == ("https://news.example/a.xml",)
    assert [request.split()[1] for request in site.requests] == [b"/robots.txt"]


def test_it_is_fetched_anew_after_a_day_and_not_before(site: RobotsSite) -> None:
    robots = site.robots()
    assert verdict(robots, site.url("/a")).allowed
    site.answer = page(b"User-agent: *\nDisallow: /")
    site.now += LIFETIME - timedelta(seconds=1)
    assert verdict(robots, site.url("/a")).allowed
    site.now += timedelta(seconds=1)
    assert not verdict(robots, site.url("/a")).allowed


def test_it_outlives_the_process_in_the_store(site: RobotsSite) -> None:
    store = MemoryStore()
    assert not verdict(site.robots(store), site.url("/private")).allowed
    assert not verdict(site.robots(store), site.url("/private")).allowed
    assert len(site.requests) == 1
    assert list(store.values) == [site.url("")]


def test_what_another_process_stored_meanwhile_is_used(site: RobotsSite) -> None:
    store = MemoryStore()
    old = site.robots(store)
    verdict(old, site.url("/a"))
    site.now += LIFETIME
    site.answer = page(b"User-agent: *\nDisallow: /")
    verdict(site.robots(store), site.url("/a"))
    assert not verdict(old, site.url("/a")).allowed
    assert len(site.requests) == 2


def test_a_copy_in_the_store_is_used_on_while_the_host_is_down(site: RobotsSite) -> None:
    store = MemoryStore()
    verdict(site.robots(store), site.url("/a"))
    site.now += timedelta(days=2)
    site.answer = DOWN
    robots = site.robots(store)
    assert [verdict(robots, site.url(path)).allowed for path in ("/a", "/private")] == [True, False]


def test_a_host_that_is_down_is_asked_again_later(site: RobotsSite) -> None:
    robots = site.robots()
    site.answer = DOWN
    assert not verdict(robots, site.url("/a")).allowed
    assert not verdict(robots, site.url("/a")).allowed
    assert len(site.requests) == 1
    site.now += RETRY
    site.answer = RULES
    assert verdict(robots, site.url("/a")).allowed


def test_a_host_without_robots_txt_allows_everything(site: RobotsSite) -> None:
    site.answer = page(b"", status="404 Not Found")
    assert verdict(site.robots(), site.url("/private")).robots_txt == "none"


def test_redirects_are_followed_and_the_rules_are_for_the_host_that_was_asked(site: RobotsSite) -> None:
    with raw_server(lambda _: [RULES]) as other:
        site.answer = page(b"", f"Location: {other.url('/elsewhere.txt')}", status="301 Moved")
        assert not verdict(site.robots(), site.url("/private")).allowed


def test_redirects_without_end_are_no_robots_txt(site: RobotsSite) -> None:
    site.answer = page(b"", "Location: /robots.txt", status="302 Found")
    assert verdict(site.robots(), site.url("/private")).allowed
    assert len(site.requests) == 6


@pytest.mark.parametrize(
    "location",
    [
        "http://nowhere.invalid/robots.txt",
        "ftp://127.0.0.1/robots.txt",
        "http://10.0.0.1/robots.txt",
        "http://user:secret@127.0.0.1/",
        "http://[::1",
        "http://example.com:25/robots.txt",
        "",
    ],
    ids=["unknown name", "ftp", "private address", "user name", "bad", "port", "empty"],
)
def test_a_redirect_to_an_unfetchable_url_is_no_robots_txt_and_remembered(site: RobotsSite, location: str) -> None:
    site.answer = page(b"", f"Location: {location}", status="302 Found")

    def lookup(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        if host == "nowhere.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(0, 0, 0, "", (host if host[0].isdigit() else "93.184.215.14", port))]

    store = MemoryStore()
    downloader = Downloader("x", Limits(total_seconds=10), allow_loopback=True, resolver=lookup)
    robots = RobotsLookup(downloader, store, clock=lambda: site.now)
    assert [verdict(robots, site.url(path)).robots_txt for path in ("/a", "/b", "/c")] == ["none"] * 3
    assert len(site.requests) == 1
    assert list(store.values) == [site.url("")]


def test_a_redirect_to_a_host_that_fails_now_is_asked_again_later(site: RobotsSite) -> None:
    with raw_server(lambda _: [DOWN]) as other:
        site.answer = page(b"", f"Location: {other.url('/robots.txt')}", status="302 Found")
        robots = site.robots()
        assert [verdict(robots, site.url(path)).is_final for path in ("/a", "/b")] == [False, False]
        assert len(site.requests) == 1
        site.now += RETRY
        site.answer = RULES
        assert verdict(robots, site.url("/a")).allowed


@pytest.mark.parametrize(
    "status", ["200 OK", "203 Non-Authoritative Information", "206 Partial Content", "202 Accepted"]
)
def test_every_status_of_success_has_rules(site: RobotsSite, status: str) -> None:
    site.answer = page(b"User-agent: *\nDisallow: /private", status=status)
    assert not verdict(site.robots(), site.url("/private")).allowed


@pytest.mark.parametrize("coding", ["none", "utf-8", "aws-chunked"])
def test_a_content_encoding_that_is_none_spoils_no_robots_txt(site: RobotsSite, coding: str) -> None:
    site.answer = page(b"User-agent: *\nDisallow: /private", f"Content-Encoding: {coding}")
    assert not verdict(site.robots(), site.url("/private")).allowed


def test_a_robots_txt_that_nobody_can_read_forbids_nothing(site: RobotsSite) -> None:
    site.answer = page(b"\x1f\x9d\x90\x00", "Content-Encoding: compress")
    assert verdict(site.robots(), site.url("/private")).allowed


def test_each_port_has_a_robots_txt_of_its_own(site: RobotsSite) -> None:
    robots = site.robots()
    with raw_server(lambda _: [page(b"")]) as other:
        assert verdict(robots, other.url("/private")).allowed
        assert not verdict(robots, site.url("/private")).allowed


def test_a_store_that_holds_something_else_is_no_harm(site: RobotsSite) -> None:
    assert not verdict(site.robots(MemoryStore({site.url(""): b"?"})), site.url("/private")).allowed


def test_what_is_no_url_has_no_robots_txt(site: RobotsSite) -> None:
    with pytest.raises(PermanentError, match="bad_url"):
        verdict(site.robots(), "file:///etc/passwd")


def test_threads_ask_the_same(site: RobotsSite) -> None:
    robots = site.robots(MemoryStore())
    together = Barrier(4)

    def ask(path: str) -> bool:
        together.wait()
        return verdict(robots, site.url(path)).allowed

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, ["/a", "/private", "/b", "/private/c"])) == [True, False, True, False]
