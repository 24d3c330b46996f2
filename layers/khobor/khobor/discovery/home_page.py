"""Feeds and sitemaps that a site names itself on its home page.

https://html.spec.whatwg.org/multipage/links.html#rel-alternate
"""

import re
from urllib.parse import urlsplit

from khobor.discovery.html_page import HtmlPage
from khobor.discovery.listing import Listing, SitemapReference
from khobor.discovery.references import resolve
from khobor.discovery.site import is_same_site

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json"}
)
# WordPress names its programming interface by the type of a JSON Feed.
_NO_FEED = re.compile(r"comment|/wp-json/|oembed", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"/(?:rss|feeds?|atom)(?:\.xml|\.php|\.json)?/?$|[./](?:rss|atom|rdf)$|/rss/[^/]+\.xml$", re.IGNORECASE
)
_FEED_QUERY = re.compile(r"(?:^|&)(?:feed|format)=(?:rss2?|atom|rdf|json)(?:&|$)", re.IGNORECASE)
_FEED_HOSTS = ("feeds.feedburner.com", "feeds2.feedburner.com")
_MOST_FEEDS = 100
_MOST_SITEMAPS = 1_000


def read_home_page(body: bytes, url: str, content_type: str | None = None) -> Listing:
    """Return the feeds and sitemaps that a page names, in its order; feeds of comments are left out.

    Where no element says that it names a feed, links whose address says so are taken.

    Args:
        body: The page as it came.
        url: Where it came from.
        content_type: Its Content-Type header, if that is known.
    """
    page = HtmlPage(body, url, content_type)
    feeds: dict[str, None] = {}
    sitemaps: dict[str, None] = {}
    for element, address in page.addresses("link"):
        relations = (element.get("rel") or "").lower().split()
        if "sitemap" in relations:
            sitemaps.setdefault(address)
        elif "alternate" in relations and _is_of_feed_type(element.get("type")) and not _NO_FEED.search(address):
            feeds.setdefault(address)
    if not feeds:
        feeds = {address: None for _, address in page.addresses("a") if _is_obvious_feed(address, url)}
    return Listing(
        feeds=tuple(feeds)[:_MOST_FEEDS],
        sitemaps=tuple(SitemapReference(url=sitemap) for sitemap in sitemaps)[:_MOST_SITEMAPS],
        problems=() if feeds or sitemaps else ("this names neither feed nor sitemap",),
    )


def usual_sitemap(url: str) -> str | None:
    """Return where a site that names no sitemap most often has one, None for what is no http or https URL."""
    return resolve("/sitemap.xml", url)


def _is_of_feed_type(media_type: str | None) -> bool:
    return (media_type or "").partition(";")[0].strip().lower() in _FEED_TYPES


def _is_obvious_feed(address: str, url: str) -> bool:
    parts = urlsplit(address)
    if parts.hostname in _FEED_HOSTS:
        return True
    says_so = _FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query)
    return bool(says_so) and is_same_site(address, url) and not _NO_FEED.search(address)
