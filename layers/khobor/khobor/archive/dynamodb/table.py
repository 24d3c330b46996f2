"""The archive table: access to the items of an article."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from khobor.archive import codec
from khobor.archive.dynamodb.fetch_records import as_fetched_last
from khobor.archive.dynamodb.items import (
    ALIAS,
    FORGOTTEN_AT,
    HEADLINE,
    HISTORY,
    MOVED_TO,
    Item,
    Key,
    article_id_of,
    key,
    pk,
)
from khobor.archive.dynamodb.texts import further_parts, joined, text_sk
from khobor.archive.headlines import INDEXES, Index
from khobor.article import Article
from khobor.aws.dynamodb import batch_get, batch_write, is_refused

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class ArticleState:
    """The items of an article as they were read.

    Attributes:
        headline: The headline; None if there is none.
        history: The history item; empty if there is none.
        texts: The first items of the texts that were asked for, by their contents.
    """

    headline: Item | None
    history: Item
    texts: Mapping[str, Item] = field(default_factory=dict)

    @property
    def is_forgotten(self) -> bool:
        """Whether the article was forgotten."""
        return self.headline is not None and FORGOTTEN_AT in self.headline

    @property
    def moved_to(self) -> str | None:
        """The id under which the article goes on; None if it is its own."""
        return self.headline[MOVED_TO]["S"] if self.headline and MOVED_TO in self.headline else None

    @property
    def version(self) -> str:
        """The version of the headline; empty if there is none."""
        return self.headline["version"]["S"] if self.headline else ""

    @property
    def postings(self) -> set[Key]:
        """The keys of the postings that the headline names."""
        if self.headline is None or "postings" not in self.headline:
            return set()
        sk = f"{self.headline['listed_at']['S']}#{article_id_of(self.headline)}"
        return {(pk, sk) for pk in self.headline["postings"]["SS"]}


class ArchiveTable:
    """Reads and writes items of the archive table.

    Args:
        dynamodb: The DynamoDB client.
        table: The name of the table.
        indexes: The indexes that the archive has besides source and day.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, indexes: Collection[Index] = INDEXES) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._indexes = indexes

    def _state(self, article_id: str, contents: Iterable[str] = ()) -> ArticleState:
        """Return the headline and the history item of an article, and the first items of the texts of contents."""
        texts = {content: text_sk(content) for content in contents}
        items = {item["sk"]["S"]: item for item in self._items(article_id, [HEADLINE, HISTORY, *texts.values()])}
        found_texts = {content: items[sk] for content, sk in texts.items() if sk in items}
        return ArticleState(items.get(HEADLINE), items.get(HISTORY, {}), found_texts)

    def _followed(self, article_id: str, contents: Collection[str] = ()) -> tuple[str, ArticleState]:
        """Return the id under which an article goes on, and its items, as ``_state`` does."""
        state = self._state(article_id, contents)
        while moved_to := state.moved_to:
            # Each of these ids is before the last one in the alphabet, so that they end.
            article_id, state = moved_to, self._state(moved_to, contents)
        return article_id, state

    def _latest(self, article_id: str, history: Item, content: str) -> Article | None:
        """Return the article of a content, with time and page of the last fetch that had it."""
        text = self._text(article_id, content)
        return as_fetched_last(history, content, text) if text else None

    def _text(self, article_id: str, content: str) -> Article | None:
        """Return the article of a content as it is stored; None if it is not there."""
        (first, *_) = [*self._items(article_id, [text_sk(content)]), None]
        if first is None:
            return None
        rest = self._items(article_id, further_parts(first, content))
        return codec.decode(joined({item["sk"]["S"]: item for item in (first, *rest)}, content))

    def _aliased(self, url_id: str) -> str | None:
        """Return the id of the article that was fetched by the URL with an id; None if it is that of the URL."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=key(pk(url_id), ALIAS), ConsistentRead=True)
        item = answer.get("Item")
        return item["article_id"]["S"] if item else None

    def _items(self, article_id: str, sks: Sequence[str]) -> list[Item]:
        """Return those items of an article that exist."""
        keys = [key(pk(article_id), sk) for sk in sks]
        return [dict(item) for item in batch_get(self._dynamodb, self._table, keys, ConsistentRead=True)]

    def _put_item(self, item: Item, condition: str, values: Mapping[str, Any]) -> bool:
        """Put an item on a condition; return whether the condition held."""
        request: Any = {"ExpressionAttributeValues": values} if values else {}
        try:
            self._dynamodb.put_item(TableName=self._table, Item=item, ConditionExpression=condition, **request)
        except ClientError as error:
            if not is_refused(error):
                raise
            return False
        return True

    def _write_all(self, items: Mapping[Key, Item], stale: Collection[Key]) -> None:
        """Put some items, and delete those with stale keys."""
        requests: list[Any] = [{"PutRequest": {"Item": item}} for item in items.values()]
        requests += [{"DeleteRequest": {"Key": key(*each)}} for each in stale]
        batch_write(self._dynamodb, self._table, requests)

    def _delete(self, article_id: str, prefix: str) -> None:
        """Delete the items of an article whose sort keys have a prefix."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": {"S": pk(article_id)}, ":prefix": {"S": prefix}},
            ProjectionExpression="pk, sk",
        )
        keys = [(item["pk"]["S"], item["sk"]["S"]) for page in pages for item in page["Items"]]
        self._write_all({}, keys)
