"""Batches of SQS messages, as Lambda hands them over and takes an answer for each.

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
    """What is sent of a message; the group for a FIFO queue, and what it takes for the same message."""

    MessageBody: str
    MessageGroupId: NotRequired[str]
    MessageDeduplicationId: NotRequired[str]


class InvocationContext(Protocol):
    """What Lambda tells a function of its invocation."""

    def get_remaining_time_in_millis(self) -> int:
        """Return how long the function may go on."""


# What the batch calls take, and how long a message can be hidden: twelve hours since it was received.
_MOST_ENTRIES = 10
_MOST_SECONDS = 43_200 - 300


def records(event: Mapping[str, Any]) -> list[Record]:
    """Return the messages of an event; raises PermanentError ``not_a_batch`` if it holds none."""
    found = event.get("Records")
    if not isinstance(found, list) or not all(isinstance(record, dict) and "messageId" in record for record in found):
        raise PermanentError("not_a_batch", f"expected messages of a queue, got {str(event)[:200]}; see events/")
    return found


def check_time(invocation: InvocationContext, seconds: float) -> None:
    """Raise RetryableError ``out_of_time`` where the function must end before so many seconds are over.

    A record for which the time is too short is left for another invocation: were it begun, the end of the function
    would bring the whole batch back, and nobody would know the reason.
    """
    left = invocation.get_remaining_time_in_millis() / 1000
    if left < seconds:
        raise RetryableError(
            "out_of_time", f"the rest of the batch took the time: {left:.0f} s were left, and it may take {seconds:g} s"
        )


def is_suspect(record: Record) -> bool:
    """Whether a message was received before: it failed then, or the function ended while its batch was handled."""
    return int(record["attributes"]["ApproximateReceiveCount"]) > 1


def partial_response(failed: Iterable[Record]) -> dict[str, list[dict[str, str]]]:
    """Return the answer that has the messages delivered again that failed, and only these."""
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


def send_all(sqs: "SQSClient", queue_url: str, messages: Iterable[QueueMessage]) -> None:
    """Send messages, ten at a time; raises what the client does where one cannot be sent.

    Args:
        sqs: The client.
        queue_url: The queue.
        messages: What SendMessage takes of each, without the queue.
    """
    sent = list(messages)
    for start in range(0, len(sent), _MOST_ENTRIES):
        batch = sent[start : start + _MOST_ENTRIES]
        entries: list[Any] = [{"Id": str(number), **message} for number, message in enumerate(batch)]
        answer = sqs.send_message_batch(QueueUrl=queue_url, Entries=entries)
        # One by one the reason comes as an exception.
        for failure in answer.get("Failed", ()):
            sqs.send_message(QueueUrl=queue_url, **batch[int(failure["Id"])])


def postpone(sqs: "SQSClient", queue_url: str, waiting: Sequence[Record], seconds: float) -> None:
    """Have messages that are delivered again not come before some time is over, nearly twelve hours at most.

    One for which SQS refuses that comes again when the queue's own visibility timeout is over.

    Args:
        sqs: The client.
        queue_url: Their queue.
        waiting: The messages.
        seconds: How long, rounded up.
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
