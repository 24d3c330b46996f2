"""Runs an export: reads, writes and records each partition, and skips those that are finished."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from khobor.article import Article, RawReference
from khobor.errors import PermanentError
from khobor.export import schema
from khobor.export.article_with_page import ArticleWithPage
from khobor.export.folder import FinishedPartition, Folder, day_of
from khobor.export.formats import Format, writer
from khobor.export.reading import ExportReader
from khobor.export.rights import Reservation, first_reservation
from khobor.export.selection import Partition, Selection, partitions

# The number of articles that are read in parallel, and held until they are written.
AT_ONCE = 8

# An article with what its format needs, or why it is left out; None if it was erased after it was listed.
_Read: TypeAlias = ArticleWithPage | Reservation | PermanentError | None
_T = TypeVar("_T")


def _ignore(_: str) -> None:
    """Do nothing."""


@dataclass
class Summary:
    """The result of an export.

    Attributes:
        written: The number of files that were written.
        kept: The number of files that were still up to date.
        removed: The number of files that were deleted because the archive lists nothing for them any more.
        articles: The number of articles in the files that were written and kept.
        left_out: The number of articles that were left out, by reservation.
        without_page: The number of articles that were left out because their page could not be read.
    """

    written: int = 0
    kept: int = 0
    removed: int = 0
    articles: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    without_page: int = 0

    def add(self, partition: FinishedPartition, *, is_new: bool) -> None:
        """Count a partition.

        Args:
            partition: The partition.
            is_new: Whether it was written now; else it was kept.
        """
        has_file = bool(partition.articles)
        self.written += is_new and has_file
        self.kept += has_file and not is_new
        self.articles += partition.articles
        self.left_out.update(partition.left_out)
        self.without_page += partition.without_page


@dataclass(frozen=True, kw_only=True)
class ExportTarget:
    """The destination and format of an export.

    Attributes:
        root: The folder.
        kind: The format of the files.
        compressed: Whether text files are compressed with gzip.
    """

    root: Path
    kind: Format
    compressed: bool = False


class Export:
    """An export of a selection to a folder; it resumes where an earlier one stopped.

    Args:
        reader: Reads the articles.
        target: The destination and format.
        selection: Which articles to export.
        on_article: Called for each article that is written, with the path of its file relative to the folder.
        on_problem: Called for each article whose page cannot be read, with the problem.

    Raises:
        FolderError: The folder holds a different export, or other files.
    """

    def __init__(
        self,
        reader: ExportReader,
        target: ExportTarget,
        selection: Selection,
        *,
        on_article: Callable[[str], None] = _ignore,
        on_problem: Callable[[str], None] = _ignore,
    ) -> None:
        self._reader = reader
        self._kind = target.kind
        self._selection = selection
        self._suffix = target.kind.suffix(compressed=target.compressed)
        self._folder = Folder(target.root, _options(self._suffix, selection))
        self._on_article = on_article
        self._on_problem = on_problem

    def run(self, now: datetime, *, again: bool = False) -> Summary:
        """Write unfinished partitions, and delete the files of those that the archive no longer has.

        Args:
            now: The current time, aware.
            again: Whether to write finished partitions again.

        Raises:
            ValueError: The selection has neither a source nor a start.
        """
        summary = Summary()
        seen = set[str]()
        for partition in partitions(self._reader, self._selection, now):
            path = self._folder.path(partition, self._suffix)
            seen.add(path)
            known = None if again else self._folder.finished(path, partition.listing)
            summary.add(known or self._write(path, partition), is_new=known is None)
        for gone in [each for each in self._folder.partitions() if self._is_gone(each, seen)]:
            self._folder.remove(gone.path)
            summary.removed += bool(gone.articles)
        return summary

    def _is_gone(self, partition: FinishedPartition, seen: set[str]) -> bool:
        return partition.path not in seen and self._selection.covers(partition.source, day_of(partition))

    def _write(self, path: str, partition: Partition) -> FinishedPartition:
        counts = Summary()
        size = self._folder.write(path, writer(self._kind), self._articles(path, partition, counts))
        finished = FinishedPartition(
            path=path,
            source=partition.source,
            day=str(partition.day),
            listing=partition.listing,
            articles=counts.articles,
            size=size,
            left_out={str(each): count for each, count in counts.left_out.items()},
            without_page=counts.without_page,
        )
        self._folder.finish(finished)
        return finished

    def _articles(self, path: str, partition: Partition, counts: Summary) -> Iterator[ArticleWithPage]:
        for read in _ahead(self._read, partition.article_ids):
            if isinstance(read, Reservation):
                counts.left_out[read] += 1
            elif isinstance(read, PermanentError):
                counts.without_page += 1
                self._on_problem(str(read))
            elif read:
                counts.articles += 1
                self._on_article(path)
                yield read

    def _read(self, article_id: str) -> _Read:
        article = self._reader.article(article_id)
        if article is None:
            return None
        if reservation := first_reservation(article, self._selection.respected):
            return reservation
        if not self._kind.wants_pages:
            return ArticleWithPage(article)
        try:
            return ArticleWithPage(article, self._reader.page(_raw(article)))
        except PermanentError as error:
            return PermanentError(error.reason, f"{article.canonical_url or article_id}: {error.detail}")


def _raw(article: Article) -> RawReference:
    if article.raw is None:
        raise PermanentError("no_page", "the archive does not know where its raw page is")
    return article.raw


def _ahead(read: Callable[[str], _T], ids: Iterable[str]) -> Iterator[_T]:
    """Yield the result for each id in order, while the next ones are being read."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = deque[Future[_T]]()
        for key in ids:
            waiting.append(pool.submit(read, key))
            if len(waiting) == AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _options(suffix: str, selection: Selection) -> dict[str, Any]:
    """Return the options that must be the same for all exports to a folder; more days and sources may be added."""
    cuts = {"from": selection.start, "to": selection.end}
    return {
        "format": suffix.removeprefix("."),
        "schema": schema.VERSION,
        "language": sorted(set(selection.languages)),
        "respect": sorted({str(each) for each in selection.respected}),
        # A time splits days, and at a different hour for each source.
        **{name: stamp.isoformat() if isinstance(stamp, datetime) else None for name, stamp in cuts.items()},
    }
