"""Whole articles, compressed: one text for each content that readers saw."""

import sqlite3
import zlib

from khobor.archive import codec
from khobor.archive.compression import decompress
from khobor.archive.sqlite.fetches import Fetches
from khobor.archive.sqlite.reading import ParsedArticle
from khobor.article import Article
from khobor.errors import PermanentError


def read_text(connection: sqlite3.Connection, number: int, content: str) -> Article | None:
    """Return the stored article of a content; None if there is none.

    Args:
        connection: A connection.
        number: The number of the article.
        content: The digest of what readers saw.

    Raises:
        PermanentError: ``damaged_text``.
    """
    row = connection.execute("SELECT data FROM texts WHERE number = ? AND content = ?", (number, content)).fetchone()
    return _decoded(row[0]) if row else None


def stored_texts(connection: sqlite3.Connection, number: int) -> dict[str, Article | None]:
    """Return all stored articles of an article by their contents; None for one that is damaged.

    Args:
        connection: A connection.
        number: The number of the article.
    """
    texts: dict[str, Article | None] = {}
    for content, data in connection.execute("SELECT content, data FROM texts WHERE number = ?", (number,)):
        try:
            texts[content] = _decoded(data)
        except PermanentError:
            texts[content] = None
    return texts


def _decoded(data: bytes) -> Article:
    try:
        return codec.decode(decompress(data))
    except (zlib.error, PermanentError) as error:
        raise PermanentError(
            "damaged_text",
            f"a text in the archive is damaged ({error}): khobor archive check --fix reads its page again",
        ) from error


def read_latest(connection: sqlite3.Connection, number: int, fetches: Fetches, content: str) -> Article | None:
    """Return the article of a content, with time and page of the last fetch that had it; None if there is none.

    Args:
        connection: A connection.
        number: The number of the article.
        fetches: The fetches of the article.
        content: The digest of the content.
    """
    text = read_text(connection, number, content)
    return fetches.as_fetched_last(content, text) if text else None


def write_text(connection: sqlite3.Connection, number: int, reading: ParsedArticle, fetches: Fetches) -> None:
    """Write a reading as the text of its content, unless a later fetch has it, or what is stored is alike.

    Two fetches are alike if the same extractor extracted the same from both. They share a text.

    Args:
        connection: A connection that writes.
        number: The number of the article.
        reading: The reading.
        fetches: All fetches of the article, that of the reading among them.
    """
    fetch = reading.fetch
    last = fetches.last(fetch.content)
    where = (number, fetch.content)
    stored = connection.execute("SELECT extraction FROM texts WHERE number = ? AND content = ?", where).fetchone()
    if stored and (stored[0] == fetch.extraction or last != fetch):
        return
    connection.execute(
        "INSERT INTO texts (number, content, extraction, data) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (number, content) DO UPDATE SET extraction = excluded.extraction, data = excluded.data",
        (*where, fetch.extraction, reading.text),
    )


def delete_unseen_texts(connection: sqlite3.Connection, number: int, before: Fetches, after: Fetches) -> None:
    """Delete the texts of contents that no fetch has any more, because its page was parsed again.

    Args:
        connection: A connection.
        number: The number of the article.
        before: The fetches as they were.
        after: The fetches as they are now.
    """
    unseen = before.contents - after.contents
    connection.executemany(
        "DELETE FROM texts WHERE number = ? AND content = ?", ((number, content) for content in unseen)
    )
