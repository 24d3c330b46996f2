"""Delivers the stream of a table to a function, as Lambda does.

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from khobor.embedded.account import REGION
from khobor.embedded.function import Function, FunctionError
from khobor.errors import ConfigurationError

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subscription:
    """The template's settings for a function that a stream invokes.

    Attributes:
        stream: The ARN of the stream.
        batch_size: The largest number of records in a batch.
        patterns: The filter patterns, one of which a record must match; without any, every record is delivered.
        retries: How often a single record is retried.
    """

    stream: str
    batch_size: int
    patterns: tuple[Mapping[str, Any], ...]
    retries: int

    @classmethod
    def read(cls, properties: Mapping[str, Any]) -> Self:
        """Return the subscription for the resolved properties of a SAM function's event."""
        filters = properties.get("FilterCriteria", {}).get("Filters", [])
        return cls(
            stream=properties["Stream"],
            batch_size=properties["BatchSize"],
            patterns=tuple(json.loads(each["Pattern"]) for each in filters),
            retries=properties["MaximumRetryAttempts"],
        )

    def accepts(self, record: Record) -> bool:
        """Return whether a record is delivered to the function."""
        return not self.patterns or any(matches(pattern, record) for pattern in self.patterns)


class Stream:
    """A table's stream, delivered to a function from its beginning.

    Args:
        function: The function.
        streams: The client of DynamoDB Streams.
        subscription: The settings in the template.
        send_to_failures: Sends a message to the on-failure queue about records that failed too often.
    """

    def __init__(
        self,
        function: Function,
        streams: "DynamoDBStreamsClient",
        subscription: Subscription,
        send_to_failures: Callable[[str], object],
    ) -> None:
        self.function = function
        self.batch_size = subscription.batch_size
        self._streams = streams
        self._subscription = subscription
        self._send_to_failures = send_to_failures
        arn = subscription.stream
        # In moto, a stream has one shard, which never closes.
        (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        self._shard: str = shard["ShardId"]
        self._iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=self._shard, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]

    def deliver(self) -> bool:
        """Deliver the changes since the last call; return whether there were any records."""
        answer = self._streams.get_records(ShardIterator=self._iterator)
        self._iterator = answer["NextShardIterator"]
        changes = [_event(record, self._subscription.stream) for record in answer["Records"] if _is_change(record)]
        accepted = [record for record in changes if self._subscription.accepts(record)]
        for start in range(0, len(accepted), self.batch_size):
            self._deliver_batch(accepted[start : start + self.batch_size])
        return bool(answer["Records"])

    def _deliver_batch(self, batch: list[Record]) -> None:
        """Invoke the function until each record has succeeded, or has failed too often on its own."""
        waiting, tries = [batch], 0
        while waiting:
            first = waiting.pop(0)
            failed = self._invoke(first)
            if failed is None:
                tries = 0
            elif len(first) > 1:
                waiting[:0] = _parts(first, failed)
            elif tries < self._subscription.retries:
                tries += 1
                waiting.insert(0, first)
            else:
                tries = 0
                self._send_to_failures(json.dumps(self._failure_message(first)))

    def _invoke(self, batch: Sequence[Record]) -> int | None:
        """Invoke the function; return the position of the first record that failed, or None."""
        try:
            answer = self.function.invoke({"Records": batch})
        except FunctionError:
            return 0
        failed = {failure["itemIdentifier"] for failure in (answer or {}).get("batchItemFailures", [])}
        numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
        return next((position for position, number in enumerate(numbers) if number in failed), None)

    def _failure_message(self, batch: Sequence[Record]) -> dict[str, Any]:
        ends = batch[0]["dynamodb"]["SequenceNumber"], batch[-1]["dynamodb"]["SequenceNumber"]
        return {
            "requestContext": {"functionArn": self.function.name, "condition": "RetryAttemptsExhausted"},
            "DDBStreamBatchInfo": {
                "shardId": self._shard,
                "startSequenceNumber": ends[0],
                "endSequenceNumber": ends[1],
                "batchSize": len(batch),
                "streamArn": self._subscription.stream,
            },
        }


def matches(pattern: Any, value: Any) -> bool:
    """Return whether a value matches a filter pattern; only the comparisons of khobor's filters are supported.

    Args:
        pattern: The pattern.
        value: The value.

    Raises:
        ConfigurationError: The pattern has an unsupported comparison.

    >>> matches({"eventName": ["INSERT", "MODIFY"]}, {"eventName": "MODIFY"})
    True
    """
    if isinstance(pattern, Mapping):
        inner = value if isinstance(value, Mapping) else {}
        return all(matches(part, inner.get(name)) for name, part in pattern.items())
    return any(_matches_one(rule, value) for rule in pattern)


def _matches_one(rule: Any, value: Any) -> bool:
    match rule:
        case {"exists": exists}:
            # "exists" applies to leaf values only; it never matches an object.
            return not isinstance(value, Mapping) and exists == (value is not None)
        case {"prefix": prefix}:
            return isinstance(value, str) and value.startswith(prefix)
        case str() | int():
            return bool(rule == value)
    raise ConfigurationError(f"the embedded stack does not support the filter {rule}; add it to embedded/stream.py")


def _parts(batch: list[Record], failed: int) -> Iterator[list[Record]]:
    """Yield the batches that Lambda tries next: the records from the failed one on, or the two halves."""
    if failed:
        yield batch[failed:]
    else:
        half = len(batch) // 2
        yield batch[:half]
        yield batch[half:]


def _is_change(record: Mapping[str, Any]) -> bool:
    # DynamoDB writes no record if nothing changes; moto does.
    change = record["dynamodb"]
    return bool(change.get("OldImage") != change.get("NewImage"))


def _event(record: Mapping[str, Any], stream: str) -> Record:
    """Return a record as Lambda delivers it."""
    plain: Record = _plain(record)
    return plain | {"awsRegion": REGION, "eventSourceARN": stream}


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return {name: _plain(part) for name, part in value.items()}
        case list():
            return [_plain(part) for part in value]
        case bytes():
            return base64.b64encode(value).decode()
        case datetime():
            return value.timestamp()
    return value
