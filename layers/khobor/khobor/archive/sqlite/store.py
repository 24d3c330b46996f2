"""The database of an archive, and where an article is in it."""

import sqlite3
from collections.abc import Iterator

from khobor.sqlite.database import Database

_ARTICLES = "SELECT number, article_id FROM articles WHERE number > ? ORDER BY number LIMIT ?"


class SQLiteStore:
    """Holds the database of an archive.

    Args:
        database: The database, which has the archive's migrations.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def _articles(self) -> Iterator[tuple[int, str]]:
        """Yield the number and the id of each article."""
        yield from self._database.rows(_ARTICLES, (0,))


def is_forgotten(connection: sqlite3.Connection, article_id: str) -> bool:
    """Return whether an article must never come back.

    Args:
        connection: A connection.
        article_id: The id of the article.
    """
    return connection.execute("SELECT 1 FROM forgotten WHERE article_id = ?", (article_id,)).fetchone() is not None


def number_of(connection: sqlite3.Connection, article_id: str) -> int | None:
    """Return the number of an article; None if the archive does not have it.

    Args:
        connection: A connection.
        article_id: The id of the article.
    """
    row = connection.execute("SELECT number FROM articles WHERE article_id = ?", (article_id,)).fetchone()
    return row[0] if row else None


def followed(connection: sqlite3.Connection, article_id: str) -> str:
    """Return the id under which an article goes on: its own, unless it moved.

    Args:
        connection: A connection.
        article_id: The id of the article.
    """
    row = connection.execute("SELECT moved_to FROM moves WHERE article_id = ?", (article_id,)).fetchone()
    return row[0] if row else article_id


def former_ids(connection: sqlite3.Connection, article_id: str) -> frozenset[str]:
    """Return the other ids that an article had before it moved.

    Args:
        connection: A connection.
        article_id: The id of the article.
    """
    rows = connection.execute("SELECT article_id FROM moves WHERE moved_to = ?", (article_id,))
    return frozenset(each for (each,) in rows)


def aliased(connection: sqlite3.Connection, url_id: str) -> str | None:
    """Return the id of the article that was fetched by the URL with an id; None if there is no other.

    Args:
        connection: A connection.
        url_id: The id of the URL.
    """
    row = connection.execute("SELECT article_id FROM aliases WHERE url_id = ?", (url_id,)).fetchone()
    return row[0] if row else None
