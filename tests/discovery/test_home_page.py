from khobor.discovery.home_page import read_home_page, usual_sitemap
from khobor.discovery.listing import Listing, SitemapReference

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


def test_a_page_that_names_none() -> None:
    for body in (b"", b"<p>Hello</p>", b"\x00\xff", b'{"a": 1}'):
        assert read_home_page(body, URL) == Listing(problems=("this names neither feed nor sitemap",))


def test_where_a_sitemap_usually_is() -> None:
    assert usual_sitemap("https://example.com/bengali?x#y") == "https://example.com/sitemap.xml"
    assert usual_sitemap("nonsense") is None
