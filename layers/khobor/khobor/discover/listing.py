"""Listings: the articles that a feed, sitemap or page lists, and the other listings that it names."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An article that a feed, a sitemap or a section page leads to.

    Attributes:
        url: Absolute, as it was given; ``url.canonical_url`` gives the spelling by which articles are told apart.
        title: Its headline in plain text, if that is told.
        published_at: When it was published, aware, if that is told.
        modified_at: When it was last changed, aware, if that is told.
        language: BCP 47 as it was given, if it is told of the article or of the whole document.
    """

    url: str
    title: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SitemapReference:
    """A sitemap that another document names.

    Attributes:
        url: Absolute.
        modified_at: When it was last changed, aware, if that is told.
    """

    url: str
    modified_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """The content of one document that lists articles.

    Attributes:
        entries: The articles in the document's order, each article once.
        sitemaps: The sitemaps that it names, the last changed first, then those of which it is not told.
        feeds: URLs of the feeds that it names.
        next_page: URL of the document with the entries before these (RFC 5005; ``next_url`` of a JSON Feed).
        problems: What is wrong with the document, in plain words.
        fetched_at: When it was fetched, aware; None for one that is read at once.
    """

    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[SitemapReference, ...] = ()
    feeds: tuple[str, ...] = ()
    next_page: str | None = None
    problems: tuple[str, ...] = ()
    fetched_at: datetime | None = None
