"""The words of articles for full-text search: title and text of each as it was fetched last.

khobor splits the words (``search_words.all_words``), so that every script is split as everywhere else; SQLite gets them
with spaces between, and takes everything else for a part of a word. Endings of Bengali are left out.

The table does not hold the text. To take an article out, SQLite must be given the very words that it was given before.
A change to how words are split therefore needs a migration that fills the table anew.
"""

import sqlite3
from functools import lru_cache

from khobor.article import Article
from khobor.search_words import all_words, search_key

Words = tuple[str, str]

# An article has a few hundred different words, and articles share most of theirs.
_stem = lru_cache(maxsize=100_000)(search_key)


def words_of(article: Article) -> Words:
    """Return the words of title and text of an article, with spaces between them."""
    return indexed(article.title or ""), indexed(article.body_text)


def indexed(text: str) -> str:
    """Return the words of a text as they are indexed, in their order, with spaces between them."""
    return " ".join(map(_stem, all_words(text, with_last=True)))


def write_words(connection: sqlite3.Connection, number: int, before: Words | None, after: Words | None) -> None:
    """Index the words of an article in place of those before.

    Args:
        connection: A connection that writes.
        number: The number of the article.
        before: The words that are indexed; None if there are none.
        after: The words as they are now; None takes the article out.
    """
    if before == after:
        return
    if before:
        connection.execute(
            "INSERT INTO words (words, rowid, title, text) VALUES ('delete', ?, ?, ?)", (number, *before)
        )
    if after:
        connection.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", (number, *after))


def rewrite_words(connection: sqlite3.Connection) -> None:
    """Write the index of words anew, without anything of what was taken out. This takes a while in a large archive."""
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")
