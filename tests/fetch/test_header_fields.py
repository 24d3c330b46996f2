"""Header fields that stand once in an answer, where they stand twice."""

import re

import pytest
from tests.fetch.servers import page, raw_server

from khobor.errors import PermanentError, RetryableError
from khobor.fetch.downloader import Downloader, Limits

HTML = b"<html>x"


@pytest.fixture
def downloader() -> Downloader:
    return Downloader("x", Limits(total_seconds=10), allow_loopback=True)


def moved(*locations: str) -> bytes:
    return page(b"", *(f"Location: {location}" for location in locations), status="302 Found")


@pytest.mark.parametrize("second", ["/b", "//{authority}/b", "http://{authority}/b#top"])
def test_a_location_that_stands_twice_is_one(downloader: Downloader, second: str) -> None:
    def answer(head: bytes) -> list[bytes]:
        authority = head.decode().partition("Host: ")[2].partition("\r\n")[0]
        return [moved("/b", second.format(authority=authority)) if b" /a " in head else page(HTML)]

    with raw_server(answer) as server:
        assert downloader.fetch(server.url("/a")).final_url == server.url("/b")


def test_two_locations_lead_nowhere(downloader: Downloader) -> None:
    with raw_server(lambda _: [moved("/b", "/c")]) as server, pytest.raises(PermanentError) as error:
        downloader.fetch(server.url("/a"))
    assert error.value.reason == "bad_redirect"
    assert re.search(r"/b http://\S+/c$", error.value.detail)


def test_what_a_page_says_twice_of_itself_it_says_once(downloader: Downloader) -> None:
    twice = ["ETag: a", "ETag: a", "Last-Modified: x", "Last-Modified: x", "Content-Type: text/html; charset=big5"]
    with raw_server(lambda _: [page(HTML, *twice, content_type="text/html; charset=utf-8")]) as server:
        found = downloader.fetch(server.url("/a"))
    assert (found.etag, found.last_modified, found.content_type) == ("a", "x", "text/html; charset=utf-8")


def test_a_wait_that_is_asked_for_twice_is_waited_for_once(downloader: Downloader) -> None:
    busy = page(b"", "Retry-After: 120", "Retry-After: 120", status="503 Busy")
    with raw_server(lambda _: [busy]) as server, pytest.raises(RetryableError) as error:
        downloader.fetch(server.url("/a"))
    assert error.value.retry_after == 120


def test_a_page_that_a_proxy_changed_is_a_page(downloader: Downloader) -> None:
    with raw_server(lambda _: [page(HTML, status="203 Non-Authoritative Information")]) as server:
        found = downloader.fetch(server.url("/a"))
    assert (found.status, found.body) == (203, HTML)


def test_a_part_of_a_page_is_none(downloader: Downloader) -> None:
    with (
        raw_server(lambda _: [page(HTML, status="206 Partial Content")]) as server,
        pytest.raises(PermanentError) as error,
    ):
        downloader.fetch(server.url("/a"))
    assert error.value.reason == "http_206"
