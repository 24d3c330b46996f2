"""The delivery stream, which gathers rows into files: a stream of Data Firehose."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from khobor.aws.batches import batches
from khobor.errors import PermanentError

if TYPE_CHECKING:
    from mypy_boto3_firehose import FirehoseClient
    from mypy_boto3_firehose.type_defs import RecordTypeDef

# What PutRecordBatch takes: https://docs.aws.amazon.com/firehose/latest/dev/limits.html
LONGEST_ROW = 1_024_000
_MOST_ROWS = 500
_MOST_BYTES = 4_194_304
# What is refused because there was too much of it for a moment is put again at once; then Lambda waits.
_TRIES = 3

T = TypeVar("T")


def check_size(row: bytes) -> bytes:
    """Return a row; raises PermanentError ``row_too_large`` where a delivery stream takes none like it."""
    if len(row) > LONGEST_ROW:
        raise PermanentError(
            "row_too_large",
            f"the row has {len(row)} bytes, and Data Firehose takes {LONGEST_ROW}; khobor export has the article",
        )
    return row


class DeliveryStream:
    """A delivery stream, through a Firehose client.

    Args:
        firehose: The client.
        name: Of the stream.
    """

    def __init__(self, firehose: "FirehoseClient", name: str) -> None:
        self._firehose = firehose
        self._name = name

    def put(self, rows: Iterable[tuple[T, bytes]]) -> list[tuple[T, str | None]]:
        """Put rows into the stream, holding few at a time; one that is put twice is delivered twice.

        Args:
            rows: Each with what it is of.

        Returns:
            What each is of, in their order, and what the stream said of one that it did not take; None where it did.
        """
        found = batches(rows, lambda row: len(row[1]), most=_MOST_ROWS, most_bytes=_MOST_BYTES)
        return [told for batch in found for told in self._put(batch)]

    def _put(self, batch: list[tuple[T, bytes]]) -> list[tuple[T, str | None]]:
        refused = dict.fromkeys(range(len(batch)), "")
        for _ in range(_TRIES):
            refused = self._refused({place: batch[place][1] for place in refused})
            if not refused:
                break
        return [(of, refused.get(place)) for place, (of, _) in enumerate(batch)]

    def _refused(self, rows: Mapping[int, bytes]) -> dict[int, str]:
        """Put rows, and return what the stream said of those that it did not take, by their place."""
        records: list[RecordTypeDef] = [{"Data": row} for row in rows.values()]
        try:
            answer = self._firehose.put_record_batch(DeliveryStreamName=self._name, Records=records)
        except (BotoCoreError, ClientError) as error:
            return dict.fromkeys(rows, str(error))
        said = zip(rows, answer["RequestResponses"], strict=True)
        return {place: f"{of['ErrorCode']}: {of.get('ErrorMessage')}" for place, of in said if "ErrorCode" in of}
