"""What can go wrong with a database, in words."""

import sqlite3
from pathlib import Path

from khobor.errors import DISK_ADVICE, StorageError


class DatabaseError(StorageError):
    """A database that cannot be opened, read or written."""


# By the primary result code (https://www.sqlite.org/rescode.html): the reason, and what to say of the file.
_WORDS = {
    sqlite3.SQLITE_FULL: ("disk_full", "the disk is full: {path} cannot grow. {advice}"),
    sqlite3.SQLITE_IOERR: ("disk_error", "the disk cannot read or write {path} ({name}); {advice}"),
    sqlite3.SQLITE_READONLY: ("read_only", "{path} or its folder cannot be written: {advice}"),
    sqlite3.SQLITE_PERM: ("read_only", "{path} or its folder cannot be written: {advice}"),
    sqlite3.SQLITE_CANTOPEN: (
        "cannot_open",
        "{path} cannot be opened: see whether the folder exists, and whether you may write in it",
    ),
    sqlite3.SQLITE_NOTADB: (
        "not_an_archive",
        "{path} is not a SQLite database, so it is no archive of khobor: move it away, or give another folder",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "damaged",
        "{path} is damaged ({error}): restore it from a backup, or rebuild it from the pages",
    ),
    sqlite3.SQLITE_BUSY: ("busy", "{path} is in use by another process; run the command again when it has ended"),
    sqlite3.SQLITE_LOCKED: ("busy", "{path} is in use by another process; run the command again when it has ended"),
    sqlite3.SQLITE_TOOBIG: ("too_big", "{path} takes no value this large ({error})"),
}
_PRIMARY_CODE = 0xFF


def in_words(error: sqlite3.Error, path: Path) -> DatabaseError | None:
    """Return the error that says in words what SQLite reports; None for a mistake in khobor's own SQL.

    Args:
        error: SQLite's error.
        path: The file.
    """
    if "no such module" in str(error):
        return DatabaseError(
            "no_full_text",
            f"the SQLite {sqlite3.sqlite_version} of this Python lacks what khobor needs ({error}): use a Python whose "
            "SQLite has FTS5, such as one from python.org, uv, Homebrew or Debian",
        )
    code = primary_code(error)
    if code not in _WORDS:
        return None
    reason, words = _WORDS[code]
    advice = DISK_ADVICE.get(reason)
    return DatabaseError(reason, words.format(path=path, name=error.sqlite_errorname, error=error, advice=advice))


def primary_code(error: sqlite3.Error) -> int | None:
    """Return SQLite's primary result code of an error; None for an error of Python's module."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & _PRIMARY_CODE
