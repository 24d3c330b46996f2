"""Follows the stream of a DynamoDB table.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from khobor.errors import PermanentError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

# A shard allows five reads a second, shared by all readers.
SECONDS = 1.0


class TableStream:
    """Follows the stream of a table, shard by shard; after about four hours a shard is replaced by others.

    Args:
        dynamodb: The client for the table.
        streams: The client for its stream.
        table: The name of the table.

    Raises:
        PermanentError: ``no_stream`` if the table has no stream.
    """

    def __init__(self, dynamodb: "DynamoDBClient", streams: "DynamoDBStreamsClient", table: str) -> None:
        arn = dynamodb.describe_table(TableName=table)["Table"].get("LatestStreamArn")
        if arn is None:
            raise PermanentError("no_stream", f"the table {table} has no stream; deploy this version of khobor")
        self._arn = arn
        self._streams = streams
        self._iterators: dict[str, str | None] = {}
        for shard in self._shards():
            # Closed shards have no new records.
            is_open = "EndingSequenceNumber" not in shard["SequenceNumberRange"]
            self._iterators[shard["ShardId"]] = self._iterator(shard["ShardId"], "LATEST") if is_open else None

    def follow(self, wait: Callable[[float], object]) -> Iterator[Mapping[str, Any]]:
        """Yield the records that are written from now on, without end.

        Args:
            wait: Waits a number of seconds before the stream is read again.
        """
        while True:
            yield from self._read()
            wait(SECONDS)

    def _read(self) -> Iterator[Mapping[str, Any]]:
        for shard_id, iterator in list(self._iterators.items()):
            if iterator is None:
                continue
            answer = self._streams.get_records(ShardIterator=iterator)
            self._iterators[shard_id] = answer.get("NextShardIterator")
            if self._iterators[shard_id] is None:
                self._open_new()
            yield from cast("list[dict[str, Any]]", answer["Records"])

    def _open_new(self) -> None:
        for shard in self._shards():
            if shard["ShardId"] not in self._iterators:
                self._iterators[shard["ShardId"]] = self._iterator(shard["ShardId"], "TRIM_HORIZON")

    def _shards(self) -> list[Any]:
        shards: list[Any] = []
        start: Any = {}
        while True:
            description = self._streams.describe_stream(StreamArn=self._arn, **start)["StreamDescription"]
            shards += description["Shards"]
            if "LastEvaluatedShardId" not in description:
                return shards
            start = {"ExclusiveStartShardId": description["LastEvaluatedShardId"]}

    def _iterator(self, shard_id: str, kind: Any) -> str:
        return self._streams.get_shard_iterator(StreamArn=self._arn, ShardId=shard_id, ShardIteratorType=kind)[
            "ShardIterator"
        ]
