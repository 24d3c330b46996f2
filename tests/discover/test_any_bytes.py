"""Any bytes: nothing is raised, results repeat, and a feed is found among other text."""

import gzip
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.discover.rss import item, rss

from khobor.discover.feeds import read_feed
from khobor.discover.home_page import read_home_page
from khobor.discover.listing import Listing
from khobor.discover.section_pages import read_section_page
from khobor.discover.sitemaps import read_sitemap
from khobor.url import absolute_url

Reader = Callable[[bytes, str], Listing]
READERS: list[Reader] = [read_feed, read_sitemap, read_home_page, read_section_page]
URL = "https://example.com/"
PIECES = [b"<rss>", b"<feed>", b"<urlset>", b"<item>", b"</item>", b"<entry ", b"<url>", b"<loc>", b"<link>", b"<link "]
PIECES += [
    b"href='/1'",
    b">",
    b"<",
    b"/>",
    b"<title>",
    b"</title>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"&",
    b"&amp;",
]
PIECES += [
    b"&#x0;",
    b"&nbsp;",
    b"<!DOCTYPE x [",
    b"<!ENTITY a 'b'>",
    b"&a;",
    b"<?xml version='1.0' encoding='",
    b"utf-16'?>",
]
PIECES += [
    b"xml:base='b/'",
    b"xmlns='",
    b"xmlns:a='u'",
    b"<a:link>",
    b"https://example.com/12345",
    b"\n",
    b"\x00",
    b"\xff",
]
PIECES += ["খবর".encode(), b"{", b'"items":[', b'{"url":"/1"}', b",", b"]", b"}", b"\x1f\x8b\x08", b"<html>", b"<a "]
PIECES += [
    b"<base href='http://['>",
    b"rel=alternate type=application/rss+xml ",
    b"<pubDate>2026",
    b"<source>",
    b"\xfe\xff",
]
BODIES = st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join)


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
@given(body=BODIES)
def test_nothing_is_raised_and_the_same_is_found_each_time(read: Reader, body: bytes) -> None:
    listing = read(body, URL)
    assert listing == read(body, URL)
    addresses = [entry.url for entry in listing.entries] + [sitemap.url for sitemap in listing.sitemaps]
    for address in [*addresses, *listing.feeds]:
        assert absolute_url(address) == address
    for entry in listing.entries:
        assert (entry.title or "x").strip().encode()


@given(body=BODIES)
def test_gzip_of_any_bytes_is_read_as_the_bytes(body: bytes) -> None:
    if not body.startswith(b"\x1f\x8b"):
        assert read_sitemap(gzip.compress(body), URL) == read_sitemap(body, URL)


@given(
    before=st.text(st.characters(codec="utf-8", exclude_characters="<>{"), max_size=30),
    text=st.text(st.characters(codec="utf-8", exclude_characters="<>]"), max_size=30),
)
@example(before="\x00", text="")
def test_text_around_items_does_not_hide_them(before: str, text: str) -> None:
    feed = before + rss(item(1, f"<description>{text}</description>") + text + item(2), declaration="")
    found = [entry.url for entry in read_feed(feed.encode(), URL).entries]
    assert found == ["https://example.com/news/1", "https://example.com/news/2"]


@given(end=st.integers(0, 1_000))
def test_of_a_feed_that_is_cut_off_each_address_is_whole(end: int) -> None:
    feed = rss(item(1) + item(2) + item(3)).encode()
    found = {entry.url for entry in read_feed(feed[:end], URL).entries}
    assert found <= {f"https://example.com/news/{number}" for number in (1, 2, 3)}
