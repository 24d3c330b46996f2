"""Deletes an article of the archive in a database: its rows, its words, and its entries in the indexes."""

import sqlite3

from khobor.archive.sqlite.rows import ArticleRow, delete_row
from khobor.archive.sqlite.texts import read_text
from khobor.archive.sqlite.words import words_of, write_words
from khobor.sqlite.database import Database

_DELETIONS = (
    "DELETE FROM fetches WHERE number = ?",
    "DELETE FROM titles WHERE number = ?",
    "DELETE FROM texts WHERE number = ?",
    "DELETE FROM changes WHERE number = ?",
)


def delete_article(database: Database, connection: sqlite3.Connection, number: int, row: ArticleRow) -> None:
    """Delete an article.

    Args:
        database: The database.
        connection: A connection that writes.
        number: The number of the article.
        row: Its row.
    """
    indexed = read_text(connection, number, row.content)
    write_words(database, number, words_of(indexed) if indexed else None, None)
    for deletion in _DELETIONS:
        connection.execute(deletion, (number,))
    delete_row(connection, number, row)
