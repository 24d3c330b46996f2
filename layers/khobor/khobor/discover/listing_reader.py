"""Listings of every kind, read: what articles they tell of, and which other listings."""

from collections.abc import Iterable
from dataclasses import replace
from typing import cast, get_args
from zoneinfo import ZoneInfo

from khobor.discover.feeds import read_feed
from khobor.discover.home_page import read_home_page, usual_sitemap
from khobor.discover.listing import Entry, Listing, SitemapReference
from khobor.discover.references import resolve
from khobor.discover.section_pages import read_section_page
from khobor.discover.sitemaps import read_sitemap
from khobor.errors import PermanentError
from khobor.frontier.fetch_queue import Kind
from khobor.page import RawPage
from khobor.sources.source import Source


def listing_kind(name: str) -> Kind:
    """Return a kind of listing by its name; raises PermanentError ``not_a_listing`` if there is none."""
    if name == "article" or name not in get_args(Kind):
        raise PermanentError("not_a_listing", f"there is no kind of listing {name!r}")
    return cast("Kind", name)


def read_listing(kind: Kind, page: RawPage, source: Source, sitemaps: Iterable[str] = ()) -> Listing:
    """Return what a listing tells; nothing, and a problem, for what is none.

    Args:
        kind: What it is.
        page: The listing as it was fetched.
        source: Whose it is.
        sitemaps: Those that the site's robots.txt names, as they are written there; a home page leads to them.
    """
    url = page.location or ""
    zone = ZoneInfo(source.zone) if source.zone else None
    if kind == "feed":
        return read_feed(page.body, url, page.content_type, zone=zone, language=source.language)
    if kind == "sitemap":
        return read_sitemap(page.body, url, page.content_type, zone=zone)
    section = read_section_page(page.body, url, source.article_url, page.content_type)
    if kind == "section":
        return section
    home = read_home_page(page.body, url, page.content_type)
    written = filter(None, (resolve(each, url) for each in sitemaps))
    named = (*home.sitemaps, *(SitemapReference(url=each) for each in written))
    if home.feeds or named:
        return replace(home, sitemaps=named, problems=())
    # The last resort: what the page itself links to, and where a sitemap usually is.
    guess = usual_sitemap(url)
    return replace(section, sitemaps=(SitemapReference(url=guess),) if guess else ())


def listing_of_links(urls: Iterable[str]) -> Listing:
    """Return the links of an article as a listing."""
    return Listing(entries=tuple(Entry(url=url) for url in urls))
