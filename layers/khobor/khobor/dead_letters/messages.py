"""What is in dead-letter queues, looked at and left there."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from khobor.archive.store_queue import Gone, read_message
from khobor.aws.s3_events import uploads
from khobor.errors import PermanentError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

# SQS gives and takes so many at a time.
_MOST_MESSAGES = 10
# So long nobody else gets what is being looked at: whoever looks gives it back at once, unless it crashes.
_LOOK_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class DeadLetterMessage:
    """A message in a dead-letter queue.

    Attributes:
        body: What could not be handled, such that it can be sent again as it is.
        reason: The slug of the cause; None where the function crashed on it.
        detail: What was wrong, with what, and what to do.
        sent_at: When it was put aside; where SQS did that by itself, when it was sent first.
        message_id: What SQS calls it.
        receipt: By which it is deleted, or given back, for as long as nobody else gets it.
        group: Its message group, of a FIFO queue.
    """

    body: str
    reason: str | None
    detail: str | None
    sent_at: datetime
    message_id: str
    receipt: str
    group: str | None = None


def count(sqs: "SQSClient", queue_url: str) -> int:
    """Return how many messages a queue has, about."""
    names: list[Any] = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)
    return sum(int(number) for number in answer["Attributes"].values())


def peek(sqs: "SQSClient", queue_url: str, most: int) -> tuple[DeadLetterMessage, ...]:
    """Return some messages of a dead-letter queue, the newest first, and leave all of them there.

    Args:
        sqs: The client.
        queue_url: The queue.
        most: How many to look at; a FIFO queue shows at most ten of a message group.
    """
    found: dict[str, Any] = {}
    try:
        while len(found) < most:
            asked = min(_MOST_MESSAGES, most - len(found))
            more = _receive(sqs, queue_url, asked, _LOOK_SECONDS)
            # Where looking takes longer than they are hidden, they come again.
            if all(message["MessageId"] in found for message in more):
                break
            found |= {message["MessageId"]: message for message in more}
    finally:
        give_back(sqs, queue_url, [message["ReceiptHandle"] for message in found.values()])
    return tuple(sorted(map(_message, found.values()), key=lambda message: message.sent_at, reverse=True))


def page_key(s3: "S3Client", body: str) -> str | None:
    """Return the key of the page that a message to parse or store is about; None where it says none."""
    try:
        message = json.loads(body)
        if "Records" in message:
            return uploads(message)[0].key
        article = read_message(s3, body)
    except (PermanentError, ValueError, TypeError):
        return None
    return article.raw.key if not isinstance(article, Gone) and article.raw else None


def take(sqs: "SQSClient", queue_url: str, seconds: int) -> list[DeadLetterMessage]:
    """Return up to ten messages of a dead-letter queue, which nobody else gets for some seconds."""
    return [_message(message) for message in _receive(sqs, queue_url, _MOST_MESSAGES, seconds)]


def delete(sqs: "SQSClient", queue_url: str, messages: Sequence[DeadLetterMessage]) -> None:
    """Delete up to ten messages that were taken; one that SQS keeps comes again, which is harmless."""
    if messages:
        entries: list[Any] = [
            {"Id": str(number), "ReceiptHandle": each.receipt} for number, each in enumerate(messages)
        ]
        sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries)


def _receive(sqs: "SQSClient", queue_url: str, most: int, seconds: int) -> list[Any]:
    answer = sqs.receive_message(
        QueueUrl=queue_url,
        MaxNumberOfMessages=most,
        VisibilityTimeout=seconds,
        AttributeNames=["SentTimestamp", "MessageGroupId"],
        MessageAttributeNames=["All"],
    )
    return list(answer.get("Messages", ()))


def give_back(sqs: "SQSClient", queue_url: str, receipts: Iterable[str]) -> None:
    """Have messages that were taken be there for everybody again, by their receipts."""
    waiting = list(receipts)
    while waiting:
        batch, waiting = waiting[:_MOST_MESSAGES], waiting[_MOST_MESSAGES:]
        sqs.change_message_visibility_batch(
            QueueUrl=queue_url,
            Entries=[
                {"Id": str(number), "ReceiptHandle": receipt, "VisibilityTimeout": 0}
                for number, receipt in enumerate(batch)
            ],
        )


def _message(message: Mapping[str, Any]) -> DeadLetterMessage:
    said = {name: value.get("StringValue") for name, value in message.get("MessageAttributes", {}).items()}
    sent_at = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
    return DeadLetterMessage(
        body=message["Body"],
        reason=said.get("reason"),
        detail=said.get("detail"),
        sent_at=sent_at,
        message_id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        group=message["Attributes"].get("MessageGroupId"),
    )
