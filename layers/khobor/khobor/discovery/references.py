"""Links of a document as absolute URLs, and the entries of one, each once."""

from collections.abc import Iterable
from dataclasses import replace

from khobor.discovery.listing import Entry, Listing, SitemapReference
from khobor.errors import PermanentError
from khobor.url import absolute_url, canonical_url

# Twice what https://www.sitemaps.org/protocol.html allows in one file.
MOST_ENTRIES = 100_000


def resolve(reference: str | None, base: str) -> str | None:
    """Return a reference as an absolute URL, None if it is no http or https URL.

    >>> resolve("../1?a=1&amp;b=2", "https://example.com/news/feed.xml")
    'https://example.com/1?a=1&b=2'

    Args:
        reference: As it stands in the document.
        base: The URL that it is relative to.
    """
    if not reference or not reference.strip():
        return None
    try:
        # Escaped twice: no address has this in it.
        return absolute_url(reference.replace("&amp;", "&"), base)
    except PermanentError:
        return None


class Collector:
    """Entries as they come, each article once, as many as one document can reasonably have."""

    def __init__(self) -> None:
        self.sitemaps: list[SitemapReference] = []
        self._entries: dict[str, Entry] = {}
        self._without_link = self._surplus = 0

    def add(self, entry: Entry | SitemapReference | None) -> None:
        """Take what was read of one record; None where it leads nowhere."""
        if entry is None:
            self._without_link += 1
        elif len(self._entries) + len(self.sitemaps) >= MOST_ENTRIES:
            self._surplus += 1
        elif isinstance(entry, Entry):
            self._entries.setdefault(canonical_url(entry.url), entry)
        else:
            self.sitemaps.append(entry)

    def listing(
        self, *, next_page: str | None = None, language: str | None = None, problem: str | None = None
    ) -> Listing:
        """Return all of them.

        Args:
            next_page: Where the entries before these are.
            language: That of entries which name none.
            problem: What else is wrong with the document.
        """
        entries: Iterable[Entry] = self._entries.values()
        if language:
            entries = (entry if entry.language else replace(entry, language=language) for entry in entries)
        problems = [problem] if problem else []
        if self._without_link:
            problems.append(f"{self._without_link} without a link to an article")
        if self._surplus:
            problems.append(f"{self._surplus} beyond the first {MOST_ENTRIES:,} are left out")
        return Listing(
            entries=tuple(entries),
            sitemaps=tuple(sorted(self.sitemaps, key=_age)),
            next_page=next_page,
            problems=tuple(problems),
        )


def _age(sitemap: SitemapReference) -> float:
    return -sitemap.modified_at.timestamp() if sitemap.modified_at else 0
