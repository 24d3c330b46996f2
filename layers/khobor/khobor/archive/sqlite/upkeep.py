"""Counts of the archive in a database, a check of its indexes against its articles, and their repair."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from khobor.archive.sqlite.fetches import content_of, read_fetches
from khobor.archive.sqlite.rows import read_row, row_of, unpacked, with_revisions, write_row
from khobor.archive.sqlite.sort_keys import instant_of
from khobor.archive.sqlite.store import SQLiteStore
from khobor.archive.sqlite.texts import read_latest, read_text
from khobor.archive.sqlite.words import rewrite_words, words_of

_AT_ONCE = 100
_ENTRY = "SELECT 1 FROM entries WHERE key = ? AND listed = ? AND number = ?"


@dataclass(frozen=True, kw_only=True)
class ArchiveCounts:
    """What is in an archive.

    Attributes:
        articles: The number of articles.
        revisions: The number of their revisions.
        fetches: The number of their fetches.
        sources: The number of articles of each source; None stands for articles without one.
        first_added: When the first article was added; None without any.
        last_fetched: When the last fetch was; None without any.
    """

    articles: int
    revisions: int
    fetches: int
    sources: dict[str | None, int]
    first_added: datetime | None
    last_fetched: datetime | None


class SQLiteUpkeep(SQLiteStore):
    """Counts, checks and repairs the archive in a database."""

    def counts(self) -> ArchiveCounts:
        """Return what is in the archive."""
        with self._database.read() as connection:
            sources = dict(connection.execute("SELECT source, count(*) FROM articles GROUP BY source ORDER BY source"))
            (revisions,) = connection.execute("SELECT coalesce(sum(revisions), 0) FROM articles").fetchone()
            (first,) = connection.execute("SELECT min(added_at) FROM articles").fetchone()
            fetches, last = connection.execute("SELECT count(*), max(at) FROM fetches").fetchone()
        return ArchiveCounts(
            articles=sum(sources.values()),
            revisions=revisions,
            fetches=fetches,
            sources=sources,
            first_added=None if first is None else instant_of(first),
            last_fetched=None if last is None else instant_of(last),
        )

    def page_keys(self) -> Iterator[tuple[str, str]]:
        """Yield the id of the article and the key of the page of each fetch that has a page."""
        for number, article_id in self._articles():
            with self._database.read() as connection:
                rows = connection.execute("SELECT raw_key FROM fetches WHERE number = ?", (number,)).fetchall()
            yield from ((article_id, key) for (key,) in rows if key)

    def index_problems(self) -> Iterator[str]:
        """Yield what is wrong in the indexes, one sentence each."""
        expected = 0
        for number, article_id in self._articles():
            with self._database.read() as connection:
                problem, entries = _problem(connection, number, article_id)
            expected += entries
            if problem:
                yield problem
        with self._database.read() as connection:
            (stored,) = connection.execute("SELECT count(*) FROM entries").fetchone()
            (words,) = connection.execute("SELECT count(*) FROM words_docsize").fetchone()
            (articles,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        if stored > expected:
            yield f"{stored - expected} index entries belong to no article"
        if words != articles:
            yield f"the index of words has {words} articles, and the archive {articles}"
        yield from self._word_problems()

    def rebuild_indexes(self) -> None:
        """Write all indexes anew from the stored articles."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM entries")
            connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
            for number, article_id in self._articles():
                _rebuild(connection, number, article_id)

    def optimise(self) -> None:
        """Merge the parts of the index of words."""
        with self._database.write():
            rewrite_words(self._database)

    def _word_problems(self) -> Iterator[str]:
        try:
            with self._database.write() as connection:
                connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        except Exception as error:  # noqa: BLE001 SQLite and the database's own errors
            yield f"the index of words is damaged: {error}"

    def _articles(self) -> Iterator[tuple[int, str]]:
        last = 0
        while True:
            with self._database.read() as connection:
                rows = connection.execute(
                    "SELECT number, article_id FROM articles WHERE number > ? ORDER BY number LIMIT ?", (last, _AT_ONCE)
                ).fetchall()
            yield from rows
            if len(rows) < _AT_ONCE:
                return
            last = rows[-1][0]


def _problem(connection: sqlite3.Connection, number: int, article_id: str) -> tuple[str | None, int]:
    """Return what is wrong with the indexes of an article, and how many entries it should have."""
    stored = read_row(connection, article_id)
    if stored is None:
        return None, 0
    row, fetches = stored[1], read_fetches(connection, number, article_id)
    keys = unpacked(row.keys)
    latest = read_latest(connection, number, fetches, content_of(fetches))
    if latest is None:
        return f"the text of {article_id} is missing", len(keys)
    if row != with_revisions(row_of(latest, content_of(fetches)), fetches):
        return f"lists show {article_id} otherwise than it is stored", len(keys)
    missing = sum(not connection.execute(_ENTRY, (key, row.listed, number)).fetchone() for key in keys)
    return (f"{missing} index entries of {article_id} are missing" if missing else None), len(keys)


def _rebuild(connection: sqlite3.Connection, number: int, article_id: str) -> None:
    stored = read_row(connection, article_id)
    fetches = read_fetches(connection, number, article_id)
    latest = read_latest(connection, number, fetches, content_of(fetches))
    if stored is None or latest is None:
        # Its text is missing: what there is of it stays.
        if stored:
            write_row(connection, number, None, stored[1])
        return
    row = with_revisions(row_of(latest, content_of(fetches)), fetches)
    # All its entries are deleted, so that all are written.
    write_row(connection, number, None, row)
    indexed = read_text(connection, number, row.content)
    title, text = words_of(indexed or latest)
    connection.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", (number, title, text))
