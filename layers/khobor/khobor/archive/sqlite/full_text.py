"""Full-text search in the archive in a database.

The best match comes first, by BM25; a word in the title counts as four in the text. To weigh a word SQLite reads all
articles that have it. So if one of the words is in more than 5,000, those that were added last come first instead, with
all words in the title before the others: the cost of a question must not depend on the size of the archive.
"""

import sqlite3
from collections.abc import Sequence
from itertools import islice

from khobor.archive.cursors import bad_cursor, read_cursor, write_cursor
from khobor.archive.full_text import FullTextSearch, Match, MatchPage, Term, read_query
from khobor.archive.marking import Marker, excerpt, marked
from khobor.archive.sqlite.listing import checked
from khobor.archive.sqlite.lists import headline_of
from khobor.archive.sqlite.store import SQLiteStore
from khobor.archive.sqlite.texts import read_text
from khobor.search_words import form_keys, is_unspaced, search_key

# A word that is in more articles is not weighed.
_FREQUENT = 5_000
# A search ranks this many articles; more words narrow it.
_MOST_MATCHES = 500

_HAS_MANY = "SELECT 1 FROM words WHERE words MATCH ? LIMIT 1 OFFSET ?"
_BEST = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, 1.0, 4.0), rowid DESC LIMIT ?"
_IN_TITLE = "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC"
_LAST_ADDED = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?"


class SQLiteFullText(SQLiteStore, FullTextSearch):
    """Searches title and text of the articles in a database."""

    def search(self, text: str, *, limit: int = 20, cursor: str | None = None) -> MatchPage:
        """Return the articles that have all words of a query; see ``FullTextSearch``."""
        terms = read_query(text)
        name = f"search#{text}"
        checked(limit)
        first = _offset(name, cursor)
        found: list[Match] = []
        marker = Marker(terms)
        with self._database.read() as connection:
            numbers = _ranked(connection, terms)
            for at, number in enumerate(islice(numbers, first, None), first):
                if len(found) == limit:
                    return MatchPage(matches=tuple(found), cursor=write_cursor(name, [at]))
                if match := _match(connection, number, marker):
                    found.append(match)
        return MatchPage(matches=tuple(found))


def _ranked(connection: sqlite3.Connection, terms: Sequence[Term]) -> list[int]:
    """Return the numbers of the articles that have all terms, the best first."""
    each = [_expression(term) for term in terms]
    everything = " AND ".join(each)
    if any(connection.execute(_HAS_MANY, (one, _FREQUENT)).fetchone() for one in each):
        last = connection.execute(_LAST_ADDED, (everything, _MOST_MATCHES)).fetchall()
        # Among these alone: few titles may have a word that most texts have.
        bounds = (last[-1][0], last[0][0]) if last else (0, 0)
        in_title = connection.execute(_IN_TITLE, (f"title : ({everything})", *bounds)).fetchall()
        rows = list(dict.fromkeys([*in_title, *last]))
    else:
        rows = connection.execute(_BEST, (everything, _MOST_MATCHES)).fetchall()
    return [number for (number,) in rows]


def _expression(term: Term) -> str:
    """Return a term as FTS5 writes it; words have only letters, marks and digits, so nothing has to be escaped."""
    *before, last = term.words
    if before:
        words = [*map(search_key, before), last if term.is_prefix else search_key(last)]
        return f'"{" ".join(words)}"{" *" if term.is_prefix else ""}'
    forms = [f'"{form}"' for form in sorted({search_key(last), *form_keys(last)})]
    # A single character of a script without spaces begins words of two.
    is_begun = term.is_prefix or (len(last) == 1 and is_unspaced(last))
    if is_begun:
        forms.append(f'"{last}" *')
    return f"({' OR '.join(forms)})"


def _match(connection: sqlite3.Connection, number: int, marker: Marker) -> Match | None:
    """Return a match with its marks; None if the words only have a key in common with those that were asked for."""
    content, *shown = connection.execute(
        "SELECT content, listed, number, article_id, listed, source, title, url, section, language"
        " FROM articles WHERE number = ?",
        (number,),
    ).fetchone()
    article = read_text(connection, number, content)
    title, body = (article.title or "", article.body_text) if article else ("", "")
    in_title, in_body = marker.places(title), marker.places(body)
    if not all(one or other for one, other in zip(in_title, in_body, strict=True)):
        return None
    return Match(
        headline=headline_of(shown), title=marked(title, in_title) if title else None, excerpt=excerpt(body, in_body)
    )


def _offset(name: str, cursor: str | None) -> int:
    (offset,) = read_cursor(name, cursor, [0])
    if not isinstance(offset, int) or not 0 <= offset <= _MOST_MATCHES:
        raise bad_cursor(cursor)
    return offset
