"""Discover: sources, and listings of the raw bucket, into URLs on the fetch queue.

Idempotent by the crawl table: of a listing that is read again those URLs alone are sent that are not known yet. They
are sent before they are known, so at worst one is fetched twice. A run that is started again asks for its listings
again, which answer that they did not change.
"""

import gc
import json
import os
import time
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import filterfalse
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from khobor.article import RawReference
from khobor.aws.s3_events import is_s3_event, uploads
from khobor.aws.sqs_batch import Record, accepted, is_suspect, partial_response, records
from khobor.dead_letters.queue import DeadLetters
from khobor.discover.discover_queue import Links, Run, read_message, send_runs
from khobor.discover.listing_reader import kind_of, linked, read_listing
from khobor.discover.scheduler import Planner, Report
from khobor.discover.url_filters import is_due
from khobor.errors import KhoborError, PermanentError
from khobor.fetch.robots import RobotsTxt
from khobor.frontier.backlog import Backlog
from khobor.frontier.dynamodb.hosts import Hosts
from khobor.frontier.dynamodb.known_urls import KnownUrls, url_id
from khobor.frontier.fetch_queue import FetchRequest, send_requests
from khobor.keys import listing_of
from khobor.pages.s3 import get_page
from khobor.runtime.log_line import log_line
from khobor.runtime.settings import DiscoverSettings
from khobor.sources.registry import Registry
from khobor.sources.source import Source
from khobor.sources.source_bucket import SourceBucket
from khobor.url import origin
from khobor.work_limits import LISTING_LIMITS, within

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"

# What is made here stays: looking for garbage meanwhile takes up to a tenth of the start, and finds none.
gc.disable()
settings = DiscoverSettings.from_environment(os.environ)
logger = Logger(service="discover", json_serializer=log_line)
metrics = Metrics(service="discover")
s3 = boto3.client("s3")
sqs = boto3.client("sqs")
source_bucket = SourceBucket(s3, settings.raw_bucket, settings.sources_seconds)
dead_letters = DeadLetters(sqs, settings.dead_letter_queue_url, settings.max_receive_count)
dynamodb = boto3.client("dynamodb")
hosts = Hosts(dynamodb, settings.crawl_table)
urls = KnownUrls(dynamodb, settings.crawl_table, settings.known_days)
gc.enable()


def send(requests: Iterable[FetchRequest]) -> None:
    """Send requests to be fetched, and say so of each article."""
    sent = list(requests)
    send_requests(sqs, settings.fetch_queue_url, sent)
    for request in sent:
        if request.kind == "article":
            said = "found" if request.visit is None else "due again"
            logger.info(said, article_id=url_id(request.url), url=request.url, source=request.source)


def owner(url: str) -> str | None:
    """Return the name of the source that publishes a URL, None where there is none."""
    registry, _ = source_bucket.registry()
    source = registry.find(url)
    return source.name if source else None


planner = Planner(urls, send, Backlog(hosts), owner)


def start(run: Run) -> dict[str, Any]:
    """Have the listings of a source fetched, and what is to be looked at again; return how much that is."""
    began = time.perf_counter()
    source = _source(run.source)
    started = planner.start(source, datetime.fromtimestamp(run.at, UTC))
    for url in started.silent:
        logger.warning("%s tells of nothing new for longer than is its habit", url, source=source.name)
        _count("ListingsSilent", source.name, 1)
    _done("started", began, source=source.name, **asdict(started))
    return {"source": source.name, **asdict(started)}


def take(reference: RawReference, *, apart: bool) -> None:
    """Send the articles to be fetched that a listing has; raises KhoborError where it is missing or says not whose.

    Args:
        reference: The listing.
        apart: Whether it is read in a process of its own.
    """
    began = time.perf_counter()
    where, what = listing_of(reference.key), f"s3://{reference.bucket}/{reference.key}"
    if where is None:
        raise PermanentError("not_a_listing", f"{what} is no listing that fetch stored")
    page, _ = get_page(s3, reference, settings.max_page_bytes)
    source = _source(where[0])
    url = page.url or ""
    kind = kind_of(where[1])
    sitemaps = _named_sitemaps(url) if kind == "home" else ()
    read = partial(read_listing, kind, page, source, sitemaps)
    listing = replace(within(LISTING_LIMITS, read, what=f"{what} ({url})", apart=apart), fetched_at=page.fetched_at)
    report = planner.take(source, url, kind, listing, datetime.now(UTC))
    metrics.add_metric(name="ListingsRead", unit=MetricUnit.Count, value=1)
    _tell(source, url, report, began)


def take_links(links: Links) -> None:
    """Have the articles fetched that an article links to."""
    began = time.perf_counter()
    source = _source(links.source)
    report = planner.take(source, links.page, "article", linked(links.urls), datetime.now(UTC))
    _tell(source, links.page, report, began)


def record_handler(record: Record) -> bool:
    """Take one message of the discover queue; return whether it is done with."""
    try:
        _take_message(record["body"], apart=is_suspect(record))
    except KhoborError as error:
        _report(error)
        return dead_letters.settle(record, error)
    # Whatever it is: raised on, one message would bring its whole batch back.
    except Exception:
        logger.exception("crashed; the message will be delivered again", message_id=record["messageId"])
        return False
    return True


def tick(scheduled_at: str) -> dict[str, Any]:
    """Have the sources looked at that are due at a tick of the schedule; each by a message of its own."""
    # An emulator may leave what stands for the time as it is.
    at = datetime.now(UTC) if scheduled_at == SCHEDULED_TIME else datetime.fromisoformat(scheduled_at)
    every = timedelta(seconds=settings.schedule_seconds)
    due = [source.name for source in _sources() if source.enabled and is_due(source, at, every)]
    send_runs(sqs, settings.discover_queue_url, [Run(source=name, at=int(at.timestamp())) for name in due])
    return {"sources": due}


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
    """Take messages of the discover queue, a tick of the schedule, or ``{"source": "…"}`` sent by hand."""
    metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=accepted(event))
    if "scheduled_at" in event:
        return tick(event["scheduled_at"])
    if "source" in event:
        return start(Run(source=str(event["source"]), at=int(datetime.now(UTC).timestamp())))
    return partial_response(filterfalse(record_handler, records(event)))


def _take_message(body: str, *, apart: bool) -> None:
    event = _json(body)
    if isinstance(event, dict) and is_s3_event(event):
        for reference in uploads(event):
            take(reference, apart=apart)
        return
    message = read_message(body)
    if isinstance(message, Run):
        start(message)
    else:
        take_links(message)


def _named_sitemaps(url: str) -> tuple[str, ...]:
    data = hosts.get(origin(url))
    robots_txt = RobotsTxt.from_bytes(data) if data else None
    return robots_txt.sitemaps if robots_txt else ()


def _json(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError as error:
        raise PermanentError("bad_message", f"expected JSON, got {body[:200]!r}") from error


def _source(name: str) -> Source:
    source = _sources().source(name)
    if source is None:
        raise PermanentError("unknown_source", f"there is no source {name}; upload sources/{name}.toml")
    return source


def _sources() -> Registry:
    """Return the uploaded sources over the bundled ones; those that cannot be used are told of and left out."""
    registry, problems = source_bucket.registry()
    for problem in problems:
        logger.error("an uploaded source cannot be used: %s", problem)
        metrics.add_metric(name="SourcesRefused", unit=MetricUnit.Count, value=1)
    return registry


def _done(said: str, began: float, **about: Any) -> None:
    """Say that a step is done, and how long it took."""
    milliseconds = round((time.perf_counter() - began) * 1000)
    logger.info(said, milliseconds=milliseconds, **about)
    metrics.add_metric(name="StepMilliseconds", unit=MetricUnit.Milliseconds, value=milliseconds)


def _tell(source: Source, url: str, report: Report, began: float) -> None:
    # ``asdict`` makes of a Counter one of pairs, which no line of the log can hold.
    _done("read", began, source=source.name, url=url, **vars(report))
    for problem in report.problems:
        logger.warning("%s: %s", url, problem, source=source.name)
    _count("UrlsFound", source.name, report.found)
    _count("UrlsNew", source.name, report.new)
    _count("UrlsKnown", source.name, report.known)
    _count("UrlsRefused", source.name, sum(report.refused.values()))


def _count(name: str, source: str, value: int) -> None:
    # A metric is paid for where it is written.
    if value == 0:
        return
    with single_metric(name=name, unit=MetricUnit.Count, value=value) as metric:
        metric.add_dimension(name="service", value="discover")
        # No dimension: each source would be four more metrics to pay for. In the logs it can be asked by.
        metric.add_metadata(key="source", value=source)


def _report(error: KhoborError) -> None:
    logger.warning(error.detail, reason=error.reason)
    with single_metric(name="Failures", unit=MetricUnit.Count, value=1) as metric:
        metric.add_dimension(name="service", value="discover")
        metric.add_dimension(name="reason", value=error.reason)
