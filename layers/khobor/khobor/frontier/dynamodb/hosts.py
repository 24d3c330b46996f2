"""The hosts that the crawl table knows: whose turn it is to ask one, and what its robots.txt said.

Items have the partition keys ``host#<host>``, ``robots#<host>`` and ``queued#<host>``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from khobor.aws.dynamodb import from_milliseconds, is_refused, milliseconds, seconds

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# How soon is looked again whether another's turn has ended.
_MOMENT = timedelta(seconds=5)
# A host that was not asked for so long is a new one.
_FORGOTTEN_AFTER = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The right to send one request to a host.

    Attributes:
        host: The host.
        state: What whoever had the turn before left of the host; None where nobody had it.
    """

    host: str
    state: bytes | None


class HostBusyError(Exception):
    """It is not the time to ask a host.

    Args:
        host: The host.
        until: When it may be.
    """

    def __init__(self, host: str, until: datetime) -> None:
        super().__init__(f"{host} is not to be asked before {until:%Y-%m-%d %H:%M:%S} UTC")
        self.host = host
        self.until = until


class Hosts:
    """The hosts, through a DynamoDB client.

    Args:
        dynamodb: The client.
        table: Name of the crawl table.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def take_turn(self, host: str, now: datetime, until: datetime) -> Turn:
        """Take the right to ask a host from whoever may do so at the same time.

        Args:
            host: The host.
            now: The time.
            until: When others may ask it, should this turn never be ended.

        Raises:
            HostBusyError: Another has the turn, or it is too soon.
        """
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
                    ":expires": seconds(now + _FORGOTTEN_AFTER),
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
        """End a turn: the item is written anew, and is taken no more.

        Args:
            host: The host.
            state: What the next one is to know of it.
            next_at: When it may be asked again.
            now: The time.
        """
        self._dynamodb.put_item(
            TableName=self._table,
            Item=_key(host)
            | {"state": {"B": state}, "next_at": milliseconds(next_at), "expires": seconds(now + _FORGOTTEN_AFTER)},
        )

    def state(self, host: str) -> bytes | None:
        """Return what whoever had the last turn left of a host; None where nobody had one."""
        item = self._dynamodb.get_item(TableName=self._table, Key=_key(host)).get("Item", {})
        return item["state"]["B"] if "state" in item else None

    def queued_until(self, host: str) -> datetime | None:
        """Return until when what is queued for a host takes; None where nobody said so."""
        item = self._dynamodb.get_item(TableName=self._table, Key=_queued_key(host)).get("Item")
        return from_milliseconds(item["until"]) if item else None

    def queue_until(self, host: str, until: datetime, before: datetime | None, now: datetime) -> bool:
        """Keep until when what is queued for a host takes; return False where another changed it meanwhile.

        Args:
            host: The host.
            until: Until when it takes now.
            before: What ``queued_until`` returned.
            now: The time.
        """
        item = _queued_key(host) | {"until": milliseconds(until), "expires": seconds(now + _FORGOTTEN_AFTER)}
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
        """Return what was put last for a host, None where nothing was."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=_robots_key(host_key))
        return answer["Item"]["robots"]["B"] if "Item" in answer else None

    def put(self, host_key: str, value: bytes) -> None:
        """Keep the robots.txt of a host."""
        item = {"robots": {"B": value}, "expires": seconds(datetime.now(UTC) + _FORGOTTEN_AFTER)}
        self._dynamodb.put_item(TableName=self._table, Item=_robots_key(host_key) | item)


def _key(host: str) -> dict[str, Any]:
    return {"pk": {"S": f"host#{host}"}}


def _robots_key(host: str) -> dict[str, Any]:
    return {"pk": {"S": f"robots#{host}"}}


def _queued_key(host: str) -> dict[str, Any]:
    return {"pk": {"S": f"queued#{host}"}}


def _next_at(response: Mapping[str, Any], now: datetime) -> datetime:
    """Return when to come again: soon where another has the turn, which may end long before it must."""
    next_at = from_milliseconds(response["Item"]["next_at"])
    return min(next_at, now + _MOMENT) if "is_taken" in response["Item"] else next_at
