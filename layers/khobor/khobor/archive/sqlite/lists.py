"""Lists of headlines from the archive in a database.

Each list reads an index in its order and stops when the page is full, so its cost does not depend on the size of the
archive. Articles of one second are listed in the order of the archive on AWS: by the offset of their clocks, then by
the first characters of their ids.
"""

import heapq
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Any

from khobor.archive.cursors import name_of
from khobor.archive.headlines import Headline, HeadlinePage, Index, SimilarArticle
from khobor.archive.index_keys import (
    MOST_SIMILAR_CANDIDATES,
    SIMILAR_WITHIN,
    earlier_title_keys,
    index_key,
    similar_keys,
)
from khobor.archive.interface import ArchiveLists
from khobor.archive.spans import ALWAYS, Span, day_ends, last_day_now
from khobor.archive.sqlite.listing import BEGINNING, BEGINNING_BY_ID, IndexList, Place, Row, rows_of
from khobor.archive.sqlite.sort_keys import (
    first_key,
    hashed,
    instant_of,
    listed_at_of,
    listed_range,
    microseconds,
)
from khobor.archive.sqlite.store import SQLiteStore, followed
from khobor.article import Article
from khobor.errors import PermanentError
from khobor.revisions.minhash import SIMILAR, MinHash, minhash, resemblance
from khobor.search_words import form_keys, has_words, search_words

ADDED = "added"

# What a headline shows of a row of ``articles``.
_SHOWN = "a.article_id, a.listed, a.source, a.title, a.url, a.section, a.language"
_WITH_REVISIONS = f"a.listed, a.number, {_SHOWN}, a.revisions, a.gone_at"
_BY_SOURCE = f"""
    SELECT {_WITH_REVISIONS} FROM articles a
    WHERE a.source = ? AND a.listed >= ? AND a.listed < ? AND (a.listed, a.number) < (?, ?)
    ORDER BY a.listed DESC, a.number DESC
"""
_BY_DAY = f"""
    SELECT {_WITH_REVISIONS} FROM articles a
    WHERE a.day = ? AND (a.listed, a.number) < (?, ?)
    ORDER BY a.listed DESC, a.number DESC
"""
_NEWEST = f"""
    SELECT {_WITH_REVISIONS} FROM articles a
    WHERE a.listed >= ? AND a.listed < ? AND (a.listed, a.number) < (?, ?)
    ORDER BY a.listed DESC, a.number DESC
"""
_ADDED = f"""
    SELECT a.added_at, a.article_id, {_SHOWN} FROM articles a
    WHERE a.added_at >= ? AND a.added_at < ? AND (a.added_at, a.article_id) < (?, ?)
    ORDER BY a.added_at DESC, a.article_id DESC
"""
# CROSS JOIN: the index is read in its order, and the article of each entry is looked up.
_BY_KEY = f"""
    SELECT e.listed, e.number, {_SHOWN}, a.earlier_titles, a.minhash
    FROM entries e CROSS JOIN articles a ON a.number = e.number
    WHERE e.key = ? AND e.listed >= ? AND e.listed < ? AND (e.listed, e.number) < (?, ?)
    ORDER BY e.listed DESC, e.number DESC
"""
_BY_CHANGE = f"""
    SELECT c.at, c.article_id, {_SHOWN}, c.revision, c.changes, c.title, c.title_before
    FROM changes c CROSS JOIN articles a ON a.number = c.number
    WHERE c.kind = ? AND c.at >= ? AND c.at < ? AND (c.at, c.article_id) < (?, ?)
    ORDER BY c.at DESC, c.article_id DESC
"""


class SQLiteLists(SQLiteStore, ArchiveLists):
    """Lists of headlines from the archive."""

    def headline(self, article_id: str) -> Headline | None:
        """Return the headline of an article; see ``ArchiveLists``."""
        query = f"SELECT {_WITH_REVISIONS} FROM articles a WHERE a.article_id = ?"
        with self._database.read() as connection:
            row = connection.execute(query, (followed(connection, article_id),)).fetchone()
        return _revised(row) if row else None

    def by_source(
        self, source: str, *, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None
    ) -> HeadlinePage:
        """Return headlines of a source; see ``ArchiveLists``."""
        read = rows_of(_BY_SOURCE, source, *listed_range(span))
        return self._page(IndexList(name=f"source#{source}", read=read, select=_within(span, _revised)), limit, cursor)

    def by(
        self, index: Index, value: str, *, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None
    ) -> HeadlinePage:
        """Return headlines by section, tag, author or kind of change; see ``ArchiveLists``."""
        name = index_key(index, value)
        if index == "change":
            read = rows_of(_BY_CHANGE, name.partition("#")[2], *_instants(span))
            changes = IndexList(name=name, read=read, select=_within(span, _change), beginning=BEGINNING_BY_ID)
            return self._page(changes, limit, cursor)
        read = rows_of(_BY_KEY, hashed(name), *listed_range(span))
        return self._page(IndexList(name=name, read=read, select=_within(span, headline_of)), limit, cursor)

    def added(self, *, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None) -> HeadlinePage:
        """Return headlines of all sources by the time of their first fetch; see ``ArchiveLists``."""
        read = rows_of(_ADDED, *_instants(span))
        added = IndexList(name=ADDED, read=read, select=_within(span, _added), beginning=BEGINNING_BY_ID)
        return self._page(added, limit, cursor)

    def by_words(self, text: str, *, limit: int = 50, cursor: str | None = None) -> HeadlinePage:
        """Return headlines whose title, or an earlier one, has all words of a text; see ``ArchiveLists``."""
        words = search_words(text)
        if not words:
            raise PermanentError("no_words", f"there is no word in {text!r} to look for")
        # The longest word is most likely in the fewest titles.
        keys = [index_key("word", form) for form in form_keys(max(words, key=len))]
        select = partial(_with_words, words, keys)
        titles = IndexList(name=f"words#{' '.join(words)}", read=_merged(keys), select=select)
        return self._page(titles, limit, cursor)

    def by_day(self, day: date, *, limit: int = 50, cursor: str | None = None) -> HeadlinePage:
        """Return headlines of all sources on a day by the clocks of each source; see ``ArchiveLists``."""
        read = rows_of(_BY_DAY, day.toordinal())
        return self._page(IndexList(name=f"day#{day}", read=read, select=_revised), limit, cursor)

    def newest(self, *, now: datetime, span: Span = ALWAYS, limit: int = 50, cursor: str | None = None) -> HeadlinePage:
        """Return the newest headlines of all sources; see ``ArchiveLists``. A gap of any length does not end it."""
        last_day = last_day_now(now) if span.until == ALWAYS.until else span.last_day
        first, end = listed_range(span)
        read = rows_of(_NEWEST, first, min(end, first_key(day_ends(last_day))))
        within = _within(span, _revised)

        def select(row: Row) -> Headline | None:
            found = within(row)
            return found if found and found.listed_at.date() <= last_day else None

        return self._page(IndexList(name="newest", read=read, select=select), limit, cursor)

    def is_list_of_added(self, cursor: str) -> bool:
        """Return whether a cursor belongs to the list of added articles; see ``ArchiveLists``."""
        return name_of(cursor) == ADDED

    def similar(self, article: Article) -> tuple[SimilarArticle, ...]:
        """Return the articles that have nearly the same text as an article; see ``ArchiveLists``."""
        own_minhash = minhash(article)
        if own_minhash is None:
            return ()
        bounds = (first_key(article.listed_at - SIMILAR_WITHIN), first_key(article.listed_at + SIMILAR_WITHIN))
        found: dict[str, SimilarArticle] = {}
        with self._database.read() as connection:
            for key in map(hashed, similar_keys(own_minhash)):
                rows = connection.execute(_BY_KEY, (key, *bounds, *BEGINNING))
                for row in islice(rows, MOST_SIMILAR_CANDIDATES):
                    score = resemblance(own_minhash, MinHash(row[-1]))
                    each = SimilarArticle(headline=headline_of(row), resemblance=score)
                    if score >= SIMILAR and each.headline.article_id != article.article_id:
                        found[each.headline.article_id] = each
        return tuple(sorted(found.values(), key=lambda each: (each.headline.listed_at, each.headline.article_id)))

    def _page(self, listing: IndexList, limit: int, cursor: str | None) -> HeadlinePage:
        with self._database.read() as connection:
            return listing.page(connection, limit, cursor)


def _merged(keys: Sequence[str]) -> Callable[[sqlite3.Connection, Place], Iterator[Row]]:
    """Return a function that reads the entries of several keys as one list, each article once."""
    reads = [rows_of(_BY_KEY, hashed(key), *listed_range(ALWAYS)) for key in keys]

    def read(connection: sqlite3.Connection, place: Place) -> Iterator[Row]:
        last: Row = ()
        for row in heapq.merge(*(each(connection, place) for each in reads), key=_place_of, reverse=True):
            if row[:2] != last:
                yield row
            last = row[:2]

    return read


def _place_of(row: Row) -> Row:
    return row[:2]


def _instants(span: Span) -> tuple[int, int]:
    return microseconds(span.starts_at), microseconds(span.ends_at)


def _within(span: Span, read: Callable[[Row], Headline]) -> Callable[[Row], Headline | None]:
    """Return a selection of the headlines that are listed in a span of time."""

    def select(row: Row) -> Headline | None:
        found = read(row)
        return found if span.contains(found.added_at or found.listed_at) else None

    return select


def headline_of(row: Sequence[Any]) -> Headline:
    """Return the headline of a row: two columns for its place, then what a headline shows."""
    article_id, listed, source, title, url, section, language = row[2:9]
    return Headline(
        article_id=article_id,
        source=source,
        listed_at=listed_at_of(listed),
        title=title,
        url=url,
        section=section,
        language=language,
    )


def _revised(row: Row) -> Headline:
    revisions, gone_at = row[9:11]
    return replace(headline_of(row), revisions=revisions, gone_at=None if gone_at is None else instant_of(gone_at))


def _added(row: Row) -> Headline:
    return replace(headline_of(row), added_at=instant_of(row[0]))


def _change(row: Row) -> Headline:
    shown = headline_of(row)
    revision, changes, title, title_before = row[9:]
    return replace(
        shown,
        listed_at=instant_of(row[0]).astimezone(shown.listed_at.tzinfo),
        title=title or shown.title,
        title_before=title_before,
        revision=revision,
        changes=tuple(changes.split(" ")),
    )


def _with_words(words: Sequence[str], keys: Sequence[str], row: Row) -> Headline | None:
    """Return the headline of a row that has all words in its title, or in an earlier one; None without them.

    Args:
        words: The words.
        keys: The index keys of the forms of one of them.
        row: The row.
    """
    found = headline_of(row)
    if has_words(found.title or "", words):
        return found
    by_key = earlier_title_keys(json.loads(row[9])) if row[9] else {}
    title = next((each for key in keys for each in by_key.get(key, ()) if has_words(each, words)), None)
    return replace(found, earlier_title=title) if title else None
