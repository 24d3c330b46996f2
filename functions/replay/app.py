"""Replay: pages of the raw bucket that are there already, read again into the archive table."""

import gc
import json
import os
import time
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from khobor.archive.dynamodb.archive import Archive
from khobor.archive.dynamodb.postings import read_indexes
from khobor.aws.sqs_batch import accepted
from khobor.errors import PermanentError
from khobor.frontier.dynamodb.known_urls import KnownUrls
from khobor.replay.report import Finding, Report, encode
from khobor.replay.rereading import Rereading
from khobor.replay.run import Run, read_run
from khobor.runtime.log_line import log_line
from khobor.runtime.settings import ReplaySettings
from khobor.sources.registry import Registry
from khobor.sources.source_bucket import SourceBucket
from khobor.url import digest

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

METRICS = {
    "changed": "ArticlesChanged",
    "new": "ArticlesNew",
    "joined": "ArticlesJoined",
    "same": "ArticlesSame",
    "covered": "ArticlesCovered",
    "left": "ArticlesLeft",
}

# What is made here stays: looking for garbage meanwhile takes up to a tenth of the start, and finds none.
gc.disable()
settings = ReplaySettings.from_environment(os.environ)
logger = Logger(service="replay", json_serializer=log_line)
metrics = Metrics(service="replay")
s3 = boto3.client("s3")
dynamodb = boto3.client("dynamodb")
source_bucket = SourceBucket(s3, settings.raw_bucket, settings.sources_seconds)
rereading = Rereading(
    s3,
    settings.raw_bucket,
    Archive(dynamodb, settings.archive_table, read_indexes(settings.indexes)),
    # Nothing is written there, so nothing is kept there for longer.
    KnownUrls(dynamodb, settings.crawl_table, days=1),
    settings.max_page_bytes,
)
gc.enable()


def read_again(key: str, run: Run, sources: Registry) -> list[Finding]:
    """Read a page again, and return what came of it; what fails for other reasons than the page is raised."""
    began = time.perf_counter()
    found = rereading.read(key, run, sources)
    milliseconds = round((time.perf_counter() - began) * 1000)
    metrics.add_metric(name="StepMilliseconds", unit=MetricUnit.Milliseconds, value=milliseconds)
    for finding in found:
        metrics.add_metric(name=METRICS[finding.outcome], unit=MetricUnit.Count, value=1)
        if finding.reason:
            logger.warning(finding.detail, reason=finding.reason, key=key)
        else:
            logger.info(finding.outcome, key=key, fields=sorted(finding.changes), milliseconds=milliseconds)
    return found


def items_of(event: dict[str, Any]) -> list[tuple[str, Run]]:
    """Return the pages of an event, each with its replay; raises PermanentError ``bad_replay`` if it holds none."""
    try:
        return [(item["key"], read_run(item["run"])) for item in event.get("Items", [event])]
    except (KeyError, TypeError) as error:
        raise PermanentError("bad_replay", f"expected pages as in events/replay-pages.json, got {event}") from error


def replay(items: list[tuple[str, Run]]) -> Report:
    """Read pages again, and put what came of them where the report is gathered; read twice, it is the same place."""
    report = Report()
    sources, _ = source_bucket.registry()
    for key, run in items:
        for finding in read_again(key, run, sources):
            report.add(finding)
    if items:
        place = f"{items[0][1].reports}{digest(json.dumps([key for key, _ in items]).encode())}.json"
        s3.put_object(Bucket=settings.raw_bucket, Key=place, Body=encode(report), ContentType="application/json")
    return report


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
    """Take keys of pages from the state machine of replays."""
    metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=accepted(event, "Items"))
    return {"pages": replay(items_of(event)).pages}
