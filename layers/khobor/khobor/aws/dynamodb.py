"""Requests to DynamoDB: batches, times as numbers, and conditional writes that are refused."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from khobor.errors import RetryableError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

# The limits of BatchGetItem and BatchWriteItem.
_MOST_KEYS = 100
_MOST_WRITES = 25
# What DynamoDB did not process of a batch is sent again after pauses that double from 0.05 s on, at most 3.2 s in all.
# The client itself retries only if a batch is refused as a whole.
_TRIES = 7
_FIRST_PAUSE = 0.05


def batch_get(
    dynamodb: "DynamoDBClient",
    table: str,
    keys: Sequence[Mapping[str, Any]],
    *,
    sleep: Callable[[float], None] = time.sleep,
    **options: Any,
) -> Iterator[Mapping[str, Any]]:
    """Yield the items that exist, in no order.

    Args:
        dynamodb: The client.
        table: The name of the table.
        keys: The keys of the items, each once; any number of them.
        sleep: Waits for some seconds.
        options: Options of BatchGetItem for the table, such as ``ProjectionExpression``.

    Raises:
        RetryableError: ``throttled`` if DynamoDB has not read all items after seven tries.
    """
    for start in range(0, len(keys), _MOST_KEYS):
        left: Any = {table: {"Keys": list(keys[start : start + _MOST_KEYS]), **options}}
        for pause in _pauses():
            answer = dynamodb.batch_get_item(RequestItems=left)
            yield from answer["Responses"].get(table, ())
            left = answer.get("UnprocessedKeys")
            if not left:
                break
            sleep(pause)
        else:
            raise _throttled(table, len(left[table]["Keys"]))


def batch_write(
    dynamodb: "DynamoDBClient",
    table: str,
    requests: Sequence[Mapping[str, Any]],
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Put and delete items, in no order.

    Args:
        dynamodb: The client.
        table: The name of the table.
        requests: Requests of BatchWriteItem, each a ``PutRequest`` or a ``DeleteRequest``; any number of them.
        sleep: Waits for some seconds.

    Raises:
        RetryableError: ``throttled`` if DynamoDB has not processed all requests after seven tries.
    """
    for start in range(0, len(requests), _MOST_WRITES):
        left: Any = list(requests[start : start + _MOST_WRITES])
        for pause in _pauses():
            left = dynamodb.batch_write_item(RequestItems={table: left}).get("UnprocessedItems", {}).get(table)
            if not left:
                break
            sleep(pause)
        else:
            raise _throttled(table, len(left))


def _pauses() -> Iterator[float]:
    """Yield how long to wait after each try, in seconds, with jitter."""
    random = Random()  # noqa: S311 no secret depends on it
    for attempt in range(_TRIES - 1):
        yield _FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1)
    yield 0.0


def _throttled(table: str, count: int) -> RetryableError:
    return RetryableError("throttled", f"DynamoDB did not process {count} items of {table} in {_TRIES} tries")


def is_refused(error: ClientError) -> bool:
    """Whether a conditional write failed because its condition does not hold."""
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"


def seconds(instant: datetime) -> dict[str, str]:
    """Return a time as an attribute in whole seconds since 1970, as DynamoDB's time to live needs it."""
    return {"N": str(int(instant.timestamp()))}


def milliseconds(instant: datetime) -> dict[str, str]:
    """Return a time as an attribute in milliseconds since 1970."""
    return {"N": str(int(instant.timestamp() * 1000))}


def from_milliseconds(attribute: "AttributeValueTypeDef | Mapping[str, str]") -> datetime:
    """Return the time of ``milliseconds``, UTC."""
    return datetime.fromtimestamp(int(attribute["N"]) / 1000, UTC)
