"""Dead-letter messages sent back to where they came from.

A message is sent back first and deleted then: stopped in between, it is in both queues, and what is delivered twice is
harmless. What is sent has no attributes and no attempts: it is as it was at first.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from khobor.announce.announcements import announcement
from khobor.announce.event_bus import EventBus
from khobor.archive.dynamodb.items import article_id_of
from khobor.aws.sqs_batch import Message, send_all
from khobor.dead_letters.messages import DeadLetterMessage, delete, give_back, take
from khobor.deliver.delivery_stream import DeliveryStream
from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.frontier.fetch_queue import first_body, message_group, read_request, with_group

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_sqs import SQSClient

# Of a message that nobody gave a reason: the function crashed on it, or ran out of time or memory.
CRASHED = "crashed"
# So long those that are looked through are kept from others.
_SECONDS = 600
# A stream may answer with nothing where there is more behind.
_MOST_EMPTY = 10
_TRIMMED = {"TrimmedDataAccessException", "ResourceNotFoundException", "ExpiredIteratorException"}

# Sends messages to where they came from, and returns those that it could not send, each with why.
Send = Callable[[Sequence[DeadLetterMessage]], Sequence[tuple[DeadLetterMessage, KhoborError]]]


@dataclass(frozen=True, kw_only=True)
class RedriveResult:
    """What became of dead-letter messages.

    Attributes:
        sent: How many were sent back.
        kept: Those that could not be, each with why; they are where they were.
    """

    sent: int
    kept: tuple[tuple[DeadLetterMessage, KhoborError], ...]


def reason_of(message: DeadLetterMessage) -> str:
    """Return the slug by which a message is told from others."""
    return message.reason or CRASHED


def redrive(sqs: "SQSClient", queue_url: str, reason: str | None, send: Send) -> RedriveResult:
    """Send messages back and delete them.

    Args:
        sqs: The client.
        queue_url: The dead-letter queue.
        reason: Only those with this reason; None all.
        send: Sends them.
    """
    held: dict[str, DeadLetterMessage] = {}
    kept: list[tuple[DeadLetterMessage, KhoborError]] = []
    sent = 0
    try:
        while messages := _next(sqs, queue_url, held, sent):
            chosen = [each for each in messages if reason in {None, reason_of(each)}]
            failed = send(chosen)
            kept += failed
            left = {each.message_id for each, _ in failed}
            done = [each for each in chosen if each.message_id not in left]
            delete(sqs, queue_url, done)
            sent += len(done)
            held |= {each.message_id: each for each in messages if each not in done}
    finally:
        give_back(sqs, queue_url, [each.receipt for each in held.values()])
    return RedriveResult(sent=sent, kept=tuple(kept))


def _next(sqs: "SQSClient", queue_url: str, held: dict[str, DeadLetterMessage], sent: int) -> list[DeadLetterMessage]:
    """Return messages that were not looked at yet; none where there are no more."""
    messages = take(sqs, queue_url, _SECONDS)
    if not messages and sent and any(each.group for each in held.values()):
        # Those that are held hold up what is behind them in their group, where others were sent from between.
        give_back(sqs, queue_url, [each.receipt for each in held.values()])
        messages = take(sqs, queue_url, _SECONDS)
    again = [each for each in messages if each.message_id in held]
    held |= {each.message_id: each for each in again}
    return [each for each in messages if each not in again]


def to_queue(sqs: "SQSClient", queue_url: str) -> Send:
    """Return what sends messages to the discover, parse or store queue."""

    def send(messages: Sequence[DeadLetterMessage]) -> Sequence[tuple[DeadLetterMessage, KhoborError]]:
        send_all(sqs, queue_url, ({"MessageBody": _payload(message.body)} for message in messages))
        return ()

    return send


def to_fetch_queue(sqs: "SQSClient", queue_url: str) -> Send:
    """Return what sends messages to the fetch queue, each in the group of its host."""

    def send(messages: Sequence[DeadLetterMessage]) -> Sequence[tuple[DeadLetterMessage, KhoborError]]:
        send_all(sqs, queue_url, map(_first_message, messages))
        return ()

    return send


def to_event_bus(event_bus: EventBus, streams: "DynamoDBStreamsClient") -> Send:
    """Return what puts on the bus what messages of announce tell of: one record, or a place in the table's stream."""

    def send(messages: Sequence[DeadLetterMessage]) -> Sequence[tuple[DeadLetterMessage, KhoborError]]:
        failed: list[tuple[DeadLetterMessage, KhoborError]] = []
        for message in messages:
            try:
                found = [each for record in _told(streams, message) if (each := announcement(record))]
                for _, refusal in event_bus.put((each, each) for each in found):
                    if refusal is not None:
                        failed.append((message, RetryableError("event_not_taken", refusal)))
            except KhoborError as error:
                failed.append((message, error))
        return failed

    return send


def to_delivery_stream(
    delivery_stream: DeliveryStream, streams: "DynamoDBStreamsClient", row: Callable[[str], bytes | None]
) -> Send:
    """Return what delivers the rows of the articles that messages of deliver are about.

    Args:
        delivery_stream: It.
        streams: The client of the table's stream.
        row: Gives the row of an article by its id, as it is now; None of one that is not there any more.
    """

    def send(messages: Sequence[DeadLetterMessage]) -> Sequence[tuple[DeadLetterMessage, KhoborError]]:
        failed: list[tuple[DeadLetterMessage, KhoborError]] = []
        for message in messages:
            try:
                ids = dict.fromkeys(_article_of(record) for record in _told(streams, message))
                told = delivery_stream.put((id_, made) for id_ in ids if (made := row(id_)))
            except KhoborError as error:
                failed.append((message, error))
                continue
            failed += [(message, RetryableError("row_not_taken", said)) for _, said in told if said is not None][:1]
        return failed

    return send


def _article_of(record: Any) -> str:
    try:
        return article_id_of(record["dynamodb"]["Keys"])
    except (AttributeError, KeyError, TypeError) as error:
        raise PermanentError("not_an_item", f"{error!r} in a record of the stream: {str(record)[:500]}") from error


def _payload(body: str) -> str:
    """Return a message's body; where Lambda gave up an event that came without a queue, that event."""
    try:
        message = json.loads(body)
    except ValueError:
        return body
    is_given_up = isinstance(message, dict) and {"requestContext", "requestPayload"} <= message.keys()
    return json.dumps(message["requestPayload"]) if is_given_up else body


def _first_message(message: DeadLetterMessage) -> Message:
    group, body = message.group or "-", message.body
    try:
        request = read_request(message.body)
        group, body = message_group(request.url), first_body(request)
    except PermanentError:
        # Sent back as it is, it comes here again, with its reason.
        pass
    return with_group(body, group, message.message_id)


def _told(streams: "DynamoDBStreamsClient", message: DeadLetterMessage) -> list[Any]:
    """Return the records that a message tells of: it is one itself, or tells of their place in the stream.

    Raises:
        PermanentError: ``not_a_record``, or ``no_longer_in_stream``.
    """
    try:
        told = json.loads(message.body)
        return _records(streams, told["DDBStreamBatchInfo"]) if "DDBStreamBatchInfo" in told else [told]
    except (KeyError, TypeError, ValueError) as error:
        raise PermanentError(
            "not_a_record", f"no record of a stream, and no place in one: {message.body[:200]}"
        ) from error
    except ClientError as error:
        if error.response["Error"]["Code"] not in _TRIMMED:
            raise
        what = "a stream keeps its records for a day; the article is in the archive, what was to be told of it is not"
        raise PermanentError("no_longer_in_stream", what) from error


def _records(streams: "DynamoDBStreamsClient", place: dict[str, Any]) -> list[Any]:
    """Return the records from one place of a stream to another."""
    first, last = place["startSequenceNumber"], place["endSequenceNumber"]
    iterator: str | None = streams.get_shard_iterator(
        StreamArn=place["streamArn"],
        ShardId=place["shardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=first,
    )["ShardIterator"]
    found: list[Any] = []
    empty = 0
    while iterator and empty < _MOST_EMPTY:
        answer = streams.get_records(ShardIterator=iterator)
        found += [each for each in answer["Records"] if int(each["dynamodb"]["SequenceNumber"]) <= int(last)]
        if found and found[-1]["dynamodb"]["SequenceNumber"] == last:
            break
        iterator = answer.get("NextShardIterator")
        empty = 0 if answer["Records"] else empty + 1
    return found
