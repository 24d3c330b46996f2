"""The hosts in the crawl table: turns, robots.txt, and queued work.

The partition keys of its items are ``host#<host>``, ``robots#<host>`` and ``queued#<host>``.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from khobor.aws.dynamodb import batch_get, from_milliseconds, is_refused, milliseconds, seconds
from khobor.frontier.interface import HostBusyError, HostRecord, Hosts, Turn
from khobor.frontier.pace import HOST_LIFETIME, TURN_CHECK

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PREFIXES: Mapping[Literal["turn", "robots", "queued"], str] = {
    "turn": "host#",
    "robots": "robots#",
    "queued": "queued#",
}
# The attributes with content and time of a record.
_ATTRIBUTES = {"turn": ("state", "next_at"), "robots": ("robots", ""), "queued": ("", "until")}


class DynamoDBHosts(Hosts):
    """The hosts in the crawl table.

    Args:
        dynamodb: The DynamoDB client.
        table: The name of the crawl table.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def take_turn(self, host: str, now: datetime, until: datetime) -> Turn:
        """Take the right to send a request to a host; see ``Hosts``."""
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(host),
                UpdateExpression="SET next_at = :until, expires = :expires, is_taken = :taken",
                ConditionExpression="attribute_not_exists(next_at) OR next_at <= :now",
                ExpressionAttributeValues={
                    ":now": milliseconds(now),
                    ":until": milliseconds(until),
                    ":taken": {"BOOL": True},
                    ":expires": seconds(now + HOST_LIFETIME),
                },
                ReturnValues="ALL_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if not is_refused(error):
                raise
            raise HostBusyError(host, _next_at(error.response, now)) from error
        return Turn(host=host, state=answer.get("Attributes", {}).get("state", {}).get("B"))

    def end_turn(self, host: str, state: bytes, next_at: datetime, now: datetime) -> None:
        """End a turn; see ``Hosts``. The item is replaced, without the mark of the turn."""
        self._dynamodb.put_item(
            TableName=self._table,
            Item=_key(host)
            | {"state": {"B": state}, "next_at": milliseconds(next_at), "expires": seconds(now + HOST_LIFETIME)},
        )

    def state(self, host: str) -> bytes | None:
        """Return the state that the last turn of a host left; see ``Hosts``."""
        item = self._dynamodb.get_item(TableName=self._table, Key=_key(host)).get("Item", {})
        return item["state"]["B"] if "state" in item else None

    def known(self, hosts: Collection[str]) -> set[str]:
        """Return the hosts among these that have had a turn or have requests queued; see ``Hosts``."""
        by_key = {key(host)["pk"]["S"]: host for host in hosts for key in (_key, _queued_key)}
        keys = [{"pk": {"S": pk}} for pk in by_key]
        items = batch_get(self._dynamodb, self._table, keys, ProjectionExpression="pk")
        return {by_key[item["pk"]["S"]] for item in items}

    def queued_until(self, host: str) -> datetime | None:
        """Return when the requests that are queued for a host will be done; see ``Hosts``."""
        item = self._dynamodb.get_item(TableName=self._table, Key=_queued_key(host)).get("Item")
        return from_milliseconds(item["until"]) if item else None

    def queue_until(self, host: str, until: datetime, before: datetime | None, now: datetime) -> bool:
        """Set when the requests that are queued for a host will be done; see ``Hosts``."""
        item = _queued_key(host) | {"until": milliseconds(until), "expires": seconds(now + HOST_LIFETIME)}
        unchanged: Any = {"ConditionExpression": "attribute_not_exists(pk)"}
        if before is not None:
            unchanged = {
                "ConditionExpression": "#until = :before",
                "ExpressionAttributeNames": {"#until": "until"},
                "ExpressionAttributeValues": {":before": milliseconds(before)},
            }
        try:
            self._dynamodb.put_item(TableName=self._table, Item=item, **unchanged)
        except ClientError as error:
            if not is_refused(error):
                raise
            return False
        return True

    def get(self, host_key: str) -> bytes | None:
        """Return the robots.txt of a host; see ``Hosts``."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=_robots_key(host_key))
        return answer["Item"]["robots"]["B"] if "Item" in answer else None

    def put(self, host_key: str, value: bytes) -> None:
        """Keep the robots.txt of a host; see ``Hosts``."""
        item = {"robots": {"B": value}, "expires": seconds(datetime.now(UTC) + HOST_LIFETIME)}
        self._dynamodb.put_item(TableName=self._table, Item=_robots_key(host_key) | item)

    def all(self) -> Iterator[HostRecord]:
        """Yield everything that is kept of hosts; see ``Hosts``."""
        begins = " OR ".join(f"begins_with(pk, :{kind})" for kind in _PREFIXES)
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression=begins,
            ExpressionAttributeValues={f":{kind}": {"S": prefix} for kind, prefix in _PREFIXES.items()},
        )
        for item in (item for page in pages for item in page["Items"]):
            yield _record(item)

    def restore(self, record: HostRecord) -> bool:
        """Write what ``all`` yielded; see ``Hosts``."""
        content, at = _ATTRIBUTES[record.kind]
        item: dict[str, Any] = {
            "pk": {"S": f"{_PREFIXES[record.kind]}{record.host}"},
            "expires": seconds(record.written_at + HOST_LIFETIME),
        }
        if content and record.content is not None:
            item[content] = {"B": record.content}
        if at and record.at:
            item[at] = milliseconds(record.at)
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(pk) OR expires < :expires",
                ExpressionAttributeValues={":expires": item["expires"]},
            )
        except ClientError as error:
            if not is_refused(error):
                raise
            return False
        return True


def _record(item: Mapping[str, Any]) -> HostRecord:
    prefix, _, host = item["pk"]["S"].partition("#")
    kind = next(kind for kind, each in _PREFIXES.items() if each == f"{prefix}#")
    content, at = _ATTRIBUTES[kind]
    return HostRecord(
        kind=kind,
        host=host,
        content=item[content]["B"] if content in item else None,
        at=from_milliseconds(item[at]) if at in item else None,
        written_at=datetime.fromtimestamp(int(item["expires"]["N"]), UTC) - HOST_LIFETIME,
    )


def _key(host: str) -> dict[str, Any]:
    return {"pk": {"S": f"{_PREFIXES['turn']}{host}"}}


def _robots_key(host: str) -> dict[str, Any]:
    return {"pk": {"S": f"{_PREFIXES['robots']}{host}"}}


def _queued_key(host: str) -> dict[str, Any]:
    return {"pk": {"S": f"{_PREFIXES['queued']}{host}"}}


def _next_at(response: Mapping[str, Any], now: datetime) -> datetime:
    """Return when to try again; if another process has the turn, that is soon, because it may end before its limit."""
    next_at = from_milliseconds(response["Item"]["next_at"])
    return min(next_at, now + TURN_CHECK) if "is_taken" in response["Item"] else next_at
