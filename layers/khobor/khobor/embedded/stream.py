"""The stream of a table, handed to a function as Lambda does.

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
    """What the template says of a function that a stream starts.

    Attributes:
        stream: ARN of the stream.
        batch_size: How many records the function takes at a time, at most.
        patterns: A record is for the function if it is like one of these; with none, every record is.
        retries: How often a record is tried again that fails by itself.
    """

    stream: str
    batch_size: int
    patterns: tuple[Mapping[str, Any], ...]
    retries: int

    @classmethod
    def read(cls, properties: Mapping[str, Any]) -> Self:
        """Return the subscription of an event of a SAM function, its properties resolved."""
        filters = properties.get("FilterCriteria", {}).get("Filters", [])
        return cls(
            stream=properties["Stream"],
            batch_size=properties["BatchSize"],
            patterns=tuple(json.loads(each["Pattern"]) for each in filters),
            retries=properties["MaximumRetryAttempts"],
        )

    def takes(self, record: Record) -> bool:
        """Whether a record is for the function."""
        return not self.patterns or any(is_like(pattern, record) for pattern in self.patterns)


class Stream:
    """What a table's stream has for a function, from the table's beginning on.

    Args:
        function: The function.
        streams: The client.
        subscription: What the template says.
        put_aside: Takes what Lambda sends to the on-failure queue of records that failed too often.
    """

    def __init__(
        self,
        function: Function,
        streams: "DynamoDBStreamsClient",
        subscription: Subscription,
        put_aside: Callable[[str], object],
    ) -> None:
        self.function = function
        self.batch_size = subscription.batch_size
        self._streams = streams
        self._subscription = subscription
        self._put_aside = put_aside
        arn = subscription.stream
        # moto has one shard for a stream, which never ends.
        (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        self._shard: str = shard["ShardId"]
        self._iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=self._shard, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]

    def deliver(self) -> bool:
        """Hand over what was written since the last time; return whether there was anything."""
        answer = self._streams.get_records(ShardIterator=self._iterator)
        self._iterator = answer["NextShardIterator"]
        written = [_event(record, self._subscription.stream) for record in answer["Records"] if _is_change(record)]
        taken = [record for record in written if self._subscription.takes(record)]
        for start in range(0, len(taken), self.batch_size):
            self._hand_over(taken[start : start + self.batch_size])
        return bool(answer["Records"])

    def _hand_over(self, batch: list[Record]) -> None:
        """Invoke the function until each record is done with, or was tried too often by itself."""
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
                self._put_aside(json.dumps(self._given_up(first)))

    def _invoke(self, batch: Sequence[Record]) -> int | None:
        """Invoke the function; return the first record that failed, by its place, or None."""
        try:
            answer = self.function.invoke({"Records": batch})
        except FunctionError:
            return 0
        failed = {failure["itemIdentifier"] for failure in (answer or {}).get("batchItemFailures", [])}
        numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
        return next((place for place, number in enumerate(numbers) if number in failed), None)

    def _given_up(self, batch: Sequence[Record]) -> dict[str, Any]:
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


def is_like(pattern: Any, value: Any) -> bool:
    """Whether a value is as a filter's pattern says, as far as khobor's own filters go.

    Raises:
        ConfigurationError: The pattern has a comparison that is not known here.

    >>> is_like({"eventName": ["INSERT", "MODIFY"]}, {"eventName": "MODIFY"})
    True
    """
    if isinstance(pattern, Mapping):
        inner = value if isinstance(value, Mapping) else {}
        return all(is_like(part, inner.get(name)) for name, part in pattern.items())
    return any(_is_one(wanted, value) for wanted in pattern)


def _is_one(wanted: Any, value: Any) -> bool:
    match wanted:
        case {"exists": exists}:
            # Of what has parts itself it is never true, whatever is asked.
            return not isinstance(value, Mapping) and exists == (value is not None)
        case {"prefix": prefix}:
            return isinstance(value, str) and value.startswith(prefix)
        case str() | int():
            return bool(wanted == value)
    raise ConfigurationError(f"the embedded stack does not know the filter {wanted}; teach it in stream.py")


def _parts(batch: list[Record], failed: int) -> Iterator[list[Record]]:
    """Yield what Lambda tries next: all from the failed record on, or else halves."""
    if failed:
        yield batch[failed:]
    else:
        half = len(batch) // 2
        yield batch[:half]
        yield batch[half:]


def _is_change(record: Mapping[str, Any]) -> bool:
    # Where nothing changes, DynamoDB tells nothing; moto does.
    change = record["dynamodb"]
    return bool(change.get("OldImage") != change.get("NewImage"))


def _event(record: Mapping[str, Any], stream: str) -> Record:
    """Return a record as Lambda hands it over."""
    changed: Record = _plain(record)
    return changed | {"awsRegion": REGION, "eventSourceARN": stream}


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
