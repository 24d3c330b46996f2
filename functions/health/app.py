"""Health: whether the newest pages of each source are read as those before them, and whether it still publishes."""

import gc
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from khobor.archive.dynamodb.archive import Archive
from khobor.archive.dynamodb.lists import ArchiveLists
from khobor.errors import PermanentError
from khobor.frontier.dynamodb.known_urls import KnownUrls
from khobor.health.judgement import Finding, appeared, judge
from khobor.health.message import message, sentence, subject
from khobor.health.sample import Sample, Sampler
from khobor.runtime.log_line import log_line
from khobor.runtime.settings import HealthSettings
from khobor.sources.registry import Registry
from khobor.sources.source_bucket import SourceBucket

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
METRICS = {
    "field lost": "FieldsLost",
    "rule unmatched": "FieldsLost",
    "articles missing": "ArticlesMissing",
    "source silent": "SourcesSilent",
}
# As many as a client keeps connections: each source takes some hundred calls, one after another.
AT_ONCE = 10

# What is made here stays: looking for garbage meanwhile takes up to a tenth of the start, and finds none.
gc.disable()
settings = HealthSettings.from_environment(os.environ)
logger = Logger(service="health", json_serializer=log_line)
metrics = Metrics(service="health")
sns = boto3.client("sns")
dynamodb = boto3.client("dynamodb")
source_bucket = SourceBucket(boto3.client("s3"), settings.raw_bucket, settings.sources_seconds)
sampler = Sampler(
    ArchiveLists(dynamodb, settings.archive_table),
    Archive(dynamodb, settings.archive_table),
    # Nothing is written there: it does not matter how long it would be kept.
    KnownUrls(dynamodb, settings.crawl_table, days=0),
)
gc.enable()


def look(at: datetime) -> dict[str, Any]:
    """Judge all sources, count what is wrong, and send what was not wrong the time before."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        samples = list(pool.map(partial(sampler.take, now=at), sources()))
    findings = [finding for sample in samples for finding in told(sample, at)]
    counts = Counter(METRICS[finding.kind] for finding in findings)
    # Of none too: so an alarm ends.
    for name in dict.fromkeys(METRICS.values()):
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=counts[name])
    interval = timedelta(seconds=settings.schedule_seconds)
    if fresh := [finding for sample in samples for finding in appeared(sample, at, interval)]:
        text = message(fresh, settings.raw_bucket)
        sns.publish(TopicArn=settings.alarm_topic_arn, Subject=subject(fresh), Message=text)
    return {"sources": len(samples), "findings": len(findings), "sent": len(fresh)}


def look_at(name: str, at: datetime) -> dict[str, Any]:
    """Judge one source, and say what is wrong; nothing is counted or sent."""
    source = sources().source(name)
    if source is None:
        raise PermanentError("unknown_source", f"there is no source {name}; upload sources/{name}.toml")
    sample = sampler.take(source, at)
    found = [_facts(finding) for finding in told(sample, at)]
    return {"source": name, "pages": len(sample.readings), "findings": found}


def told(sample: Sample, at: datetime) -> tuple[Finding, ...]:
    """Return what is wrong with a source, and say so in the log."""
    findings = judge(sample, at)
    for finding in findings:
        logger.warning(sentence(finding), **_facts(finding))
    return findings


def sources() -> Registry:
    """Return the uploaded sources over the bundled ones; parse says which cannot be used."""
    return source_bucket.registry()[0]


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
    """Take a tick of the schedule, or ``{"source": "…"}`` sent by hand."""
    metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=1)
    now = datetime.now(UTC)
    if "source" in event:
        return look_at(str(event["source"]), now)
    at = event.get("scheduled_at")
    if not isinstance(at, str):
        raise PermanentError("bad_event", f"expected a tick of the schedule, or a source, got {event}; see events/")
    # An emulator may leave what stands for the time as it is.
    return look(now if at == SCHEDULED_TIME else datetime.fromisoformat(at))


def _facts(finding: Finding) -> dict[str, Any]:
    facts = {name: value for name, value in asdict(finding).items() if value not in {None, ()}}
    return facts | ({"since": finding.since.isoformat()} if finding.since else {})
