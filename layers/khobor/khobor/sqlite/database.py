"""A database in one SQLite file, shared by threads and processes.

In WAL mode many read beside one that writes. A commit survives the death of the process at any time; after a power cut
the last commits may be missing, and what is there is whole (``synchronous=NORMAL``).
"""

import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Literal

from khobor.sqlite.errors import DatabaseError, in_words, primary_code
from khobor.sqlite.lock_holder import writer_of
from khobor.sqlite.migrations import Migrations, is_current, is_empty, is_khobors, is_newer, migrate

# RETURNING is of 3.35; Debian 12 has 3.40.
_OLDEST_SQLITE = (3, 35)
# Texts of articles are 2 to 6 kB: smaller pages would leave much of each empty.
_PAGE_BYTES = 16_384
_SMALLEST_PAGE = 512
# A reading transaction ends before these are yielded, so that the caller may write.
_ROWS_AT_ONCE = 500
_CACHE_KIB = 16_000
_LARGEST_WAL = 64 * 1024 * 1024
# Other writers are usually done within this many seconds. After it the caller learns what it is waiting for.
_TURN = 1.0


class Database:
    """A SQLite file with the tables of some rooms.

    Args:
        path: The file.
        migrations: The migrations of each room.
        create: Whether to create the file if it is not there.
        notify: Takes a sentence that says what a caller is waiting for.
        patience: The longest time to wait for other writers, in seconds.

    Raises:
        DatabaseError: ``no_archive``, ``not_an_archive``, ``newer``, ``cannot_open``, ``old_sqlite`` and others, with
            words for the user.
    """

    def __init__(
        self,
        path: Path,
        migrations: Migrations,
        *,
        create: bool = False,
        notify: Callable[[str], None] = lambda _: None,
        patience: float = 60.0,
    ) -> None:
        self.path = path
        self._notify = notify
        self._patience = patience
        self._local = threading.local()
        self._open_connections: weakref.WeakSet[_ThreadConnection] = weakref.WeakSet()
        self._check(create)
        try:
            with self._errors_in_words():
                self._prepare(migrations, create)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Read within one transaction: nothing changes meanwhile. Within another transaction it joins that one."""
        own = self._own()
        with self._errors_in_words():
            if own.mode:
                yield own.connection
                return
            with self._transaction(own, "read"):
                yield own.connection

    def rows(self, query: str, after: tuple[object, ...], *parameters: object) -> Iterator[Any]:
        """Yield all rows of a query, some at a time in transactions of their own: a long one would let the WAL grow.

        Args:
            query: It orders rows by a key, whose columns come first, and takes the rows after a key: ``SELECT a, b, c
                FROM d WHERE (a, b) > (?, ?) ORDER BY a, b LIMIT ?``.
            after: A key that is before all others.
            parameters: The parameters of the query before the key.
        """
        key = after
        while True:
            with self.read() as connection:
                rows = connection.execute(query, (*parameters, *key, _ROWS_AT_ONCE)).fetchall()
            yield from rows
            if len(rows) < _ROWS_AT_ONCE:
                return
            key = rows[-1][: len(key)]

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Write within one transaction, which is committed at the end, and undone if an exception leaves it.

        Within another ``write`` it joins that one; an exception then undoes the inner part alone.

        Raises:
            DatabaseError: ``busy`` if others write for too long; ``disk_full``; ``read_only``; ``disk_error``.
            RuntimeError: This is within a ``read``.
        """
        own = self._own()
        if own.mode == "read":
            raise RuntimeError("a write within a read: begin with write()")
        with self._errors_in_words():
            if own.mode:
                with self._savepoint(own):
                    yield own.connection
                return
            with self._transaction(own, "write"):
                yield own.connection

    def at_commit(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Call a function at the end of the transaction that is open, right before it is committed.

        What is given within an inner ``write`` that is undone is not called. The functions are called in order, and
        nothing is read or written between them.

        Args:
            work: The function; it must not begin a ``write``.

        Raises:
            RuntimeError: No transaction that writes is open.
        """
        own = self._own()
        if own.mode != "write":
            raise RuntimeError("there is no transaction that writes: begin with write()")
        own.at_commit.append(work)

    def checkpoint(self) -> None:
        """Move all commits from the WAL to the file, and empty the WAL, unless others are reading."""
        with self._errors_in_words():
            self._own().connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def vacuum(self) -> None:
        """Write the whole file anew, without the space of what was deleted. This needs as much space again."""
        with self._errors_in_words():
            connection = self._own().connection
            # The copy may be larger than the memory.
            connection.execute("PRAGMA temp_store = FILE")
            connection.execute("VACUUM")
            connection.execute("PRAGMA temp_store = MEMORY")
        self.checkpoint()

    def problems(self) -> list[str]:
        """Return what SQLite finds wrong with the file; this reads all of it."""
        try:
            with self.read() as connection:
                return [text for (text,) in connection.execute("PRAGMA integrity_check") if text != "ok"]
        except DatabaseError as error:
            if error.reason != "damaged":
                raise
            return [str(error.__cause__)]

    def reindex(self) -> None:
        """Write the indexes of all tables anew, which repairs those that do not fit their tables."""
        with self.write() as connection:
            connection.execute("REINDEX")

    @property
    def version(self) -> int:
        """The number of migrations that the database has."""
        with self.read() as connection:
            number: int = connection.execute("PRAGMA user_version").fetchone()[0]
        return number

    def close(self) -> None:
        """Close the connections of all threads."""
        for each in list(self._open_connections):
            each.connection.close()
        self._local = threading.local()

    def _check(self, create: bool) -> None:
        if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
            needed = ".".join(map(str, _OLDEST_SQLITE))
            raise DatabaseError(
                "old_sqlite", f"khobor needs SQLite {needed} or newer; this Python has {sqlite3.sqlite_version}"
            )
        if self.path.is_dir():
            raise DatabaseError("not_an_archive", f"{self.path} is a folder; the database of an archive is a file")
        # SQLite takes a file smaller than its smallest page for an empty database, and would overwrite it.
        if self.path.exists() and 0 < self.path.stat().st_size < _SMALLEST_PAGE:
            raise DatabaseError(
                "not_an_archive",
                f"{self.path} is not a SQLite database, so it is no archive of khobor: move it away, or give another "
                "folder",
            )
        if not create and not self.path.exists():
            raise DatabaseError("no_archive", f"there is no archive at {self.path.parent}: {self.path.name} is missing")

    def _prepare(self, migrations: Migrations, create: bool) -> None:
        """Create or migrate the file, and refuse what is not khobor's."""
        connection = self._own().connection
        if is_empty(connection):
            if not create:
                raise DatabaseError(
                    "no_archive", f"there is no archive at {self.path.parent}: {self.path.name} is empty"
                )
            self._set_wal(connection)
        elif not is_khobors(connection):
            raise DatabaseError(
                "not_an_archive", f"{self.path} is a database of another program: move it away, or give another folder"
            )
        if is_newer(connection, migrations):
            raise DatabaseError(
                "newer", f"a newer khobor has written {self.path}: update khobor, or give another archive"
            )
        if not is_current(connection, migrations):
            if not is_empty(connection):
                self._notify(f"{self.path} is of an older khobor, and is brought up to date; that may take minutes")
            with self.write() as connection:
                # Another process may have done it meanwhile.
                migrate(connection, migrations)

    def _set_wal(self, connection: sqlite3.Connection) -> None:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise DatabaseError(
                "cannot_open", f"the file system of {self.path} cannot share memory: put the archive on a local disk"
            )

    def _own(self) -> "_ThreadConnection":
        """Return the connection of this thread."""
        own: _ThreadConnection | None = getattr(self._local, "own", None)
        if own is None:
            with self._errors_in_words():
                own = self._local.own = _ThreadConnection(self._connect())
            self._open_connections.add(own)
        return own

    def _connect(self) -> sqlite3.Connection:
        # check_same_thread: close() closes the connections of all threads.
        connection = sqlite3.connect(
            self.path, timeout=_TURN, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            connection.execute("PRAGMA temp_store = MEMORY")
            # What is forgotten must not be left in unused parts of the file.
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute(f"PRAGMA journal_size_limit = {_LARGEST_WAL}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    @contextmanager
    def _transaction(self, own: "_ThreadConnection", mode: Literal["read", "write"]) -> Iterator[None]:
        connection = own.connection
        if mode == "read":
            connection.execute("BEGIN")
        else:
            self._begin(connection)
        own.mode = mode
        try:
            yield
            self._require_transaction(own)
            for work in own.at_commit:
                work(connection)
            connection.execute("COMMIT")
        finally:
            own.mode = None
            own.at_commit.clear()
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    @contextmanager
    def _savepoint(self, own: "_ThreadConnection") -> Iterator[None]:
        connection = own.connection
        self._require_transaction(own)
        name = f"inner{next(own.savepoints)}"
        given_before = len(own.at_commit)
        connection.execute(f"SAVEPOINT {name}")
        try:
            yield
            self._require_transaction(own)
        except BaseException:
            del own.at_commit[given_before:]
            # A full disk may have undone the whole transaction.
            if connection.in_transaction:
                connection.execute(f"ROLLBACK TO {name}")
                connection.execute(f"RELEASE {name}")
            raise
        connection.execute(f"RELEASE {name}")

    def _require_transaction(self, own: "_ThreadConnection") -> None:
        """Make sure that an error that was caught did not undo the transaction, so that nothing is half written."""
        if not own.connection.in_transaction:
            raise DatabaseError("undone", f"an error has undone all that was being written to {self.path}; try again")

    def _begin(self, connection: sqlite3.Connection) -> None:
        """Begin to write; if another process is writing, wait for it, and say so."""
        deadline = time.monotonic() + self._patience
        # In short turns, because Ctrl-C ends none of them.
        connection.execute(f"PRAGMA busy_timeout = {int(1000 * min(_TURN, self._patience))}")
        is_notified = False
        while not self._is_begun(connection):
            writer = writer_of(self.path)
            if time.monotonic() >= deadline:
                raise DatabaseError(
                    "busy",
                    f"{self.path} has been locked by {writer} for {self._patience:g} seconds; run this again when that "
                    "has ended",
                )
            if not is_notified:
                self._notify(f"{self.path} is being written by {writer}; waiting until that is done")
                is_notified = True

    @staticmethod
    def _is_begun(connection: sqlite3.Connection) -> bool:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if primary_code(error) != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True

    @contextmanager
    def _errors_in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            worded = in_words(error, self.path)
            if worded is None:
                raise
            raise worded from error


class _ThreadConnection:
    """The connection of one thread, which is closed when the thread ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.mode: Literal["read", "write"] | None = None
        self.savepoints = count()
        self.at_commit: list[Callable[[sqlite3.Connection], object]] = []

    def __del__(self) -> None:
        self.connection.close()
