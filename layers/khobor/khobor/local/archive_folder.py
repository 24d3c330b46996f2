"""A local archive: one folder with everything that khobor keeps on one machine.

======================= ==============================================================
``archive.db``          articles, revisions, lists, words, and the URL frontier, in SQLite
``pages/``              the pages as they were fetched, under the keys of the raw bucket
``uploads/``            the pages that were handed over as files
``listings/``           feeds, sitemaps and section pages as they were fetched
``sources/``            the user's sources, which replace bundled ones
``log/``                what happened to each URL and page, by UTC day
======================= ==============================================================
"""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from khobor import __version__
from khobor.archive.interface import ArchiveLists
from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.lists import SQLiteLists
from khobor.archive.sqlite.tables import MIGRATIONS as ARCHIVE_MIGRATIONS
from khobor.errors import CommandError
from khobor.frontier.interface import Frontier
from khobor.frontier.sqlite.fetch_queue import SQLiteFetchQueue
from khobor.frontier.sqlite.hosts import SQLiteHosts
from khobor.frontier.sqlite.known_urls import SQLiteKnownUrls
from khobor.frontier.sqlite.migrations import MIGRATIONS as FRONTIER_MIGRATIONS
from khobor.keys import HAND_OVER, LISTINGS, PAGES, REPLAYS, SOURCES, UPLOADS, is_page
from khobor.local.failures import Failures
from khobor.local.ingested import IngestedPages
from khobor.local.kept_log import LOG
from khobor.local.migrations import MIGRATIONS as LOCAL_MIGRATIONS
from khobor.local.runs import SourceRuns
from khobor.local.source_folder import SourceFolder
from khobor.local.unread import UnreadPages
from khobor.pages.folder import FolderPages
from khobor.sources.registry import Registry
from khobor.sqlite.database import Database

DATABASE = "archive.db"
README = "README.txt"
# The default of the parameter KnownDays.
KNOWN_DAYS = 400
# A process may have been killed right after its request: the host is left alone for this long.
_AFTER_KILLED = timedelta(seconds=5)
_MIGRATIONS = {"archive": ARCHIVE_MIGRATIONS, "frontier": FRONTIER_MIGRATIONS, "local": LOCAL_MIGRATIONS}
# What may be in a folder that becomes an archive: sources that somebody wrote first, pages that were copied there.
_PLACES = (PAGES, UPLOADS, LISTINGS, HAND_OVER, SOURCES, REPLAYS)
_PARTS = frozenset({README, LOG, *(place.rstrip("/") for place in _PLACES)})
_README = """\
This folder is a news archive of khobor.

archive.db   articles, their revisions, and what is known of URLs (SQLite)
pages/       the pages as they were fetched, gzipped
uploads/     the pages that were added as files, gzipped
listings/    the feeds, sitemaps and section pages as they were fetched
sources/     your own sources; they replace those that come with khobor
log/         what happened to each URL and page in the last 30 days

khobor --archive FOLDER names it in every command. Copy the whole folder to back it up, while no khobor is at work.
"""


class ArchiveFolder:
    """A local archive; a context manager, which closes it.

    Attributes:
        path: The folder.
        database: The database.
        archive: The articles.
        lists: Lists of headlines.
        frontier: The URL frontier.
        fetch_queue: The requests that wait to be fetched.
        pages: The pages and listings as they came.
        source_folder: The sources, which are read again when they change.
        unread: The pages and listings that are to be read.
        ingested: The inputs of ``khobor ingest`` that became articles.
        runs: When each source was started last.
        failures: The pages and URLs that failed for good.
    """

    def __init__(self, path: Path, database: Database) -> None:
        self.path = path
        self.database = database
        self.archive = SQLiteArchive(database)
        self.lists: ArchiveLists = SQLiteLists(database)
        self._urls, self._hosts = SQLiteKnownUrls(database, KNOWN_DAYS), SQLiteHosts(database)
        self.frontier = Frontier(urls=self._urls, hosts=self._hosts)
        self.fetch_queue = SQLiteFetchQueue(database)
        self.pages = FolderPages(path)
        self.source_folder = SourceFolder(path / SOURCES)
        self.unread = UnreadPages(database)
        self.ingested = IngestedPages(database)
        self.runs = SourceRuns(database)
        self.failures = Failures(database)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        create: bool = False,
        of_copy: bool = False,
        notify: Callable[[str], None] = lambda _: None,
    ) -> Self:
        """Open the archive in a folder.

        Args:
            path: The folder.
            create: Whether to make the archive if there is none.
            of_copy: Whether the folder may be a copy of a bucket, in which pages have keys of earlier versions.
            notify: Takes a sentence that says what this process is waiting for.

        Raises:
            CommandError: There is no archive, or the folder holds something else; DatabaseError if its database
                cannot be used.
            OSError: The folder cannot be made.
        """
        is_there = (path / DATABASE).exists()
        if not is_there:
            _require_room(path, create=create, of_copy=of_copy)
            path.mkdir(parents=True, exist_ok=True)
        database = Database(path / DATABASE, _MIGRATIONS, create=create, notify=notify)
        if not is_there and not (path / README).exists():
            (path / README).write_text(_README, encoding="utf-8")
        folder = cls(path, database)
        try:
            if create:
                folder._write_version()
        except BaseException:
            database.close()
            raise
        return folder

    def sources(self) -> Registry:
        """Return the bundled sources and those of the folder; ``source_folder.problems`` are its mistakes."""
        return self.source_folder.registry()[0]

    def written_by(self) -> str | None:
        """Return the version of the khobor that opened the archive last to add to it; None if nobody knows."""
        with self.database.read() as connection:
            row = connection.execute("SELECT khobor FROM written_by").fetchone()
        return row[0] if row else None

    def _write_version(self) -> None:
        if self.written_by() != __version__:
            with self.database.write() as connection:
                connection.execute("INSERT OR REPLACE INTO written_by VALUES (1, ?)", (__version__,))

    def release(self, now: datetime) -> None:
        """Give back the turns that killed processes have left; call it if no other process is at work.

        Args:
            now: The time.
        """
        self.fetch_queue.release(now)
        self._hosts.release(now, now + _AFTER_KILLED)

    def delete_expired(self, now: datetime) -> None:
        """Delete what is known of URLs and hosts that were not seen for long, as the crawl table does on AWS.

        Args:
            now: The time.
        """
        self._urls.delete_expired(now)
        self._hosts.delete_expired(now)

    def __enter__(self) -> Self:
        """Return the archive."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self.database.close()


def _require_room(path: Path, *, create: bool, of_copy: bool) -> None:
    """Make sure that a folder without an archive may become one; raises CommandError."""
    if path.exists() and not path.is_dir():
        raise CommandError(f"{path} is a file; an archive is a folder")
    if not create:
        raise CommandError(
            f"there is no archive in {path}: make one with khobor ingest or khobor crawl, or name another folder with "
            "--archive, or a stack on AWS with --stack"
        )
    others = sorted(each.name for each in path.iterdir() if _is_other(each.name)) if path.is_dir() else []
    if of_copy:
        others = [name for name in others if not _holds_pages(path, name)]
    if others:
        some = ", ".join(others[:3]) + (" …" if len(others) > 3 else "")  # noqa: PLR2004 enough to recognise the folder
        raise CommandError(f"{path} is no archive and holds other files ({some}); give an empty or a new folder")


def _holds_pages(path: Path, name: str) -> bool:
    """Return whether a file is a page by its name, or a folder holds nothing but such files."""
    if not (path / name).is_dir():
        return is_page(name)
    files = (Path(top, file) for top, _, found in os.walk(path / name) for file in found)
    return all(is_page(each.relative_to(path).as_posix()) for each in files)


def _is_other(name: str) -> bool:
    # Hidden files are those of file managers, and locks.
    return name not in _PARTS and not name.startswith((".", f"{DATABASE}-"))
