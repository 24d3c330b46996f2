"""Replay function: parses stored pages of the raw bucket again, and writes the differences into the archive table."""

import json
import os
from typing import TYPE_CHECKING, Any

import boto3

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.headlines import read_indexes
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.pages.s3 import S3PageReader
from khobor.replay.report import METRICS, ReplayReport, encode
from khobor.replay.rereading import Rereading
from khobor.replay.run import ReplayRun, read_items
from khobor.runtime.cold_start import gc_paused
from khobor.runtime.observability import Observability
from khobor.runtime.settings import ReplaySettings
from khobor.sources.registry import Registry
from khobor.sources.source_bucket import SourceBucket
from khobor.url import digest

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

with gc_paused():
    settings = ReplaySettings.from_environment(os.environ)
    observability = Observability("replay")
    s3 = boto3.client("s3")
    dynamodb = boto3.client("dynamodb")
    source_bucket = SourceBucket(s3, settings.raw_bucket, settings.sources_seconds)
    rereading = Rereading(
        S3PageReader(s3),
        settings.raw_bucket,
        DynamoDBArchive(dynamodb, settings.archive_table, read_indexes(settings.indexes)),
        # The replay writes no known URLs, so their lifetime does not matter.
        DynamoDBKnownUrls(dynamodb, settings.crawl_table, days=1),
        settings.max_page_bytes,
    )


def read_again(key: str, run: ReplayRun, sources: Registry, report: ReplayReport) -> None:
    """Read a page again, and add the results to a report.

    Args:
        key: The key of the page.
        run: The replay.
        sources: The sources whose rules are used.
        report: The report.
    """
    step = observability.step()
    findings = rereading.read(key, run, sources)
    milliseconds = step.end()
    for result in findings:
        report.add(result)
        observability.count(METRICS[result.outcome])
        if result.reason:
            observability.logger.warning(result.detail, reason=result.reason, key=key)
        else:
            fields = sorted(result.changes)
            observability.logger.info(result.outcome, key=key, fields=fields, milliseconds=milliseconds)


def replay(items: list[tuple[str, ReplayRun]]) -> ReplayReport:
    """Read pages again, and write a report of them to a key that is the same if the same pages are read twice."""
    report = ReplayReport()
    sources, _ = source_bucket.registry()
    for key, run in items:
        read_again(key, run, sources, report)
    if items:
        place = f"{items[0][1].reports}{digest(json.dumps([key for key, _ in items]).encode())}.json"
        s3.put_object(Bucket=settings.raw_bucket, Key=place, Body=encode(report), ContentType="application/json")
    return report


@observability.handler
def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
    """Handle keys of pages, which the state machine of replays sends."""
    return {"pages": replay(read_items(event)).pages}
