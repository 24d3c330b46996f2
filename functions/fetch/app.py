"""Fetch: a URL's page or listing into the raw bucket, before anything interprets it.

Idempotent by what comes after: a page that is fetched twice is kept twice, and is one revision in the archive. A host
is asked by one at a time, as its turn is a conditional write.
"""

import gc
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, Any

import boto3
import msgspec
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric
from botocore.exceptions import BotoCoreError, ClientError

from khobor.archive.store_queue import Gone, send_gone
from khobor.aws.sqs_batch import Record, accepted, partial_response, postpone, records
from khobor.dead_letters.queue import DeadLetters
from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.fetch.downloader import Downloader, Limits
from khobor.fetch.fetcher import Outcome, Visit, Visitor
from khobor.frontier.dynamodb.hosts import HostBusyError, Hosts
from khobor.frontier.dynamodb.known_urls import KnownUrls, url_id
from khobor.frontier.fetch_queue import FetchRequest, as_request, first_body, message_group, read_request, send_on
from khobor.page import RawPage, Redirected
from khobor.pages.s3 import put_listing, put_page
from khobor.runtime.log_line import log_line
from khobor.runtime.settings import FetchSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

METRICS = {
    Outcome.STORED: "PagesFetched",
    Outcome.UNCHANGED: "PagesUnchanged",
    Outcome.MISSING: "PagesMissing",
    Outcome.GONE: "PagesGone",
    Outcome.DISALLOWED: "PagesDisallowed",
    Outcome.REDIRECTED: "PagesRedirected",
}
# So long one host's URLs are taken from a batch: one more visit then still ends within the function's time.
GROUP_TIME = timedelta(seconds=60)
# The fetch queue forgets a message after fourteen days, without a word.
PATIENCE = timedelta(days=10)
# How long a host's URLs wait after a call to AWS failed on one of them.
AFTER_AWS_FAILED = timedelta(minutes=1)
# Who fetches by hand waits for a host's turn, but not for one that is left alone for longer.
LONGEST_WAIT_SECONDS = 30.0

# What is made here stays: looking for garbage meanwhile takes up to a tenth of the start, and finds none.
gc.disable()
settings = FetchSettings.from_environment(os.environ)
logger = Logger(service="fetch", json_serializer=log_line)
metrics = Metrics(service="fetch")
s3 = boto3.client("s3")
sqs = boto3.client("sqs")
dynamodb = boto3.client("dynamodb")
dead_letters = DeadLetters(sqs, settings.dead_letter_queue_url)
limits = Limits(page_bytes=settings.max_page_bytes)
downloader = Downloader(settings.contact, limits, allow_loopback=settings.allow_loopback)
hosts = Hosts(dynamodb, settings.crawl_table)
gc.enable()


def keep(page: RawPage, request: FetchRequest) -> str:
    """Store what was fetched, and return its key."""
    if request.kind == "article" or request.source is None:
        return put_page(s3, settings.raw_bucket, page)
    return put_listing(s3, settings.raw_bucket, page, request.source, request.kind)


visitor = Visitor(
    downloader=downloader,
    hosts=hosts,
    urls=KnownUrls(dynamodb, settings.crawl_table, settings.known_days),
    keep=keep,
    random=Random(),  # noqa: S311 it spreads requests over time
)


def fetch(request: FetchRequest) -> Visit:
    """Visit a URL, and tell the archive of an article that is gone; raises as ``Visitor.visit`` does."""
    began = time.perf_counter()
    visit = visitor.visit(request)
    if visit.gone and request.kind == "article" and request.visit is not None:
        now = datetime.now(UTC)
        gone = Gone(article_id=url_id(visit.gone), url=visit.gone, at=now, reason=visit.reason or "")
        send_gone(sqs, settings.store_queue_url, gone)
    metrics.add_metric(name=METRICS[visit.outcome], unit=MetricUnit.Count, value=1)
    milliseconds = round((time.perf_counter() - began) * 1000)
    metrics.add_metric(name="StepMilliseconds", unit=MetricUnit.Milliseconds, value=milliseconds)
    about = _about(request) | {"key": visit.key, "detail": visit.detail, "same_as": _other_id(request, visit)}
    logger.info(visit.outcome.value, **about, **_refused(visit), milliseconds=milliseconds)
    return visit


def record_handler(record: Record) -> datetime:
    """Fetch the URL of one message, and be done with it: it was fetched, is sent anew or put aside.

    Returns:
        When the host may be asked again.

    Raises:
        HostBusyError: It is not the URL's turn yet.
    """
    request = FetchRequest(url="")
    try:
        request = read_request(record["body"])
        return _fetched(request, record["messageId"])
    except KhoborError as error:
        _settle(record, request, error)
    except HostBusyError:
        raise
    except (BotoCoreError, ClientError) as error:
        # It is no fault of the URL: nothing is counted against it.
        logger.exception("AWS failed; the host's URLs wait", **_about(request), message_id=record["messageId"])
        raise HostBusyError(message_group(request.location), datetime.now(UTC) + AFTER_AWS_FAILED) from error
    # Whatever it is: left in the queue, the URL would hold up all others of its host.
    except Exception as error:
        logger.exception("crashed; the URL is tried again later", **_about(request), message_id=record["messageId"])
        _settle(record, request, RetryableError("crashed", f"{type(error).__name__}: {error}"))
    return datetime.now(UTC)


def _fetched(request: FetchRequest, message_id: str) -> datetime:
    """Do ``fetch``; what leads on waits for the turn of where it leads to. Return when the host may be asked again."""
    visit = fetch(request)
    if visit.redirected:
        send_on(sqs, settings.fetch_queue_url, _onward(request, visit.redirected), message_id)
    return visit.next_at


def fetch_group(group: list[Record]) -> list[Record]:
    """Fetch one host's URLs until it must be waited; return those to be delivered again, when that time is over."""
    waiting = list(group)
    end = datetime.now(UTC) + GROUP_TIME
    while waiting and datetime.now(UTC) < end:
        try:
            next_at = record_handler(waiting[0])
            waiting.pop(0)
        except HostBusyError as busy:
            next_at = busy.until
        if next_at > datetime.now(UTC):
            return _wait(waiting, next_at)
    return _wait(waiting, datetime.now(UTC))


def fetch_safely(group: list[Record]) -> list[Record]:
    """Do ``fetch_group``, and have the whole group delivered again where that fails: other hosts are not to suffer."""
    try:
        return fetch_group(group)
    # Whatever it is, other hosts are not to suffer; what was done with is done again, which changes nothing.
    except Exception:
        logger.exception("failed; the host's messages will be delivered again")
        return group


def fetch_batch(batch: list[Record]) -> Iterator[Record]:
    """Fetch from the batch's hosts side by side, for waiting is what takes the time; yield what must come again."""
    groups: dict[str, list[Record]] = {}
    for record in batch:
        groups.setdefault(record["attributes"]["MessageGroupId"], []).append(record)
    with ThreadPoolExecutor(len(groups)) as pool:
        yield from chain.from_iterable(pool.map(fetch_safely, groups.values()))


def fetch_by_hand(event: dict[str, Any]) -> dict[str, list[dict[str, str | None]]]:
    """Fetch the URLs of an event sent by hand; return for each the key, or the reason why there is none."""
    others = {name: value for name, value in event.items() if name != "urls"}
    events = [others | {"url": url} for url in event["urls"]] if "urls" in event else [event]
    return {"results": [_result(each) for each in events]}


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
    """Take messages of the fetch queue, or ``{"url": …}`` and ``{"urls": […]}`` sent by hand."""
    metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=accepted(event))
    if "Records" not in event:
        return fetch_by_hand(event)
    return partial_response(fetch_batch(records(event)))


def _wait(waiting: list[Record], until: datetime) -> list[Record]:
    """Have messages come again when their host may be asked; those that wait too long already are put aside."""
    now = datetime.now(UTC)
    tired = [record for record in waiting if now - _sent_at(record) > PATIENCE]
    for record in tired:
        _settle(record, FetchRequest(url=""), PermanentError("host_busy", f"waited {PATIENCE.days} days for its host"))
    waiting = [record for record in waiting if record not in tired]
    if waiting:
        postpone(sqs, settings.fetch_queue_url, waiting, (until - datetime.now(UTC)).total_seconds())
    return waiting


def _sent_at(record: Record) -> datetime:
    return datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)


def _settle(record: Record, request: FetchRequest, error: KhoborError) -> None:
    """Put a URL aside, or where another try may help send it anew, behind the others of its host."""
    attempts = request.attempts + 1
    is_tried_again = isinstance(error, RetryableError) and attempts < settings.max_attempts
    _report(error, request, is_tried_again=is_tried_again)
    if is_tried_again:
        again = msgspec.structs.replace(request, attempts=attempts)
        send_on(sqs, settings.fetch_queue_url, again, record["messageId"])
    else:
        # As it was at first: sent again, it has all its tries before it.
        body = first_body(request) if request.attempts else record["body"]
        dead_letters.put(body, error, record)


def _result(event: dict[str, Any]) -> dict[str, str | None]:
    url = str(event.get("url"))
    try:
        visit = _fetched_in_turn(as_request(event))
    except KhoborError as error:
        _report(error, FetchRequest(url=url), is_tried_again=False)
        return {"url": url, "reason": error.reason, "detail": error.detail}
    if visit.key:
        return {"url": url, "key": visit.key}
    return {"url": url, "reason": visit.reason, "detail": visit.detail}


def _onward(request: FetchRequest, redirected: Redirected) -> FetchRequest:
    return msgspec.structs.replace(request, redirected=redirected)


def _fetched_in_turn(request: FetchRequest) -> Visit:
    while True:
        try:
            visit = fetch(request)
            if not visit.redirected:
                return visit
            request = _onward(request, visit.redirected)
        except HostBusyError as busy:
            seconds = (busy.until - datetime.now(UTC)).total_seconds()
            if seconds > LONGEST_WAIT_SECONDS:
                raise RetryableError("host_busy", str(busy)) from busy
            time.sleep(max(seconds, 0))


def _about(request: FetchRequest) -> dict[str, Any]:
    """Return what a line of the log says of a request; a listing, or what is no URL, has no article's id."""
    article_id = None
    if request.kind == "article":
        with suppress(PermanentError):
            article_id = url_id(request.url)
    return {"article_id": article_id, "url": request.url or None, "kind": request.kind, "source": request.source}


def _other_id(request: FetchRequest, visit: Visit) -> str | None:
    """Return the article's id by the URL to which it leads, or from which it is gone, where that is another."""
    url = visit.redirected.location if visit.redirected else visit.gone
    if request.kind != "article" or url is None or url_id(url) == url_id(request.url):
        return None
    return url_id(url)


def _refused(visit: Visit) -> dict[str, Any]:
    """Count what a host says of a URL that it does not own; return what a line of the log says of that.

    By the id, a trace of that URL shows who said it.
    """
    if visit.refused is None:
        return {}
    metrics.add_metric(name="ClaimsRefused", unit=MetricUnit.Count, value=1)
    fact, url = visit.refused
    return {"refused": [f"{fact}: {url} (another site)"], "refused_ids": [url_id(url)]}


def _report(error: KhoborError, request: FetchRequest, *, is_tried_again: bool) -> None:
    logger.warning(error.detail, **_about(request), reason=error.reason, is_tried_again=is_tried_again)
    with single_metric(name="Failures", unit=MetricUnit.Count, value=1) as metric:
        metric.add_dimension(name="service", value="fetch")
        metric.add_dimension(name="reason", value=error.reason)
