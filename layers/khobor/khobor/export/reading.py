"""What an export reads from: the lists of the archive, its articles, and the raw pages."""

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from khobor.archive.headlines import MAX_PAGE_SIZE, Headline, all_headlines
from khobor.archive.interface import ArchiveLists, ArticleReader
from khobor.archive.spans import Span
from khobor.article import Article, RawReference
from khobor.page import MAX_STORED_PAGE_BYTES, RawPage
from khobor.pages.interface import PageReader


class ExportReader(Protocol):
    """Reads what an export needs."""

    def of_source(self, source: str, span: Span) -> Iterator[Headline]:
        """Yield the headlines of a source in a span of time, the newest first.

        Args:
            source: The name of the source.
            span: The span of time.
        """

    def of_day(self, day: date) -> Iterator[Headline]:
        """Yield the headlines of all sources on a day in the time zone of each, in any order."""

    def article(self, article_id: str) -> Article | None:
        """Return an article; None if the archive does not have it."""

    def page(self, reference: RawReference) -> RawPage:
        """Return a raw page; raises PermanentError if it is missing or cannot be read."""


class ArchiveExportReader:
    """Reads an archive and its pages.

    Args:
        archive: The archive.
        lists: Its lists.
        pages: The page store.
    """

    def __init__(self, archive: ArticleReader, lists: ArchiveLists, pages: PageReader) -> None:
        self._archive = archive
        self._lists = lists
        self._pages = pages

    def of_source(self, source: str, span: Span) -> Iterator[Headline]:
        """Yield the headlines of a source in a span of time, the newest first.

        Args:
            source: The name of the source.
            span: The span of time.
        """
        return all_headlines(
            lambda cursor: self._lists.by_source(source, span=span, limit=MAX_PAGE_SIZE, cursor=cursor)
        )

    def of_day(self, day: date) -> Iterator[Headline]:
        """Yield the headlines of all sources on a day in the time zone of each."""
        return all_headlines(lambda cursor: self._lists.by_day(day, limit=MAX_PAGE_SIZE, cursor=cursor))

    def article(self, article_id: str) -> Article | None:
        """Return an article; None if the archive does not have it."""
        return self._archive.get(article_id)

    def page(self, reference: RawReference) -> RawPage:
        """Return a raw page; raises PermanentError if it is missing or cannot be read."""
        return self._pages.get(reference, MAX_STORED_PAGE_BYTES)[0]
