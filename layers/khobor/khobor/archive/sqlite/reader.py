"""Articles and their revisions, read from the archive in a database."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from khobor.archive import codec
from khobor.archive.interface import ArticleReader, GoneMark, fetch_id
from khobor.archive.sqlite.fetches import Fetches, content_of, read_fetches
from khobor.archive.sqlite.rows import ArticleRow, read_row, row_of, with_revisions
from khobor.archive.sqlite.sort_keys import instant_of
from khobor.archive.sqlite.store import SQLiteStore, aliased, followed, former_ids, is_forgotten, number_of
from khobor.archive.sqlite.texts import read_latest, stored_texts
from khobor.archive.times import instant
from khobor.article import Article
from khobor.revisions.content_digests import content_digests
from khobor.revisions.timeline import Revision
from khobor.sqlite.database import Database
from khobor.url import url_id

_MARKS = "SELECT article_id, at, reason FROM marks WHERE (article_id, at) > (?, ?) ORDER BY article_id, at LIMIT ?"
_FORGOTTEN = "SELECT article_id, at FROM forgotten WHERE article_id > ? ORDER BY article_id LIMIT ?"


class SQLiteReader(SQLiteStore, ArticleReader):
    """Reads the archive."""

    def get(self, article_id: str) -> Article | None:
        """Return a whole article as it was fetched last; see ``ArticleReader``."""
        with self._database.read() as connection:
            article_id = followed(connection, article_id)
            if (number := number_of(connection, article_id)) is None:
                return None
            fetches = read_fetches(connection, number, article_id)
            return read_latest(connection, number, fetches, content_of(fetches))

    def find(self, url: str) -> str | None:
        """Return the id of the article that has a URL, or was fetched by it; see ``ArticleReader``."""
        with self._database.read() as connection:
            article_id = followed(connection, url_id(url))
            if number_of(connection, article_id) is not None:
                return article_id
            return None if is_forgotten(connection, article_id) else aliased(connection, article_id)

    def revisions(self, article_id: str) -> tuple[Revision, ...]:
        """Return the revisions of an article; see ``ArticleReader``."""
        with self._database.read() as connection:
            article_id = followed(connection, article_id)
            number = number_of(connection, article_id)
            return () if number is None else read_fetches(connection, number, article_id).revisions

    def revision(self, article_id: str, number: int) -> Article | None:
        """Return an article as it was in a revision; see ``ArticleReader``."""
        with self._database.read() as connection:
            article_id = followed(connection, article_id)
            if (own := number_of(connection, article_id)) is None:
                return None
            fetches = read_fetches(connection, own, article_id)
            found = next((each for each in fetches.revisions if each.number == number), None)
            return read_latest(connection, own, fetches, found.digests.content) if found else None

    def gone_at(self, article_id: str) -> datetime | None:
        """Return when an article's site answered that it removed the article; see ``ArticleReader``."""
        revisions = self.revisions(article_id)
        return revisions[-1].first_seen_at if revisions and revisions[-1].is_gone else None

    def history(self, article_id: str) -> "SQLiteHistory | None":
        """Return all fetches of an article; see ``ArticleReader``."""
        with self._database.read() as connection:
            article_id = followed(connection, article_id)
            if stored := read_row(connection, article_id):
                number, row = stored
                ids = frozenset({article_id, *former_ids(connection, article_id)})
                fetches = read_fetches(connection, number, article_id)
                return SQLiteHistory(article_id, ids, row, fetches, self._database)
            if is_forgotten(connection, article_id):
                return SQLiteHistory(article_id, frozenset({article_id}), None, Fetches(), self._database)
            other = aliased(connection, article_id)
            return self.history(other) if other and other != article_id else None

    def page_keys(self, article_ids: Sequence[str]) -> Iterator[tuple[datetime, str]]:
        """Yield the time of each fetch of some articles and the key of its page; see ``ArticleReader``."""
        query = (
            "SELECT at, raw_key FROM fetches WHERE raw_key != ''"
            " AND number = (SELECT number FROM articles WHERE article_id = ?)"
        )
        for article_id in article_ids:
            with self._database.read() as connection:
                rows = connection.execute(query, (article_id,)).fetchall()
            yield from ((instant_of(at), key) for at, key in rows)

    def articles(self) -> Iterator[Article]:
        """Yield every article whole; see ``ArticleReader``."""
        for _, article_id in self._articles():
            if article := self.get(article_id):
                yield article

    def all_gone(self) -> Iterator[GoneMark]:
        """Yield every mark that ``mark_gone`` left; see ``ArticleReader``."""
        for article_id, at, reason in self._database.rows(_MARKS, ("", 0)):
            yield GoneMark(article_id=article_id, at=instant_of(at), reason=reason)

    def all_forgotten(self) -> Iterator[tuple[str, datetime]]:
        """Yield the id of each article that must never come back; see ``ArticleReader``."""
        for article_id, at in self._database.rows(_FORGOTTEN, ("",)):
            yield article_id, instant_of(at)


@dataclass(frozen=True)
class SQLiteHistory:
    """All fetches of one article, as they were read."""

    article_id: str
    ids: Collection[str]
    _row: ArticleRow | None
    _fetches: Fetches
    _database: Database

    @property
    def is_forgotten(self) -> bool:
        """Whether the article was erased; see ``FetchHistory``."""
        return self._row is None

    @property
    def source(self) -> str | None:
        """The name of the article's source; see ``FetchHistory``."""
        return self._row.source if self._row else None

    @cached_property
    def pages(self) -> Mapping[str, tuple[datetime, str]]:
        """The time of each fetch and the key of its page; see ``FetchHistory``."""
        fetches = self._fetches.by_name.values()
        return {f"{instant(instant_of(each.at))} {each.page}": (instant_of(each.at), each.raw_key) for each in fetches}

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The article's revisions; see ``FetchHistory``."""
        return self._fetches.revisions

    def revisions_with(self, readings: Iterable[Article]) -> tuple[Revision, ...]:
        """Return the revisions that the article would have with some readings; see ``FetchHistory``."""
        return self._fetches.with_readings(readings).revisions

    def texts(self) -> dict[str, Article]:
        """Return the stored texts of the article; see ``FetchHistory``."""
        with self._database.read() as connection:
            number = number_of(connection, self.article_id)
            found = stored_texts(connection, number) if number is not None else {}
        # What is damaged is as if it were missing.
        return {fetch_id(article): article for article in found.values() if article}

    def is_current(self, texts: Mapping[str, Article], readings: Iterable[Article]) -> bool:
        """Return whether writing some readings would change nothing; see ``FetchHistory``."""
        given = list(readings)
        if self._row is None or self._fetches.with_readings(given) != self._fetches:
            return False
        parsed = {fetch_id(each): codec.encode(each) for each in given}
        if any(codec.encode(text) != parsed.get(name, codec.encode(text)) for name, text in texts.items()):
            return False
        content = content_of(self._fetches)
        found = {content_digests(text).content: text for text in texts.values()}
        newest = found.get(content)
        if newest is None or self._fetches.contents - found.keys():
            return False
        row = row_of(self._fetches.as_fetched_last(content, newest), content)
        return with_revisions(row, self._fetches) == self._row
