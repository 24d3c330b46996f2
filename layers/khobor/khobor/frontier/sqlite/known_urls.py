"""The known URLs in the table ``known_urls``, each under the id of the URL.

A URL stays known for some days after it was last written. After them it counts as unknown when it is found again, and
its row stays until ``delete_expired``, as an item stays in DynamoDB until its time to live is noticed.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from khobor.frontier.interface import FORGOTTEN_URL, INSTANTS, KnownUrl, KnownUrls, UrlRecord
from khobor.frontier.sqlite.times import from_seconds, seconds
from khobor.sqlite.database import Database
from khobor.url import url_id

# When a forgotten URL expires.
_NEVER = seconds(datetime(9999, 1, 1, tzinfo=UTC))
# A reading transaction ends before these are yielded, so that the caller may write.
_ROWS_AT_ONCE = 500

_Row = dict[str, Any]
_EMPTY: _Row = dict.fromkeys(
    (
        *("url", "source", "kind", "found_on", "depth", "since", "next_visit", "etag", "last_modified", "answered_by"),
        *("digest", "gone_at", "new_at", "longest_gap", "entry"),
    )
)
_SELECT = """
    SELECT url, source, kind, found_on, depth, since, next_visit, etag, last_modified, answered_by, digest, gone_at,
        new_at, longest_gap, is_forgotten, expires, entry
    FROM known_urls WHERE id = ?
"""
_REPLACE = """
    INSERT OR REPLACE INTO known_urls VALUES (
        :id, :url, :source, :kind, :found_on, :depth, :since, :next_visit, :etag, :last_modified, :answered_by,
        :digest, :gone_at, :new_at, :longest_gap, :is_forgotten, :expires, :entry
    )
"""
_KNOWN = "SELECT id, source, entry FROM known_urls WHERE id IN (SELECT value FROM json_each(?)) AND expires >= ?"
_ANY_FORGOTTEN = """
    SELECT EXISTS (SELECT 1 FROM known_urls WHERE is_forgotten AND id IN (SELECT value FROM json_each(?)))
"""
_ALL_FORGOTTEN = "SELECT id, since FROM known_urls WHERE is_forgotten AND id > ? ORDER BY id LIMIT ?"
_ALL = """
    SELECT id, url, source, kind, found_on, depth, since, next_visit, etag, last_modified, answered_by, digest, gone_at,
        new_at, longest_gap, expires, entry
    FROM known_urls WHERE id > ? AND NOT is_forgotten AND expires >= ? ORDER BY id LIMIT ?
"""
# Of what is due, the index of the crawl table has these attributes.
_BY_NEXT_VISIT = """
    SELECT id, url, source, kind, found_on, since, next_visit, new_at, longest_gap FROM known_urls
    WHERE source = ? AND (next_visit, id) > (?, ?) AND next_visit <= ? ORDER BY next_visit, id LIMIT ?
"""
_POSTPONE = "UPDATE known_urls SET next_visit = ?, expires = ? WHERE id = ? AND next_visit = ?"


class SQLiteKnownUrls(KnownUrls):
    """The known URLs in the database of a local archive.

    Args:
        database: The database.
        days: How many days a URL stays known after it was last written.
    """

    def __init__(self, database: Database, days: int) -> None:
        self._database = database
        self._days = timedelta(days=days)

    def add(self, known_url: KnownUrl, now: datetime, *, takes_over: bool = False) -> bool:
        """Add a URL unless it is known; see ``KnownUrls``."""
        identity = url_id(known_url.url)
        with self._database.write() as connection:
            stored = _row(connection, identity)
            is_known = stored is not None and stored["expires"] >= seconds(now)
            source = stored["source"] if stored else None
            is_taken_over = takes_over and known_url.source and source and source != known_url.source
            if is_known and not is_taken_over:
                return False
            self._put(connection, identity, _stored(vars(known_url)), now)
        return True

    def get(self, url: str) -> KnownUrl | None:
        """Return what is known of a URL; see ``KnownUrls``."""
        with self._database.read() as connection:
            row = _row(connection, url_id(url))
        return _known_url(row) if row else None

    def known(self, urls: Collection[str], now: datetime) -> dict[str, UrlRecord]:
        """Return the URLs among these that are known; see ``KnownUrls``."""
        by_id: dict[str, list[str]] = {}
        for url in urls:
            by_id.setdefault(url_id(url), []).append(url)
        with self._database.read() as connection:
            found = connection.execute(_KNOWN, (json.dumps(list(by_id)), now.timestamp())).fetchall()
        return {url: UrlRecord(source, entry) for identity, source, entry in found for url in by_id[identity]}

    def change(
        self,
        url: str,
        facts: Mapping[str, object],
        now: datetime,
        defaults: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """Write facts of a URL; see ``KnownUrls``."""
        identity = url_id(url)
        missing = {"url": url, "kind": "article", "since": now} | {**defaults}
        with self._database.write() as connection:
            stored = _row(connection, identity) or {**_EMPTY, "is_forgotten": False}
            if stored["is_forgotten"]:
                return
            new = {name: value for name, value in missing.items() if name not in facts and stored[name] is None}
            self._put(connection, identity, stored | _stored({**facts, **new}), now)

    def forget(self, url: str, now: datetime) -> None:
        """Delete all facts of a URL but keep it known for good; see ``KnownUrls``."""
        with self._database.write() as connection:
            _forget(connection, url_id(url), now)

    def forgotten(self, urls: Collection[str]) -> bool:
        """Return whether any of a few URLs was forgotten; see ``KnownUrls``."""
        with self._database.read() as connection:
            (found,) = connection.execute(_ANY_FORGOTTEN, (json.dumps([url_id(url) for url in urls]),)).fetchone()
        return bool(found)

    def all_forgotten(self) -> Iterator[tuple[str, datetime]]:
        """Yield the id of each forgotten URL, and when it was forgotten; see ``KnownUrls``."""
        for identity, since in self._database.rows(_ALL_FORGOTTEN, ("",)):
            yield identity, from_seconds(since)

    def all(self, now: datetime) -> Iterator[tuple[KnownUrl, datetime]]:
        """Yield each known URL, and when it was last written; see ``KnownUrls``."""
        after = ""
        while True:
            with self._database.read() as connection:
                cursor = connection.execute(_ALL, (after, seconds(now), _ROWS_AT_ONCE))
                rows = [_named(cursor, row) for row in cursor]
            for row in rows:
                yield _known_url(row), from_seconds(row["expires"]) - self._days
            if len(rows) < _ROWS_AT_ONCE:
                return
            after = rows[-1]["id"]

    def restore(self, known_url: KnownUrl, written_at: datetime) -> bool:
        """Write a URL that ``all`` yielded; see ``KnownUrls``."""
        identity = url_id(known_url.url)
        with self._database.write() as connection:
            stored = _row(connection, identity)
            if stored and (stored["is_forgotten"] or stored["expires"] >= seconds(written_at + self._days)):
                return False
            self._put(connection, identity, _stored(vars(known_url)), written_at)
        return True

    def forget_id(self, url_id: str, at: datetime) -> bool:
        """Forget a URL by its id; see ``KnownUrls``."""
        with self._database.write() as connection:
            stored = _row(connection, url_id)
            if stored and stored["is_forgotten"]:
                return False
            _forget(connection, url_id, at)
        return True

    def due(self, source: str, now: datetime) -> Iterator[KnownUrl]:
        """Yield the URLs of a source that are due; see ``KnownUrls``."""
        return self._by_next_visit(source, -_NEVER, seconds(now))

    def coming(self, source: str, now: datetime) -> Iterator[KnownUrl]:
        """Yield the URLs of a source that will be due later; see ``KnownUrls``."""
        return self._by_next_visit(source, seconds(now) + 1, 2 * _NEVER)

    def postpone(self, known_url: KnownUrl, until: datetime | None, now: datetime) -> bool:
        """Set when a URL that is due is fetched next after this time; see ``KnownUrls``."""
        if known_url.next_visit is None:
            return False
        row = (
            until and seconds(until),
            seconds(now + self._days),
            url_id(known_url.url),
            seconds(known_url.next_visit),
        )
        with self._database.write() as connection:
            return connection.execute(_POSTPONE, row).rowcount == 1

    def delete_expired(self, now: datetime) -> int:
        """Delete the URLs that are not known any more; return how many there were."""
        with self._database.write() as connection:
            return connection.execute("DELETE FROM known_urls WHERE expires < ?", (seconds(now),)).rowcount

    def _by_next_visit(self, source: str, first: int, last: int) -> Iterator[KnownUrl]:
        after = (first, "")
        while True:
            with self._database.read() as connection:
                cursor = connection.execute(_BY_NEXT_VISIT, (source, *after, last, _ROWS_AT_ONCE))
                rows = [_named(cursor, row) for row in cursor]
            for row in rows:
                after = (row["next_visit"], row.pop("id"))
                yield _known_url(row)
            if len(rows) < _ROWS_AT_ONCE:
                return

    def _put(self, connection: sqlite3.Connection, identity: str, facts: _Row, now: datetime) -> None:
        row = facts | {"id": identity, "is_forgotten": False, "expires": seconds(now + self._days)}
        connection.execute(_REPLACE, row)


def _forget(connection: sqlite3.Connection, identity: str, at: datetime) -> None:
    facts = _EMPTY | {"url": FORGOTTEN_URL, "kind": "article", "since": seconds(at)}
    connection.execute(_REPLACE, facts | {"id": identity, "is_forgotten": True, "expires": _NEVER})


def _row(connection: sqlite3.Connection, identity: str) -> _Row | None:
    cursor = connection.execute(_SELECT, (identity,))
    row = cursor.fetchone()
    return _named(cursor, row) if row else None


def _named(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> _Row:
    return {name: value for (name, *_), value in zip(cursor.description, row, strict=True)}


def _stored(facts: Mapping[str, Any]) -> _Row:
    return {name: seconds(value) if isinstance(value, datetime) else value for name, value in facts.items()}


def _known_url(row: _Row) -> KnownUrl:
    facts: _Row = {name: row.get(name) for name in _EMPTY}
    for name in INSTANTS:
        if facts[name] is not None:
            facts[name] = from_seconds(facts[name])
    return KnownUrl(**facts)
