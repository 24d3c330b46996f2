"""What is in a local archive, and the space that it takes."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from khobor.archive.sqlite.upkeep import ArchiveCounts, SQLiteUpkeep
from khobor.errors import CommandError
from khobor.keys import PAGES, UPLOADS
from khobor.local.archive_folder import DATABASE, ArchiveFolder
from khobor.pages.folder import FolderPages

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
