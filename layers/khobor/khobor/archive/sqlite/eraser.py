"""Articles erased from the archive in a database."""

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime

from khobor.archive.interface import ArticleEraser, ArticleTraces
from khobor.archive.sqlite.deletion import delete_article
from khobor.archive.sqlite.fetches import read_fetches
from khobor.archive.sqlite.rows import read_row
from khobor.archive.sqlite.sort_keys import microseconds
from khobor.archive.sqlite.store import SQLiteStore, followed, former_ids, number_of
from khobor.archive.sqlite.texts import read_text
from khobor.archive.sqlite.words import rewrite_words
from khobor.sqlite.database import Database
from khobor.url import url_id


class SQLiteEraser(SQLiteStore, ArticleEraser):
    """Erases articles from the archive."""

    def forget(self, article_id: str, at: datetime) -> ArticleTraces | None:
        """Delete an article, keep it from coming back, and return where else it is known; see ``ArticleEraser``.

        Its traces are kept until ``erase``: if the caller is stopped before that, it asks for them again.
        """
        with self._database.write() as connection:
            article_id = followed(connection, article_id)
            stored = connection.execute("SELECT traces FROM forgotten WHERE article_id = ?", (article_id,)).fetchone()
            traces = _read_traces(stored[0]) if stored else _delete(self._database, connection, article_id)
            if traces:
                connection.execute(
                    "INSERT OR REPLACE INTO forgotten VALUES (?, ?, ?)",
                    (article_id, microseconds(at), _written_traces(traces)),
                )
        return traces

    def erase_urls(self, article_id: str, urls: Collection[str]) -> None:
        """Delete what is known of URLs by which a forgotten article was fetched; see ``ArticleEraser``."""
        with self._database.write() as connection:
            article_id = followed(connection, article_id)
            former = former_ids(connection, article_id)
            own = [(each,) for each in (article_id, *former)]
            connection.executemany("DELETE FROM aliases WHERE article_id = ?", own)
            ids = {article_id, *former, *map(url_id, urls)}
            waiting = [(each,) for each in ids if number_of(connection, each) is None]
            connection.executemany("DELETE FROM marks WHERE article_id = ?", waiting)
            connection.executemany("DELETE FROM claims WHERE url_id = ?", waiting)

    def erase(self, article_id: str, traces: ArticleTraces, at: datetime) -> None:
        """Delete everything about a forgotten article except that it was forgotten; see ``ArticleEraser``.

        The words of all articles are written anew, because SQLite's index would keep those that were deleted.
        """
        with self._database.write() as connection:
            self.erase_urls(article_id, traces.urls)
            article_id = followed(connection, article_id)
            ids = [(each, microseconds(at)) for each in (article_id, *former_ids(connection, article_id))]
            connection.executemany("INSERT OR REPLACE INTO forgotten VALUES (?, ?, NULL)", ids)
            connection.execute("DELETE FROM moves WHERE moved_to = ?", (article_id,))
            rewrite_words(self._database)
        self._database.checkpoint()

    def forbid(self, article_id: str, at: datetime) -> None:
        """Keep an article from ever being stored; see ``ArticleEraser``."""
        with self._database.write() as connection:
            if number_of(connection, followed(connection, article_id)) is None:
                connection.execute(
                    "INSERT OR IGNORE INTO forgotten VALUES (?, ?, NULL)", (article_id, microseconds(at))
                )


def _delete(database: Database, connection: sqlite3.Connection, article_id: str) -> ArticleTraces | None:
    """Delete an article, and return where else it is known; None if there is none."""
    stored = read_row(connection, article_id)
    if stored is None:
        return None
    number, row = stored
    fetches = read_fetches(connection, number, article_id)
    found = [article for content in fetches.contents if (article := read_text(connection, number, content))]
    delete_article(database, connection, number, row)
    ids = {article_id, *former_ids(connection, article_id)}
    connection.executemany("DELETE FROM headline_changes WHERE article_id = ?", ((each,) for each in ids))
    urls = {url for article in found for url in (article.url, article.canonical_url) if url}
    keys = {each.raw_key for each in fetches.by_name.values()} - {""}
    return ArticleTraces(urls=frozenset(urls), raw_keys=frozenset(keys))


def _written_traces(traces: ArticleTraces) -> str:
    return json.dumps([sorted(traces.urls), sorted(traces.raw_keys)], ensure_ascii=False)


def _read_traces(text: str | None) -> ArticleTraces:
    urls, raw_keys = json.loads(text) if text else ((), ())
    return ArticleTraces(urls=frozenset(urls), raw_keys=frozenset(raw_keys))
