"""Articles written to the archive in a database.

Everything that follows from the fetches of an article is written in the transaction that adds one: deliveries may come
several times and in any order, and none is ever half done.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from khobor.archive.changes import HeadlineChange
from khobor.archive.fetch_digests import version
from khobor.archive.interface import ArticleWriter, WriteOutcome
from khobor.archive.sqlite.changes import changes_of, write_changes
from khobor.archive.sqlite.fetches import Fetches, content_of, read_fetches, read_marks, write_fetches
from khobor.archive.sqlite.headline_changes import headline_state, write_headline_change
from khobor.archive.sqlite.moves import Absorbed, absorb, same_articles, write_claims
from khobor.archive.sqlite.reading import ParsedArticle
from khobor.archive.sqlite.rows import ArticleRow, read_row, titles_as_json, with_revisions, write_row
from khobor.archive.sqlite.sort_keys import listed_key, microseconds
from khobor.archive.sqlite.store import SQLiteStore, aliased, followed, is_forgotten, number_of
from khobor.archive.sqlite.texts import delete_unseen_texts, read_latest, read_text, write_text
from khobor.archive.sqlite.words import words_of, write_words
from khobor.article import Article
from khobor.sqlite.database import Database
from khobor.sqlite.errors import DatabaseError

_MARK = "INSERT OR REPLACE INTO marks VALUES (?, ?, ?)"


class SQLiteWriter(SQLiteStore, ArticleWriter):
    """Writes to the archive."""

    def put(self, article: Article) -> WriteOutcome:
        """Write one fetch of an article; see ``ArticleWriter``."""
        return self.put_reading(ParsedArticle(article))

    def put_again(self, readings: Sequence[Article]) -> WriteOutcome:
        """Write pages of one article as they are parsed now; see ``ArticleWriter``."""
        return self._put([ParsedArticle(article) for article in sorted(readings, key=version)], is_replayed=True)

    def put_reading(self, reading: ParsedArticle) -> WriteOutcome:
        """Write one fetch of an article, as ``put`` does; another process may have computed what is stored of it."""
        return self._put([reading], is_replayed=False)

    def _put(self, ordered: Sequence[ParsedArticle], *, is_replayed: bool) -> WriteOutcome:
        """Write readings of one article, the newest last."""
        with self._database.write() as connection:
            own_id = ordered[-1].article.article_id
            article_id = followed(connection, own_id)
            if is_forgotten(connection, article_id):
                return WriteOutcome.FORGOTTEN
            articles = [reading.article for reading in ordered]
            claimed = write_claims(connection, article_id, ordered)
            others = same_articles(connection, article_id, claimed, articles)
            target = min(article_id, *others) if others else article_id
            absorbed = absorb(self._database, connection, target, {article_id, *others} - {target})
            if absorbed.readings:
                self._write(connection, target, absorbed, is_replayed=is_replayed)
            readings = [_named(reading, target) for reading in ordered]
            read = Absorbed(Fetches().with_fetches((each.fetch, each.title) for each in readings), readings)
            fetches = self._write(connection, target, read, is_replayed=is_replayed)
            is_newest = fetches.newest is not None and fetches.newest.name == readings[-1].fetch.name
        return WriteOutcome.STORED if is_newest else WriteOutcome.SUPERSEDED

    def _write(self, connection: sqlite3.Connection, article_id: str, added: Absorbed, *, is_replayed: bool) -> Fetches:
        """Write fetches of an article with their texts; return all that it has."""
        moved_from = max(added.ids, default=None)
        writing = _Writing.begin(self._database, connection, article_id, is_replayed=is_replayed, moved_from=moved_from)
        fetches = writing.before.with_others(added.fetches).with_marks(read_marks(connection, article_id))
        writing.write(fetches, sorted(added.readings, key=lambda each: each.fetch.order))
        return fetches

    def mark_gone(self, article_id: str, at: datetime, reason: str) -> WriteOutcome:
        """Mark an article as removed from its site; see ``ArticleWriter``."""
        with self._database.write() as connection:
            article_id = followed(connection, article_id)
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
            writing = _Writing.begin(self._database, connection, article_id, is_replayed=False)
            connection.execute(_MARK, mark)
            fetches = writing.before.with_marks(read_marks(connection, article_id))
            writing.write(fetches, ())
            return WriteOutcome.GONE if fetches.revisions[-1].is_gone else WriteOutcome.SUPERSEDED


@dataclass(frozen=True, kw_only=True)
class _Writing:
    """A write of what is known of an article.

    Attributes:
        database: The database.
        connection: A connection that writes.
        number: The number of the article.
        article_id: Its id.
        row: Its row as it is stored; None if it is new.
        before: Its fetches as they are stored.
        is_replayed: Whether it is written because a page was parsed again.
        moved_from: Another id under which the article was listed until now; None if it was not.
    """

    database: Database
    connection: sqlite3.Connection
    number: int
    article_id: str
    row: ArticleRow | None
    before: Fetches
    is_replayed: bool
    moved_from: str | None = None

    @classmethod
    def begin(
        cls,
        database: Database,
        connection: sqlite3.Connection,
        article_id: str,
        *,
        is_replayed: bool,
        moved_from: str | None = None,
    ) -> "_Writing":
        """Return the write of an article with what is stored of it."""
        stored = read_row(connection, article_id)
        if stored:
            number, row = stored
        else:
            (number,) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM articles").fetchone()
            row = None
        before = read_fetches(connection, number, article_id)
        return cls(
            database=database,
            connection=connection,
            number=number,
            article_id=article_id,
            row=row,
            before=before,
            is_replayed=is_replayed,
            moved_from=moved_from,
        )

    def write(self, fetches: Fetches, readings: Sequence[ParsedArticle]) -> None:
        """Write all that follows from the fetches.

        Args:
            fetches: All fetches, those of the readings among them.
            readings: What is new or parsed again, the newest last.
        """
        write_fetches(self.connection, self.number, self.before, fetches)
        newest = next((each for each in readings if fetches.newest and each.fetch.name == fetches.newest.name), None)
        is_same = self._shows_same(fetches, newest.article if newest else None)
        # Before its text is replaced.
        indexed = None if is_same or not self.row else read_text(self.connection, self.number, self.row.content)
        for reading in readings:
            write_text(self.connection, self.number, reading, fetches)
        delete_unseen_texts(self.connection, self.number, self.before, fetches)
        row = self.row
        if row is None or not is_same:
            newest = newest or ParsedArticle(self._latest(fetches))
            row = replace(newest.row, content=content_of(fetches))
            write_words(self.database, self.number, words_of(indexed) if indexed else None, newest.words)
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
        change = HeadlineChange(
            article_id=self.article_id, before=before, after=after, is_replayed=False, moved_from=self.moved_from
        )
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


def _named(reading: ParsedArticle, article_id: str) -> ParsedArticle:
    """Return a reading as one of an article, which is its own unless it moved."""
    if reading.article.article_id == article_id:
        return reading
    return ParsedArticle(replace(reading.article, article_id=article_id))
