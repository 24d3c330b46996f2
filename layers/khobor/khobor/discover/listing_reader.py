"""Reads a listing of any kind."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import cast, get_args
from zoneinfo import ZoneInfo

from khobor.discover.build_dates import without_build_dates
from khobor.discover.feeds import read_feed
from khobor.discover.home_page import read_home_page, usual_sitemaps
from khobor.discover.listing import Entry, Listing, SitemapReference
from khobor.discover.references import resolve
from khobor.discover.section_pages import read_section_page
from khobor.discover.site_images import with_shared_images
from khobor.discover.sitemaps import read_sitemap
from khobor.errors import PermanentError
from khobor.frontier.fetch_queue import Kind
from khobor.page import RawPage
from khobor.sources.source import Source

_SITEMAP: Kind = "sitemap"
_SECTION: Kind = "section"


def listing_kind(name: str) -> Kind:
    """Return the kind of listing with a name; raises PermanentError ``not_a_listing`` if there is none."""
    if name == "article" or name not in get_args(Kind):
        raise PermanentError("not_a_listing", f"there is no kind of listing {name!r}")
    return cast("Kind", name)


def read_listing(
    kind: Kind, page: RawPage, source: Source, sitemaps: Iterable[str] = (), home: str | None = None
) -> Listing:
    """Return the contents of a listing; for a document of another kind, an empty listing with a problem.

    Args:
        kind: The kind of listing.
        page: The listing as fetched.
        source: The source of the listing.
        sitemaps: The sitemaps in the site's robots.txt, as written there; used for a home page and its feeds.
        home: The URL at which the home page answered; used for its feeds. None for a source that names its listings.
    """
    url = page.location or ""
    zone = ZoneInfo(source.zone) if source.zone else None
    of_robots_txt = tuple(filter(None, (resolve(each, url) for each in sitemaps)))
    if kind == "feed":
        feed = read_feed(page.body, url, page.content_type, zone=zone, language=source.language)
        feed = with_shared_images(without_build_dates(feed))
        return replace(feed, fallbacks=_fallbacks(home, of_robots_txt)) if home else feed
    if kind == "sitemap":
        return with_shared_images(read_sitemap(page.body, url, page.content_type, zone=zone))
    section = read_section_page(page.body, url, source.article_url, page.content_type)
    if kind == "section":
        return section
    declared = read_home_page(page.body, url, page.content_type)
    references = (*declared.sitemaps, *(SitemapReference(url=each) for each in of_robots_txt))
    if declared.feeds or references:
        found = replace(declared, sitemaps=references, site_images=section.site_images, problems=())
        return replace(found, fallbacks=_fallbacks(url, references))
    # The last resort: the links of the page, and the usual URLs of a sitemap.
    first, *others = usual_sitemaps(url)
    return replace(
        section, sitemaps=(SitemapReference(url=first),), fallbacks=tuple((_SITEMAP, each) for each in others)
    )


def _fallbacks(home: str, sitemaps: Collection[object]) -> tuple[tuple[Kind, str], ...]:
    """Return the listings that are read where the feeds do not reach back far enough.

    Args:
        home: The URL of the home page.
        sitemaps: The sitemaps that the site names, which are read anyway.
    """
    guesses = () if sitemaps else usual_sitemaps(home)
    return (*((_SITEMAP, each) for each in guesses), (_SECTION, home))


def listing_of_links(urls: Iterable[str]) -> Listing:
    """Return the links of an article as a listing."""
    return Listing(entries=tuple(Entry(url=url) for url in urls))
