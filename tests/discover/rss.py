"""Feeds written for the tests."""

from dataclasses import replace

from khobor.discover.listing import Listing

NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    ' xmlns:atom="http://www.w3.org/2005/Atom"'
)
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
URL = "https://example.com/feeds/all.xml"


def without_facts(listing: Listing) -> Listing:
    """Return a listing without the facts of its entries, which ``test_entry_elements.py`` tests."""
    return replace(listing, entries=tuple(replace(entry, facts=None) for entry in listing.entries))


def item(number: int, more: str = "") -> str:
    return (
        f"<item><title>Story {number}</title><link>https://example.com/news/{number}</link>"
        f"<pubDate>Tue, 10 Mar 2026 09:0{number}:00 +0600</pubDate>{more}</item>\n"
    )


def rss(items: str, declaration: str = DECLARATION) -> str:
    start = f'<rss version="2.0" {NAMESPACES}><channel>\n<title>Daily</title><link>https://example.com/</link>\n'
    image = (
        "<image><title>Daily</title><link>https://example.com/</link><url>https://example.com/logo.png</url></image>"
    )
    return f"{declaration}{start}{image}\n{items}</channel></rss>\n"
