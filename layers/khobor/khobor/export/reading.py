"""What an export reads: the lists of the archive, whole articles, pages as they came."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from khobor.article import Article, RawReference
from khobor.aws.archive import Archive
from khobor.aws.archive_lists import ALWAYS, MOST, ArchiveLists, Headline, Span, headlines
from khobor.aws.raw_bucket import get_page
from khobor.page import RawPage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Larger than any page that is stored: what is in the bucket can be taken out.
_MAX_PAGE_BYTES = 104_857_600


class Reader(Protocol):
    """Where an export reads from."""

    def of_source(self, source: str, start: datetime | None, end: datetime | None) -> Iterator[Headline]:
        """Yield the headlines of a source, the newest first.

        Args:
            source: Its name.
            start: When the first of them was listed, aware; None where the archive begins.
            end: Before when the last of them was listed, aware; None where the archive ends.
        """

    def of_day(self, day: date) -> Iterator[Headline]:
        """Yield the headlines of all sources on a day of UTC, in any order."""

    def article(self, article_id: str) -> Article | None:
        """Return an article whole, None where the archive does not have it."""

    def page(self, reference: RawReference) -> RawPage:
        """Return a page as it came; raises PermanentError where it is not there or cannot be read."""


class ArchiveReader:
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

    def of_source(self, source: str, start: datetime | None, end: datetime | None) -> Iterator[Headline]:
        """Yield the headlines of a source, the newest first: see ``Reader``."""
        span = Span(since=start or ALWAYS.since, until=end or ALWAYS.until)
        return headlines(lambda cursor: self._lists.by_source(source, span=span, limit=MOST, cursor=cursor))

    def of_day(self, day: date) -> Iterator[Headline]:
        """Yield the headlines of all sources on a day of UTC."""
        return headlines(lambda cursor: self._lists.by_day(day, limit=MOST, cursor=cursor))

    def article(self, article_id: str) -> Article | None:
        """Return an article whole, None where the archive does not have it."""
        return self._archive.get(article_id)

    def page(self, reference: RawReference) -> RawPage:
        """Return a page as it came; raises PermanentError where it is not there or cannot be read."""
        return get_page(self._s3, reference, _MAX_PAGE_BYTES)[0]
