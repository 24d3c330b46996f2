"""Articles and their revisions, read from the archive table."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from khobor.archive import codec
from khobor.archive.dynamodb.fetch_records import (
    as_fetched_last,
    contents,
    fetches,
    former_ids,
    gone_marks,
    pages_by_fetch,
    records,
    with_readings,
)
from khobor.archive.dynamodb.headline_items import headline_item, posting_keys, revision_summary, unmarked
from khobor.archive.dynamodb.items import FORGOTTEN_AT, HEADLINE, HISTORY, Item, article_id_of, key, pk
from khobor.archive.dynamodb.postings import title_and_content_postings
from khobor.archive.dynamodb.reparsing import REREAD
from khobor.archive.dynamodb.table import ArchiveTable, ArticleState
from khobor.archive.headlines import Index
from khobor.archive.interface import ArticleReader, GoneMark, fetch_id
from khobor.article import Article
from khobor.aws.dynamodb import batch_get
from khobor.revisions.content_digests import content_digests
from khobor.revisions.timeline import Revision, timeline
from khobor.url import url_id


class DynamoDBReader(ArchiveTable, ArticleReader):
    """Reads the archive table."""

    def get(self, article_id: str) -> Article | None:
        """Return a whole article as it was fetched last; see ``ArticleReader``."""
        article_id, state = self._followed(article_id)
        if state.headline is None or "content" not in state.headline:
            return None
        return self._latest(article_id, state.history, state.headline["content"]["S"])

    def find(self, url: str) -> str | None:
        """Return the id of the article that has a URL, or was fetched by it; see ``ArticleReader``."""
        article_id, state = self._followed(url_id(url))
        if state.headline is not None:
            return None if state.is_forgotten else article_id
        return self._aliased(article_id)

    def revisions(self, article_id: str) -> tuple[Revision, ...]:
        """Return the revisions of an article; see ``ArticleReader``."""
        return timeline(records(self._followed(article_id)[1].history))

    def revision(self, article_id: str, number: int) -> Article | None:
        """Return an article as it was in a revision; see ``ArticleReader``."""
        article_id, state = self._followed(article_id)
        history = state.history
        matches = (revision for revision in timeline(records(history)) if revision.number == number)
        revision = next(matches, None)
        return self._latest(article_id, history, revision.digests.content) if revision else None

    def gone_at(self, article_id: str) -> datetime | None:
        """Return when an article's site answered that it removed the article; see ``ArticleReader``."""
        revisions = self.revisions(article_id)
        return revisions[-1].first_seen_at if revisions and revisions[-1].is_gone else None

    def history(self, article_id: str) -> "DynamoDBHistory | None":
        """Return all fetches of an article; see ``ArticleReader``."""
        article_id, state = self._followed(article_id)
        if state.headline is None and not contents(state.history):
            aliased = self._aliased(article_id)
            return self.history(aliased) if aliased and aliased != article_id else None
        return DynamoDBHistory(article_id, state, self)

    def page_keys(self, article_ids: Sequence[str]) -> Iterator[tuple[datetime, str]]:
        """Yield the time of each fetch of some articles and the key of its page; see ``ArticleReader``."""
        keys = [key(pk(article_id), HISTORY) for article_id in article_ids]
        for history in batch_get(self._dynamodb, self._table, keys):
            yield from (page for page in fetches(history).values() if page[1])

    def articles(self) -> Iterator[Article]:
        """Yield every article whole; see ``ArticleReader``."""
        for item in self._scanned("sk = :sk AND attribute_exists(content)", HEADLINE):
            if article := self.get(article_id_of(item)):
                yield article

    def all_gone(self) -> Iterator[GoneMark]:
        """Yield every mark that ``mark_gone`` left; see ``ArticleReader``."""
        for history in self._scanned("sk = :sk", HISTORY):
            yield from gone_marks(article_id_of(history), history)

    def all_forgotten(self) -> Iterator[tuple[str, datetime]]:
        """Yield the id of each article that must never come back; see ``ArticleReader``."""
        for item in self._scanned(f"sk = :sk AND attribute_exists({FORGOTTEN_AT})", HEADLINE):
            yield article_id_of(item), datetime.fromisoformat(item[FORGOTTEN_AT]["S"])

    def _scanned(self, condition: str, sk: str) -> Iterator[Item]:
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table, FilterExpression=condition, ExpressionAttributeValues={":sk": {"S": sk}}
        )
        yield from (dict(item) for page in pages for item in page["Items"])

    def texts_of(self, article_id: str, wanted: Iterable[str]) -> Iterator[Article]:
        """Yield the stored texts of some contents of an article.

        Args:
            article_id: The article's id.
            wanted: The contents, as digests.
        """
        yield from (text for content in wanted if (text := self._text(article_id, content)))

    @property
    def indexes(self) -> Collection[Index]:
        """The indexes that the archive has."""
        return self._indexes


@dataclass(frozen=True)
class DynamoDBHistory:
    """All fetches of one article, from its headline and history item."""

    article_id: str
    _state: ArticleState
    _reader: DynamoDBReader

    @property
    def ids(self) -> Collection[str]:
        """The ids of all addresses of the article; see ``FetchHistory``."""
        return {self.article_id, *former_ids(self._state.history)}

    @property
    def is_forgotten(self) -> bool:
        """Whether the article was erased; see ``FetchHistory``."""
        return self._state.is_forgotten

    @property
    def source(self) -> str | None:
        """The name of the article's source; see ``FetchHistory``."""
        name: str | None = (self._state.headline or {}).get("source", {}).get("S")
        return name

    @cached_property
    def pages(self) -> Mapping[str, tuple[datetime, str]]:
        """The time of each fetch and the key of its page; see ``FetchHistory``."""
        return pages_by_fetch(self._state.history)

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The article's revisions; see ``FetchHistory``."""
        return timeline(records(self._state.history))

    def revisions_with(self, readings: Iterable[Article]) -> tuple[Revision, ...]:
        """Return the revisions that the article would have with some readings; see ``FetchHistory``."""
        return timeline(records(with_readings(self._state.history, readings)))

    def texts(self) -> dict[str, Article]:
        """Return the stored texts of the article; see ``FetchHistory``."""
        texts = self._reader.texts_of(self.article_id, contents(self._state.history))
        return {fetch_id(article): article for article in texts}

    def is_current(self, texts: Mapping[str, Article], readings: Iterable[Article]) -> bool:
        """Return whether writing some readings would change nothing; see ``FetchHistory``."""
        history, articles = self._state.history, list(readings)
        if REREAD in history or with_readings(history, articles) != history:
            return False
        parsed = {fetch_id(each): codec.encode(each) for each in articles}
        if any(codec.encode(text) != parsed.get(name, codec.encode(text)) for name, text in texts.items()):
            return False
        content = self.revisions[-1].digests.content
        found = {content_digests(text).content: text for text in texts.values()}
        newest = found.get(content)
        if newest is None or contents(history) - found.keys():
            return False
        newest = as_fetched_last(history, content, newest)
        keys = posting_keys(title_and_content_postings(newest, history, self._reader.indexes))
        item = headline_item(newest, content) | keys | revision_summary(history, self.revisions)
        return unmarked(item) == unmarked(self._state.headline or {})
