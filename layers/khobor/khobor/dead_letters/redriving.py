"""Dead letters sent back to where they came from.

A letter is sent back first and deleted then: stopped in between, it is in both queues, and what is delivered twice is
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
from khobor.dead_letters.messages import Letter, delete, give_back, take
from khobor.deliver.delivery_stream import DeliveryStream
from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.frontier.fetch_queue import first_body, message_group, read_request, with_group

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_sqs import SQSClient

# Of a letter that nobody gave a reason: the function crashed on it, or ran out of time or memory.
CRASHED = "crashed"
# So long those that are looked through are kept from others.
_SECONDS = 600
# A stream may answer with nothing where there is more behind.
_MOST_EMPTY = 10
_TRIMMED = {"TrimmedDataAccessException", "ResourceNotFoundException", "ExpiredIteratorException"}

# Sends letters to where they came from, and returns those that it could not send, each with why.
Send = Callable[[Sequence[Letter]], Sequence[tuple[Letter, KhoborError]]]


@dataclass(frozen=True, kw_only=True)
class Redriven:
    """What became of dead letters.

    Attributes:
        sent: How many were sent back.
        kept: Those that could not be, each with why; they are where they were.
    """

    sent: int
    kept: tuple[tuple[Letter, KhoborError], ...]


def reason_of(letter: Letter) -> str:
    """Return the slug by which a letter is told from others."""
    return letter.reason or CRASHED


def redrive(sqs: "SQSClient", queue_url: str, reason: str | None, send: Send) -> Redriven:
    """Send letters back and delete them.

    Args:
        sqs: The client.
        queue_url: The dead-letter queue.
        reason: Only those with this reason; None all.
        send: Sends them.
    """
    held: dict[str, Letter] = {}
    kept: list[tuple[Letter, KhoborError]] = []
    sent = 0
    try:
        while letters := _next(sqs, queue_url, held, sent):
            chosen = [each for each in letters if reason in {None, reason_of(each)}]
            failed = send(chosen)
            kept += failed
            left = {each.message_id for each, _ in failed}
            done = [each for each in chosen if each.message_id not in left]
            delete(sqs, queue_url, done)
            sent += len(done)
            held |= {each.message_id: each for each in letters if each not in done}
    finally:
        give_back(sqs, queue_url, [each.receipt for each in held.values()])
    return Redriven(sent=sent, kept=tuple(kept))


def _next(sqs: "SQSClient", queue_url: str, held: dict[str, Letter], sent: int) -> list[Letter]:
    """Return letters that were not looked at yet; none where there are no more."""
    letters = take(sqs, queue_url, _SECONDS)
    if not letters and sent and any(each.group for each in held.values()):
        # Those that are held hold up what is behind them in their group, where others were sent from between.
        give_back(sqs, queue_url, [each.receipt for each in held.values()])
        letters = take(sqs, queue_url, _SECONDS)
    again = [each for each in letters if each.message_id in held]
    held |= {each.message_id: each for each in again}
    return [each for each in letters if each not in again]


def to_queue(sqs: "SQSClient", queue_url: str) -> Send:
    """Return what sends letters to the discover, parse or store queue."""

    def send(letters: Sequence[Letter]) -> Sequence[tuple[Letter, KhoborError]]:
        send_all(sqs, queue_url, ({"MessageBody": _payload(letter.body)} for letter in letters))
        return ()

    return send


def to_fetch_queue(sqs: "SQSClient", queue_url: str) -> Send:
    """Return what sends letters to the fetch queue, each in the group of its host."""

    def send(letters: Sequence[Letter]) -> Sequence[tuple[Letter, KhoborError]]:
        send_all(sqs, queue_url, map(_first_message, letters))
        return ()

    return send


def to_event_bus(event_bus: EventBus, streams: "DynamoDBStreamsClient") -> Send:
    """Return what puts on the bus what letters of announce tell of: one record, or a place in the table's stream."""

    def send(letters: Sequence[Letter]) -> Sequence[tuple[Letter, KhoborError]]:
        failed: list[tuple[Letter, KhoborError]] = []
        for letter in letters:
            try:
                found = [each for record in _told(streams, letter) if (each := announcement(record))]
                for _, refusal in event_bus.put((each, each) for each in found):
                    if refusal is not None:
                        failed.append((letter, RetryableError("event_not_taken", refusal)))
            except KhoborError as error:
                failed.append((letter, error))
        return failed

    return send


def to_delivery_stream(
    delivery_stream: DeliveryStream, streams: "DynamoDBStreamsClient", row: Callable[[str], bytes | None]
) -> Send:
    """Return what puts the rows of articles into the delivery stream that letters of deliver tell of, as announce does.

    Args:
        delivery_stream: It.
        streams: The client of the table's stream.
        row: Gives the row of an article by its id, as it is now; None of one that is not there any more.
    """

    def send(letters: Sequence[Letter]) -> Sequence[tuple[Letter, KhoborError]]:
        failed: list[tuple[Letter, KhoborError]] = []
        for letter in letters:
            try:
                ids = dict.fromkeys(_article_of(record) for record in _told(streams, letter))
                told = delivery_stream.put((id_, made) for id_ in ids if (made := row(id_)))
            except KhoborError as error:
                failed.append((letter, error))
                continue
            failed += [(letter, RetryableError("row_not_taken", said)) for _, said in told if said is not None][:1]
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
        letter = json.loads(body)
    except ValueError:
        return body
    is_given_up = isinstance(letter, dict) and {"requestContext", "requestPayload"} <= letter.keys()
    return json.dumps(letter["requestPayload"]) if is_given_up else body


def _first_message(letter: Letter) -> Message:
    group, body = letter.group or "-", letter.body
    try:
        request = read_request(letter.body)
        group, body = message_group(request.url), first_body(request)
    except PermanentError:
        # Sent back as it is, it comes here again, with its reason.
        pass
    return with_group(body, group, letter.message_id)


def _told(streams: "DynamoDBStreamsClient", letter: Letter) -> list[Any]:
    """Return the records that a letter tells of: it is one itself, or tells of their place in the stream.

    Raises:
        PermanentError: ``not_a_record``, or ``no_longer_in_stream``.
    """
    try:
        told = json.loads(letter.body)
        return _records(streams, told["DDBStreamBatchInfo"]) if "DDBStreamBatchInfo" in told else [told]
    except (KeyError, TypeError, ValueError) as error:
        raise PermanentError(
            "not_a_record", f"no record of a stream, and no place in one: {letter.body[:200]}"
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
