"""Articles that moved: two articles of the archive in a database that turn out to be one (``archive.moves``)."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from khobor.archive.moves import MOST_COMPARED, fetched_by
from khobor.archive.sqlite.deletion import delete_article
from khobor.archive.sqlite.fetches import Fetches, read_fetches
from khobor.archive.sqlite.reading import ParsedArticle
from khobor.archive.sqlite.rows import read_row
from khobor.archive.sqlite.store import followed, is_forgotten, number_of
from khobor.archive.sqlite.texts import read_text
from khobor.article import Article
from khobor.revisions.same_article import is_same_article
from khobor.sqlite.database import Database


@dataclass
class Absorbed:
    """What an article takes over from others that are the same.

    Attributes:
        fetches: All their fetches.
        readings: Their texts.
        ids: Their ids.
    """

    fetches: Fetches = field(default_factory=Fetches)
    readings: list[ParsedArticle] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)


def write_claims(connection: sqlite3.Connection, article_id: str, readings: Iterable[ParsedArticle]) -> set[str]:
    """Write the aliases of the URLs by which pages were fetched, and what the pages say of them.

    Args:
        connection: A connection that writes.
        article_id: The id under which the article goes on. It takes over the marks that these URLs were gone.
        readings: The pages, each with the id of its own URL.

    Returns:
        The ids of other articles that are the same.
    """
    others = set()
    for reading in readings:
        for other, is_moved in fetched_by(reading.article).items():
            connection.execute("INSERT OR REPLACE INTO aliases VALUES (?, ?)", (other, reading.article.article_id))
            other_id = followed(connection, other)
            if other_id == article_id or is_forgotten(connection, other_id):
                continue
            if number_of(connection, other_id) is None:
                ids = (article_id, other_id)
                connection.execute("UPDATE OR REPLACE marks SET article_id = ? WHERE article_id = ?", ids)
            if is_moved and _is_claimed(connection, other_id, reading):
                others.add(other_id)
    return others


def same_articles(
    connection: sqlite3.Connection, article_id: str, others: Iterable[str], articles: Sequence[Article]
) -> set[str]:
    """Return the ids of all articles that are the same as one.

    Args:
        connection: A connection.
        article_id: The id of the article.
        others: The ids of those that are known to be the same.
        articles: What is about to be written of the article.
    """
    found = {article_id, *others}
    while True:
        texts = list(articles)
        if len(found) > 1:
            texts += [text for each in sorted(found) for text in _last_texts(connection, each)]
        claimed = {other for each in sorted(found) for other in _claimed(connection, each, texts, found)}
        if not claimed:
            return found - {article_id}
        found |= claimed


def absorb(database: Database, connection: sqlite3.Connection, target: str, ids: Iterable[str]) -> Absorbed:
    """Delete articles that go on as another one, and return what this takes over.

    Args:
        database: The database.
        connection: A connection that writes.
        target: The id of the other article.
        ids: The ids of the articles, of which the archive may not have one yet.
    """
    absorbed = Absorbed()
    for each in sorted(ids):
        if stored := read_row(connection, each):
            number, row = stored
            fetches = read_fetches(connection, number, each)
            for content in fetches.contents:
                if text := read_text(connection, number, content):
                    latest = replace(fetches.as_fetched_last(content, text), article_id=target)
                    absorbed.readings.append(ParsedArticle(latest))
            taken = absorbed.fetches
            absorbed.fetches = replace(
                taken, by_name={**taken.by_name, **fetches.by_name}, titles={**taken.titles, **fetches.titles}
            )
            absorbed.ids.append(each)
            delete_article(database, connection, number, row)
        connection.execute("UPDATE OR REPLACE marks SET article_id = ? WHERE article_id = ?", (target, each))
        connection.execute("UPDATE OR REPLACE claims SET url_id = ? WHERE url_id = ?", (target, each))
        connection.execute("UPDATE moves SET moved_to = ? WHERE moved_to = ?", (target, each))
        connection.execute("INSERT OR REPLACE INTO moves VALUES (?, ?)", (each, target))
    return absorbed


def _is_claimed(connection: sqlite3.Connection, other_id: str, reading: ParsedArticle) -> bool:
    """Write that a page says that another article has moved to its own; return whether any page of that one agrees."""
    article = reading.article
    claim = (other_id, article.article_id, reading.fetch.content)
    connection.execute("INSERT OR IGNORE INTO claims VALUES (?, ?, ?)", claim)
    return any(is_same_article(text, article) for text in _last_texts(connection, other_id))


def _claimed(
    connection: sqlite3.Connection, article_id: str, texts: Sequence[Article], without: Iterable[str]
) -> Iterator[str]:
    """Yield the ids of articles to which pages say that one has moved, and that are the same as one of some texts."""
    rows = connection.execute(
        "SELECT article_id, content FROM claims WHERE url_id = ? ORDER BY article_id, content LIMIT ?",
        (article_id, MOST_COMPARED),
    ).fetchall()
    for claimed_id, content in rows:
        other_id = followed(connection, claimed_id)
        number = number_of(connection, other_id)
        if number is None or other_id in without:
            continue
        text = read_text(connection, number, content)
        if text and any(is_same_article(text, each) for each in texts):
            yield other_id


def _last_texts(connection: sqlite3.Connection, article_id: str) -> Iterator[Article]:
    """Yield the texts of an article that readers saw last."""
    number = number_of(connection, article_id)
    if number is None:
        return
    fetches = sorted(
        read_fetches(connection, number, article_id).by_name.values(), key=lambda each: each.order, reverse=True
    )
    for content in list(dict.fromkeys(each.content for each in fetches))[:MOST_COMPARED]:
        if text := read_text(connection, number, content):
            yield text
