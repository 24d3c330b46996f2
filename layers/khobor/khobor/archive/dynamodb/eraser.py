"""Articles erased from the archive table, and items restored to it from a backup."""

from collections.abc import Collection
from datetime import datetime

from khobor.archive.dynamodb.fetch_records import contents, former_ids, raw_keys
from khobor.archive.dynamodb.items import (
    ALIAS,
    HEADLINE,
    HISTORY,
    REPLAYED,
    TEXT,
    Key,
    article_ids_in,
    key,
    pk,
    tombstone,
)
from khobor.archive.dynamodb.postings import revision_postings
from khobor.archive.dynamodb.table import ArchiveTable
from khobor.archive.interface import ArticleEraser, ArticleTraces
from khobor.url import url_id


class DynamoDBEraser(ArchiveTable, ArticleEraser):
    """Erases articles from the archive table."""

    def forget(self, article_id: str, at: datetime) -> ArticleTraces | None:
        """Keep an article from coming back, and return where else it is known; see ``ArticleEraser``."""
        article_id, state = self._followed(article_id)
        if state.headline is None:
            return None
        self._dynamodb.put_item(TableName=self._table, Item=tombstone(article_id, at, state.headline))
        articles = [article for content in contents(state.history) if (article := self._text(article_id, content))]
        urls = {url for article in articles for url in (article.url, article.canonical_url) if url}
        return ArticleTraces(urls=frozenset(urls), raw_keys=frozenset(raw_keys(state.history)))

    def erase_urls(self, article_id: str, urls: Collection[str]) -> None:
        """Delete what is known of URLs by which a forgotten article was fetched; see ``ArticleEraser``."""
        stale: set[Key] = set()
        article_id, own = self._followed(article_id)
        ids = {article_id, *former_ids(own.history)}
        for each in set(map(url_id, urls)) - {article_id}:
            if self._aliased(each) in ids:
                stale.add((pk(each), ALIAS))
            state = self._state(each)
            # Marks that the URL was gone wait for an article; another one may have it by now.
            if state.headline is None and not contents(state.history):
                stale.add((pk(each), HISTORY))
        self._write_all({}, stale)

    def erase(self, article_id: str, traces: ArticleTraces, at: datetime) -> None:
        """Delete everything about a forgotten article except that it was forgotten; see ``ArticleEraser``."""
        article_id, state = self._followed(article_id)
        headline = key(pk(article_id), HEADLINE) | (state.headline or {})
        changed = revision_postings(headline, state.history, self._indexes)
        self.erase_urls(article_id, traces.urls)
        self._write_all({}, {*state.postings, *changed})
        self._delete(article_id, TEXT)
        for former_id in former_ids(state.history):
            self._delete(former_id, HISTORY)
            self._dynamodb.put_item(TableName=self._table, Item=tombstone(former_id, at, None))
        self._delete(article_id, HISTORY)
        self._dynamodb.put_item(TableName=self._table, Item=tombstone(article_id, at, None))

    def forbid(self, article_id: str, at: datetime) -> None:
        """Keep an article from ever being stored; see ``ArticleEraser``."""
        self._put_item(tombstone(article_id, at, None), "attribute_not_exists(pk)", {})

    def copy_from(self, table: str, without: Collection[str]) -> int:
        """Copy the items of another archive table that this one does not have. Nothing is announced.

        Args:
            table: The name of a table that a backup or point-in-time recovery was restored to.
            without: The ids of articles that must not come back.

        Returns:
            The number of items that were copied.
        """
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=table)
        copied = 0
        for item in (item for page in pages for item in page["Items"]):
            if article_ids_in(item).isdisjoint(without):
                mark = REPLAYED if item["sk"]["S"] == HEADLINE else {}
                copied += self._put_item({**item, **mark}, "attribute_not_exists(pk)", {})
        return copied
