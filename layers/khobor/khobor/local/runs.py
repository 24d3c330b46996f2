"""When each source was started last, so that a restart does not ask its listings again at once."""

from datetime import UTC, datetime

from khobor.sqlite.database import Database


class SourceRuns:
    """The last runs of the sources of a local archive.

    Args:
        database: The database of the archive.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, source: str) -> datetime | None:
        """Return when a source was started last; None if never."""
        with self._database.read() as connection:
            row = connection.execute("SELECT at FROM runs WHERE source = ?", (source,)).fetchone()
        return datetime.fromtimestamp(row[0], UTC) if row else None

    def put(self, source: str, at: datetime) -> None:
        """Keep that a source was started.

        Args:
            source: Its name.
            at: When.
        """
        with self._database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO runs VALUES (?, ?)", (source, int(at.timestamp())))
