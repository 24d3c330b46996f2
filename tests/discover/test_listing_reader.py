"""Listings of each kind, read for a source."""

from datetime import UTC, datetime

import pytest
from tests.sources.daily import DAILY, read

from khobor.discover.listing_reader import listing_kind, listing_of_links, read_listing
from khobor.errors import PermanentError
from khobor.page import RawPage

SITE = "https://daily.example"
SOURCE = read(DAILY.replace("[rules]", "article_url = '^/news/'\n[rules]"))
ITEM = "<item><link>/news/1</link><pubDate>2026-03-01 09:00</pubDate></item>"
LINKS = '<a href="/news/1">The bridge opens</a> <a href="/about">About us</a>'
FEED_LINK = '<link rel="alternate" type="application/rss+xml" href="/feed">'


def page(body: str, path: str = "/") -> RawPage:
    return RawPage(body=body.encode(), fetched_at=datetime(2026, 3, 1, tzinfo=UTC), url=f"{SITE}{path}")


def test_a_feed_is_read_by_the_clocks_of_its_source() -> None:
    (entry,) = read_listing("feed", page(f"<rss><channel>{ITEM}</channel></rss>"), SOURCE).entries
    assert entry.url == f"{SITE}/news/1"
    assert entry.published_at == datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_a_sitemap_is_read() -> None:
    text = f"<urlset><url><loc>{SITE}/news/1</loc></url></urlset>"
    assert [entry.url for entry in read_listing("sitemap", page(text), SOURCE).entries] == [f"{SITE}/news/1"]


def test_of_a_section_page_the_articles_are_taken() -> None:
    assert [entry.url for entry in read_listing("section", page(LINKS), SOURCE).entries] == [f"{SITE}/news/1"]


def test_a_home_page_leads_to_its_feeds_and_to_the_sitemaps_of_robots_txt() -> None:
    written = ["/news.xml", "ftp://daily.example/old.xml", ""]
    listing = read_listing("home", page(FEED_LINK + LINKS), SOURCE, written)
    assert listing.feeds == (f"{SITE}/feed",)
    assert [sitemap.url for sitemap in listing.sitemaps] == [f"{SITE}/news.xml"]
    assert (listing.entries, listing.problems) == ((), ())
    assert listing.fallbacks == (("section", f"{SITE}/"),)


def test_where_a_site_names_no_sitemap_the_usual_ones_may_reach_further_back_than_its_feed() -> None:
    home = read_listing("home", page(FEED_LINK), SOURCE)
    feed = read_listing("feed", page("<rss><channel></channel></rss>", "/feed"), SOURCE, home=f"{SITE}/")
    assert home.fallbacks == feed.fallbacks
    assert home.fallbacks[0] == ("sitemap", f"{SITE}/sitemap.xml")
    assert home.fallbacks[-1] == ("section", f"{SITE}/")
    assert read_listing("feed", page("<rss><channel></channel></rss>", "/feed"), SOURCE).fallbacks == ()


def test_a_home_page_that_names_none_is_a_section_page_and_the_usual_sitemap_is_tried() -> None:
    listing = read_listing("home", page(LINKS), SOURCE)
    assert [entry.url for entry in listing.entries] == [f"{SITE}/news/1"]
    assert [sitemap.url for sitemap in listing.sitemaps] == [f"{SITE}/sitemap.xml"]


def test_links_of_an_article_are_a_listing_too() -> None:
    assert [entry.url for entry in listing_of_links([f"{SITE}/news/1"]).entries] == [f"{SITE}/news/1"]


@pytest.mark.parametrize("name", ["article", "magazine", ""])
def test_what_is_no_kind_of_listing_is_told(name: str) -> None:
    with pytest.raises(PermanentError, match="not_a_listing"):
        listing_kind(name)
