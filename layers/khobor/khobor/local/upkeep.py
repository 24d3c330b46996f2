"""What is in a local archive, whether all of it is in order, and what can be repaired from its pages."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from khobor.archive.sqlite.upkeep import ArchiveCounts, SQLiteUpkeep
from khobor.article import RawReference
from khobor.errors import CommandError, PermanentError
from khobor.keys import PAGES, UPLOADS, fetched_page
from khobor.local.archive_folder import DATABASE, ArchiveFolder
from khobor.page import MAX_STORED_PAGE_BYTES
from khobor.pages.folder import FolderPages
from khobor.url import url_id

# VACUUM writes a copy of the database, and then that copy into the WAL.
_COPIES = 2


@dataclass(frozen=True, kw_only=True)
class FolderSizes:
    """The sizes of a local archive on disk, in bytes.

    Attributes:
        database: The size of ``archive.db`` with its WAL.
        pages: The size of pages, uploads and listings.
        page_files: The number of pages and uploads.
    """

    database: int
    pages: int
    page_files: int


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something that is wrong in a local archive.

    Attributes:
        kind: ``database``, ``index``, ``page_missing``, ``page_damaged`` or ``page_unread``.
        detail: What is wrong.
        key: The key of the page, if it is about one.
    """

    kind: str
    detail: str
    key: str | None = None


def counts_of(folder: ArchiveFolder) -> ArchiveCounts:
    """Return what is in an archive."""
    return SQLiteUpkeep(folder.database).counts()


def sizes_of(path: Path) -> FolderSizes:
    """Return the sizes of an archive on disk."""
    found = [_sizes(path / place) for place in (PAGES, UPLOADS)]
    found += [((path / key).stat().st_size, 1) for key in FolderPages(path).old_page_keys()]
    listings, _ = _sizes(path / "listings")
    return FolderSizes(
        database=sum(each.stat().st_size for each in path.glob(f"{DATABASE}*")),
        pages=sum(size for size, _ in found) + listings,
        page_files=sum(count for _, count in found),
    )


def problems_of(folder: ArchiveFolder) -> Iterator[Problem]:
    """Yield what is wrong in an archive; this reads all of it."""
    upkeep = SQLiteUpkeep(folder.database)
    yield from (Problem(kind="database", detail=each) for each in folder.database.problems())
    yield from (Problem(kind="index", detail=each) for each in upkeep.index_problems())
    known = {each.body for each in folder.failures.all("parse")}
    for article_id, key in upkeep.page_keys():
        if key not in known and not (folder.path / key).is_file():
            yield Problem(kind="page_missing", detail=f"{article_id} lacks its page {key}", key=key)
        known.add(key)
    for key in folder.pages.page_keys():
        if problem := _page_problem(folder, key):
            yield problem
        elif key not in known and not _is_explained(folder, key):
            yield Problem(kind="page_unread", detail=f"{key} has neither an article nor a reason", key=key)


def rebuild_indexes(folder: ArchiveFolder) -> None:
    """Write the indexes of an archive anew from its articles."""
    SQLiteUpkeep(folder.database).rebuild_indexes()


def vacuum(folder: ArchiveFolder) -> None:
    """Write the database anew without unused space.

    Raises:
        CommandError: The disk has not enough space for that.
    """
    size = (folder.path / DATABASE).stat().st_size
    free = shutil.disk_usage(folder.path).free
    if free < _COPIES * size:
        raise CommandError(
            f"vacuum writes the database of {size:,} bytes anew and needs {_COPIES * size:,} bytes of free disk; "
            f"{free:,} are free"
        )
    SQLiteUpkeep(folder.database).optimise()
    folder.database.checkpoint()
    folder.database.vacuum()


def _sizes(folder: Path) -> tuple[int, int]:
    """Return the bytes and the number of the files below a folder."""
    size = count = 0
    for top, _, names in os.walk(folder):
        for name in names:
            size += (Path(top) / name).stat().st_size
            count += 1
    return size, count


def _page_problem(folder: ArchiveFolder, key: str) -> Problem | None:
    """Return what is wrong with the file of a page; a gzip file has a digest of its own."""
    try:
        page, _ = folder.pages.get(RawReference(key=key), MAX_STORED_PAGE_BYTES)
        own = fetched_page(key)
        if own is None or page.url is None or url_id(page.url) == own[2]:
            return None
        return Problem(kind="page_damaged", detail=f"{key} holds the page of another URL, {page.url}", key=key)
    except PermanentError as error:
        return Problem(kind="page_damaged", detail=f"{error.reason}: {error.detail}", key=key)


def _is_explained(folder: ArchiveFolder, key: str) -> bool:
    """Return whether a page is still to be read, or another page of its URL is that of an article."""
    with folder.database.read() as connection:
        if connection.execute("SELECT 1 FROM unread WHERE key = ?", (key,)).fetchone():
            return True
    own = fetched_page(key)
    return own is not None and folder.archive.history(own[2]) is not None
