"""Fetch function: fetches URLs and stores their pages and listings in the raw bucket as they came.

A message may be delivered twice: the page is then stored twice, which gives one revision in the archive. One process at
a time sends requests to a host, because it takes the host's turn by a conditional write.
"""

import os
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any

import boto3

from khobor.archive.store_queue import GoneArticle, send_gone_article
from khobor.aws.sqs_batch import partial_response, records
from khobor.dead_letters.queue import DeadLetterQueue
from khobor.fetch.downloader import Downloader, Limits
from khobor.fetch.fetcher import Fetcher
from khobor.fetch.on_demand import fetch_on_demand
from khobor.fetch.reporting_fetcher import ReportingFetcher
from khobor.fetch.turns import Turns
from khobor.frontier.dynamodb.hosts import DynamoDBHosts
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.frontier.fetch_queue import FetchRequest
from khobor.page import RawPage
from khobor.pages.s3 import S3Pages
from khobor.runtime.cold_start import gc_paused
from khobor.runtime.observability import Observability
from khobor.runtime.settings import FetchSettings
from khobor.url import url_id

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def _keep(page: RawPage, request: FetchRequest) -> str:
    """Store a page or a listing, and return its key."""
    if request.kind == "article" or request.source is None:
        return pages.put_page(page)
    return pages.put_listing(page, request.source, request.kind)


def _report_gone(url: str, at: datetime, reason: str) -> None:
    """Send the store stage that an article is gone."""
    gone = GoneArticle(article_id=url_id(url), url=url, at=at, reason=reason)
    send_gone_article(sqs, settings.store_queue_url, gone)


with gc_paused():
    settings = FetchSettings.from_environment(os.environ)
    observability = Observability("fetch")
    pages = S3Pages(boto3.client("s3"), settings.raw_bucket)
    sqs = boto3.client("sqs")
    dynamodb = boto3.client("dynamodb")
    limits = Limits(page_bytes=settings.max_page_bytes)
    polite_fetcher = Fetcher(
        downloader=Downloader(settings.contact, limits, allow_loopback=settings.allow_loopback),
        hosts=DynamoDBHosts(dynamodb, settings.crawl_table),
        urls=DynamoDBKnownUrls(dynamodb, settings.crawl_table, settings.known_days),
        keep=_keep,
        random=Random(),  # noqa: S311 it spreads requests over time
    )
    fetcher = ReportingFetcher(polite_fetcher, _report_gone, observability)
    dead_letters = DeadLetterQueue(sqs, settings.dead_letter_queue_url)
    turns = Turns(fetcher, settings, sqs=sqs, put_dead_letter=dead_letters.put, telemetry=observability)


@observability.handler
def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
    """Handle messages of the fetch queue, or ``{"url": …}`` and ``{"urls": […]}`` from a direct invocation."""
    if "Records" not in event:
        return {"results": fetch_on_demand(event, fetcher)}
    return partial_response(turns.fetch(records(event)))
