"""How far back listings are read: their next pages, and other listings where a feed does not reach back far enough.

A feed has the last few articles. For a new source, and after a time without a look at it, older ones are only on the
next pages of the site's lists and in its sitemap. These listings are read once each time, not with every run.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from khobor.discover.listing import Entry, Listing
from khobor.discover.reports import ListingReport
from khobor.discover.url_filters import home_of
from khobor.frontier.fetch_queue import Kind
from khobor.frontier.interface import KnownUrl
from khobor.sources.source import Source

# ``found_on`` of a sitemap or a section page that is read because a feed does not reach back far enough.
FILL: Kind = "feed"
# How many pages of a list of links are read.
_MOST_PAGES = 20
# The first of these may have nothing but what the feed has.
_PAGES_OF_FEED = 10
# A site whose feed never reaches back to the last look has its other listings read so often.
PAUSE = timedelta(hours=1)
# A usual URL of a sitemap that was missing is tried again after this time.
_MISSING = timedelta(days=7)
_PAGES: frozenset[Kind] = frozenset({"section", "home"})


def is_read_once(known: KnownUrl) -> bool:
    """Return whether a listing is read only until none of its URLs are left, not with every run.

    These are the next pages of listings, and what is read where a feed does not reach back far enough. The feeds of a
    home page are read with every run.
    """
    if known.kind == "feed":
        return known.found_on not in {None, "home"}
    return known.kind != "article" and known.found_on in {FILL, "section"}


def is_guess(kind: Kind, known: KnownUrl | None) -> bool:
    """Return whether a listing is a sitemap that no other one names, at a usual URL, which may be another page.

    Args:
        kind: The kind of the listing.
        known: What is known of it.
    """
    return kind == "sitemap" and known is not None and known.found_on == FILL


def goes_on(kind: Kind, known: KnownUrl | None, report: ListingReport, depth: int) -> bool:
    """Return whether the next page of a listing is read.

    Args:
        kind: The kind of the listing.
        known: What is known of it.
        report: Its counts.
        depth: The depth of its entries.
    """
    found_on = known.found_on if known else None
    if kind not in _PAGES or found_on in {None, "home"}:
        # If all articles are new, the next page may have more.
        return report.new > 0 and report.known == 0
    if depth >= _MOST_PAGES:
        return False
    # A page of links often has the latest articles too, beside those of its own.
    return report.new > 0 or (found_on == FILL and depth < _PAGES_OF_FEED)


def next_page(kind: Kind, known: KnownUrl | None, report: ListingReport) -> tuple[Kind, Kind]:
    """Return kind and ``found_on`` of the next page of a listing.

    Args:
        kind: The kind of the listing.
        known: What is known of the listing.
        report: The counts of the listing.
    """
    if kind not in _PAGES:
        return "feed", kind
    return "section", FILL if known and known.found_on == FILL and not report.new else "section"


def is_short(kind: Kind, known: KnownUrl | None, listing: Listing, report: ListingReport) -> bool:
    """Return whether a listing may not reach back to the last look, so that its fallbacks are read.

    Args:
        kind: Its kind.
        known: What is known of it.
        listing: Its contents.
        report: Its counts.
    """
    if not listing.fallbacks:
        return False
    if kind == "home":
        return known is None or known.new_at is None
    is_of_home = known is not None and known.found_on == "home"
    reaches_back = report.new == 0 or report.known > 0 or "too_old" in report.refused
    return is_of_home and (listing.is_unordered or not reaches_back)


def is_missing(known: KnownUrl, now: datetime) -> bool:
    """Return whether a listing was missing a short time ago.

    Args:
        known: What is known of it.
        now: The time.
    """
    return known.gone_at is not None and now - known.gone_at < _MISSING


def bounded(entries: list[Entry], report: ListingReport, source: Source) -> list[Entry]:
    """Return entries without all but the first of those that have no date, and may be of any age.

    Args:
        entries: The entries of a sitemap that is read because a feed does not reach back far enough.
        report: The counts of the sitemap.
        source: Its source.
    """
    dated = [entry for entry in entries if entry.published_at or entry.modified_at]
    undated = [entry for entry in entries if not (entry.published_at or entry.modified_at)]
    most = source.discovery.max_urls
    if len(undated) > most:
        report.refused["undated"] += len(undated) - most
    return [*dated, *undated[:most]]


def is_home_as_section(known: KnownUrl, source: Source) -> bool:
    """Whether a listing is a home page that is read as a section page, for a source that names no section pages.

    Args:
        known: What is known of the listing.
        source: The source.
    """
    return known.kind == "section" and known.found_on is None and home_of(source) is not None


def as_filling(known: KnownUrl | None, kind: Kind, source: Source) -> KnownUrl | None:
    """Return what is known of a listing; a home page that is read as a section page fills a gap.

    Args:
        known: What is known of it.
        kind: The kind as which it was read.
        source: Its source.
    """
    if known and is_home_as_section(replace(known, kind=kind), source):
        return replace(known, kind=kind, found_on=FILL)
    return known
