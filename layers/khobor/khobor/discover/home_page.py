"""Feeds and sitemaps that a site names itself on its home page.

https://html.spec.whatwg.org/multipage/links.html#rel-alternate
"""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import etree

from khobor.discover.html_page import HtmlPage
from khobor.discover.listing import Listing, SitemapReference
from khobor.discover.references import relations, resolve
from khobor.site import is_same_site

# Types that only feeds have, in every spelling that sites use.
_FEED_TYPE = re.compile(r"(?:application|text)/(?:x[-.])?(?:rss|atom|rdf|feed)(?:\+(?:xml|json))?")
# Relations that say nothing of where a link leads.
_NO_RELATIONS = frozenset({"nofollow", "noopener", "noreferrer", "external", "home", "bookmark"})
# Types that a feed can have, as can other things.
_WIDE_TYPES = frozenset({"application/json", "application/xml", "text/xml"})
# WordPress names its programming interface by the type of a JSON Feed.
_NO_FEED = re.compile(r"/wp-json/|oembed|(?<![a-z])comments?(?![a-z])", re.IGNORECASE)
# What the titles and addresses of comment feeds hold on sites of the most common languages.
_COMMENTS = re.compile(
    r"comment(?:s|aires?)\b|kommentar|koment|comentario|comentário|comentári|commenti\b|reacties|yorum|комментари|комента"
    r"|σχόλια|تعليق|دیدگاه|नज़र|टिप्पणि|মন্তব্য|評論|评论|留言|コメント|댓글|ความคิดเห็น|bình luận",
    re.IGNORECASE,
)
_FEED_PATH = re.compile(
    r"/(?:rss|feeds?|atom|rdf)(?:[-_]?(?:feed|2|full|all|news|index))?(?:\.(?:xml|php|json|aspx?))?/?$"
    r"|/index\.(?:xml|rdf)$|[./](?:rss|atom|rdf)$|/(?:rss|feeds?|atom)/[^/]+(?:\.xml)?/?$",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(r"(?:^|&)(?:feed|format|type)=(?:rss2?|atom|rdf|json|feed)(?:&|$)", re.IGNORECASE)
_FEED_WORD = re.compile(r"\b(?:rss|atom|feed)\b", re.IGNORECASE)
# Texts of a link that are looked at for such a word.
_MOST_TEXTS = 5
_FEED_HOSTS = frozenset({"feeds.feedburner.com", "feeds2.feedburner.com"})
# The unregistered scheme "feed" stands before a whole URL, or for "http".
_FEED_SCHEME = re.compile(r"\s*feed:(?P<slashes>//)?(?=(?P<whole>https?://)?)", re.IGNORECASE)
_MOST_FEEDS = 100
_MOST_SITEMAPS = 1_000


def read_home_page(body: bytes, url: str, content_type: str | None = None) -> Listing:
    """Return the feeds and sitemaps that a page names, in its order.

    Where no element says that it names a feed, links whose address says so are taken. Feeds of comments come last,
    and not at all where their address says what they are.

    Args:
        body: The page as it came.
        url: Where it came from.
        content_type: Its Content-Type header, if that is known.
    """
    page = HtmlPage(body, url, content_type)
    sitemaps = {
        address: None for element, address in page.addresses("link") if "sitemap" in relations(element.get("rel"))
    }
    feeds = tuple(dict.fromkeys(_named_feeds(page))) or tuple(dict.fromkeys(_obvious_feeds(page, url)))
    return Listing(
        feeds=feeds[:_MOST_FEEDS],
        sitemaps=tuple(SitemapReference(url=sitemap) for sitemap in sitemaps)[:_MOST_SITEMAPS],
        problems=() if feeds or sitemaps else ("this names neither feed nor sitemap",),
    )


def _named_feeds(page: HtmlPage) -> list[str]:
    """Return the feeds that elements name as such, by type or relation; those of comments last."""
    found = [
        (element, address)
        for element, address in page.addresses("link", "a", "area", rewrite=_as_http)
        if _names_a_feed(element, address) and not _NO_FEED.search(address)
    ]
    return [address for _, address in sorted(found, key=_is_of_comments)]


def _names_a_feed(element: etree._Element, address: str) -> bool:
    named = set(relations(element.get("rel"))) - _NO_RELATIONS
    media_type = (element.get("type") or "").partition(";")[0].strip().lower()
    has_type = _FEED_TYPE.fullmatch(media_type) is not None
    if "alternate" in named:
        # A type that is missing or wrong is passed over where the address says what it leads to.
        return has_type or media_type in _WIDE_TYPES or _says_feed(address)
    return "feed" in named or (has_type and not named)


def _is_of_comments(found: tuple[etree._Element, str]) -> bool:
    element, address = found
    return _COMMENTS.search(f"{element.get('title') or ''} {unquote(address)}") is not None


def _obvious_feeds(page: HtmlPage, url: str) -> Iterator[str]:
    """Yield where links lead that say by scheme, address or text that there is a feed."""
    for element, address in page.addresses("a", "area", rewrite=_as_http):
        is_ours = is_same_site(address, url) and (_says_feed(address) or _is_called_feed(element, address))
        is_feed = is_ours or urlsplit(address).hostname in _FEED_HOSTS or _FEED_SCHEME.match(element.get("href") or "")
        if is_feed and not _NO_FEED.search(address):
            yield address


def usual_sitemap(url: str) -> str | None:
    """Return where a site that names no sitemap most often has one, None for what is no http or https URL."""
    return resolve("/sitemap.xml", url)


def _as_http(reference: str) -> str:
    """Return a reference without the scheme "feed"."""
    match = _FEED_SCHEME.match(reference)
    if match is None:
        return reference
    rest = reference[match.end() :]
    return f"http://{rest}" if match["slashes"] and not match["whole"] else rest


def _says_feed(address: str) -> bool:
    parts = urlsplit(address)
    return bool(_FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query))


def _is_called_feed(element: etree._Element, address: str) -> bool:
    text = " ".join([element.get("title") or "", *map(str, islice(element.itertext(), _MOST_TEXTS))])
    return urlsplit(address).path.lower().endswith(".xml") and _FEED_WORD.search(text) is not None
