"""The row of an article: what lists show of it as it was fetched last, and the entries of the indexes."""

import json
import sqlite3
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from khobor.archive.headlines import INDEXES
from khobor.archive.index_keys import MOST_TITLES, earlier_title_keys, index_keys, similar_keys
from khobor.archive.sqlite.fetches import Fetches
from khobor.archive.sqlite.sort_keys import hashed, listed_key, microseconds
from khobor.article import Article
from khobor.revisions.minhash import minhash

_COLUMNS = (
    *("article_id", "content", "listed", "day", "added_at", "gone_at", "revisions"),
    *("source", "title", "url", "section", "language", "earlier_titles", "keys", "minhash"),
)
_READ = f"SELECT number, {', '.join(_COLUMNS)} FROM articles WHERE article_id = ?"
_WRITE = (
    f"INSERT INTO articles (number, {', '.join(_COLUMNS)}) VALUES (?{', ?' * len(_COLUMNS)}) ON CONFLICT (number)"
    f" DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS[1:])}"
)


@dataclass(frozen=True, kw_only=True)
class ArticleRow:
    """The row of an article.

    Attributes:
        article_id: The article's id.
        content: The digest of what readers saw of it last.
        listed: When it is listed, as ``listed_key`` makes it.
        day: The ordinal of the day on which it is listed.
        added_at: When it was first fetched, in microseconds.
        gone_at: When its site had removed it, in microseconds.
        revisions: The number of its revisions.
        source: Name of its source.
        title: Its title.
        url: Its URL.
        section: Its section.
        language: Its language.
        earlier_titles: Its earlier titles as JSON, the oldest first; None without any.
        keys: The hashes of its index keys, sorted, 8 bytes each.
        minhash: The data of its MinHash; None for short texts.
    """

    article_id: str
    content: str
    listed: int
    day: int
    added_at: int = 0
    gone_at: int | None = None
    revisions: int = 0
    source: str | None
    title: str | None
    url: str | None
    section: str | None
    language: str | None
    earlier_titles: str | None = None
    keys: bytes
    minhash: bytes | None


def row_of(article: Article, content: str) -> ArticleRow:
    """Return the row of an article without what follows from its revisions.

    Args:
        article: The article as it was fetched last.
        content: The digest of what readers see.
    """
    own_minhash = minhash(article)
    keys = index_keys(article, INDEXES) + (similar_keys(own_minhash) if own_minhash else ())
    return ArticleRow(
        article_id=article.article_id,
        content=content,
        listed=listed_key(article.listed_at, article.article_id),
        day=article.listed_at.toordinal(),
        source=article.source or None,
        title=article.title or None,
        url=article.canonical_url or article.url or None,
        section=article.section or None,
        language=article.language or None,
        keys=_packed(map(hashed, keys)),
        minhash=own_minhash.data if own_minhash else None,
    )


def with_revisions(row: ArticleRow, fetches: Fetches) -> ArticleRow:
    """Return a row with what follows from the revisions.

    Args:
        row: The row of the article as it was fetched last.
        fetches: Its fetches.
    """
    last = fetches.revisions[-1]
    return replace(
        row,
        added_at=microseconds(fetches.revisions[0].first_seen_at),
        gone_at=microseconds(last.first_seen_at) if last.is_gone else None,
        revisions=len(fetches.revisions),
        earlier_titles=titles_as_json(fetches),
        keys=_packed({*unpacked(row.keys), *map(hashed, earlier_title_keys(fetches.earlier_titles))}),
    )


def titles_as_json(fetches: Fetches) -> str | None:
    """Return the last of an article's earlier titles as a row holds them; None if there are none."""
    titles = fetches.earlier_titles[-MOST_TITLES:]
    return json.dumps(titles, ensure_ascii=False) if titles else None


def read_row(connection: sqlite3.Connection, article_id: str) -> tuple[int, ArticleRow] | None:
    """Return the number and the row of an article; None if there is none.

    Args:
        connection: A connection.
        article_id: The id of the article.
    """
    found = connection.execute(_READ, (article_id,)).fetchone()
    return (found[0], ArticleRow(**dict(zip(_COLUMNS, found[1:], strict=True)))) if found else None


def write_row(connection: sqlite3.Connection, number: int, before: ArticleRow | None, after: ArticleRow) -> None:
    """Write the row of an article, and its entries in the indexes.

    Args:
        connection: A connection that writes.
        number: The number of the article.
        before: The stored row; None if there is none.
        after: The row as it is now.
    """
    if before == after:
        return
    connection.execute(_WRITE, (number, *(getattr(after, name) for name in _COLUMNS)))
    stored = {(key, before.listed) for key in unpacked(before.keys)} if before else set()
    wanted = {(key, after.listed) for key in unpacked(after.keys)}
    _delete_entries(connection, number, stored - wanted)
    connection.executemany(
        "INSERT INTO entries VALUES (?, ?, ?)", ((*entry, number) for entry in sorted(wanted - stored))
    )


def delete_row(connection: sqlite3.Connection, number: int, row: ArticleRow) -> None:
    """Delete the row of an article and its entries in the indexes.

    Args:
        connection: A connection.
        number: The number of the article.
        row: The row.
    """
    connection.execute("DELETE FROM articles WHERE number = ?", (number,))
    delete_entries(connection, number, row)


def delete_entries(connection: sqlite3.Connection, number: int, row: ArticleRow) -> None:
    """Delete the entries of an article in the indexes.

    Args:
        connection: A connection.
        number: The number of the article.
        row: The row of the article.
    """
    _delete_entries(connection, number, ((key, row.listed) for key in unpacked(row.keys)))


def unpacked(keys: bytes) -> Sequence[int]:
    """Return the hashes of index keys that a row holds."""
    count = len(keys) // 8
    return struct.unpack_from(f"<{count}q", keys)


def _packed(keys: Iterable[int]) -> bytes:
    each = sorted(set(keys))
    # Little-endian on every machine.
    return struct.pack(f"<{len(each)}q", *each)


def _delete_entries(connection: sqlite3.Connection, number: int, entries: Iterable[tuple[int, int]]) -> None:
    connection.executemany(
        "DELETE FROM entries WHERE key = ? AND listed = ? AND number = ?", ((*entry, number) for entry in entries)
    )
