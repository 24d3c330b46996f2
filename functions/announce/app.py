"""Announce function: reads the stream of the archive table and puts events about articles on the event bus.

An event may be put on the bus twice. Both have the same ``event_id``, by which consumers recognise them.
"""

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import boto3

from khobor.announce.announcements import Announcement, announcement
from khobor.announce.event_bus import EventBus
from khobor.archive.dynamodb.stream import read_headline_change
from khobor.dead_letters.queue import DeadLetterQueue
from khobor.errors import RetryableError
from khobor.runtime.cold_start import gc_paused
from khobor.runtime.consumer import RecordResult, StreamProcessor
from khobor.runtime.observability import Observability
from khobor.runtime.settings import AnnounceSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

with gc_paused():
    settings = AnnounceSettings.from_environment(os.environ)
    observability = Observability("announce")
    event_bus = EventBus(boto3.client("events"), settings.event_bus)
    dead_letters = DeadLetterQueue(boto3.client("sqs"), settings.dead_letter_queue_url)
    processor = StreamProcessor(observability, dead_letters)


def event_of(record: "DynamoDBRecord") -> Announcement | None:
    """Return the event that a record announces; None if it announces none."""
    return announcement(read_headline_change(record))


def announce(announcements: Iterable[tuple["DynamoDBRecord", Announcement]]) -> Iterator[RecordResult]:
    """Put events on the bus in order. Yield the record of each, with the error if the bus refused it."""
    step = observability.step()
    announced = 0
    for (record, event), refusal in event_bus.put((each, each[1]) for each in announcements):
        if refusal is not None:
            yield record, RetryableError("event_not_taken", refusal)
            continue
        announced += 1
        detail = event.detail
        facts: dict[str, Any] = {"article_id": detail.article_id, "url": detail.url, "source": detail.source}
        facts |= {"event_id": detail.event_id, "revision": detail.revision, "changes": detail.changes}
        observability.logger.info(event.kind, **facts)
        yield record, None
    observability.count("ArticlesAnnounced", announced)
    step.end()


@observability.handler
def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
    """Handle records of the archive table's stream."""
    return processor.consume(event, event_of, announce)
