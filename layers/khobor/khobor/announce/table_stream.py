"""The stream of the archive table, followed as it grows: what is stored, revised or gone from now on.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from khobor.announce.announcements import Announcement, announcement
from khobor.errors import PermanentError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

# A shard may be read five times a second, by all readers together.
SECONDS = 1.0


class TableStream:
    """Follows the stream of a table, shard by shard; a shard lasts about four hours, and others come after it.

    Args:
        dynamodb: The client of the table.
        streams: The client of its stream.
        table: Name of the table.

    Raises:
        PermanentError: ``no_stream``.
    """

    def __init__(self, dynamodb: "DynamoDBClient", streams: "DynamoDBStreamsClient", table: str) -> None:
        arn = dynamodb.describe_table(TableName=table)["Table"].get("LatestStreamArn")
        if arn is None:
            raise PermanentError("no_stream", f"the table {table} has no stream; deploy this version of khobor")
        self._arn = arn
        self._streams = streams
        self._iterators: dict[str, str | None] = {}
        for shard in self._shards():
            # What has ended is over: only what comes is told.
            is_open = "EndingSequenceNumber" not in shard["SequenceNumberRange"]
            self._iterators[shard["ShardId"]] = self._iterator(shard["ShardId"], "LATEST") if is_open else None

    def follow(self, wait: Callable[[float], object]) -> Iterator[Announcement]:
        """Yield what happens to articles, for ever.

        Args:
            wait: Waits some seconds before the stream is read again.
        """
        while True:
            yield from self._read()
            wait(SECONDS)

    def _read(self) -> Iterator[Announcement]:
        for shard_id, iterator in list(self._iterators.items()):
            if iterator is None:
                continue
            answer = self._streams.get_records(ShardIterator=iterator)
            self._iterators[shard_id] = answer.get("NextShardIterator")
            if self._iterators[shard_id] is None:
                self._open_new()
            for record in answer["Records"]:
                # Other items than headlines, and what is no news.
                with suppress(PermanentError):
                    if found := announcement(record):
                        yield found

    def _open_new(self) -> None:
        for shard in self._shards():
            if shard["ShardId"] not in self._iterators:
                self._iterators[shard["ShardId"]] = self._iterator(shard["ShardId"], "TRIM_HORIZON")

    def _shards(self) -> list[Any]:
        shards: list[Any] = []
        start: Any = {}
        while True:
            found = self._streams.describe_stream(StreamArn=self._arn, **start)["StreamDescription"]
            shards += found["Shards"]
            if "LastEvaluatedShardId" not in found:
                return shards
            start = {"ExclusiveStartShardId": found["LastEvaluatedShardId"]}

    def _iterator(self, shard_id: str, kind: Any) -> str:
        return self._streams.get_shard_iterator(StreamArn=self._arn, ShardId=shard_id, ShardIteratorType=kind)[
            "ShardIterator"
        ]
