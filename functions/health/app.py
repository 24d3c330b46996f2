"""Health function: checks that the newest pages of each source are read as well as before, and that it publishes."""

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.lists import DynamoDBLists
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.health.checkup import Checkup
from khobor.health.message import StackHints, message, subject
from khobor.health.sample import Sampler
from khobor.runtime.cold_start import gc_paused
from khobor.runtime.observability import Observability
from khobor.runtime.scheduled import scheduled_time
from khobor.runtime.settings import HealthSettings
from khobor.sources.source_bucket import SourceBucket

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

with gc_paused():
    settings = HealthSettings.from_environment(os.environ)
    observability = Observability("health")
    sns = boto3.client("sns")
    dynamodb = boto3.client("dynamodb")
    source_bucket = SourceBucket(boto3.client("s3"), settings.raw_bucket, settings.sources_seconds)
    sampler = Sampler(
        DynamoDBLists(dynamodb, settings.archive_table),
        DynamoDBArchive(dynamodb, settings.archive_table),
        # Health writes no known URLs, so their lifetime does not matter.
        DynamoDBKnownUrls(dynamodb, settings.crawl_table, days=0),
    )
    # Parse reports the problems of uploaded sources.
    checkup = Checkup(sampler, lambda: source_bucket.registry()[0], observability)


def check_all(at: datetime) -> dict[str, Any]:
    """Check all sources, and send the findings that are new since the last check."""
    result = checkup.all_sources(at, timedelta(seconds=settings.schedule_seconds))
    if result.fresh:
        text = message(result.fresh, StackHints(settings.raw_bucket))
        sns.publish(TopicArn=settings.alarm_topic_arn, Subject=subject(result.fresh), Message=text)
    return {"sources": result.sources, "findings": len(result.findings), "sent": len(result.fresh)}


@observability.handler
def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
    """Handle a tick of the schedule, or ``{"source": "…"}`` sent by hand."""
    if "source" in event:
        return checkup.one_source(str(event["source"]), datetime.now(UTC))
    return check_all(scheduled_time(event))
