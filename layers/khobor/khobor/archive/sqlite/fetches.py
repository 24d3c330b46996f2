"""The fetches of an article as rows, and what follows from them: revisions, earlier titles, the text that is kept."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

from khobor.archive.fetch_digests import EXTRACTOR_DIGEST, extraction_digest, shown_title
from khobor.archive.interface import raw_digest
from khobor.archive.sqlite.sort_keys import instant_of, microseconds
from khobor.article import Article, RawReference
from khobor.revisions.content_digests import ContentDigests, content_digests
from khobor.revisions.timeline import FetchRecord, Revision, timeline


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """One fetch of an article.

    Attributes:
        at: When it was fetched, in microseconds.
        page: A short digest of its page.
        stated: The date that the page states, in microseconds: it orders fetches of one instant.
        digests: What readers saw.
        extraction: A digest of the extractor and of all that it extracted.
        raw_key: The key of its page; empty without a page.
        raw_version: The version of its page.
    """

    at: int
    page: str
    stated: int
    digests: ContentDigests
    extraction: str
    raw_key: str = ""
    raw_version: str | None = None

    @classmethod
    def of(cls, article: Article) -> Self:
        """Return the fetch that an article comes from."""
        stated = article.modified_at or article.published_at or article.fetched_at
        return cls(
            at=microseconds(article.fetched_at),
            page=raw_digest(article),
            stated=microseconds(stated),
            digests=content_digests(article),
            extraction=extraction_digest(article),
            raw_key=article.raw.key if article.raw else "",
            raw_version=article.raw.version if article.raw else None,
        )

    @property
    def name(self) -> tuple[int, str]:
        """What stays the same when its page is parsed again."""
        return self.at, self.page

    @property
    def order(self) -> tuple[int, int, str]:
        """What the fetches of an article are ordered by."""
        return self.at, self.stated, self.page

    @property
    def content(self) -> str:
        """The digest of what readers saw."""
        return self.digests.content

    @property
    def record(self) -> FetchRecord:
        """The fetch in the form that ``timeline`` takes."""
        return FetchRecord(at=instant_of(self.at), digests=self.digests, reader=self.extraction[:EXTRACTOR_DIGEST])


@dataclass(frozen=True, kw_only=True)
class Fetches:
    """What is known of the fetches of one article.

    Attributes:
        by_name: The fetches by their names.
        marks: The times at which the site answered that it had removed the article, in microseconds.
        titles: The titles that readers saw, by the digests of their headlines.
    """

    by_name: Mapping[tuple[int, str], Fetch] = field(default_factory=dict)
    marks: frozenset[int] = frozenset()
    titles: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def newest(self) -> Fetch | None:
        """The newest fetch."""
        return max(self.by_name.values(), key=lambda each: each.order, default=None)

    @cached_property
    def revisions(self) -> tuple[Revision, ...]:
        """The revisions, the oldest first."""
        gone = (FetchRecord(at=instant_of(at), digests=None) for at in self.marks)
        return timeline([*(each.record for each in self.by_name.values()), *gone])

    @property
    def contents(self) -> set[str]:
        """The contents that readers saw, as digests."""
        return {each.content for each in self.by_name.values()}

    @property
    def earlier_titles(self) -> tuple[str, ...]:
        """The titles of all revisions that differ from the last one's, the oldest first."""
        found = [self.titles.get(each.digests.headline) for each in self.revisions]
        return tuple(title for title in dict.fromkeys(found) if title and title != found[-1])

    def last(self, content: str) -> Fetch | None:
        """Return the last fetch that had a content."""
        fetches = (each for each in self.by_name.values() if each.content == content)
        return max(fetches, key=lambda each: each.order, default=None)

    def with_readings(self, readings: Iterable[Article]) -> "Fetches":
        """Return the fetches with some readings of pages added, or replaced if their pages were parsed before."""
        return self.with_fetches((Fetch.of(article), shown_title(article)) for article in readings)

    def with_fetches(self, fetches: Iterable[tuple[Fetch, str]]) -> "Fetches":
        """Return the fetches with others added or replaced, each with the title that readers saw."""
        by_name, titles = dict(self.by_name), dict(self.titles)
        for fetch, title in fetches:
            by_name[fetch.name] = fetch
            if title:
                titles[fetch.digests.headline] = title
        return replace(self, by_name=by_name, titles=titles)

    def with_others(self, others: "Fetches") -> "Fetches":
        """Return the fetches with others added, or in place of the same ones."""
        return replace(self, by_name={**self.by_name, **others.by_name}, titles={**self.titles, **others.titles})

    def with_marks(self, marks: Iterable[int]) -> "Fetches":
        """Return the fetches with other times at which the article was gone, in microseconds."""
        return replace(self, marks=frozenset(marks))

    def as_fetched_last(self, content: str, article: Article) -> Article:
        """Return a stored article with time and page of the last fetch that had the same content.

        Args:
            content: The content.
            article: The article, of one of the fetches or of a page that was parsed otherwise since.
        """
        last = self.last(content)
        if last is None or last.name == fetch_name(article):
            return article
        bucket = article.raw.bucket if article.raw else None
        raw = RawReference(bucket=bucket, key=last.raw_key, version=last.raw_version) if last.raw_key else None
        return replace(article, fetched_at=instant_of(last.at), raw=raw)


def title_of(article: Article) -> tuple[str, str]:
    """Return the digest of an article's headline, and the title that is stored by it; empty without one."""
    return content_digests(article).headline, shown_title(article)


def write_title(connection: sqlite3.Connection, number: int, digest: str, title: str) -> None:
    """Write a title that readers saw, by the digest of its headline.

    Args:
        connection: A connection.
        number: The number of the article.
        digest: The digest of the headline.
        title: The title.
    """
    connection.execute("INSERT OR REPLACE INTO titles VALUES (?, ?, ?)", (number, digest, title))


def fetch_name(article: Article) -> tuple[int, str]:
    """Return the name of the fetch that an article comes from, without looking at what it shows."""
    return microseconds(article.fetched_at), raw_digest(article)


def content_of(fetches: Fetches) -> str:
    """Return the content that readers saw last; empty without any fetch."""
    return fetches.newest.content if fetches.newest else ""


def read_fetches(connection: sqlite3.Connection, number: int, article_id: str) -> Fetches:
    """Return the fetches of an article.

    Args:
        connection: A connection.
        number: The number of the article.
        article_id: The article's id.
    """
    rows = connection.execute(
        "SELECT at, page, stated, digests, extraction, raw_key, raw_version FROM fetches WHERE number = ?", (number,)
    )
    fetches = [_fetch(row) for row in rows]
    titles = connection.execute("SELECT digest, title FROM titles WHERE number = ?", (number,))
    return Fetches(
        by_name={each.name: each for each in fetches}, marks=read_marks(connection, article_id), titles=dict(titles)
    )


def read_marks(connection: sqlite3.Connection, article_id: str) -> frozenset[int]:
    """Return the times at which an article was gone, in microseconds.

    Args:
        connection: A connection.
        article_id: The id of the article.
    """
    return frozenset(at for (at,) in connection.execute("SELECT at FROM marks WHERE article_id = ?", (article_id,)))


def write_fetches(connection: sqlite3.Connection, number: int, before: Fetches, after: Fetches) -> None:
    """Write the fetches of an article that are new or were parsed again, and the titles of those that there are.

    Args:
        connection: A connection that writes.
        number: The number of the article.
        before: The fetches as they were read.
        after: The fetches as they are now.
    """
    changed = [each for name, each in after.by_name.items() if before.by_name.get(name) != each]
    connection.executemany(
        "INSERT OR REPLACE INTO fetches VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (_row(number, each) for each in changed)
    )
    shown = {each.digests.headline for each in after.by_name.values()}
    kept = {digest: title for digest, title in after.titles.items() if digest in shown}
    stale = before.titles.keys() - kept.keys()
    connection.executemany("DELETE FROM titles WHERE number = ? AND digest = ?", ((number, each) for each in stale))
    new = kept.items() - before.titles.items()
    for digest, title in new:
        write_title(connection, number, digest, title)


def _fetch(row: Sequence[str | int]) -> Fetch:
    at, page, stated, digests, extraction, raw_key, raw_version = row
    return Fetch(
        at=int(at),
        page=str(page),
        stated=int(stated),
        digests=ContentDigests.from_text(str(digests)),
        extraction=str(extraction),
        raw_key=str(raw_key),
        raw_version=None if raw_version is None else str(raw_version),
    )


def _row(number: int, fetch: Fetch) -> tuple[object, ...]:
    digests = fetch.digests.to_text()
    return (
        number,
        fetch.at,
        fetch.page,
        fetch.stated,
        digests,
        fetch.extraction,
        fetch.raw_key,
        fetch.raw_version,
    )
