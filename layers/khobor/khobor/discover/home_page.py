"""Feeds and sitemaps that a site declares on its home page.

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

# Media types of feeds alone, in every spelling that sites use.
_FEED_TYPE = re.compile(r"(?:application|text)/(?:x[-.])?(?:rss|atom|rdf|feed)(?:\+(?:xml|json))?")
# Relations that do not describe the target of a link.
_NO_RELATIONS = frozenset({"nofollow", "noopener", "noreferrer", "external", "home", "bookmark"})
# Media types that feeds share with other documents.
_WIDE_TYPES = frozenset({"application/json", "application/xml", "text/xml"})
# WordPress links to its REST API with the media type of a JSON Feed.
_NO_FEED = re.compile(r"/wp-json/|oembed|(?<![a-z])comments?(?![a-z])", re.IGNORECASE)
# Words in the titles and URLs of comment feeds, in the most common languages.
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
# How many text nodes of a link are searched for such a word.
_MOST_TEXTS = 5
_FEED_HOSTS = frozenset({"feeds.feedburner.com", "feeds2.feedburner.com"})
# The unregistered scheme "feed" precedes a whole URL, or replaces "http".
_FEED_SCHEME = re.compile(r"\s*feed:(?P<slashes>//)?(?=(?P<whole>https?://)?)", re.IGNORECASE)
# The names that the protocol, Yoast, Astro and WordPress give to the first file.
_USUAL_SITEMAPS = ("sitemap.xml", "sitemap_index.xml", "sitemap-index.xml", "wp-sitemap.xml")
_MOST_FEEDS = 100
_MOST_SITEMAPS = 1_000


def read_home_page(body: bytes, url: str, content_type: str | None = None) -> Listing:
    """Return the feeds and sitemaps that a page declares, in document order.

    If no element declares a feed, links whose URL looks like that of a feed are used. Comment feeds come last; those
    recognizable by their URL are left out.

    Args:
        body: The page as received.
        url: The URL of the page.
        content_type: The Content-Type header; None if unknown.
    """
    page = HtmlPage(body, url, content_type)
    sitemaps = {
        address: None for element, address in page.addresses("link") if "sitemap" in relations(element.get("rel"))
    }
    feeds = tuple(dict.fromkeys(_declared_feeds(page))) or tuple(dict.fromkeys(_obvious_feeds(page, url)))
    return Listing(
        feeds=feeds[:_MOST_FEEDS],
        sitemaps=tuple(SitemapReference(url=sitemap) for sitemap in sitemaps)[:_MOST_SITEMAPS],
        problems=() if feeds or sitemaps else ("the page declares neither a feed nor a sitemap",),
    )


def _declared_feeds(page: HtmlPage) -> list[str]:
    """Return the feeds that elements declare by type or relation; comment feeds come last."""
    declared = [
        (element, address)
        for element, address in page.addresses("link", "a", "area", rewrite=_as_http)
        if _declares_feed(element, address) and not _NO_FEED.search(address)
    ]
    return [address for _, address in sorted(declared, key=_is_of_comments)]


def _declares_feed(element: etree._Element, address: str) -> bool:
    rel = set(relations(element.get("rel"))) - _NO_RELATIONS
    media_type = (element.get("type") or "").partition(";")[0].strip().lower()
    has_type = _FEED_TYPE.fullmatch(media_type) is not None
    if "alternate" in rel:
        # A missing or wrong type does not matter if the URL looks like that of a feed.
        return has_type or media_type in _WIDE_TYPES or _has_feed_url(address)
    return "feed" in rel or (has_type and not rel)


def _is_of_comments(link: tuple[etree._Element, str]) -> bool:
    element, address = link
    return _COMMENTS.search(f"{element.get('title') or ''} {unquote(address)}") is not None


def _obvious_feeds(page: HtmlPage, url: str) -> Iterator[str]:
    """Yield the targets of links that look like feeds by their scheme, URL or text."""
    for element, address in page.addresses("a", "area", rewrite=_as_http):
        is_ours = is_same_site(address, url) and (_has_feed_url(address) or _is_called_feed(element, address))
        is_feed = is_ours or urlsplit(address).hostname in _FEED_HOSTS or _FEED_SCHEME.match(element.get("href") or "")
        if is_feed and not _NO_FEED.search(address):
            yield address


def usual_sitemaps(url: str) -> tuple[str, ...]:
    """Return the usual URLs of a site's sitemap, the most frequent first.

    >>> usual_sitemaps("https://example.com/blog/")[:2]
    ('https://example.com/blog/sitemap.xml', 'https://example.com/blog/sitemap_index.xml')

    Args:
        url: The URL of the home page.
    """
    names = [f"{folder}{name}" for folder in ("", "/") for name in _USUAL_SITEMAPS]
    return tuple(dict.fromkeys(filter(None, (resolve(name, url) for name in names))))


def _as_http(reference: str) -> str:
    """Return a reference without the scheme "feed"."""
    match = _FEED_SCHEME.match(reference)
    if match is None:
        return reference
    rest = reference[match.end() :]
    return f"http://{rest}" if match["slashes"] and not match["whole"] else rest


def _has_feed_url(address: str) -> bool:
    parts = urlsplit(address)
    return bool(_FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query))


def _is_called_feed(element: etree._Element, address: str) -> bool:
    text = " ".join([element.get("title") or "", *map(str, islice(element.itertext(), _MOST_TEXTS))])
    return urlsplit(address).path.lower().endswith(".xml") and _FEED_WORD.search(text) is not None
