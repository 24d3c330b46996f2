import pytest

from khobor.discover.home_page import read_home_page, usual_sitemaps
from khobor.discover.listing import Listing, SitemapReference

URL = "https://www.example.com/"


def test_feeds_that_a_page_names() -> None:
    html = """<!doctype html><html><head>
      <link rel="alternate" type="application/rss+xml" title="Daily" href="/feed/">
      <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
      <link rel="alternate" type="application/atom+xml" href="https://feeds.example.org/atom">
      <LINK REL="Alternate nofollow" TYPE="application/feed+json; charset=utf-8" HREF="feed.json">
      <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7">
      <link rel="alternate" type="application/json+oembed" href="/oembed?url=x">
      <link rel="alternate" hreflang="bn" href="/bn/">
      <link rel="alternate" type="application/rss+xml" href="/feed/#again">
      <link rel="stylesheet" type="text/css" href="/rss.css">
      <link rel="sitemap" type="application/xml" href="/sitemap-index.xml">
      </head><body><a href="/rss">RSS</a></body></html>"""
    assert read_home_page(html.encode(), URL) == Listing(
        feeds=("https://www.example.com/feed/", "https://feeds.example.org/atom", "https://www.example.com/feed.json"),
        sitemaps=(SitemapReference(url="https://www.example.com/sitemap-index.xml"),),
    )


def test_links_to_obvious_feeds_where_none_is_named() -> None:
    html = """<base href="/bn/"><a href="rss.xml">RSS</a> <a href="/feeds/">x</a> <a href="/sport/atom.xml">x</a>
      <a href="/rss/politics.xml">x</a> <a href="/?feed=rss2">x</a> <a href="https://feeds.feedburner.com/daily">x</a>
      <a href="/news/world.rss">x</a> <a href="/news/rss-is-back">x</a> <a href="/comments/feed">x</a>
      <a href="https://example.org/rss">another's</a> <a href="mailto:rss">x</a> <a>x</a> <a href="/atomic">x</a>"""
    assert read_home_page(html.encode(), URL).feeds == (
        "https://www.example.com/bn/rss.xml",
        "https://www.example.com/feeds/",
        "https://www.example.com/sport/atom.xml",
        "https://www.example.com/rss/politics.xml",
        "https://www.example.com/?feed=rss2",
        "https://feeds.feedburner.com/daily",
        "https://www.example.com/news/world.rss",
    )


@pytest.mark.parametrize(
    ("element", "feed"),
    [
        ('<link rel="alternate" type="text/xml" href="/all">', "https://www.example.com/all"),
        ('<link rel="alternate" type="application/xml; charset=utf-8" href="/all">', "https://www.example.com/all"),
        ('<link rel="alternate" type="text/rss+xml" href="/all">', "https://www.example.com/all"),
        ('<link rel="alternate" type="application/x-atom+xml" href="/all">', "https://www.example.com/all"),
        ('<link rel="alternate" type="application/rdf+xml" href="/all">', "https://www.example.com/all"),
        ('<link rel="alternate" href="/index.xml">', "https://www.example.com/index.xml"),
        ('<link rel="alternate" type="text/html" href="/?feed=rss2">', "https://www.example.com/?feed=rss2"),
        ('<link rel="feed" href="/all">', "https://www.example.com/all"),
        ('<link type="application/rss+xml" href="/all">', "https://www.example.com/all"),
        (
            '<link rel="http://www.iana.org/assignments/relation/alternate" type="application/atom+xml" href="/all">',
            "https://www.example.com/all",
        ),
        ('<a rel="alternate" type="application/rss+xml" href="/all">x</a>', "https://www.example.com/all"),
        ('<a type="application/rss+xml" rel="nofollow" href="/all">x</a>', "https://www.example.com/all"),
        ('<a rel="alternate" href="/sport/index.xml">x</a>', "https://www.example.com/sport/index.xml"),
        ('<base href="/bn/"><footer><a rel="alternate" href="rss2">x</a>', "https://www.example.com/bn/rss2"),
        ('<link rel="alternate" type="text/xml" href="feed://example.org/all">', "http://example.org/all"),
        ('<a href="feed:https://example.org/all">x</a>', "https://example.org/all"),
        ('<a href="FEED://https://example.org/all">x</a>', "https://example.org/all"),
        ('<a href="feed://www.example.com/all">x</a>', "http://www.example.com/all"),
        ('<a href="feed:/all">x</a>', "https://www.example.com/all"),
        ('<a href="/categories/news/index.xml">x</a>', "https://www.example.com/categories/news/index.xml"),
        ('<a href="/data/latest.xml"><img src="x.png"> RSS </a>', "https://www.example.com/data/latest.xml"),
        ('<a href="/rss/politics">x</a>', "https://www.example.com/rss/politics"),
        ('<a href="/feeds/posts/default?alt=rss" rel="alternate" type="application/rss+xml">x</a>',
         "https://www.example.com/feeds/posts/default?alt=rss"),
        ('<a href="/commentisfree/rss">x</a>', "https://www.example.com/commentisfree/rss"),
    ],
)  # fmt: skip
def test_a_feed_is_found_however_the_page_names_it(element: str, feed: str) -> None:
    assert read_home_page(f"<html><body>{element}</body></html>".encode(), URL).feeds == (feed,)


@pytest.mark.parametrize(
    "element",
    [
        '<link rel="alternate" hreflang="th" href="/th/">',
        '<link rel="alternate" media="handheld" href="https://m.example.com/">',
        '<link rel="alternate" type="text/html" href="/print">',
        '<link rel="alternate stylesheet" type="text/css" href="/dark.css">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed.json">',
        '<link rel="EditURI" type="application/rsd+xml" href="/xmlrpc.php?rsd">',
        '<link rel="service.post" type="application/atom+xml" href="/post">',
        '<link rel="meta" type="application/rdf+xml" href="/foaf.rdf">',
        '<link rel="search" type="application/opensearchdescription+xml" href="/search.xml">',
        '<link rel="alternate" type="application/atom+xml" href="/feeds/comments/default">',
        '<link rel="alternate" type="application/rss+xml" href="/?feed=comments-rss2">',
        '<a href="/rss-is-back-in-fashion">x</a>',
        '<a href="/sitemap.xml">Sitemap</a>',
        '<a href="/feedback">x</a>',
        '<a href="feed:">x</a>',
        '<a rel="alternate" type="application/rss+xml">x</a>',
    ],
)
def test_what_leads_to_no_feed_of_articles(element: str) -> None:
    assert read_home_page(f"<html><head>{element}</head></html>".encode(), URL).feeds == ()


def test_feeds_of_comments_come_last() -> None:
    html = """<link rel="alternate" type="application/rss+xml" title="Kommentare" href="/a">
      <link rel="alternate" type="application/rss+xml" title="ঢাকা &raquo; মন্তব্য" href="/b">
      <link rel="alternate" type="application/rss+xml" href="/commentaires/feed/">
      <link rel="alternate" type="application/rss+xml" title="News" href="/c">"""
    assert read_home_page(html.encode(), URL).feeds == (
        "https://www.example.com/c",
        "https://www.example.com/a",
        "https://www.example.com/b",
        "https://www.example.com/commentaires/feed/",
    )


def test_a_page_that_names_none() -> None:
    for body in (b"", b"<p>Hello</p>", b"\x00\xff", b'{"a": 1}'):
        assert read_home_page(body, URL) == Listing(problems=("the page declares neither a feed nor a sitemap",))


def test_where_a_sitemap_usually_is() -> None:
    assert usual_sitemaps("https://example.com/?x#y")[0] == "https://example.com/sitemap.xml"
    assert usual_sitemaps("https://example.com/blog/")[::4] == (
        "https://example.com/blog/sitemap.xml",
        "https://example.com/sitemap.xml",
    )
    assert usual_sitemaps("nonsense") == ()


def test_a_base_that_no_server_takes_is_ignored() -> None:
    feed = '<link rel="alternate" type="application/rss+xml" href="f">'
    html = f'<base href="https://other.example/{"a/" * 20_000}">{feed}'
    assert read_home_page(html.encode(), "https://news.example/").feeds == ("https://news.example/f",)
