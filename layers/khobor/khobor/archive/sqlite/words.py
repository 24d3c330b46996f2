"""The words of articles for full-text search: title and text of each as it was fetched last.

khobor splits the words (``search_words.all_words``), so that every script is split as everywhere else; SQLite gets them
with spaces between, and takes everything else for a part of a word. Endings of Bengali are left out.

The table does not hold the text. To take an article out, SQLite must be given the very words that it was given before.
A change to how words are split therefore needs a migration that fills the table anew.
"""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

from khobor.archive import codec
from khobor.archive.compression import decompress
from khobor.article import Article
from khobor.errors import PermanentError
from khobor.search_words import all_words, has_endings, search_key
from khobor.sqlite.database import Database

Words = tuple[str, str]
_STORED = "SELECT a.number, t.data FROM articles a JOIN texts t ON t.number = a.number AND t.content = a.content"

# An article has a few hundred different words, and articles share most of theirs.
_stem = lru_cache(maxsize=100_000)(search_key)


def create_words(connection: sqlite3.Connection) -> None:
    """Make the index of words, in place of one that has the title first, and fill it from the stored texts.

    SQLite writes two bytes less for each word of an article in the first column, so the text comes first.
    """
    connection.execute("DROP TABLE words")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5 (text, title, content = '', tokenize = 'ascii')")
    for number, data in connection.execute(_STORED):
        # A damaged text must not keep the archive from being opened; khobor archive check names it.
        with suppress(zlib.error, PermanentError):
            insert_words(connection, number, words_of(codec.decode(decompress(data))))


def words_of(article: Article) -> Words:
    """Return the words of title and text of an article, with spaces between them."""
    return indexed(article.title or ""), indexed(article.body_text)


def indexed(text: str) -> str:
    """Return the words of a text as they are indexed, in their order, with spaces between them."""
    words = all_words(text, with_last=True)
    return " ".join(map(_stem, words) if has_endings(text) else words)


def write_words(database: Database, number: int, before: Words | None, after: Words | None) -> None:
    """Index the words of an article in place of those before, at the end of the transaction that is open.

    SQLite makes a part of the index of all that comes together, and later merges the parts. It would make one of each
    article if something else were written in between.

    Args:
        database: The database.
        number: The number of the article.
        before: The words that are indexed; None if there are none.
        after: The words as they are now; None takes the article out.
    """
    if before == after:
        return

    def write(connection: sqlite3.Connection) -> None:
        if before:
            connection.execute(
                "INSERT INTO words (words, rowid, title, text) VALUES ('delete', ?, ?, ?)", (number, *before)
            )
        if after:
            insert_words(connection, number, after)

    database.at_commit(write)


def word_counts(words: Words) -> tuple[int, ...]:
    """Return how many words title and text have."""
    return tuple(len(each.split()) for each in words)


def indexed_counts(connection: sqlite3.Connection, number: int) -> tuple[int, ...] | None:
    """Return how many words of title and text of an article are indexed; None if it is not in the index.

    Args:
        connection: A connection.
        number: The number of the article.
    """
    found = connection.execute("SELECT sz FROM words_docsize WHERE id = ?", (number,)).fetchone()
    # The table has the text first.
    return tuple(_varints(found[0]))[::-1] if found else None


def _varints(data: bytes) -> Iterator[int]:
    """Yield the numbers that SQLite wrote one after another (https://www.sqlite.org/fileformat2.html#varint)."""
    number = 0
    for byte in data:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:  # noqa: PLR2004 the high bit says that more follows; an article has fewer words than 2 ** 56
            yield number
            number = 0


def rewrite_words(database: Database) -> None:
    """Write the index of words anew, without anything of what was taken out. This takes a while in a large archive."""
    database.at_commit(lambda connection: connection.execute("INSERT INTO words (words) VALUES ('optimize')"))


def insert_words(connection: sqlite3.Connection, number: int, words: Words) -> None:
    """Index the words of an article that is not in the index, at once.

    Args:
        connection: A connection.
        number: The number of the article.
        words: The words of its title and text.
    """
    connection.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", (number, *words))
