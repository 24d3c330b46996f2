"""What is wrong with one article in a database, and the repair of all that follows from its fetches and texts."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, Self, TypeAlias

from khobor.archive.interface import reference_digest
from khobor.archive.sqlite.changes import changes_of, write_changes
from khobor.archive.sqlite.fetches import Fetches, content_of, read_fetches, title_of, write_title
from khobor.archive.sqlite.rows import ArticleRow, delete_entries, read_row, row_of, unpacked, with_revisions, write_row
from khobor.archive.sqlite.texts import stored_texts
from khobor.archive.sqlite.words import indexed_counts, insert_words, word_counts, words_of
from khobor.article import Article, RawReference
from khobor.revisions.content_digests import content_digests
from khobor.url import url_id

_ENTRY = "SELECT 1 FROM entries WHERE key = ? AND listed = ? AND number = ?"
_CHANGES = "SELECT kind, at, revision, changes, title, title_before FROM changes WHERE number = ?"
# text: cannot be repaired without its page; index: follows from the rest; words: of the index of words; page: a fetch
# names a page that it was not made of.
FaultKind: TypeAlias = Literal["text", "index", "words", "page"]


class Fault(NamedTuple):
    """Something that is wrong with an article, or with the archive.

    Attributes:
        kind: What kind of thing it is.
        detail: What is wrong.
        article_id: The article's id; None if it is no article's.
    """

    kind: FaultKind
    detail: str
    article_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class StoredArticle:
    """All that a database has of an article.

    Attributes:
        number: Its number.
        article_id: Its id.
        row: Its row.
        fetches: Its fetches.
        texts: Its texts by their contents; None for one that cannot be read.
    """

    number: int
    article_id: str
    row: ArticleRow
    fetches: Fetches
    texts: Mapping[str, Article | None]

    @classmethod
    def read(cls, connection: sqlite3.Connection, article_id: str) -> Self | None:
        """Return what is stored of an article; None if there is none.

        Args:
            connection: A connection.
            article_id: The id of the article.
        """
        found = read_row(connection, article_id)
        if found is None:
            return None
        number, row = found
        return cls(
            number=number,
            article_id=article_id,
            row=row,
            fetches=read_fetches(connection, number, article_id),
            texts=stored_texts(connection, number),
        )

    @cached_property
    def bad_texts(self) -> dict[str, str]:
        """What is wrong with stored texts, by their contents."""
        bad = {}
        for content, text in self.texts.items():
            if text is None:
                bad[content] = "cannot be read"
            elif content_digests(text).content != content:
                bad[content] = "is not the one that was stored"
        return bad

    @cached_property
    def good_texts(self) -> dict[str, Article]:
        """The texts that are as they were stored, by their contents."""
        return {content: text for content, text in self.texts.items() if text and content not in self.bad_texts}

    @property
    def lost_texts(self) -> set[str]:
        """The contents of fetches whose texts are missing."""
        return self.fetches.contents - self.texts.keys()

    @property
    def unseen_texts(self) -> set[str]:
        """The contents of texts that no fetch has. An article without any fetch keeps its texts."""
        return self.texts.keys() - self.fetches.contents if self.fetches.by_name else set()

    @property
    def expected_row(self) -> ArticleRow | None:
        """The row that follows from fetches and texts; None if the last text is missing or damaged."""
        content = content_of(self.fetches)
        text = self.good_texts.get(content)
        if text is None:
            return None
        return with_revisions(row_of(self.fetches.as_fetched_last(content, text), content), self.fetches)

    @property
    def missing_titles(self) -> dict[str, str]:
        """The titles that readers saw and that are not stored, by the digests of their headlines."""
        found = (title_of(text) for content, text in self.good_texts.items() if content in self.fetches.contents)
        return {digest: title for digest, title in found if title and digest not in self.fetches.titles}

    @property
    def url_ids(self) -> set[str]:
        """The ids of the URLs by which it was fetched, as its texts tell them, but for its own."""
        return {url_id(text.url) for text in self.good_texts.values() if text.url} - {self.article_id}


def faults_of(connection: sqlite3.Connection, article: StoredArticle) -> Iterator[Fault]:
    """Yield what is wrong with an article.

    Args:
        connection: A connection.
        article: What is stored of it.
    """
    name = article.article_id
    for kind, detail in _faults(connection, article):
        yield Fault(kind, f"{name}: {detail}", name)


def _faults(connection: sqlite3.Connection, article: StoredArticle) -> Iterator[tuple[FaultKind, str]]:
    yield from _text_faults(article)
    for fetch in article.fetches.by_name.values():
        reference = RawReference(key=fetch.raw_key, version=fetch.raw_version) if fetch.raw_key else None
        if reference_digest(reference) != fetch.page:
            yield "page", f"{fetch.raw_key or 'no page'} is named as its page, but it was made of another"
    if _stored_changes(connection, article.number) != _by_key(changes_of(article.fetches)):
        yield "index", "its changes are not those of its revisions"
    if lost_urls := _lost_urls(connection, article):
        yield "index", f"{len(lost_urls)} URLs by which it was fetched do not lead to it"
    yield from _row_faults(connection, article)


def _text_faults(article: StoredArticle) -> Iterator[tuple[FaultKind, str]]:
    if not article.fetches.by_name:
        yield "text", "no fetch of it is there"
    yield from (("text", f"a text {what}") for what in article.bad_texts.values())
    if lost := article.lost_texts:
        yield "text", f"{len(lost)} of its texts are missing"
    if unseen := article.unseen_texts:
        yield "index", f"{len(unseen)} of its texts are of no fetch"
    if article.missing_titles:
        yield "index", "earlier titles are missing"


def _row_faults(connection: sqlite3.Connection, article: StoredArticle) -> Iterator[tuple[FaultKind, str]]:
    row, expected = article.row, article.expected_row
    if expected is not None and row != expected:
        yield "index", "lists show it otherwise than it is stored"
    if missing := _missing_entries(connection, article.number, row):
        yield "index", f"{missing} of its index entries are missing"
    found = indexed_counts(connection, article.number)
    text = article.good_texts.get(row.content)
    if found is None and text is not None:
        yield "words", "its words are not in the index of words"
    elif text is not None and found != word_counts(words_of(text)):
        yield "words", "the index of words has other words of it"


def repair(connection: sqlite3.Connection, article: StoredArticle) -> None:
    """Write anew what follows from the fetches and texts of an article.

    Args:
        connection: A connection that writes.
        article: What is stored of it.
    """
    number = article.number
    for digest, title in article.missing_titles.items():
        write_title(connection, number, digest, title)
    unseen = [(number, content) for content in article.unseen_texts]
    connection.executemany("DELETE FROM texts WHERE number = ? AND content = ?", unseen)
    aliases = [(each, article.article_id) for each in _lost_urls(connection, article)]
    connection.executemany("INSERT INTO aliases VALUES (?, ?)", aliases)
    connection.execute("DELETE FROM changes WHERE number = ?", (number,))
    again = StoredArticle.read(connection, article.article_id)
    if again is None:
        return
    write_changes(connection, number, again.article_id, [], changes_of(again.fetches))
    row = again.expected_row or again.row
    for each in (again.row, row):
        delete_entries(connection, number, each)
    write_row(connection, number, None, row)
    text = again.good_texts.get(row.content)
    if text is not None and indexed_counts(connection, number) is None:
        insert_words(connection, number, words_of(text))


def _missing_entries(connection: sqlite3.Connection, number: int, row: ArticleRow) -> int:
    return sum(not connection.execute(_ENTRY, (key, row.listed, number)).fetchone() for key in unpacked(row.keys))


def _stored_changes(connection: sqlite3.Connection, number: int) -> dict[tuple[object, ...], tuple[object, ...]]:
    return {row[:2]: row[2:] for row in connection.execute(_CHANGES, (number,))}


def _by_key(changes: list[tuple[str, int, int, str, str | None, str | None]]) -> dict[object, tuple[object, ...]]:
    # Of two changes of one kind in one instant the later one is stored.
    return {each[:2]: each[2:] for each in changes}


def _lost_urls(connection: sqlite3.Connection, article: StoredArticle) -> set[str]:
    """Return the ids of an article's URLs that lead to no article."""
    found = "SELECT 1 FROM aliases WHERE url_id = :id UNION ALL SELECT 1 FROM moves WHERE article_id = :id"
    return {each for each in article.url_ids if not connection.execute(found, {"id": each}).fetchone()}
