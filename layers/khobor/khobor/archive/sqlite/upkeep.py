"""Counts of the archive in a database, a check of it, and its repair."""

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from khobor.archive.interface import reference_digest
from khobor.archive.sqlite.faults import Fault, FaultKind, StoredArticle, faults_of, repair
from khobor.archive.sqlite.headline_changes import delete_changes, faulty_changes
from khobor.archive.sqlite.rows import unpacked
from khobor.archive.sqlite.sort_keys import instant_of, listed_at_of
from khobor.archive.sqlite.store import SQLiteStore, number_of
from khobor.archive.sqlite.words import insert_words, rewrite_words, words_of
from khobor.article import RawReference
from khobor.sqlite.errors import DatabaseError

_NO_ARTICLE = "number NOT IN (SELECT number FROM articles)"
# Rows that belong to no article: where they may be, and what they are called.
_ORPHANS = {
    "fetches": ("fetches", _NO_ARTICLE),
    "titles": ("earlier titles", _NO_ARTICLE),
    "texts": ("texts", _NO_ARTICLE),
    "changes": ("changes", _NO_ARTICLE),
    "aliases": ("URLs", "article_id NOT IN (SELECT article_id FROM articles UNION SELECT article_id FROM moves)"),
    "moves": ("addresses", "moved_to NOT IN (SELECT article_id FROM articles UNION SELECT article_id FROM forgotten)"),
}
_UNKNOWN_WORDS = "SELECT count(*) FROM words_docsize WHERE id NOT IN (SELECT number FROM articles)"


@dataclass(frozen=True, kw_only=True)
class ArchiveCounts:
    """What is in an archive.

    Attributes:
        articles: The number of articles.
        revisions: The number of their revisions.
        fetches: The number of their fetches.
        sources: The number of articles of each source; None stands for articles without one.
        oldest_article: The time by which the oldest article is listed, with the offset of its source's clocks.
        newest_article: The time by which the newest article is listed.
        first_added: When the first article was added; None without any.
        last_fetched: When the last fetch was; None without any.
    """

    articles: int
    revisions: int
    fetches: int
    sources: dict[str | None, int]
    oldest_article: datetime | None
    newest_article: datetime | None
    first_added: datetime | None
    last_fetched: datetime | None


class SQLiteUpkeep(SQLiteStore):
    """Counts, checks and repairs the archive in a database."""

    def counts(self) -> ArchiveCounts:
        """Return what is in the archive."""
        with self._database.read() as connection:
            sources = dict(connection.execute("SELECT source, count(*) FROM articles GROUP BY source ORDER BY source"))
            (revisions,) = connection.execute("SELECT coalesce(sum(revisions), 0) FROM articles").fetchone()
            # Each has an index, which answers for one end at a time.
            ends = [
                connection.execute(f"SELECT {end} FROM articles").fetchone()[0]
                for end in ("min(listed)", "max(listed)", "min(added_at)")
            ]
            fetches, last = connection.execute("SELECT count(*), max(at) FROM fetches").fetchone()
        return ArchiveCounts(
            articles=sum(sources.values()),
            revisions=revisions,
            fetches=fetches,
            sources=sources,
            oldest_article=None if ends[0] is None else listed_at_of(ends[0]),
            newest_article=None if ends[1] is None else listed_at_of(ends[1]),
            first_added=None if ends[2] is None else instant_of(ends[2]),
            last_fetched=None if last is None else instant_of(last),
        )

    def page_keys(self) -> Iterator[tuple[str, str]]:
        """Yield the id of the article and the key of the page of each fetch that has a page."""
        for number, article_id in self._articles():
            with self._database.read() as connection:
                rows = connection.execute("SELECT raw_key FROM fetches WHERE number = ?", (number,)).fetchall()
            yield from ((article_id, key) for (key,) in rows if key)

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong in the database; this reads all of the archive."""
        entries = 0
        for _, article_id in self._articles():
            with self._database.read() as connection:
                stored = StoredArticle.read(connection, article_id)
                found = list(faults_of(connection, stored)) if stored else []
            entries += len(unpacked(stored.row.keys)) if stored else 0
            yield from found
        yield from self._faults_of_none(entries)
        yield from self._damaged_words()

    def repair(self) -> None:
        """Write anew what follows from fetches and texts, and delete what belongs to no article.

        Each step is a transaction, and articles go on while others are written.
        """
        with self._database.write() as connection:
            for table, (_, condition) in _ORPHANS.items():
                connection.execute(f"DELETE FROM {table} WHERE {condition}")
            delete_changes(connection, faulty_changes(connection))
        if any(self._damaged_words()):
            # No article could be written before.
            self.rewrite_words()
        entries, kinds = 0, set[FaultKind]()
        for _, article_id in self._articles():
            stored, left = self._repaired(article_id)
            entries += len(unpacked(stored.row.keys)) if stored else 0
            kinds |= left
        kinds |= {fault.kind for fault in self._faults_of_none(entries)}
        if "index" in kinds:
            self._rewrite_entries()
        if "words" in kinds:
            self.rewrite_words()

    def rewrite_words(self, without: Collection[tuple[str, str]] = ()) -> None:
        """Write the index of words anew from the stored texts.

        Args:
            without: Texts to delete in the same transaction, each by the id of its article and its content.
        """
        with self._database.write() as connection:
            for article_id, content in without:
                number = number_of(connection, article_id)
                connection.execute("DELETE FROM texts WHERE number = ? AND content = ?", (number, content))
            connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
            for number, article_id in self._articles():
                stored = StoredArticle.read(connection, article_id)
                if stored and (text := stored.texts.get(stored.row.content)):
                    insert_words(connection, number, words_of(text))

    def bad_texts(self, article_id: str) -> Collection[str]:
        """Return the contents of an article's texts that are damaged."""
        with self._database.read() as connection:
            stored = StoredArticle.read(connection, article_id)
            return stored.bad_texts.keys() if stored else ()

    def claim(self, article_id: str, key: str) -> bool:
        """Let the fetch of an article that was made of a page name it, if another is named; return whether one was.

        Args:
            article_id: The id of the article.
            key: The key of the page.
        """
        digest = reference_digest(RawReference(key=key))
        with self._database.write() as connection:
            number = number_of(connection, article_id)
            found = connection.execute(
                "UPDATE fetches SET raw_key = ?, raw_version = NULL WHERE number = ? AND page = ? AND raw_key != ?",
                (key, number, digest, key),
            )
            return found.rowcount > 0

    def optimise(self) -> None:
        """Merge the parts of the index of words."""
        with self._database.write():
            rewrite_words(self._database)

    def _repaired(self, article_id: str) -> tuple[StoredArticle | None, set[FaultKind]]:
        """Return what is stored of an article once it is repaired, and the kinds of its faults that are left."""
        with self._database.read() as connection:
            stored = StoredArticle.read(connection, article_id)
            if stored is None or not any(faults_of(connection, stored)):
                return stored, set()
        with self._database.write() as connection:
            # Another process may have written it meanwhile.
            if stored := StoredArticle.read(connection, article_id):
                repair(connection, stored)
            stored = StoredArticle.read(connection, article_id)
            return stored, {fault.kind for fault in faults_of(connection, stored)} if stored else set()

    def _rewrite_entries(self) -> None:
        """Write the entries of the indexes anew from the rows of the articles."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM entries")
            for number, article_id in self._articles():
                if stored := StoredArticle.read(connection, article_id):
                    entries = ((key, stored.row.listed, number) for key in unpacked(stored.row.keys))
                    connection.executemany("INSERT INTO entries VALUES (?, ?, ?)", entries)

    def _faults_of_none(self, entries: int) -> Iterator[Fault]:
        """Yield what belongs to no article.

        Args:
            entries: How many entries of the indexes the articles have.
        """
        with self._database.read() as connection:
            (stored,) = connection.execute("SELECT count(*) FROM entries").fetchone()
            (words,) = connection.execute(_UNKNOWN_WORDS).fetchone()
            orphans = {
                name: connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()[0]
                for table, (name, condition) in _ORPHANS.items()
            }
            changes = len(faulty_changes(connection))
        if changes:
            yield Fault("index", f"{changes} changes that khobor tail reads are damaged, or of no article")
        if stored > entries:
            yield Fault("index", f"{stored - entries} index entries belong to no article")
        if words:
            yield Fault("words", f"the index of words has {words} articles that the archive does not have")
        yield from (Fault("index", f"{count} {name} belong to no article") for name, count in orphans.items() if count)

    def _damaged_words(self) -> Iterator[Fault]:
        try:
            with self._database.write() as connection:
                connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        except DatabaseError as error:
            # Nobody knows yet whether it is damaged if the disk is full, or another process is writing.
            if error.reason != "damaged":
                raise
            yield Fault("words", f"the index of words is damaged: {error.__cause__}")
        except sqlite3.DatabaseError as error:
            yield Fault("words", f"the index of words cannot be read: {error}")
