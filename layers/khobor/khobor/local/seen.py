"""What one run has seen already, on disk, so that memory does not grow with the number of pages."""

import sqlite3
from collections.abc import Iterator
from types import TracebackType
from typing import Self


class Seen:
    """The first name under which a run saw something; a context manager, which forgets everything."""

    def __init__(self) -> None:
        # An empty name is a temporary file, of which SQLite keeps a little in memory.
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("CREATE TABLE seen (what BLOB PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID")

    def first(self, what: str | bytes, name: str) -> str | None:
        """Return the name under which something was seen first; None if this is the first time.

        Args:
            what: What is seen.
            name: Its name now. Names of files may hold any bytes.
        """
        found = self.find(what)
        if found is None:
            self._connection.execute("INSERT INTO seen VALUES (?, ?)", (what, name.encode(errors="surrogateescape")))
        return found

    def find(self, what: str | bytes) -> str | None:
        """Return the name under which something was seen first; None if it was not seen."""
        found = self._connection.execute("SELECT name FROM seen WHERE what = ?", (what,)).fetchone()
        return bytes(found[0]).decode(errors="surrogateescape") if found else None

    def all(self) -> Iterator[str]:
        """Yield all texts that were seen, in their order."""
        yield from (what for (what,) in self._connection.execute("SELECT what FROM seen ORDER BY what"))

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget everything."""
        self._connection.close()
