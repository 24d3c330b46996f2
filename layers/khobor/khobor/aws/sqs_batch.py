"""SQS messages: batches as Lambda delivers them, its partial batch response, and batches to send.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NotRequired, Protocol, TypedDict

from khobor.errors import PermanentError, RetryableError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

Record = Mapping[str, Any]


class QueueMessage(TypedDict):
    """A message as SendMessage takes it, without the queue; group and deduplication id are for a FIFO queue."""

    MessageBody: str
    MessageGroupId: NotRequired[str]
    MessageDeduplicationId: NotRequired[str]


class RemainingTime(Protocol):
    """Knows how long an invocation may still take, as Lambda's context does."""

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the invocation may still take."""


# The limits of the batch requests, and of the time for which a message is hidden: twelve hours since it was received.
_MOST_ENTRIES = 10
_MOST_SECONDS = 43_200 - 300


def records(event: Mapping[str, Any]) -> list[Record]:
    """Return the messages of an event; raises PermanentError ``not_a_batch`` if it holds none."""
    messages = event.get("Records")
    if not isinstance(messages, list) or not all(
        isinstance(record, dict) and "messageId" in record for record in messages
    ):
        raise PermanentError("not_a_batch", f"expected messages of a queue, got {str(event)[:200]}; see events/")
    return messages


def check_time(context: RemainingTime, seconds: float) -> None:
    """Check that enough time is left to handle a record.

    If the function timed out on a record, the whole batch would be delivered again, without a reason. A record for
    which too little time is left is delivered again by itself.

    Args:
        context: Lambda's context of the invocation.
        seconds: How long the record may take.

    Raises:
        RetryableError: ``out_of_time`` if less time is left.
    """
    left = context.get_remaining_time_in_millis() / 1000
    if left < seconds:
        raise RetryableError(
            "out_of_time",
            f"the rest of the batch took too long: {left:.0f} s are left, and a record may take {seconds:g} s",
        )


def was_received_before(record: Record) -> bool:
    """Whether a message was received before: it failed, or the function ended before its batch was done."""
    return int(record["attributes"]["ApproximateReceiveCount"]) > 1


def partial_response(failed: Iterable[Record]) -> dict[str, list[dict[str, str]]]:
    """Return the response by which SQS delivers only the failed messages again."""
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


def send_all(sqs: "SQSClient", queue_url: str, messages: Iterable[QueueMessage]) -> None:
    """Send messages, ten at a time.

    Args:
        sqs: The client.
        queue_url: The queue.
        messages: The messages.

    Raises:
        ClientError: A message could not be sent.
    """
    unsent = list(messages)
    for start in range(0, len(unsent), _MOST_ENTRIES):
        batch = unsent[start : start + _MOST_ENTRIES]
        entries: list[Any] = [{"Id": str(number), **message} for number, message in enumerate(batch)]
        answer = sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
        # A message that is sent by itself fails with an exception, which says why.
        for failure in answer.get("Failed", ()):
            sqs.send_message(QueueUrl=queue_url, **batch[int(failure["Id"])])


def postpone(sqs: "SQSClient", queue_url: str, waiting: Sequence[Record], seconds: float) -> None:
    """Hide messages that will be delivered again for some time, at most nearly twelve hours.

    If SQS refuses that for a message, it is delivered after the visibility timeout of its queue.

    Args:
        sqs: The client.
        queue_url: The queue of the messages.
        waiting: The messages.
        seconds: The time, which is rounded up.
    """
    hidden = min(max(math.ceil(seconds), 0), _MOST_SECONDS)
    for start in range(0, len(waiting), _MOST_ENTRIES):
        batch = waiting[start : start + _MOST_ENTRIES]
        with suppress(sqs.exceptions.ClientError):
            sqs.change_message_visibility_batch(
                QueueUrl=queue_url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": record["receiptHandle"], "VisibilityTimeout": hidden}
                    for number, record in enumerate(batch)
                ],
            )
