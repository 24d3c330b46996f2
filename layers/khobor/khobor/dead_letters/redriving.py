"""Sends dead-letter messages back to where they came from.

A message is sent first and then deleted. If that is interrupted, it is in both queues, and delivering it twice is
harmless. It is sent without attributes and with its attempts reset.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from botocore.exceptions import ClientError

from khobor.announce.announcements import Announcement
from khobor.announce.event_bus import EventBus
from khobor.aws.sqs_batch import QueueMessage, send_all
from khobor.dead_letters.message import DeadLetterMessage, RedriveResult, reason_of
from khobor.dead_letters.messages import delete, give_back, take
from khobor.deliver.delivery_stream import DeliveryStream
from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.frontier.fetch_queue import body_without_attempts, follow_up_message, message_group, read_request

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_sqs import SQSClient

# How long received messages stay hidden from others.
_SECONDS = 600
# A stream may return empty pages before further records.
_MOST_EMPTY = 10
_TRIMMED = {"TrimmedDataAccessException", "ResourceNotFoundException", "ExpiredIteratorException"}

Record: TypeAlias = Mapping[str, Any]
# Sends messages to where they came from, and returns those that could not be sent, each with the error.
Send = Callable[[Sequence[DeadLetterMessage]], Sequence[tuple[DeadLetterMessage, KhoborError]]]


def redrive(sqs: "SQSClient", queue_url: str, reason: str | None, send: Send) -> RedriveResult:
    """Send messages back and delete them.

    Args:
        sqs: The client.
        queue_url: The dead-letter queue.
        reason: Send only messages with this reason; None sends all.
        send: Sends messages.
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
    """Return messages that were not seen yet; none at the end of the queue."""
    messages = take(sqs, queue_url, _SECONDS)
    if not messages and sent and any(each.group for each in held.values()):
        # In a FIFO queue, held messages block the later ones of their group.
        give_back(sqs, queue_url, [each.receipt for each in held.values()])
        messages = take(sqs, queue_url, _SECONDS)
    again = [each for each in messages if each.message_id in held]
    held |= {each.message_id: each for each in again}
    return [each for each in messages if each not in again]


def to_queue(sqs: "SQSClient", queue_url: str) -> Send:
    """Return a function that sends messages to the discover, parse or store queue.

    Args:
        sqs: The client.
        queue_url: The queue of the stage.
    """

    def send(messages: Sequence[DeadLetterMessage]) -> Sequence[tuple[DeadLetterMessage, KhoborError]]:
        send_all(sqs, queue_url, ({"MessageBody": _payload(message.body)} for message in messages))
        return ()

    return send


def to_fetch_queue(sqs: "SQSClient", queue_url: str) -> Send:
    """Return a function that sends messages to the fetch queue, each in the group of its host.

    Args:
        sqs: The client.
        queue_url: The fetch queue.
    """

    def send(messages: Sequence[DeadLetterMessage]) -> Sequence[tuple[DeadLetterMessage, KhoborError]]:
        send_all(sqs, queue_url, map(_first_message, messages))
        return ()

    return send


def to_event_bus(
    event_bus: EventBus, streams: "DynamoDBStreamsClient", event_of: Callable[[Record], Announcement | None]
) -> Send:
    """Return a function that puts the events of announce's messages on the bus.

    Args:
        event_bus: The bus.
        streams: The client for the table's stream.
        event_of: Returns the event that a record of the stream announces; None if it announces none.
    """

    def send(messages: Sequence[DeadLetterMessage]) -> Sequence[tuple[DeadLetterMessage, KhoborError]]:
        failed: list[tuple[DeadLetterMessage, KhoborError]] = []
        for message in messages:
            try:
                events = [event for record in _stream_records(streams, message) if (event := event_of(record))]
                for _, refusal in event_bus.put((event, event) for event in events):
                    if refusal is not None:
                        failed.append((message, RetryableError("event_not_taken", refusal)))
            except KhoborError as error:
                failed.append((message, error))
        return failed

    return send


def to_delivery_stream(
    delivery_stream: DeliveryStream,
    streams: "DynamoDBStreamsClient",
    article_id_of: Callable[[Record], str],
    row: Callable[[str], bytes | None],
) -> Send:
    """Return a function that delivers the rows of the articles that deliver's messages are about.

    Args:
        delivery_stream: The delivery stream.
        streams: The client for the table's stream.
        article_id_of: Returns the id of the article that a record of the stream is about.
        row: Returns the current row of an article by its id; None if the article no longer exists.
    """

    def send(messages: Sequence[DeadLetterMessage]) -> Sequence[tuple[DeadLetterMessage, KhoborError]]:
        failed: list[tuple[DeadLetterMessage, KhoborError]] = []
        for message in messages:
            try:
                ids = dict.fromkeys(map(article_id_of, _stream_records(streams, message)))
                results = delivery_stream.put((article_id, data) for article_id in ids if (data := row(article_id)))
            except KhoborError as error:
                failed.append((message, error))
                continue
            failed += [
                (message, RetryableError("row_not_taken", refusal)) for _, refusal in results if refusal is not None
            ][:1]
        return failed

    return send


def _payload(body: str) -> str:
    """Return the body of a message; for a failed asynchronous invocation, the event that Lambda gave up."""
    try:
        message = json.loads(body)
    except ValueError:
        return body
    is_given_up = isinstance(message, dict) and {"requestContext", "requestPayload"} <= message.keys()
    return json.dumps(message["requestPayload"]) if is_given_up else body


def _first_message(message: DeadLetterMessage) -> QueueMessage:
    group, body = message.group or "-", message.body
    try:
        request = read_request(message.body)
        group, body = message_group(request.url), body_without_attempts(request)
    except PermanentError:
        # An unreadable body is sent unchanged, and returns with its reason.
        pass
    return follow_up_message(body, group, message.message_id)


def _stream_records(streams: "DynamoDBStreamsClient", message: DeadLetterMessage) -> list[Any]:
    """Return the records of a message, which is a record itself or names their place in the stream.

    Raises:
        PermanentError: ``not_a_record``, or ``no_longer_in_stream``.
    """
    try:
        body = json.loads(message.body)
        return _records(streams, body["DDBStreamBatchInfo"]) if "DDBStreamBatchInfo" in body else [body]
    except (KeyError, TypeError, ValueError) as error:
        raise PermanentError(
            "not_a_record", f"expected a stream record, or a place in a stream: {message.body[:200]}"
        ) from error
    except ClientError as error:
        if error.response["Error"]["Code"] not in _TRIMMED:
            raise
        what = "the stream keeps records for one day, so this event is lost; the article itself is in the archive"
        raise PermanentError("no_longer_in_stream", what) from error


def _records(streams: "DynamoDBStreamsClient", place: dict[str, Any]) -> list[Any]:
    """Return the records between two places of a stream."""
    first, last = place["startSequenceNumber"], place["endSequenceNumber"]
    iterator: str | None = streams.get_shard_iterator(
        StreamArn=place["streamArn"],
        ShardId=place["shardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=first,
    )["ShardIterator"]
    records: list[Any] = []
    empty = 0
    while iterator and empty < _MOST_EMPTY:
        answer = streams.get_records(ShardIterator=iterator)
        records += [each for each in answer["Records"] if int(each["dynamodb"]["SequenceNumber"]) <= int(last)]
        if records and records[-1]["dynamodb"]["SequenceNumber"] == last:
            break
        iterator = answer.get("NextShardIterator")
        empty = 0 if answer["Records"] else empty + 1
    return records
