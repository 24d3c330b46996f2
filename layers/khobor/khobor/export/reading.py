"""What an export reads: the lists of the archive, whole articles, pages as they came."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Protocol

from khobor.archive.headlines import MAX_PAGE_SIZE, Headline, all_headlines
from khobor.archive.interface import Archive, ArchiveLists
from khobor.archive.spans import Span
from khobor.article import Article, RawReference
from khobor.page import RawPage
from khobor.pages.s3 import get_page

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Larger than any page that is stored: what is in the bucket can be taken out.
_MAX_PAGE_BYTES = 104_857_600


class ExportReader(Protocol):
    """Where an export reads from."""

    def of_source(self, source: str, span: Span) -> Iterator[Headline]:
        """Yield the headlines of a source in a span of time, the newest first."""

    def of_day(self, day: date) -> Iterator[Headline]:
        """Yield the headlines of all sources on a day by the clocks of each, in any order."""

    def article(self, article_id: str) -> Article | None:
        """Return an article whole, None where the archive does not have it."""

    def page(self, reference: RawReference) -> RawPage:
        """Return a page as it came; raises PermanentError where it is not there or cannot be read."""


class AwsExportReader:
    """Reads the archive table and the raw bucket.

    Args:
        archive: The table.
        lists: Its lists.
        s3: The client for the pages.
    """

    def __init__(self, archive: Archive, lists: ArchiveLists, s3: "S3Client") -> None:
        self._archive = archive
        self._lists = lists
        self._s3 = s3

    def of_source(self, source: str, span: Span) -> Iterator[Headline]:
        """Yield the headlines of a source in a span of time, the newest first."""
        return all_headlines(
            lambda cursor: self._lists.by_source(source, span=span, limit=MAX_PAGE_SIZE, cursor=cursor)
        )

    def of_day(self, day: date) -> Iterator[Headline]:
        """Yield the headlines of all sources on a day by the clocks of each."""
        return all_headlines(lambda cursor: self._lists.by_day(day, limit=MAX_PAGE_SIZE, cursor=cursor))

    def article(self, article_id: str) -> Article | None:
        """Return an article whole, None where the archive does not have it."""
        return self._archive.get(article_id)

    def page(self, reference: RawReference) -> RawPage:
        """Return a page as it came; raises PermanentError where it is not there or cannot be read."""
        return get_page(self._s3, reference, _MAX_PAGE_BYTES)[0]
