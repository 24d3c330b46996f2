"""Listings: the articles that a feed, sitemap or page lists, and the other listings that it refers to."""

from dataclasses import dataclass
from datetime import datetime

from khobor.entry_facts import EntryFacts
from khobor.frontier.fetch_queue import Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An article that a feed, a sitemap or a section page leads to.

    Attributes:
        url: The absolute URL as given; ``url.canonical_url`` returns the form that identifies an article.
        title: The headline in plain text; None if not stated.
        published_at: When it was published, aware; None if not stated.
        modified_at: When it was last changed, aware; None if not stated.
        language: The BCP 47 tag as given for the article or the whole document; None if not stated.
        facts: What else a feed or a news sitemap states about the article; None if it states nothing.
    """

    url: str
    title: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None
    facts: EntryFacts | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SitemapReference:
    """A sitemap that another document refers to.

    Attributes:
        url: The absolute URL.
        modified_at: When it was last changed, aware; None if not stated.
    """

    url: str
    modified_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """The content of one document that lists articles.

    Attributes:
        entries: The articles in document order, each article once.
        sitemaps: The sitemaps, the most recently changed first, those without a date last.
        feeds: The URLs of the feeds.
        next_page: The URL of the document with earlier entries (RFC 5005; ``next_url`` of a JSON Feed; ``rel=next``).
        sections: The URLs of pages that list all articles of the site.
        fallbacks: Other listings of the site, which may reach further back: kind and URL of each.
        site_images: The URLs of images that the document gives its site, not an article.
        is_unordered: Whether it does not tell which entries are the newest, so that it may lack new ones.
        problems: Problems with the document, for people.
        fetched_at: When it was fetched, aware; None for a listing that was not fetched.
        location: The URL that answered, after redirects; None for a listing that was not fetched.
    """

    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[SitemapReference, ...] = ()
    feeds: tuple[str, ...] = ()
    next_page: str | None = None
    sections: tuple[str, ...] = ()
    fallbacks: tuple[tuple[Kind, str], ...] = ()
    site_images: tuple[str, ...] = ()
    is_unordered: bool = False
    problems: tuple[str, ...] = ()
    fetched_at: datetime | None = None
    location: str | None = None
