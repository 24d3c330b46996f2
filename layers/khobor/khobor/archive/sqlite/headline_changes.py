"""The last changes of headlines that readers notice: for a local archive what the stream of the table is on AWS."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from khobor.archive.changes import FetchKey, HeadlineChange, HeadlineState
from khobor.archive.headlines import LISTED
from khobor.archive.sqlite.fetches import Fetches
from khobor.archive.sqlite.rows import ArticleRow
from khobor.archive.sqlite.sort_keys import instant_of, listed_at_of
from khobor.archive.sqlite.store import SQLiteStore
from khobor.archive.times import instant
from khobor.sqlite.database import Database

# Enough for a reader that is stopped for a while. They take about 6 MB.
MOST_CHANGES: Final = 10_000
# A question to the database takes some microseconds.
SECONDS = 1.0

_REASON = "SELECT reason FROM marks WHERE article_id = ? ORDER BY at DESC LIMIT 1"
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(HeadlineChange)


class SQLiteHeadlineChanges(SQLiteStore):
    """Follows the changes of headlines from now on.

    Args:
        database: The database, which has the archive's migrations.
        on_missed: Receives how many changes were deleted before they were read.
    """

    def __init__(self, database: Database, on_missed: Callable[[int], object]) -> None:
        super().__init__(database)
        self._on_missed = on_missed
        with database.read() as connection:
            self._read_up_to = _last(connection)

    def follow(self, wait: Callable[[float], object]) -> Iterator[HeadlineChange]:
        """Yield the changes that are written from now on, without end.

        Args:
            wait: Waits a number of seconds before the database is asked again.
        """
        while True:
            yield from self._read()
            wait(SECONDS)

    def _read(self) -> Iterator[HeadlineChange]:
        with self._database.read() as connection:
            last = _last(connection)
            rows = connection.execute(
                "SELECT data FROM headline_changes WHERE change > ? ORDER BY change", (self._read_up_to,)
            ).fetchall()
        missed, self._read_up_to = last - self._read_up_to - len(rows), last
        if missed > 0:
            self._on_missed(missed)
        yield from (_decoder.decode(data) for (data,) in rows)


def write_headline_change(connection: sqlite3.Connection, change: HeadlineChange) -> None:
    """Write a change if readers notice it, and delete the oldest one if there are too many.

    Args:
        connection: A connection that writes.
        change: The change.
    """
    if change.news is None:
        return
    written = connection.execute(
        "INSERT INTO headline_changes (article_id, data) VALUES (?, ?)", (change.article_id, _encoder.encode(change))
    )
    connection.execute("DELETE FROM headline_changes WHERE change <= ?", ((written.lastrowid or 0) - MOST_CHANGES,))


def faulty_changes(connection: sqlite3.Connection) -> list[int]:
    """Return the numbers of stored changes that cannot be read, or are of no article of the archive."""
    rows = connection.execute(
        "SELECT change, data, article_id IN (SELECT article_id FROM articles UNION SELECT article_id FROM moves)"
        " FROM headline_changes"
    )
    return [number for number, data, is_known in rows if not (is_known and _is_readable(data))]


def delete_changes(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Delete stored changes by their numbers.

    Args:
        connection: A connection.
        numbers: The numbers of the changes.
    """
    connection.executemany("DELETE FROM headline_changes WHERE change = ?", ((each,) for each in numbers))


def headline_state(connection: sqlite3.Connection, row: ArticleRow, fetches: Fetches) -> HeadlineState:
    """Return an article as lists show it.

    Args:
        connection: A connection; it is asked for the reason if the article is gone.
        row: The row of the article.
        fetches: Its fetches.
    """
    newest, gone_at = fetches.newest, row.gone_at
    reason = None if gone_at is None else connection.execute(_REASON, (row.article_id,)).fetchone()
    return HeadlineState(
        fetch=FetchKey(instant(instant_of(newest.at)), newest.page) if newest else FetchKey("", ""),
        content=row.content,
        revisions=row.revisions,
        changes=frozenset(fetches.revisions[-1].changes),
        listed_at=listed_at_of(row.listed),
        gone_at=None if gone_at is None else instant(instant_of(gone_at)),
        gone_reason=reason and reason[0],
        texts={name: text for name in LISTED if (text := getattr(row, name))},
    )


def _is_readable(data: bytes) -> bool:
    try:
        _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return True


def _last(connection: sqlite3.Connection) -> int:
    """Return the number of the last change that was written, whether it is still there or not."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'headline_changes'").fetchone()
    return row[0] if row else 0
