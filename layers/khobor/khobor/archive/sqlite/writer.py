"""Articles written to the archive in a database.

Everything that follows from the fetches of an article is written in the transaction that adds one: deliveries may come
several times and in any order, and none is ever half done.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from khobor.archive.changes import HeadlineChange
from khobor.archive.fetch_digests import version
from khobor.archive.interface import ArticleWriter, WriteOutcome
from khobor.archive.sqlite.changes import changes_of, write_changes
from khobor.archive.sqlite.fetches import Fetches, content_of, fetch_name, read_fetches, read_marks, write_fetches
from khobor.archive.sqlite.headline_changes import headline_state, write_headline_change
from khobor.archive.sqlite.rows import ArticleRow, read_row, row_of, titles_as_json, with_revisions, write_row
from khobor.archive.sqlite.sort_keys import listed_key, microseconds
from khobor.archive.sqlite.store import SQLiteStore, aliased, is_forgotten, number_of
from khobor.archive.sqlite.texts import delete_unseen_texts, read_latest, read_text, write_text
from khobor.archive.sqlite.words import words_of, write_words
from khobor.article import Article
from khobor.sqlite.errors import DatabaseError
from khobor.url import url_id

_MARK = "INSERT OR REPLACE INTO marks VALUES (?, ?, ?)"


class SQLiteWriter(SQLiteStore, ArticleWriter):
    """Writes to the archive."""

    def put(self, article: Article) -> WriteOutcome:
        """Write one fetch of an article; see ``ArticleWriter``."""
        return self._put([article], is_replayed=False)

    def put_again(self, readings: Sequence[Article]) -> WriteOutcome:
        """Write pages of one article as they are parsed now; see ``ArticleWriter``."""
        return self._put(readings, is_replayed=True)

    def _put(self, readings: Sequence[Article], *, is_replayed: bool) -> WriteOutcome:
        ordered = sorted(readings, key=version)
        article_id = ordered[-1].article_id
        with self._database.write() as connection:
            if is_forgotten(connection, article_id):
                return WriteOutcome.FORGOTTEN
            writing = _Writing.begin(connection, article_id, is_replayed=is_replayed)
            for article in ordered:
                _write_alias(connection, article)
            fetches = writing.before.with_readings(ordered).with_marks(read_marks(connection, article_id))
            writing.write(fetches, ordered)
            is_newest = fetches.newest is not None and fetches.newest.name == fetch_name(ordered[-1])
        return WriteOutcome.STORED if is_newest else WriteOutcome.SUPERSEDED

    def mark_gone(self, article_id: str, at: datetime, reason: str) -> WriteOutcome:
        """Mark an article as removed from its site; see ``ArticleWriter``."""
        with self._database.write() as connection:
            if is_forgotten(connection, article_id):
                return WriteOutcome.FORGOTTEN
            is_known = number_of(connection, article_id) is not None
            if not is_known and (other := aliased(connection, article_id)):
                return self.mark_gone(other, at, reason)
            mark = (article_id, microseconds(at), reason)
            if not is_known:
                # It waits for the article.
                connection.execute(_MARK, mark)
                return WriteOutcome.UNKNOWN
            writing = _Writing.begin(connection, article_id, is_replayed=False)
            connection.execute(_MARK, mark)
            fetches = writing.before.with_marks(read_marks(connection, article_id))
            writing.write(fetches, ())
            return WriteOutcome.GONE if fetches.revisions[-1].is_gone else WriteOutcome.SUPERSEDED


@dataclass(frozen=True, kw_only=True)
class _Writing:
    """A write of what is known of an article.

    Attributes:
        connection: A connection that writes.
        number: The number of the article.
        article_id: Its id.
        row: Its row as it is stored; None if it is new.
        before: Its fetches as they are stored.
        is_replayed: Whether it is written because a page was parsed again.
    """

    connection: sqlite3.Connection
    number: int
    article_id: str
    row: ArticleRow | None
    before: Fetches
    is_replayed: bool

    @classmethod
    def begin(cls, connection: sqlite3.Connection, article_id: str, *, is_replayed: bool) -> "_Writing":
        """Return the write of an article with what is stored of it."""
        stored = read_row(connection, article_id)
        if stored:
            number, row = stored
        else:
            (number,) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM articles").fetchone()
            row = None
        before = read_fetches(connection, number, article_id)
        return cls(
            connection=connection,
            number=number,
            article_id=article_id,
            row=row,
            before=before,
            is_replayed=is_replayed,
        )

    def write(self, fetches: Fetches, readings: Sequence[Article]) -> None:
        """Write all that follows from the fetches.

        Args:
            fetches: All fetches, those of the readings among them.
            readings: What is new or parsed again, the newest last.
        """
        write_fetches(self.connection, self.number, self.before, fetches)
        newest = next((each for each in readings if fetches.newest and fetch_name(each) == fetches.newest.name), None)
        is_same = self._shows_same(fetches, newest)
        # Before its text is replaced.
        indexed = None if is_same or not self.row else read_text(self.connection, self.number, self.row.content)
        for article in readings:
            write_text(self.connection, self.number, article, fetches.by_name[fetch_name(article)], fetches)
        delete_unseen_texts(self.connection, self.number, self.before, fetches)
        row = self.row
        if row is None or not is_same:
            newest = newest or self._latest(fetches)
            row = row_of(newest, content_of(fetches))
            write_words(self.connection, self.number, words_of(indexed) if indexed else None, words_of(newest))
        row = with_revisions(row, fetches)
        write_row(self.connection, self.number, self.row, row)
        changes = changes_of(self.before) if self.row else []
        write_changes(self.connection, self.number, self.article_id, changes, changes_of(fetches))
        self._write_headline_change(row, fetches)

    def _write_headline_change(self, row: ArticleRow, fetches: Fetches) -> None:
        """Write what readers notice of this write.

        Args:
            row: The row of the article as it is now.
            fetches: Its fetches.
        """
        if self.is_replayed:
            return
        before = headline_state(self.connection, self.row, self.before) if self.row else None
        after = headline_state(self.connection, row, fetches)
        change = HeadlineChange(article_id=self.article_id, before=before, after=after, is_replayed=False)
        write_headline_change(self.connection, change)

    def _shows_same(self, fetches: Fetches, newest: Article | None) -> bool:
        """Return whether lists show the same as before and find the article by the same.

        Args:
            fetches: All fetches.
            newest: The newest of them if it was just read.
        """
        row, before, after = self.row, self.before.newest, fetches.newest
        if row is None or before is None or after is None or titles_as_json(fetches) != row.earlier_titles:
            return False
        if newest is None:
            return before.name == after.name
        is_alike = (before.content, before.extraction) == (after.content, after.extraction)
        return is_alike and listed_key(newest.listed_at, newest.article_id) == row.listed

    def _latest(self, fetches: Fetches) -> Article:
        """Return the newest fetch as it is stored."""
        found = read_latest(self.connection, self.number, fetches, content_of(fetches))
        if found is None:
            raise DatabaseError(
                "damaged", f"the text of article {self.article_id} is missing: rebuild the archive from its pages"
            )
        return found


def _write_alias(connection: sqlite3.Connection, article: Article) -> None:
    """Write the alias of the URL by which an article was fetched; take over the marks that this URL was gone."""
    fetched_by = url_id(article.url) if article.url else article.article_id
    if fetched_by == article.article_id:
        return
    connection.execute("INSERT OR REPLACE INTO aliases VALUES (?, ?)", (fetched_by, article.article_id))
    if number_of(connection, fetched_by) is None and not is_forgotten(connection, fetched_by):
        ids = (article.article_id, fetched_by)
        connection.execute("UPDATE OR REPLACE marks SET article_id = ? WHERE article_id = ?", ids)
