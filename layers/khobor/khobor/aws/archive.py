"""The archive table: one article, its headline and its body.

Items of an article share the partition key ``article#<article_id>``:

- ``headline``: what a list shows, and the keys of both indexes; ``gone_at`` and ``gone_reason`` where its site has it
  no more, until a later fetch finds it again.
- ``alias``: under the id of the URL that it was fetched by, where its own address has another: its id.
- ``body``: the whole article, compressed, with ``body#01`` and on where one item cannot hold it.

Each item carries the version that it was written from. Versions are ordered by the time of the fetch, and an item
is replaced only by a version that is as new or newer: so any number of deliveries in any order end in the newest.
"""

import heapq
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from khobor.article import Article
from khobor.aws import codec
from khobor.aws.dynamodb import is_refused
from khobor.aws.known_urls import url_id
from khobor.url import digest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BY_SOURCE = "by_source"
BY_DAY = "by_day"
_HEADLINE = "headline"
ALIAS = "alias"
# One partition takes 1,000 writes a second; four take all articles of one day at 10,000 a minute, and bulk imports.
DAY_SHARDS = 4
# An item may have 400 KB, its names and the other attributes included.
_PART_BYTES = 380_000
# Compression starts out knowing what every article repeats. The file may never change, or what it compressed cannot be
# read any more: another one has another number.
_DICTIONARY = (Path(__file__).parent / "dictionary-1.txt").read_bytes()


class Outcome(Enum):
    """What became of an article that was put into the archive, or marked as gone there."""

    STORED = "stored"
    SUPERSEDED = "superseded"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Headline:
    """What a list shows of an article; ``listed_at`` is when it was published, else when it was fetched."""

    article_id: str
    source: str | None
    listed_at: datetime
    title: str | None
    url: str | None
    section: str | None
    language: str | None


class Archive:
    """The archive table, through a DynamoDB client."""

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def put(self, article: Article) -> Outcome:
        """Write an article unless the archive has a newer fetch of it; to write it twice changes nothing."""
        version = _version(article)
        # The body goes first, so that whoever finds a headline finds its body.
        written = [self._put_item({**item, "version": {"S": version}}) for item in _body_items(article)]
        if alias := _alias_item(article):
            self._dynamodb.put_item(TableName=self._table, Item=alias)
        written.append(self._put_headline({**_headline_item(article), "version": {"S": version}}, article.fetched_at))
        return Outcome.STORED if all(written) else Outcome.SUPERSEDED

    def mark_gone(self, article_id: str, at: datetime, reason: str) -> Outcome:
        """Mark an article as gone from its site, and delete nothing.

        Args:
            article_id: Its id, or that of the URL that it was fetched by; of one that the archive does not have nothing
                is written.
            at: When its site answered so, aware; a newer fetch of it stands.
            reason: The slug of the answer, such as ``http_410``.
        """
        if self._set_gone(article_id, at, reason):
            return Outcome.GONE
        key = {"pk": {"S": _pk(article_id)}, "sk": {"S": ALIAS}}
        alias = self._dynamodb.get_item(TableName=self._table, Key=key).get("Item")
        is_set = alias is not None and self._set_gone(alias["article_id"]["S"], at, reason)
        return Outcome.GONE if is_set else Outcome.UNKNOWN

    def gone_at(self, article_id: str) -> datetime | None:
        """Return when an article's site answered that it has it no more; None where it has it, or did not say."""
        key = {"pk": {"S": _pk(article_id)}, "sk": {"S": _HEADLINE}}
        item = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        return datetime.fromisoformat(item["gone_at"]["S"]) if "gone_at" in item else None

    def get(self, article_id: str) -> Article | None:
        """Return an article whole, None where the archive does not have it."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :body)",
            ExpressionAttributeValues={":pk": {"S": _pk(article_id)}, ":body": {"S": "body"}},
        )
        items = {item["sk"]["S"]: item for page in pages for item in page["Items"]}
        if "body" not in items:
            return None
        parts = int(items["body"]["parts"]["N"])
        data = b"".join(items[_body_sk(number)]["data"]["B"] for number in range(parts))
        return codec.decode(_decompress(data))

    def articles(self) -> Iterator[Article]:
        """Yield every article whole, in no order: this reads the whole table."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression="sk = :headline",
            ExpressionAttributeValues={":headline": {"S": _HEADLINE}},
        )
        for item in (item for page in pages for item in page["Items"]):
            if article := self.get(item["pk"]["S"].removeprefix(_pk(""))):
                yield article

    def by_source(self, source: str) -> Iterator[Headline]:
        """Yield the headlines of a source, the newest first."""
        return self._headlines(BY_SOURCE, "source", source)

    def by_day(self, day: date) -> Iterator[Headline]:
        """Yield the headlines of all sources on a day of UTC, the newest first."""
        shards = [self._headlines(BY_DAY, "day", f"{day}#{shard}") for shard in range(DAY_SHARDS)]
        return heapq.merge(*shards, key=lambda headline: headline.listed_at, reverse=True)

    def _headlines(self, index: str, key: str, value: str) -> Iterator[Headline]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression="#key = :value",
            ExpressionAttributeNames={"#key": key},
            ExpressionAttributeValues={":value": {"S": value}},
            ScanIndexForward=False,
        )
        for page in pages:
            yield from map(_headline, page["Items"])

    def _set_gone(self, article_id: str, at: datetime, reason: str) -> bool:
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"pk": {"S": _pk(article_id)}, "sk": {"S": _HEADLINE}},
                UpdateExpression="SET gone_at = :at, gone_reason = :reason",
                ConditionExpression="version < :at",
                ExpressionAttributeValues={":at": {"S": _instant(at)}, ":reason": {"S": reason}},
            )
        except ClientError as error:
            if not is_refused(error):
                raise
            return False
        return True

    def _put_headline(self, item: dict[str, Any], fetched_at: datetime) -> bool:
        """Write a headline; that its article is gone stays there unless it was fetched after that."""
        found_again = "(attribute_not_exists(gone_at) OR gone_at < :fetched_at)"
        if self._put_item(item, found_again, {":fetched_at": {"S": _instant(fetched_at)}}):
            return True
        key = {"pk": item["pk"], "sk": item["sk"]}
        gone = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        kept = {name: gone[name] for name in ("gone_at", "gone_reason") if name in gone}
        return bool(kept) and self._put_item(item | kept, "gone_at = :gone_at", {":gone_at": kept["gone_at"]})

    def _put_item(self, item: dict[str, Any], condition: str = "", values: Mapping[str, Any] | None = None) -> bool:
        is_newest = "(attribute_not_exists(version) OR version <= :version)"
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression=f"{is_newest} AND {condition}" if condition else is_newest,
                ExpressionAttributeValues={":version": item["version"], **(values or {})},
            )
        except ClientError as error:
            if not is_refused(error):
                raise
            return False
        return True


def _version(article: Article) -> str:
    # Two fetches in one instant are told apart by what the page says, then by any order that is always the same.
    said = article.modified_at or article.published_at or article.fetched_at
    raw = f"{article.raw.key}#{article.raw.version}" if article.raw else ""
    return "#".join((_instant(article.fetched_at), _instant(said), digest(raw.encode())[:8]))


def _instant(stamp: datetime) -> str:
    return stamp.astimezone(UTC).isoformat(timespec="microseconds")


def _pk(article_id: str) -> str:
    return f"article#{article_id}"


def _alias_item(article: Article) -> dict[str, Any] | None:
    fetched_by = url_id(article.url) if article.url else article.article_id
    if fetched_by == article.article_id:
        return None
    return {"pk": {"S": _pk(fetched_by)}, "sk": {"S": ALIAS}, "article_id": {"S": article.article_id}}


def _body_sk(number: int) -> str:
    return f"body#{number:02}" if number else "body"


def _body_items(article: Article) -> list[dict[str, Any]]:
    data = _compress(codec.encode(article))
    parts = [data[start : start + _PART_BYTES] for start in range(0, len(data), _PART_BYTES)]
    items = [
        {"pk": {"S": _pk(article.article_id)}, "sk": {"S": _body_sk(number)}, "data": {"B": part}}
        for number, part in enumerate(parts)
    ]
    items[0]["parts"] = {"N": str(len(parts))}
    # The first part tells how many there are: it goes last.
    return items[::-1]


def _headline_item(article: Article) -> dict[str, Any]:
    listed_at = (article.published_at or article.fetched_at).astimezone(UTC)
    shard = zlib.crc32(article.article_id.encode()) % DAY_SHARDS
    texts = {
        "pk": _pk(article.article_id),
        "sk": _HEADLINE,
        "source": article.source,
        "listed_at": listed_at.isoformat(timespec="seconds"),
        "day": f"{listed_at:%Y-%m-%d}#{shard}",
        "title": article.title,
        "url": article.canonical_url or article.url,
        "section": article.section,
        "language": article.language,
    }
    return {name: {"S": text} for name, text in texts.items() if text}


def _headline(item: dict[str, Any]) -> Headline:
    texts = {name: value["S"] for name, value in item.items()}
    return Headline(
        article_id=texts["pk"].partition("#")[2],
        source=texts.get("source"),
        listed_at=datetime.fromisoformat(texts["listed_at"]),
        title=texts.get("title"),
        url=texts.get("url"),
        section=texts.get("section"),
        language=texts.get("language"),
    )


def _compress(data: bytes) -> bytes:
    deflater = zlib.compressobj(level=9, wbits=-15, zdict=_DICTIONARY)
    return deflater.compress(data) + deflater.flush()


def _decompress(data: bytes) -> bytes:
    return zlib.decompressobj(wbits=-15, zdict=_DICTIONARY).decompress(data)
