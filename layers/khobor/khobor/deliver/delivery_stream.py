"""The delivery stream of Data Firehose, which collects rows in files."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from khobor.aws.batches import batches
from khobor.errors import PermanentError

if TYPE_CHECKING:
    from mypy_boto3_firehose import FirehoseClient
    from mypy_boto3_firehose.type_defs import RecordTypeDef

# Limits of PutRecordBatch: https://docs.aws.amazon.com/firehose/latest/dev/limits.html
LONGEST_ROW = 1_024_000
_MOST_ROWS = 500
_MOST_BYTES = 4_194_304
# Throttled rows are put again at once; after these tries Lambda retries later.
_TRIES = 3

T = TypeVar("T")


def check_size(row: bytes) -> bytes:
    """Return a row; raises PermanentError ``row_too_large`` if it exceeds the limit of a delivery stream."""
    if len(row) > LONGEST_ROW:
        raise PermanentError(
            "row_too_large",
            f"the row has {len(row)} bytes, but Data Firehose accepts {LONGEST_ROW}; khobor export can write it",
        )
    return row


class DeliveryStream:
    """A delivery stream, through a Firehose client.

    Args:
        firehose: The client.
        name: The name of the stream.
    """

    def __init__(self, firehose: "FirehoseClient", name: str) -> None:
        self._firehose = firehose
        self._name = name

    def put(self, rows: Iterable[tuple[T, bytes]]) -> list[tuple[T, str | None]]:
        """Put rows into the stream, with few in memory at a time; a row that is put twice is delivered twice.

        Args:
            rows: Each with the record that it belongs to.

        Returns:
            The record of each row in order, with the reason if the stream refused the row; else None.
        """
        row_batches = batches(rows, lambda row: len(row[1]), most=_MOST_ROWS, most_bytes=_MOST_BYTES)
        return [result for batch in row_batches for result in self._put(batch)]

    def _put(self, batch: list[tuple[T, bytes]]) -> list[tuple[T, str | None]]:
        refused = dict.fromkeys(range(len(batch)), "")
        for _ in range(_TRIES):
            refused = self._refused({place: batch[place][1] for place in refused})
            if not refused:
                break
        return [(of, refused.get(place)) for place, (of, _) in enumerate(batch)]

    def _refused(self, rows: Mapping[int, bytes]) -> dict[int, str]:
        """Put rows, and return the reasons for those that the stream refused, by place."""
        records: list[RecordTypeDef] = [{"Data": row} for row in rows.values()]
        try:
            answer = self._firehose.put_record_batch(DeliveryStreamName=self._name, Records=records)
        except (BotoCoreError, ClientError) as error:
            return dict.fromkeys(rows, str(error))
        answers = zip(rows, answer["RequestResponses"], strict=True)
        return {place: f"{of['ErrorCode']}: {of.get('ErrorMessage')}" for place, of in answers if "ErrorCode" in of}
