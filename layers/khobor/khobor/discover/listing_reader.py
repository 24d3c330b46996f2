"""Reads a listing of any kind."""

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
    """Return the kind of listing with a name; raises PermanentError ``not_a_listing`` if there is none."""
    if name == "article" or name not in get_args(Kind):
        raise PermanentError("not_a_listing", f"there is no kind of listing {name!r}")
    return cast("Kind", name)


def read_listing(kind: Kind, page: RawPage, source: Source, sitemaps: Iterable[str] = ()) -> Listing:
    """Return the contents of a listing; for a document of another kind, an empty listing with a problem.

    Args:
        kind: The kind of listing.
        page: The listing as fetched.
        source: The source of the listing.
        sitemaps: The sitemaps in the site's robots.txt, as written there; used for a home page.
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
    of_robots_txt = filter(None, (resolve(each, url) for each in sitemaps))
    references = (*home.sitemaps, *(SitemapReference(url=each) for each in of_robots_txt))
    if home.feeds or references:
        return replace(home, sitemaps=references, problems=())
    # The last resort: the links of the page, and the usual URL of a sitemap.
    guess = usual_sitemap(url)
    return replace(section, sitemaps=(SitemapReference(url=guess),) if guess else ())


def listing_of_links(urls: Iterable[str]) -> Listing:
    """Return the links of an article as a listing."""
    return Listing(entries=tuple(Entry(url=url) for url in urls))
