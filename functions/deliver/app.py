"""Deliver: what the archive table's stream tells of articles, as rows into the delivery stream."""

import gc
import json
import os
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from khobor.archive.dynamodb.archive import Archive
from khobor.aws.sqs_batch import accepted
from khobor.aws.stream_batch import Record, records, resume_at
from khobor.dead_letters.queue import DeadLetters
from khobor.deliver.deliveries import changed_row, told_by_key
from khobor.deliver.delivery_stream import DeliveryStream, check_size
from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.export.json_row import json_row
from khobor.runtime.log_line import log_line
from khobor.runtime.settings import DeliverSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# What is made here stays: looking for garbage meanwhile takes up to a tenth of the start, and finds none.
gc.disable()
settings = DeliverSettings.from_environment(os.environ)
logger = Logger(service="deliver", json_serializer=log_line)
metrics = Metrics(service="deliver")
archive = Archive(boto3.client("dynamodb"), settings.archive_table)
delivery_stream = DeliveryStream(boto3.client("firehose"), settings.delivery_stream)
dead_letters = DeadLetters(boto3.client("sqs"), settings.dead_letter_queue_url)
gc.enable()


def record_handler(record: Record, made: set[str]) -> bytes | None:
    """Return the row that a record makes another one; one that cannot be had is put aside with its reason.

    Args:
        record: The record.
        made: Ids of the articles whose rows were made before, as the archive has them now; this one's joins them.
    """
    try:
        article_id = changed_row(record)
        if article_id is None or article_id in made:
            return None
        made.add(article_id)
        article = archive.get(article_id)
        return check_size(json_row(article)) if article else None
    except PermanentError as error:
        _report(error)
        dead_letters.put(json.dumps(told_by_key(record)), error)
        return None


def rows(batch: list[Record]) -> Iterator[tuple[Record, bytes]]:
    """Yield the rows that records make others, each with its record; of an article one."""
    made: set[str] = set()
    for record in batch:
        if row := record_handler(record, made):
            yield record, row


def deliver(batch: list[Record]) -> Record | None:
    """Put the rows of records into the delivery stream; return the first record whose row it did not take."""
    began = time.perf_counter()
    told = list(delivery_stream.put(rows(batch)))
    refused = [(record, said) for record, said in told if said is not None]
    for _, said in refused:
        _report(RetryableError("row_not_taken", said))
    metrics.add_metric(name="RowsDelivered", unit=MetricUnit.Count, value=len(told) - len(refused))
    milliseconds = round((time.perf_counter() - began) * 1000)
    metrics.add_metric(name="StepMilliseconds", unit=MetricUnit.Milliseconds, value=milliseconds)
    for record in (record for record, said in told if said is None):
        logger.info("delivered", article_id=changed_row(record))
    return refused[0][0] if refused else None


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
    """Take records of the archive table's stream."""
    metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=accepted(event))
    return resume_at(deliver(records(event)))


def _report(error: KhoborError) -> None:
    logger.warning(error.detail, reason=error.reason)
    with single_metric(name="Failures", unit=MetricUnit.Count, value=1) as metric:
        metric.add_dimension(name="service", value="deliver")
        metric.add_dimension(name="reason", value=error.reason)
