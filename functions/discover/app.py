"""Discover function: runs sources, reads listings of the raw bucket, and sends the URLs in them to the fetch queue.

A listing may be read twice: only URLs that the crawl table does not have are sent. A URL is sent before it is written
there, so at worst it is fetched twice. A run that starts again requests its listings again, which have not changed.
"""

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3

from khobor.aws.sqs_batch import was_received_before
from khobor.dead_letters.queue import DeadLetterQueue
from khobor.discover.discover_queue import SourceRun
from khobor.discover.dispatch import Dispatch
from khobor.frontier.dynamodb.hosts import DynamoDBHosts
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.frontier.interface import Frontier
from khobor.runtime.cold_start import gc_paused
from khobor.runtime.consumer import QueueProcessor
from khobor.runtime.observability import Observability
from khobor.runtime.scheduled import scheduled_time
from khobor.runtime.settings import DiscoverSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

with gc_paused():
    settings = DiscoverSettings.from_environment(os.environ)
    observability = Observability("discover")
    s3 = boto3.client("s3")
    sqs = boto3.client("sqs")
    dynamodb = boto3.client("dynamodb")
    frontier = Frontier(
        urls=DynamoDBKnownUrls(dynamodb, settings.crawl_table, settings.known_days),
        hosts=DynamoDBHosts(dynamodb, settings.crawl_table),
    )
    dispatch = Dispatch(settings, s3=s3, sqs=sqs, frontier=frontier, telemetry=observability)
    dead_letters = DeadLetterQueue(sqs, settings.dead_letter_queue_url, settings.max_receive_count)
    processor = QueueProcessor(observability, dead_letters)


def discover(record: "SQSRecord") -> None:
    """Handle one message of the discover queue."""
    dispatch.handle_message(record.body, isolated=was_received_before(record))


@observability.handler
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Handle messages of the discover queue, a tick of the schedule, or ``{"source": "…"}`` sent by hand."""
    if "scheduled_at" in event:
        return {"sources": dispatch.tick(scheduled_time(event))}
    if "source" in event:
        return dispatch.start(SourceRun(source=str(event["source"]), at=int(datetime.now(UTC).timestamp())))
    return processor.consume(event, context, discover)
