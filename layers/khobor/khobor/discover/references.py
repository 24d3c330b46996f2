"""Resolves the links of a document, and collects its entries."""

import re
from collections.abc import Iterable
from dataclasses import replace

from khobor.discover.listing import Entry, Listing, SitemapReference
from khobor.errors import PermanentError
from khobor.url import absolute_url, canonical_url

# Twice what https://www.sitemaps.org/protocol.html allows in one file.
MOST_ENTRIES = 100_000

# An ampersand that is escaped more often than necessary, as by WordPress in CDATA sections.
_ESCAPED_AMPERSAND = re.compile(r"&(?:(?:amp|#0{0,6}38|#x0{0,6}26);)+", re.IGNORECASE)
# Relations may be written as URIs of this registry: https://www.rfc-editor.org/rfc/rfc4287#section-4.2.7.2
_REGISTRY = re.compile(r"https?://www\.iana\.org/assignments/(?:link-)?relations?(?:/|#)")


def resolve(reference: str | None, base: str) -> str | None:
    """Return a reference as an absolute URL; None if it is not an http or https URL.

    >>> resolve("../1?a=1&amp;b=2", "https://example.com/news/feed.xml")
    'https://example.com/1?a=1&b=2'

    Args:
        reference: The reference as written in the document.
        base: The URL that it is relative to.
    """
    if not reference or not reference.strip():
        return None
    try:
        return absolute_url(_ESCAPED_AMPERSAND.sub("&", reference), base)
    except PermanentError:
        return None


def relations(attribute: str | None) -> list[str]:
    """Return the relations of a link, in lower case and in their short form.

    >>> relations("Alternate http://www.iana.org/assignments/relation/next")
    ['alternate', 'next']

    Args:
        attribute: The ``rel`` attribute; None if the link has none.
    """
    return [_REGISTRY.sub("", relation, count=1) for relation in (attribute or "").lower().split()]


class ListingBuilder:
    """Collects the entries of a document: each article once, up to a limit."""

    def __init__(self) -> None:
        self.sitemaps: list[SitemapReference] = []
        self._entries: dict[str, Entry] = {}
        self._without_link = self._surplus = 0

    def add(self, entry: Entry | SitemapReference | None) -> None:
        """Add the entry or sitemap of one record; None for a record without a link."""
        if entry is None:
            self._without_link += 1
        elif len(self._entries) + len(self.sitemaps) >= MOST_ENTRIES:
            self._surplus += 1
        elif isinstance(entry, Entry):
            self._entries.setdefault(canonical_url(entry.url), entry)
        else:
            self.sitemaps.append(entry)

    def build(
        self, *, next_page: str | None = None, language: str | None = None, problem: str | None = None
    ) -> Listing:
        """Return the listing.

        Args:
            next_page: The URL of the document with earlier entries.
            language: The language of entries that do not state one.
            problem: A problem with the document as a whole.
        """
        entries: Iterable[Entry] = self._entries.values()
        if language:
            entries = (entry if entry.language else replace(entry, language=language) for entry in entries)
        problems = [problem] if problem else []
        if self._without_link:
            problems.append(f"entries without a link to an article: {self._without_link}")
        if self._surplus:
            problems.append(f"entries beyond the first {MOST_ENTRIES:,}, which are ignored: {self._surplus}")
        return Listing(
            entries=tuple(entries),
            sitemaps=tuple(sorted(self.sitemaps, key=_age)),
            next_page=next_page,
            problems=tuple(problems),
        )


def _age(sitemap: SitemapReference) -> float:
    return -sitemap.modified_at.timestamp() if sitemap.modified_at else 0
