"""Pages and listings that are kept, and that nothing has interpreted yet: what S3 events and queues are on AWS.

A page is added once it is kept, and removed in the transaction that writes what came of it. So a process may be killed
at any time: the next one reads what is left.
"""

from collections.abc import Iterable

from khobor.sqlite.database import Database

_INGESTED = "INSERT OR REPLACE INTO ingested SELECT page, key, ? FROM unread WHERE key = ? AND page IS NOT NULL"


class UnreadPages:
    """The keys of pages and listings that are to be read.

    Args:
        database: The database of the archive.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, pages: Iterable[tuple[str, bytes | None]]) -> None:
        """Add pages and listings; nothing happens with those that are there.

        Args:
            pages: Their keys, with the ``page_digest`` of those that ``khobor ingest`` was given.
        """
        with self._database.write() as connection:
            connection.executemany("INSERT OR IGNORE INTO unread VALUES (?, ?)", pages)

    def settle(self, key: str, article_id: str | None) -> None:
        """Remove a page or a listing that was read, or cannot be.

        Args:
            key: Its key.
            article_id: The id of the article that it became; None for none.
        """
        with self._database.write() as connection:
            connection.execute(_INGESTED, (article_id, key))
            connection.execute("DELETE FROM unread WHERE key = ?", (key,))

    def first(self, count: int, after: str = "") -> list[str]:
        """Return the next pages and listings in the order of their keys.

        Args:
            count: How many at most.
            after: The last key of those before.
        """
        with self._database.read() as connection:
            rows = connection.execute("SELECT key FROM unread WHERE key > ? ORDER BY key LIMIT ?", (after, count))
            return [key for (key,) in rows]

    def count(self) -> int:
        """Return how many pages and listings are to be read."""
        with self._database.read() as connection:
            number: int = connection.execute("SELECT count(*) FROM unread").fetchone()[0]
        return number

    def has(self, key: str) -> bool:
        """Return whether a page or a listing is to be read."""
        with self._database.read() as connection:
            return connection.execute("SELECT 1 FROM unread WHERE key = ?", (key,)).fetchone() is not None
