"""Announce: what the archive table's stream tells of articles, onto the event bus.

Idempotent for who listens: an event that is put twice has the same ``event_id``, which follows from what it tells.
"""

import gc
import json
import os
import time
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from khobor.announce.announcements import Announcement, announcement
from khobor.announce.event_bus import EventBus, NotTakenError
from khobor.aws.sqs_batch import accepted
from khobor.aws.stream_batch import Record, records, resume_at
from khobor.dead_letters.queue import DeadLetters
from khobor.errors import KhoborError, PermanentError
from khobor.runtime.log_line import log_line
from khobor.runtime.settings import AnnounceSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# What is made here stays: looking for garbage meanwhile takes up to a tenth of the start, and finds none.
gc.disable()
settings = AnnounceSettings.from_environment(os.environ)
logger = Logger(service="announce", json_serializer=log_line)
metrics = Metrics(service="announce")
event_bus = EventBus(boto3.client("events"), settings.event_bus)
dead_letters = DeadLetters(boto3.client("sqs"), settings.dead_letter_queue_url)
gc.enable()


def record_handler(record: Record) -> Announcement | None:
    """Return what a record announces; one that cannot be understood is put aside with its reason."""
    try:
        return announcement(record)
    except PermanentError as error:
        _report(error)
        dead_letters.put(json.dumps(record), error)
        return None


def announce(batch: list[Record]) -> Record | None:
    """Put on the bus what records announce, in their order; return the first one whose event it did not take."""
    began = time.perf_counter()
    found = [(record, event) for record in batch if (event := record_handler(record))]
    announced = len(found)
    try:
        event_bus.put([event for _, event in found])
    except NotTakenError as error:
        _report(error)
        announced = error.number
    metrics.add_metric(name="ArticlesAnnounced", unit=MetricUnit.Count, value=announced)
    milliseconds = round((time.perf_counter() - began) * 1000)
    metrics.add_metric(name="StepMilliseconds", unit=MetricUnit.Milliseconds, value=milliseconds)
    for _, event in found[:announced]:
        detail = event.detail
        about: dict[str, Any] = {"article_id": detail.article_id, "url": detail.url, "source": detail.source}
        logger.info(event.kind, **about, event_id=detail.event_id, revision=detail.revision, changes=detail.changes)
    return found[announced][0] if announced < len(found) else None


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
    """Take records of the archive table's stream."""
    metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=accepted(event))
    return resume_at(announce(records(event)))


def _report(error: KhoborError) -> None:
    logger.warning(error.detail, reason=error.reason)
    with single_metric(name="Failures", unit=MetricUnit.Count, value=1) as metric:
        metric.add_dimension(name="service", value="announce")
        metric.add_dimension(name="reason", value=error.reason)
