"""Health: whether the newest pages of each source are read as those before them, and whether it still publishes."""

import gc
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.lists import DynamoDBLists
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.health.checkup import Checkup
from khobor.health.message import message, subject
from khobor.health.sample import Sampler
from khobor.runtime.observability import Observability
from khobor.runtime.scheduled import scheduled_time
from khobor.runtime.settings import HealthSettings
from khobor.sources.source_bucket import SourceBucket

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# Pausing the GC saves up to 10 % of a cold start.
gc.disable()
settings = HealthSettings.from_environment(os.environ)
observability = Observability("health")
sns = boto3.client("sns")
dynamodb = boto3.client("dynamodb")
source_bucket = SourceBucket(boto3.client("s3"), settings.raw_bucket, settings.sources_seconds)
sampler = Sampler(
    DynamoDBLists(dynamodb, settings.archive_table),
    DynamoDBArchive(dynamodb, settings.archive_table),
    # Nothing is written there: it does not matter how long it would be kept.
    DynamoDBKnownUrls(dynamodb, settings.crawl_table, days=0),
)
# Parse reports which uploaded sources cannot be used.
checkup = Checkup(sampler, lambda: source_bucket.registry()[0], observability)
gc.enable()


def look(at: datetime) -> dict[str, Any]:
    """Judge all sources, and send what was not wrong the time before."""
    result = checkup.all_sources(at, timedelta(seconds=settings.schedule_seconds))
    if result.fresh:
        text = message(result.fresh, settings.raw_bucket)
        sns.publish(TopicArn=settings.alarm_topic_arn, Subject=subject(result.fresh), Message=text)
    return {"sources": result.sources, "findings": len(result.findings), "sent": len(result.fresh)}


@observability.handler
def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
    """Take a tick of the schedule, or ``{"source": "…"}`` sent by hand."""
    if "source" in event:
        return checkup.one_source(str(event["source"]), datetime.now(UTC))
    return look(scheduled_time(event))
