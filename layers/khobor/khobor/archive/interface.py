"""What an archive offers: articles and their revisions to write, read, list and erase.

Code outside this package uses these interfaces. An implementation, such as ``archive.dynamodb``, is chosen where a
program is composed. Articles are identified by the id of their canonical URL (``url.article_id``); of one that moved,
the ids of all its addresses lead to it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Protocol

from khobor.archive.headlines import Headline, HeadlinePage, Index, SimilarArticle
from khobor.archive.spans import ALWAYS, Span
from khobor.archive.times import instant
from khobor.article import Article, RawReference
from khobor.revisions.timeline import Revision
from khobor.url import digest

_RAW_DIGEST = 8


class WriteOutcome(Enum):
    """The result of writing a fetch of an article, or of marking an article as gone."""

    STORED = "stored"
    SUPERSEDED = "superseded"
    GONE = "gone"
    UNKNOWN = "unknown"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, kw_only=True)
class ArticleTraces:
    """Where an article is known outside of the archive.

    Attributes:
        urls: Its URLs, and those by which it was fetched.
        raw_keys: The keys of its pages in the raw bucket.
    """

    urls: frozenset[str]
    raw_keys: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class GoneMark:
    """A time at which a site answered that it had removed an article.

    Attributes:
        article_id: The article's id, or that of a URL by which an article may be fetched later.
        at: When the site answered so, UTC.
        reason: The slug of the answer, such as ``http_410``.
    """

    article_id: str
    at: datetime
    reason: str


def fetch_id(article: Article) -> str:
    """Return the id of the fetch that an article comes from. It stays the same when the page is parsed again."""
    return f"{instant(article.fetched_at)} {raw_digest(article)}"


def raw_digest(article: Article) -> str:
    """Return a short digest of key and version of an article's page."""
    return reference_digest(article.raw)


def reference_digest(raw: RawReference | None) -> str:
    """Return a short digest of key and version of a page; that of no page for None."""
    return _short_digest(f"{raw.key}#{raw.version}" if raw else "")


# One write of an article asks for it several times.
@lru_cache(maxsize=64)
def _short_digest(text: str) -> str:
    return digest(text.encode())[:_RAW_DIGEST]


class FetchHistory(Protocol):
    """All fetches of one article that an archive knows."""

    @property
    def article_id(self) -> str:
        """The article's id."""

    @property
    def ids(self) -> Collection[str]:
        """The article's id, and those of the addresses that it had before it moved."""

    @property
    def is_forgotten(self) -> bool:
        """Whether the article was erased and must never come back."""

    @property
    def source(self) -> str | None:
        """The name of the article's source, as it is listed."""

    @property
    def pages(self) -> Mapping[str, tuple[datetime, str]]:
        """The time of each fetch and the key of its page, by ``fetch_id``."""

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The article's revisions, the oldest first."""

    def revisions_with(self, readings: Iterable[Article]) -> tuple[Revision, ...]:
        """Return the revisions that the article would have if these readings of its pages were written."""

    def texts(self) -> dict[str, Article]:
        """Return the stored texts of the article, by ``fetch_id``.

        Fetches that are alike in every detail share one text, which is that of one of them.
        """

    def is_current(self, texts: Mapping[str, Article], readings: Iterable[Article]) -> bool:
        """Return whether writing these readings would change nothing.

        Args:
            texts: What ``texts`` returned.
            readings: The article as its pages are parsed now.
        """


class ArticleReader(Protocol):
    """Reads articles and their revisions."""

    def get(self, article_id: str) -> Article | None:
        """Return a whole article as it was fetched last; None if the archive does not have it."""

    def find(self, url: str) -> str | None:
        """Return the id of the article that has or had a URL, or was fetched by it; None if the archive has none.

        It may be an id that the article had before it moved, which leads to it everywhere.

        Raises:
            PermanentError: ``bad_url``.
        """

    def revisions(self, article_id: str) -> tuple[Revision, ...]:
        """Return the revisions of an article, the oldest first; none if the archive does not have it."""

    def revision(self, article_id: str, number: int) -> Article | None:
        """Return an article as it was in a revision; None if there is no such revision.

        Args:
            article_id: The article's id.
            number: The number of the revision, from 1 on.
        """

    def gone_at(self, article_id: str) -> datetime | None:
        """Return when the article's site answered that it removed the article; None if it has not."""

    def history(self, article_id: str) -> FetchHistory | None:
        """Return all fetches of an article, by its id or that of a URL by which it was fetched; None without any."""

    def page_keys(self, article_ids: Sequence[str]) -> Iterator[tuple[datetime, str]]:
        """Yield the time of each fetch of some articles and the key of its page, in no order."""

    def articles(self) -> Iterator[Article]:
        """Yield every article whole, in no order. This reads the whole archive."""

    def all_gone(self) -> Iterator[GoneMark]:
        """Yield every mark that ``mark_gone`` left, in no order. This reads the whole archive."""

    def all_forgotten(self) -> Iterator[tuple[str, datetime]]:
        """Yield the id of each article that must never come back, and when it was forgotten, in no order."""


class ArticleWriter(Protocol):
    """Writes articles. Every write may be repeated, and may come in any order: the result is the same.

    An article that moved goes on under one id (``archive/moves.py``), whichever of its ids it is written by.
    """

    def put(self, article: Article) -> WriteOutcome:
        """Write one fetch of an article.

        Returns:
            STORED; SUPERSEDED if the archive has a newer fetch, so that this one is an earlier revision; FORGOTTEN if
            the article was erased, and nothing is written.
        """

    def put_again(self, readings: Sequence[Article]) -> WriteOutcome:
        """Write pages of one article as they are parsed now. The archive may know them or not. Nothing is announced.

        All readings are written at once. If some pages were parsed by one extractor and some by another, the revisions
        between them could not be determined.

        Args:
            readings: At least one fetch of the article, each with the id of its own canonical URL.

        Returns:
            As ``put`` does for the newest of them.
        """

    def mark_gone(self, article_id: str, at: datetime, reason: str) -> WriteOutcome:
        """Mark an article as removed from its site. Nothing is deleted.

        Args:
            article_id: Its id, or that of a URL by which it was fetched.
            at: When the site answered so, aware. A newer fetch of the article wins.
            reason: The slug of the answer, such as ``http_410``.

        Returns:
            GONE; SUPERSEDED if the archive has a newer fetch; UNKNOWN if the archive does not have the article: the
            mark is kept for it; FORGOTTEN if the article was erased, and nothing is written.
        """


class ArticleEraser(Protocol):
    """Erases articles for good."""

    def forget(self, article_id: str, at: datetime) -> ArticleTraces | None:
        """Keep an article from coming back, and return where else it is known; ``erase`` completes this.

        Args:
            article_id: The article's id.
            at: The time, aware.

        Returns:
            What the caller has to delete elsewhere; None if the archive never had the article.
        """

    def erase_urls(self, article_id: str, urls: Collection[str]) -> None:
        """Delete what the archive knows of URLs by which a forgotten article was fetched; other articles keep theirs.

        Args:
            article_id: The article's id.
            urls: Its URLs.
        """

    def erase(self, article_id: str, traces: ArticleTraces, at: datetime) -> None:
        """Delete everything about a forgotten article except that it was forgotten.

        Args:
            article_id: The article's id.
            traces: What ``forget`` returned.
            at: The time, aware.
        """

    def forbid(self, article_id: str, at: datetime) -> None:
        """Keep an article from ever being stored. If the archive has it already, nothing happens.

        Args:
            article_id: The article's id.
            at: When it was forgotten, aware.
        """


class Archive(ArticleReader, ArticleWriter, ArticleEraser, Protocol):
    """Reads, writes and erases articles."""


class ArchiveLists(Protocol):
    """Lists of headlines. The cost of a page does not grow with the archive.

    All lists that take a limit and a cursor raise PermanentError ``bad_limit`` if the limit is not from 1 to
    ``MAX_PAGE_SIZE``, and ``bad_cursor`` if the cursor is not one of the same list.
    """

    def headline(self, article_id: str) -> Headline | None:
        """Return the headline of an article; None if the archive does not have it."""

    def by_source(
        self, source: str, *, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None
    ) -> HeadlinePage:
        """Return headlines of a source.

        Args:
            source: The name of the source.
            span: Only headlines listed in this time.
            limit: The number of headlines at most.
            cursor: The cursor of the page before.

        Raises:
            PermanentError: ``bad_limit``, ``bad_cursor``.
        """

    def by(
        self, index: Index, value: str, *, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None
    ) -> HeadlinePage:
        """Return headlines by section, tag, author or kind of change; upper and lower case make no difference.

        Args:
            index: The index.
            value: The section, the tag, the author's name, or the kind of change. Changes are listed by their time.
            span: Only headlines listed in this time.
            limit: The number of headlines at most.
            cursor: The cursor of the page before.

        Raises:
            PermanentError: ``bad_limit``, ``bad_cursor``.
        """

    def added(self, *, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None) -> HeadlinePage:
        """Return headlines of all sources by the time of their first fetch, the last added first.

        Args:
            span: Only articles added in this time.
            limit: The number of headlines at most.
            cursor: The cursor of the page before.

        Raises:
            PermanentError: ``bad_limit``, ``bad_cursor``.
        """

    def by_words(self, text: str, *, limit: int = 50, cursor: str | None = None) -> HeadlinePage:
        """Return headlines whose title, or an earlier one, has all words of a text in any of their forms.

        Args:
            text: The words.
            limit: The number of headlines at most.
            cursor: The cursor of the page before.

        Raises:
            PermanentError: ``no_words`` if the text has no word; ``bad_limit``, ``bad_cursor``.
        """

    def by_day(self, day: date, *, limit: int = 50, cursor: str | None = None) -> HeadlinePage:
        """Return headlines of all sources on a day by the clocks of each source.

        Args:
            day: The day.
            limit: The number of headlines at most.
            cursor: The cursor of the page before.

        Raises:
            PermanentError: ``bad_limit``, ``bad_cursor``.
        """

    def newest(self, *, now: datetime, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None) -> HeadlinePage:
        """Return the newest headlines of all sources. A page may be empty and still not be the last.

        Args:
            now: The time, aware. Headlines of later days are left out unless the span has an end.
            span: Only headlines listed in this time.
            limit: The number of headlines at most.
            cursor: The cursor of the page before.

        Raises:
            PermanentError: ``bad_limit``, ``bad_cursor``.
        """

    def is_list_of_added(self, cursor: str) -> bool:
        """Return whether a cursor belongs to the list of added articles."""

    def similar(self, article: Article) -> tuple[SimilarArticle, ...]:
        """Return the articles that have nearly the same text as an article, in the order in which they are listed.

        Articles that are listed more than a month before or after are left out. If there are very many, only the
        newest are compared.
        """
