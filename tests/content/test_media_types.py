import pytest
from tests.fetch.servers import page, raw_server

from khobor.content.media_types import FEED, PAGE, Accept
from khobor.errors import PermanentError
from khobor.fetch.downloader import Downloader, Limits

HTML = b"<!DOCTYPE html><title>x</title>"
TYPES = ["application/octet-stream", "text/plain; charset=utf-8", "application/x-unknown", "application/json", "", None]


def fetch(body: bytes, content_type: str | None, accept: Accept = PAGE) -> bytes:
    answer = page(body, content_type=content_type)
    with raw_server(lambda _: [answer]) as server:
        return Downloader("x", Limits(total_seconds=10), allow_loopback=True).fetch(server.url(), accept=accept).body


@pytest.mark.parametrize("content_type", TYPES)
def test_html_behind_a_wrong_type_is_taken(content_type: str | None) -> None:
    assert fetch(HTML, content_type) == HTML


@pytest.mark.parametrize(
    "body",
    [
        b"\n\t <HTML lang=bn>", b"\xef\xbb\xbf<html>", b"<!-- x --><p>", b"<head>", b"<body class=a>", b"<div\n>",
        b"<h1>",
        b'<?xml version="1.0"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml">', b"<script src=a>",
    ],
)  # fmt: skip
def test_what_begins_like_html_is_html(body: bytes) -> None:
    assert fetch(body, "text/plain") == body


@pytest.mark.parametrize(
    "body",
    [
        b"plain words", b'{"a": "<html>"}', b"%PDF-1.7", b"\x89PNG\r\n", b"PK\x03\x04", b"<?xml version='1.0'?><rss>",
        b"<divx>", b"<htmlx", b"<", b"", b"<svg>", b"\0\0\0\0", b"words <html>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("content_type", TYPES)
def test_what_is_neither_called_nor_begins_like_html_is_refused(body: bytes, content_type: str | None) -> None:
    with pytest.raises(PermanentError, match="not_html"):
        fetch(body, content_type)


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff\xe0", b"RIFF\x24\0\0\0WEBPVP8 ",
        b"\0\0\0\x20ftypmp42",
        b"PK\x03\x04", b"\x1f\x8b\x08\0", b"OggS\0", b"wOF2", b"Rar!\x1a\x07\0",
    ],
)  # fmt: skip
@pytest.mark.parametrize("content_type", ["text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml"])
def test_what_is_called_html_and_is_something_else_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(PermanentError, match="not_html"):
        fetch(body, content_type)


@pytest.mark.parametrize("body", [b"words without a tag", "খবর".encode(), "<html>খবর".encode("utf-16"), b""])
def test_what_is_called_html_need_not_begin_like_it(body: bytes) -> None:
    assert fetch(body, "text/html") == body


@pytest.mark.parametrize("content_type", ["image/png", "video/mp4", "audio/mpeg", "font/woff2", "application/pdf"])
@pytest.mark.parametrize("accept", [PAGE, FEED], ids=["page", "feed"])
def test_media_are_refused_before_their_body_comes(content_type: str, accept: Accept) -> None:
    answer = page(b"", "Content-Length: 99", content_type=content_type)
    with raw_server(lambda _: [answer]) as server, pytest.raises(PermanentError, match="not_html"):
        Downloader("x", Limits(total_seconds=10), allow_loopback=True).fetch(server.url(), accept=accept)


@pytest.mark.parametrize("content_type", ["application/zip", "application/gzip", "application/vnd.ms-excel"])
def test_archives_are_no_pages(content_type: str) -> None:
    with pytest.raises(PermanentError, match="not_html"):
        fetch(HTML, content_type)


@pytest.mark.parametrize("content_type", ["application/rss+xml", "text/xml", "text/html", "text/plain", None])
def test_a_feed_is_taken_as_whatever_it_comes(content_type: str | None) -> None:
    assert fetch(b"<?xml version='1.0'?><rss/>", content_type, FEED) == b"<?xml version='1.0'?><rss/>"


@pytest.mark.parametrize("content_type", ["application/x-gzip", "application/gzip", "application/octet-stream"])
def test_a_compressed_sitemap_stays_as_it_comes(content_type: str) -> None:
    assert fetch(b"\x1f\x8b\x08 and so on", content_type, FEED) == b"\x1f\x8b\x08 and so on"


def test_what_is_asked_for_is_said() -> None:
    downloader = Downloader("x", Limits(total_seconds=10), allow_loopback=True)
    with raw_server(lambda _: [page()]) as server:
        downloader.fetch(server.url())
        downloader.fetch(server.url(), accept=FEED)
    assert b"Accept: text/html," in server.requests[0]
    assert b"Accept: application/rss+xml," in server.requests[1]
