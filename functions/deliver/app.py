"""Deliver function: reads the stream of the archive table and puts rows of changed articles into the delivery stream.

A row may be delivered twice.
"""

import os
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.stream import read_change, record_article_id, without_images
from khobor.dead_letters.queue import DeadLetterQueue
from khobor.deliver.changed_rows import changes_row
from khobor.deliver.delivery_stream import DeliveryStream, check_size
from khobor.errors import RetryableError
from khobor.export.json_row import json_row
from khobor.runtime.cold_start import gc_paused
from khobor.runtime.consumer import RecordResult, StreamProcessor
from khobor.runtime.observability import Observability
from khobor.runtime.settings import DeliverSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

with gc_paused():
    settings = DeliverSettings.from_environment(os.environ)
    observability = Observability("deliver")
    archive = DynamoDBArchive(boto3.client("dynamodb"), settings.archive_table)
    delivery_stream = DeliveryStream(boto3.client("firehose"), settings.delivery_stream)
    dead_letters = DeadLetterQueue(boto3.client("sqs"), settings.dead_letter_queue_url)
    # The images of an item may be larger than a message. Its key is enough to send the row later.
    processor = StreamProcessor(observability, dead_letters, without_images)


def row(record: "DynamoDBRecord", made: set[str]) -> bytes | None:
    """Return the row of the article that a record changes; None if it changes none, or the batch has that row already.

    Args:
        record: The record.
        made: The ids of the articles whose rows the batch has already. The id of this article is added.
    """
    change = read_change(record)
    if change is None or change.article_id in made or not changes_row(change):
        return None
    made.add(change.article_id)
    article = archive.get(change.article_id)
    return check_size(json_row(article)) if article else None


def deliver(rows: Iterable[tuple["DynamoDBRecord", bytes]]) -> Iterator[RecordResult]:
    """Put rows into the delivery stream. Yield the record of each, with the error if the stream refused it."""
    step = observability.step()
    delivered = 0
    for record, refusal in delivery_stream.put(rows):
        if refusal is not None:
            yield record, RetryableError("row_not_taken", refusal)
            continue
        delivered += 1
        observability.logger.info("delivered", article_id=record_article_id(record))
        yield record, None
    observability.count("RowsDelivered", delivered)
    step.end()


@observability.handler
def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
    """Handle records of the archive table's stream."""
    return processor.consume(event, partial(row, made=set()), deliver)
