"""Fetch: a URL's page into the raw bucket, before anything interprets it."""

import gc
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, dropwhile
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from khobor.aws.dead_letters import DeadLetters
from khobor.aws.raw_bucket import put_page
from khobor.aws.sqs_batch import Record, partial_response, records
from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.fetching.downloader import Downloader, Limits
from khobor.page import database_error
from khobor.settings import FetchSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# What is made here stays: looking for garbage meanwhile takes up to a tenth of the start, and finds none.
gc.disable()
settings = FetchSettings.from_environment(os.environ)
logger = Logger(service="fetch")
metrics = Metrics(namespace="khobor", service="fetch")
s3 = boto3.client("s3")
dead_letters = DeadLetters(boto3.client("sqs"), settings.dead_letter_queue_url, settings.max_receive_count)
limits = Limits(page_bytes=settings.max_page_bytes)
downloader = Downloader(settings.contact, limits, allow_loopback=settings.allow_loopback)
gc.enable()


def fetch(url: str) -> str:
    """Store the page of a URL and return its key; raises KhoborError where there is none or it must come again."""
    page = downloader.fetch(url)
    key = put_page(s3, settings.raw_bucket, page)
    metrics.add_metric(name="PagesFetched", unit=MetricUnit.Count, value=1)
    if problem := database_error(page.body):
        raise RetryableError("error_page", f"{url} answered {problem!r} in place of the page; it is kept as {key}")
    return key


def record_handler(record: Record) -> bool:
    """Fetch the URL of one message of the fetch queue; return whether it is done with."""
    try:
        fetch(_url(record["body"]))
    except KhoborError as error:
        _report(error)
        return dead_letters.settle(record, error)
    except Exception:
        # Raised on, one message would bring its whole batch back.
        logger.exception("crashed; the message will be delivered again", message_id=record["messageId"])
        return False
    return True


def fetch_group(group: list[Record]) -> list[Record]:
    """Fetch one host's URLs one after another; return those to be delivered again: from the first that failed on."""
    return list(dropwhile(record_handler, group))


def fetch_batch(batch: list[Record]) -> Iterator[Record]:
    """Fetch from the batch's hosts side by side, for waiting is what takes the time; yield what must come again."""
    groups: dict[str, list[Record]] = {}
    for record in batch:
        groups.setdefault(record["attributes"]["MessageGroupId"], []).append(record)
    with ThreadPoolExecutor(len(groups)) as pool:
        yield from chain.from_iterable(pool.map(fetch_group, groups.values()))


def fetch_by_hand(event: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """Fetch the URLs of an event sent by hand; return for each the key, or the reason why there is none."""
    urls = event["urls"] if "urls" in event else [event.get("url")]
    return {"results": [_result(url) for url in urls]}


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], _: "LambdaContext") -> dict[str, Any]:
    """Take messages of the fetch queue, or ``{"url": …}`` and ``{"urls": […]}`` sent by hand."""
    metrics.add_metric(name="Invocations", unit=MetricUnit.Count, value=1)
    if "Records" not in event:
        return fetch_by_hand(event)
    return partial_response(fetch_batch(records(event)))


def _result(url: object) -> dict[str, str]:
    try:
        return {"url": str(url), "key": fetch(_checked(url))}
    except KhoborError as error:
        _report(error)
        return {"url": str(url), "reason": error.reason, "detail": error.detail}


def _url(body: str) -> str:
    try:
        message = json.loads(body)
    except ValueError as error:
        raise PermanentError("bad_message", f'expected {{"url": "https://…"}}, got {body[:200]!r}') from error
    return _checked(message.get("url") if isinstance(message, dict) else None)


def _checked(url: object) -> str:
    if not isinstance(url, str):
        raise PermanentError("bad_message", f'expected {{"url": "https://…"}}, got {url!r} for the URL')
    return url


def _report(error: KhoborError) -> None:
    logger.warning(error.detail, reason=error.reason)
    with single_metric(name="Failures", unit=MetricUnit.Count, value=1, namespace="khobor") as metric:
        metric.add_dimension(name="service", value="fetch")
        metric.add_dimension(name="reason", value=error.reason)
