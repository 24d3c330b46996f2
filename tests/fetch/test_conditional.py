"""Asking only for what changed, and following what moved."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest
from tests.fetch.servers import RawServer, page, raw_server

from khobor.errors import RetryableError
from khobor.fetch.downloader import Downloader, Limits
from khobor.page import NotModified, RawPage, Validators, from_metadata, to_metadata

ETAG = 'W/"ü, 7"'
DATE = "Wed, 16 Aug 2023 01:35:00 GMT"
VALIDATORS = Validators(etag=ETAG, last_modified=DATE)


@pytest.fixture
def downloader() -> Downloader:
    return Downloader("mailto:tests@localhost", Limits(total_seconds=10), allow_loopback=True)


def answers(routes: dict[str, bytes | list[bytes]]) -> Callable[[bytes], Iterable[bytes]]:
    def answer(head: bytes) -> Iterator[bytes]:
        route = routes[head.split()[1].decode()]
        yield route.pop(0) if isinstance(route, list) else route

    return answer


def redirect(status: int, location: str, *headers: str) -> bytes:
    return page(b"", f"Location: {location}", *headers, status=f"{status} Elsewhere")


def header(server: RawServer, number: int, name: str) -> str | None:
    lines = server.requests[number].decode("latin-1").split("\r\n")
    return next((line.partition(": ")[2] for line in lines if line.startswith(name + ":")), None)


def test_an_unchanged_page_costs_no_body(downloader: Downloader) -> None:
    with raw_server(answers({"/": page(b"", f"ETag: {ETAG}", status="304 Not Modified")})) as server:
        answer = downloader.fetch(server.url(), validators=VALIDATORS)
        assert isinstance(answer, NotModified)
        assert (answer.url, answer.final_url, answer.moved_to) == (server.url(), None, None)
        assert (answer.etag, answer.last_modified) == (ETAG, None)
        assert answer.fetched_at.tzinfo is not None
        assert header(server, 0, "If-None-Match") == ETAG
        assert header(server, 0, "If-Modified-Since") == DATE


def test_a_page_that_changed_comes_whole(downloader: Downloader) -> None:
    with raw_server(answers({"/": page(b"<html>new", 'ETag: "8"')})) as server:
        answer = downloader.fetch(server.url(), validators=VALIDATORS)
    assert isinstance(answer, RawPage)
    assert (answer.body, answer.etag) == (b"<html>new", '"8"')


def test_a_page_that_comes_without_having_changed_can_be_told(downloader: Downloader) -> None:
    with raw_server(answers({"/": [page(b"<html>a"), page(b"<html>a", "X: x"), page(b"<html>b")]})) as server:
        first, same, other = (downloader.fetch(server.url()) for _ in range(3))
    assert first.digest == same.digest != other.digest


def test_an_answer_to_a_condition_that_was_not_set_is_no_answer(downloader: Downloader) -> None:
    with (
        raw_server(answers({"/": page(b"", status="304 Not Modified")})) as server,
        pytest.raises(RetryableError, match="http_304"),
    ):
        downloader.fetch(server.url())


def test_validators_are_asked_with_as_they_were_kept_with_the_page(downloader: Downloader) -> None:
    unchanged = page(b"", status="304 Not Modified")
    with raw_server(answers({"/": [page(b"<html>", f"ETag: {ETAG}"), unchanged]})) as server:
        fetched = downloader.fetch(server.url())
        kept = from_metadata(fetched.body, to_metadata(fetched), fetched.fetched_at)
        assert isinstance(downloader.fetch(server.url(), validators=kept.validators), NotModified)
        assert header(server, 1, "If-None-Match") == ETAG


def test_a_page_without_validators_has_none(downloader: Downloader) -> None:
    with raw_server(answers({"/": page()})) as server:
        assert downloader.fetch(server.url()).validators is None


def test_validators_go_to_the_url_that_they_came_from(downloader: Downloader) -> None:
    routes: dict[str, bytes | list[bytes]] = {
        "/a": redirect(301, "/b"),
        "/b": [page(b"<html>", 'ETag: "b"'), page(b"", status="304 Not Modified")],
    }
    with raw_server(answers(routes)) as server:
        validators = downloader.fetch(server.url("/a")).validators
        answer = downloader.fetch(server.url("/a"), validators=validators)
        assert isinstance(answer, NotModified)
        assert (answer.final_url, answer.moved_to) == (server.url("/b"), server.url("/b"))
        assert [header(server, number, "If-None-Match") for number in range(4)] == [None, None, None, '"b"']


def test_validators_go_to_no_other_url(downloader: Downloader) -> None:
    with raw_server(answers({"/a": redirect(302, "/b"), "/b": page()})) as server:
        downloader.fetch(server.url("/a"), validators=VALIDATORS)
        assert [header(server, number, "If-None-Match") for number in range(2)] == [ETAG, None]


@pytest.mark.parametrize("value", ['"a"\r\nX-Evil: 1', '"\u0996"', '"\x00"', ""])
def test_a_validator_that_is_no_header_is_not_sent(downloader: Downloader, value: str) -> None:
    with raw_server(answers({"/": page()})) as server:
        downloader.fetch(server.url(), validators=Validators(etag=value, last_modified=DATE))
        assert header(server, 0, "If-None-Match") is None
        assert header(server, 0, "X-Evil") is None
        assert header(server, 0, "If-Modified-Since") == DATE


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ([], None),
        ([301], 1),
        ([308], 1),
        ([301, 308, 301], 3),
        ([302], None),
        ([303], None),
        ([307], None),
        ([301, 302], 1),
        ([308, 307, 301], 1),
        ([302, 301], None),
    ],
)
def test_where_a_page_moved_for_good_is_told(downloader: Downloader, statuses: list[int], moved: int | None) -> None:
    routes: dict[str, bytes | list[bytes]] = {
        f"/{number}": redirect(status, f"/{number + 1}") for number, status in enumerate(statuses)
    }
    routes[f"/{len(statuses)}"] = page()
    with raw_server(answers(routes)) as server:
        fetched = downloader.fetch(server.url("/0"))
        assert fetched.moved_to == (None if moved is None else server.url(f"/{moved}"))
        assert fetched.location == server.url(f"/{len(statuses)}")


def test_a_temporary_redirect_to_itself_ends_what_moved_for_good(downloader: Downloader) -> None:
    with raw_server(answers({"/a": [redirect(302, "/a"), redirect(301, "/b")], "/b": page()})) as server:
        assert downloader.fetch(server.url("/a")).moved_to is None


def test_a_site_that_leads_in_a_circle_until_its_cookie_comes_back_is_read(downloader: Downloader) -> None:
    def answer(head: bytes) -> Iterable[bytes]:
        return [page() if b"seen=1" in head else redirect(302, "/", "Set-Cookie: seen=1; Path=/; HttpOnly")]

    with raw_server(answer) as server:
        assert downloader.fetch(server.url()).status == 200
        assert header(server, 1, "Cookie") == "seen=1"


def test_cookies_are_forgotten_with_the_fetch(downloader: Downloader) -> None:
    routes: dict[str, bytes | list[bytes]] = {
        "/a": redirect(302, "/b", "Set-Cookie: a=1"),
        "/b": page(b"<p>", "Set-Cookie: b=1"),
    }
    with raw_server(answers(routes)) as server:
        downloader.fetch(server.url("/a"))
        downloader.fetch(server.url("/b"))
        assert [header(server, number, "Cookie") for number in range(3)] == [None, "a=1", None]


@pytest.mark.parametrize(
    ("host", "other", "cookie"),
    [
        ("news.example", "other.example", "a=1"),
        ("news.example", "other.example", "a=1; Domain=news.example"),
        ("news.example", "other.example", "a=1; Domain=other.example"),
        ("news.example", "other.example", "a=1; Domain=example"),
        ("news.co.uk", "other.co.uk", "a=1; Domain=.co.uk"),
        ("www.news.example", "news.example", "a=1"),
    ],
)
def test_a_cookie_of_one_host_is_not_sent_to_another(host: str, other: str, cookie: str) -> None:
    here = [(0, 0, 0, "", ("127.0.0.1", 0))]
    downloader = Downloader("x", Limits(total_seconds=10), allow_loopback=True, resolver=lambda *_, **__: here)

    def answer(head: bytes) -> Iterable[bytes]:
        to = f"http://{other}:{server.port}/b"
        return [redirect(302, to, f"Set-Cookie: {cookie}") if b"/a" in head else page()]

    with raw_server(answer) as server:
        downloader.fetch(server.url("/a", host))
        assert header(server, 1, "Host") == f"{other}:{server.port}"
        assert header(server, 1, "Cookie") is None


def test_a_cookie_for_a_domain_is_sent_within_it() -> None:
    here = [(0, 0, 0, "", ("127.0.0.1", 0))]
    downloader = Downloader("x", Limits(total_seconds=10), allow_loopback=True, resolver=lambda *_, **__: here)

    def answer(head: bytes) -> Iterable[bytes]:
        to = f"http://www.news.example:{server.port}/b"
        return [redirect(302, to, "Set-Cookie: a=1; Domain=news.example") if b"/a" in head else page()]

    with raw_server(answer) as server:
        downloader.fetch(server.url("/a", "news.example"))
        assert header(server, 1, "Cookie") == "a=1"


def test_a_connection_is_used_again(downloader: Downloader) -> None:
    routes: dict[str, bytes | list[bytes]] = {
        "/a": page(),
        "/b": redirect(302, "/c"),
        "/c": page(),
        "/d": page(b"", status="304 Not Modified"),
    }
    with raw_server(answers(routes), keeps_alive=True) as server:
        for path in ("/a", "/b", "/d", "/a"):
            downloader.fetch(server.url(path), validators=VALIDATORS)
        assert len(server.requests) == 5
        assert server.connections == 1


def test_a_connection_is_not_used_for_another_name() -> None:
    here = [(0, 0, 0, "", ("127.0.0.1", 0))]
    downloader = Downloader("x", Limits(total_seconds=10), allow_loopback=True, resolver=lambda *_, **__: here)
    with raw_server(answers({"/": page()}), keeps_alive=True) as server:
        for host in ("a.example", "b.example", "a.example"):
            downloader.fetch(server.url(host=host))
        assert server.connections == 2


def test_a_kept_connection_that_was_closed_meanwhile_is_no_failure(downloader: Downloader) -> None:
    def answer(_: bytes) -> Iterable[bytes]:
        if len(server.requests) == 2:
            raise ConnectionError("the door is shut on the second request")
        return [page()]

    with raw_server(answer, keeps_alive=True) as server:
        downloader.fetch(server.url())
        assert downloader.fetch(server.url()).status == 200
        assert (len(server.requests), server.connections) == (3, 2)


def test_a_new_connection_that_is_closed_is_a_failure_and_not_tried_twice(downloader: Downloader) -> None:
    with raw_server(lambda _: []) as server:
        with pytest.raises(RetryableError, match="connection_failed"):
            downloader.fetch(server.url())
        assert len(server.requests) == 1


def test_what_is_kept_of_a_page_says_what_it_is(downloader: Downloader) -> None:
    with raw_server(answers({"/a": redirect(301, "/b"), "/b": page(b"<html>", "X-Robots-Tag: noai")})) as server:
        fetched = replace(downloader.fetch(server.url("/a")), robots_txt="allowed")
        kept = from_metadata(fetched.body, to_metadata(fetched), fetched.fetched_at)
        assert (kept.moved_to, kept.robots_tag, kept.robots_txt) == (server.url("/b"), "noai", "allowed")
