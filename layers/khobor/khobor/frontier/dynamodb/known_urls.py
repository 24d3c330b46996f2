"""The known URLs in the crawl table.

The partition key of an item is ``url#<id>`` with the id of the URL. A URL that is due again is in the index
``by_next_visit`` under its source. DynamoDB may delete an item days after it has expired; the URL counts as unknown
once it has expired.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from khobor.aws.dynamodb import batch_get, is_refused, seconds
from khobor.frontier.interface import FORGOTTEN_URL, INSTANTS, KnownUrl, KnownUrls, UrlRecord
from khobor.url import url_id

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BY_NEXT_VISIT = "by_next_visit"
_PREFIX = "url#"
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


_NAMES = tuple(field.name for field in fields(KnownUrl))


class DynamoDBKnownUrls(KnownUrls):
    """The known URLs in the crawl table.

    Args:
        dynamodb: The DynamoDB client.
        table: The name of the crawl table.
        days: How many days a URL stays known after it was last written.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, days: int) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._days = timedelta(days=days)

    def add(self, known_url: KnownUrl, now: datetime, *, takes_over: bool = False) -> bool:
        """Add a URL unless it is known; see ``KnownUrls``."""
        request: dict[str, Any] = {
            "Item": {"pk": {"S": _pk(known_url.url)}, **self._written(_facts(known_url), now)},
            "ConditionExpression": "attribute_not_exists(pk) OR expires < :now",
            "ExpressionAttributeValues": {":now": seconds(now)},
        }
        if takes_over and known_url.source:
            request["ConditionExpression"] += " OR (attribute_exists(#source) AND #source <> :source)"
            request["ExpressionAttributeNames"] = {"#source": "source"}
            request["ExpressionAttributeValues"][":source"] = {"S": known_url.source}
        return self._succeeds(self._dynamodb.put_item, **request)

    def get(self, url: str) -> KnownUrl | None:
        """Return what is known of a URL; see ``KnownUrls``."""
        item = self._dynamodb.get_item(TableName=self._table, Key={"pk": {"S": _pk(url)}}).get("Item")
        return _known(item) if item else None

    def known(self, urls: Collection[str], now: datetime) -> dict[str, UrlRecord]:
        """Return the URLs among these that are known; see ``KnownUrls``."""
        by_pk: dict[str, list[str]] = {}
        for url in urls:
            by_pk.setdefault(_pk(url), []).append(url)
        records = dict(self._existing(list(by_pk), now))
        return {url: record for pk, record in records.items() for url in by_pk[pk]}

    def change(
        self,
        url: str,
        facts: Mapping[str, object],
        now: datetime,
        defaults: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """Write facts of a URL; see ``KnownUrls``."""
        change = _Change(self._written(facts, now), [name for name, value in facts.items() if value is None])
        missing = {"url": url, "kind": "article", "since": now} | {**defaults}
        change.set_if_missing({name: _value(value) for name, value in missing.items() if name not in facts})
        self._succeeds(
            self._dynamodb.update_item,
            Key={"pk": {"S": _pk(url)}},
            ConditionExpression="attribute_not_exists(is_forgotten)",
            **change.request(),
        )

    def forget(self, url: str, now: datetime) -> None:
        """Delete all facts of a URL but keep it known for good; see ``KnownUrls``."""
        self._dynamodb.put_item(TableName=self._table, Item=self._forgotten(_pk(url), now))

    def forgotten(self, urls: Collection[str]) -> bool:
        """Return whether any of a few URLs was forgotten; see ``KnownUrls``."""
        return any(self._read(list({_pk(url) for url in urls}), "is_forgotten"))

    def all_forgotten(self) -> Iterator[tuple[str, datetime]]:
        """Yield the id of each forgotten URL, and when it was forgotten; see ``KnownUrls``."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression="attribute_exists(is_forgotten)",
            ProjectionExpression="pk, since",
        )
        for item in (item for page in pages for item in page["Items"]):
            yield item["pk"]["S"].removeprefix(_PREFIX), datetime.fromtimestamp(int(item["since"]["N"]), UTC)

    def all(self, now: datetime) -> Iterator[tuple[KnownUrl, datetime]]:
        """Yield each known URL, and when it was last written; see ``KnownUrls``."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression="begins_with(pk, :url) AND attribute_not_exists(is_forgotten) AND expires >= :now",
            ExpressionAttributeValues={":url": {"S": _PREFIX}, ":now": seconds(now)},
        )
        for item in (item for page in pages for item in page["Items"]):
            yield _known(item), datetime.fromtimestamp(int(item["expires"]["N"]), UTC) - self._days

    def restore(self, known_url: KnownUrl, written_at: datetime) -> bool:
        """Write a URL that ``all`` yielded; see ``KnownUrls``."""
        item = {"pk": {"S": _pk(known_url.url)}, **self._written(_facts(known_url), written_at)}
        older = "attribute_not_exists(is_forgotten) AND expires < :expires"
        return self._succeeds(
            self._dynamodb.put_item,
            Item=item,
            ConditionExpression=f"attribute_not_exists(pk) OR ({older})",
            ExpressionAttributeValues={":expires": item["expires"]},
        )

    def forget_id(self, url_id: str, at: datetime) -> bool:
        """Forget a URL by its id; see ``KnownUrls``."""
        return self._succeeds(
            self._dynamodb.put_item,
            Item=self._forgotten(f"{_PREFIX}{url_id}", at),
            ConditionExpression="attribute_not_exists(is_forgotten)",
        )

    def due(self, source: str, now: datetime) -> Iterator[KnownUrl]:
        """Yield the URLs of a source that are due; see ``KnownUrls``."""
        return self._by_next_visit(source, "<=", now)

    def coming(self, source: str, now: datetime) -> Iterator[KnownUrl]:
        """Yield the URLs of a source that will be due later; see ``KnownUrls``."""
        return self._by_next_visit(source, ">", now)

    def _by_next_visit(self, source: str, comparison: str, now: datetime) -> Iterator[KnownUrl]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=BY_NEXT_VISIT,
            KeyConditionExpression=f"#source = :source AND next_visit {comparison} :now",
            ExpressionAttributeNames={"#source": "source"},
            ExpressionAttributeValues={":source": {"S": source}, ":now": seconds(now)},
        )
        for page in pages:
            yield from map(_known, page["Items"])

    def postpone(self, known_url: KnownUrl, until: datetime | None, now: datetime) -> bool:
        """Set when a URL that is due is fetched next after this time; see ``KnownUrls``."""
        if known_url.next_visit is None:
            return False
        change = "SET next_visit = :until, expires = :expires" if until else "SET expires = :expires REMOVE next_visit"
        values = {":was": seconds(known_url.next_visit), ":expires": seconds(now + self._days)}
        return self._succeeds(
            self._dynamodb.update_item,
            Key={"pk": {"S": _pk(known_url.url)}},
            UpdateExpression=change,
            ConditionExpression="next_visit = :was",
            ExpressionAttributeValues=values | ({":until": seconds(until)} if until else {}),
        )

    def _forgotten(self, pk: str, at: datetime) -> dict[str, Any]:
        item = {"pk": {"S": pk}, **self._written({"url": FORGOTTEN_URL, "kind": "article", "since": at}, at)}
        return item | {"is_forgotten": {"BOOL": True}, "expires": seconds(_NEVER)}

    def _written(self, facts: Mapping[str, object], now: datetime) -> dict[str, Any]:
        values = {name: _value(value) for name, value in facts.items() if value is not None}
        return values | {"expires": seconds(now + self._days)}

    def _existing(self, keys: list[str], now: datetime) -> Iterator[tuple[str, UrlRecord]]:
        for item in self._read(keys, "pk, expires, #source, entry", ExpressionAttributeNames={"#source": "source"}):
            if int(item["expires"]["N"]) >= now.timestamp():
                source, entry = (item[name]["S"] if name in item else None for name in ("source", "entry"))
                yield item["pk"]["S"], UrlRecord(source, entry)

    def _read(self, keys: list[str], attributes: str, **how: Any) -> Iterator[Mapping[str, Any]]:
        """Yield some attributes of the items that exist."""
        named = [{"pk": {"S": key}} for key in keys]
        return batch_get(self._dynamodb, self._table, named, ProjectionExpression=attributes, **how)

    def _succeeds(self, call: Callable[..., object], **request: object) -> bool:
        try:
            call(TableName=self._table, **request)
        except ClientError as error:
            if not is_refused(error):
                raise
            return False
        return True


class _Change:
    """An update of an item."""

    def __init__(self, values: Mapping[str, Any], removed: Collection[str]) -> None:
        self._values = dict(values)
        self._assignments = [f"#{name} = :{name}" for name in values]
        self._removed = [f"#{name}" for name in removed]

    def set_if_missing(self, values: Mapping[str, Any]) -> None:
        for name in sorted(values):
            self._values[name] = values[name]
            self._assignments.append(f"#{name} = if_not_exists(#{name}, :{name})")

    def request(self) -> dict[str, Any]:
        removal = f" REMOVE {', '.join(self._removed)}" if self._removed else ""
        names = [*self._removed, *(f"#{name}" for name in self._values)]
        return {
            "UpdateExpression": f"SET {', '.join(sorted(self._assignments))}{removal}",
            # Some names, such as source, are reserved words of DynamoDB.
            "ExpressionAttributeNames": {name: name[1:] for name in names},
            "ExpressionAttributeValues": {f":{name}": value for name, value in self._values.items()},
        }


def _pk(url: str) -> str:
    return f"{_PREFIX}{url_id(url)}"


def _facts(known_url: KnownUrl) -> dict[str, object]:
    return {field.name: getattr(known_url, field.name) for field in fields(known_url)}


def _value(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return seconds(value)
    return {"S": value} if isinstance(value, str) else {"N": str(value)}


def _known(item: Mapping[str, Any]) -> KnownUrl:
    read: dict[str, Any] = {name: _read(name, item[name]) for name in _NAMES if name in item}
    return KnownUrl(**{"source": None, **read})


def _read(name: str, value: Mapping[str, str]) -> object:
    if name in INSTANTS:
        return datetime.fromtimestamp(int(value["N"]), UTC)
    if name == "depth":
        return int(value["N"])
    return float(value["N"]) if "N" in value else value["S"]
