"""Reads the messages of dead-letter queues."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from khobor.archive.store_queue import GoneArticle, read_message
from khobor.aws.s3_events import uploads
from khobor.dead_letters.message import DeadLetterMessage
from khobor.errors import PermanentError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

# The most messages in one SQS request.
_MOST_MESSAGES = 10
# How long messages stay hidden while they are read; they are released at once unless the process crashes.
_LOOK_SECONDS = 10


def count(sqs: "SQSClient", queue_url: str) -> int:
    """Return the approximate number of messages in a queue.

    Args:
        sqs: The client.
        queue_url: The queue.
    """
    names: list[Any] = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)
    return sum(int(number) for number in answer["Attributes"].values())


def peek(sqs: "SQSClient", queue_url: str, most: int) -> tuple[DeadLetterMessage, ...]:
    """Return messages of a dead-letter queue, the newest first, without removing them.

    Args:
        sqs: The client.
        queue_url: The queue.
        most: The most messages to return; a FIFO queue returns at most ten of a message group.
    """
    messages: dict[str, Any] = {}
    try:
        while len(messages) < most:
            count = min(_MOST_MESSAGES, most - len(messages))
            more = _receive(sqs, queue_url, count, _LOOK_SECONDS)
            # Messages reappear if reading takes longer than they are hidden.
            if all(message["MessageId"] in messages for message in more):
                break
            messages |= {message["MessageId"]: message for message in more}
    finally:
        give_back(sqs, queue_url, [message["ReceiptHandle"] for message in messages.values()])
    return tuple(sorted(map(_message, messages.values()), key=lambda message: message.sent_at, reverse=True))


def page_key(s3: "S3Client", body: str) -> str | None:
    """Return the key of the page that a message to parse or store is about; None if it names none.

    Args:
        s3: The client for articles that are too large for a message.
        body: The body of the message.
    """
    try:
        message = json.loads(body)
        if "Records" in message:
            return uploads(message)[0].key
        article = read_message(s3, body)
    except (PermanentError, ValueError, TypeError):
        return None
    return article.raw.key if not isinstance(article, GoneArticle) and article.raw else None


def take(sqs: "SQSClient", queue_url: str, seconds: int) -> list[DeadLetterMessage]:
    """Receive up to ten messages of a dead-letter queue.

    Args:
        sqs: The client.
        queue_url: The queue.
        seconds: How long they stay hidden from others.
    """
    return [_message(message) for message in _receive(sqs, queue_url, _MOST_MESSAGES, seconds)]


def delete(sqs: "SQSClient", queue_url: str, messages: Sequence[DeadLetterMessage]) -> None:
    """Delete up to ten received messages; if SQS fails to delete one, it is delivered again, which is harmless.

    Args:
        sqs: The client.
        queue_url: The queue.
        messages: The messages.
    """
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
    """Make received messages visible to others again.

    Args:
        sqs: The client.
        queue_url: The queue.
        receipts: The receipts of the messages.
    """
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
    attributes = {name: value.get("StringValue") for name, value in message.get("MessageAttributes", {}).items()}
    sent_at = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
    return DeadLetterMessage(
        body=message["Body"],
        reason=attributes.get("reason"),
        detail=attributes.get("detail"),
        sent_at=sent_at,
        message_id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        group=message["Attributes"].get("MessageGroupId"),
    )
