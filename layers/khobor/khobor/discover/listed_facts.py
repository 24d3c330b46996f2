"""The facts of the entries of one listing: which are believed, and how they reach the known URLs.

A listing is believed about articles of its own site, and about times that have passed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from khobor.discover.listing import Entry
from khobor.discover.reports import ListingReport
from khobor.entry_facts import EntryFacts, read_facts, write_facts
from khobor.frontier.interface import KnownUrl, KnownUrls, UrlRecord
from khobor.frontier.ownership import owns
from khobor.sources.source import Source

# The tolerance for other clocks.
_SKEW = timedelta(minutes=5)
# The offset of the clocks that are farthest ahead of UTC.
_FARTHEST_AHEAD = timedelta(hours=14)


class ListedFacts:
    """The facts of the entries of one listing.

    Args:
        urls: The known URLs.
        source: The source of the listing.
        location: The URL of the listing that answered.
        at: When the listing was fetched, aware.
        report: Counts the entries whose facts are about articles of another site.
        site_images: Returns the marks of the images of the site; see ``site_images.site_marks``.
    """

    def __init__(  # noqa: PLR0913, PLR0917 the parts of a listing
        self,
        urls: KnownUrls,
        source: Source,
        location: str,
        at: datetime,
        report: ListingReport,
        site_images: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._urls = urls
        self._source = source
        self._location = location
        self._at = at
        self._report = report
        self._site_images = site_images

    def article(self, entry: Entry, depth: int, now: datetime) -> KnownUrl:
        """Return the article of an entry as it becomes known, with the facts that are believed.

        Args:
            entry: The entry.
            depth: The number of links to it, as in ``KnownUrl``.
            now: The time.
        """
        facts = self._passed(entry)
        if facts and not owns(self._location, entry.url, self._source.hosts):
            self._report.foreign_facts += 1
            facts = None
        if marks := self._site_images():
            facts = replace(facts or EntryFacts(), site_images=marks)
        since = min(entry.published_at or now, now)
        return KnownUrl(
            url=entry.url,
            source=self._source.name,
            depth=depth,
            since=since,
            next_visit=self._source.fetching.next_visit(since, now),
            entry=write_facts(facts),
        )

    def complete(self, entries: Iterable[Entry], known: Mapping[str, UrlRecord], now: datetime) -> None:
        """Add facts to URLs that are known without them, as from a sitemap that was read before the feed.

        What was recorded first stays, so each fact is added once. The next visit then takes the page even if it has
        not changed, because it was stored without these facts. The images of the site alone are not worth a write.

        Args:
            entries: The entries.
            known: What is known of URLs.
            now: The time.
        """
        for entry in entries:
            record, stated = known.get(entry.url), self._passed(entry)
            if record is None or record.source != self._source.name or stated is None:
                continue
            facts = read_facts(record.entry) or EntryFacts()
            if facts.title:
                # The entry that stated the title stated no time, or one that had not passed.
                stated = replace(stated, published=None)
            completed = facts.completed_by(stated)
            if completed == facts or not owns(self._location, entry.url, self._source.hosts):
                continue
            written = write_facts(replace(completed, site_images=facts.site_images or self._site_images()))
            if written != write_facts(facts):
                changed = {"entry": written, "etag": None, "last_modified": None, "digest": None}
                self._urls.change(entry.url, changed, now)

    def _passed(self, entry: Entry) -> EntryFacts | None:
        facts = entry.facts
        if facts is None:
            return None
        published, modified = _passed(facts.published, self._at), _passed(facts.modified, self._at)
        return replace(facts, published=published, modified=modified)


def _passed(text: str | None, at: datetime) -> str | None:
    """Return a stated time if it has passed when the listing was fetched.

    A time in UTC that has not is often a local time with a wrong offset. It then has none, so that it is read in the
    zone of the page. A later day, or a time that is still later, is no time of publication.
    """
    if text is None:
        return None
    time = datetime.fromisoformat(text)
    latest = at + (_SKEW if time.tzinfo else _FARTHEST_AHEAD)
    if time.replace(tzinfo=time.tzinfo or UTC) <= latest:
        return text
    is_local = time.tzinfo and not time.utcoffset() and time <= at + _FARTHEST_AHEAD
    return time.replace(tzinfo=None).isoformat() if is_local else None
