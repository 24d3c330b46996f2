"""Parse: a page of the raw bucket into an article on the store queue.

Idempotent by nature: the article follows from one version of one object alone, and where it is too large for the queue
it lies under the digest of its content.
"""

import gc
import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import filterfalse
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from khobor.archive.store_queue import send_article
from khobor.article import Article, RawReference
from khobor.aws.s3_events import event_of, is_s3_event, uploads
from khobor.aws.sqs_batch import Record, accepted, check_time, is_suspect, partial_response, records
from khobor.dead_letters.queue import DeadLetters
from khobor.discover.discover_queue import Links, send_links
from khobor.errors import KhoborError, PermanentError
from khobor.extract import extract_page
from khobor.extract.fields.canonical import ANOTHER_SITE
from khobor.frontier.dynamodb.known_urls import url_id
from khobor.keys import no_page
from khobor.pages.s3 import get_page
from khobor.runtime.log_line import log_line
from khobor.runtime.settings import ParseSettings
from khobor.sources.registry import Registry
from khobor.sources.source_bucket import SourceBucket
from khobor.url import absolute_url
from khobor.work_limits import PAGE_LIMITS, within

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# The fields of which the log says by what kind of evidence they were found.
TOLD = frozenset({"title", "authors", "published_at", "body"})
# So long a page may take: to be read, and besides to be fetched and handed on.
SECONDS = PAGE_LIMITS.seconds + 10
# What its lines say of a page, before that is known: None leaves out what was said of the page before.
UNKNOWN: dict[str, str | None] = dict.fromkeys(("key", "article_id", "same_as", "url", "source"))

# What is made here stays: looking for garbage meanwhile takes up to a tenth of the start, and finds none.
gc.disable()
settings = ParseSettings.from_environment(os.environ)
logger = Logger(service="parse", json_serializer=log_line)
metrics = Metrics(service="parse")
s3 = boto3.client("s3")
sqs = boto3.client("sqs")
source_bucket = SourceBucket(s3, settings.raw_bucket, settings.sources_seconds)
dead_letters = DeadLetters(sqs, settings.dead_letter_queue_url, settings.max_receive_count)
gc.enable()


def parse(reference: RawReference, *, apart: bool) -> None:
    """Send the article of a page to be stored; raises KhoborError where the page is not there or holds none.

    What its name alone says is no page is counted and left: folders of saved pages are uploaded as they are.

    Args:
        reference: The page.
        apart: Whether it is read in a process of its own.
    """
    began = time.perf_counter()
    logger.append_keys(**(UNKNOWN | {"key": reference.key}))
    if reason := no_page(reference.key):
        metrics.add_metric(name="UploadsSkipped", unit=MetricUnit.Count, value=1)
        logger.info("skipped", reason="no_page", detail=f"{reference.key} is {reason}")
        return
    page, raw = get_page(s3, reference, settings.max_page_bytes)
    sources = _sources()
    where = f"s3://{reference.bucket}/{reference.key}" + (f" ({page.location})" if page.location else "")
    logger.append_keys(url=page.url, article_id=next(iter(_ids([page.url or ""], None)), None))
    article = within(PAGE_LIMITS, partial(extract_page, page, raw, sources), what=where, apart=apart)
    logger.append_keys(**_identity(article, page.url))
    if reason := article.extraction.not_article:
        raise PermanentError(reason, f"{where} holds no article")
    send_article(sqs, s3, settings.store_queue_url, article)
    follow(article, sources)
    metrics.add_metric(name="PagesParsed", unit=MetricUnit.Count, value=1)
    milliseconds = round((time.perf_counter() - began) * 1000)
    metrics.add_metric(name="StepMilliseconds", unit=MetricUnit.Milliseconds, value=milliseconds)
    evidence = {name: found.origin for name, found in article.extraction.fields.items() if name in TOLD}
    about: dict[str, Any] = {"rules": article.extraction.rules, "evidence": evidence}
    logger.info("parsed", **about, **refused(article), milliseconds=milliseconds)


def refused(article: Article) -> dict[str, Any]:
    """Count the claims of a page to be an article of another site; return what a line of the log says of refused ones.

    By the ids, a trace of the URL that is claimed shows who claims it.
    """
    evidence = article.extraction.fields.get("canonical_url")
    if not evidence or not evidence.refused:
        return {}
    foreign = [claim.text for claim in evidence.refused if claim.reason == ANOTHER_SITE]
    if foreign:
        metrics.add_metric(name="ClaimsRefused", unit=MetricUnit.Count, value=len(foreign))
    ids = sorted(set(_ids(foreign, article.url)))
    return {"refused": [f"{claim.text} ({claim.reason})" for claim in evidence.refused], "refused_ids": ids or None}


def follow(article: Article, sources: Registry) -> None:
    """Send the links of an article to others of its source to be looked at, where the source asks for that.

    Old articles lead to older ones, without end: from those that are too old to be fetched no link is followed.
    """
    source = sources.source(article.source or "")
    if not source or not source.enabled or not source.discovery.related:
        return
    oldest = article.fetched_at - timedelta(days=source.discovery.max_age_days)
    if article.related and (article.published_at or article.fetched_at) >= oldest:
        urls = tuple(link.url for link in article.related)
        send_links(
            sqs,
            settings.discover_queue_url,
            Links(source=source.name, page=article.url or article.canonical_url or "", urls=urls),
        )


def record_handler(record: Record, context: "LambdaContext") -> bool:
    """Parse the uploads that one message of the parse queue tells of; return whether it is done with."""
    logger.append_keys(**UNKNOWN)
    try:
        for reference in uploads(_json(record["body"])):
            check_time(context, SECONDS)
            parse(reference, apart=is_suspect(record))
    except KhoborError as error:
        _report(error)
        return dead_letters.settle(record, error)
    # Whatever it is: raised on, one message would bring its whole batch back.
    except Exception:
        logger.exception("crashed; the message will be delivered again", message_id=record["messageId"])
        return False
    return True


def parse_uploads(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Parse the uploads of an S3 event that came without a queue between.

    Nothing says whether such an event failed before: each page is read in a process of its own.
    """
    for reference in uploads(event):
        try:
            check_time(context, SECONDS)
            parse(reference, apart=True)
        except PermanentError as error:
            _report(error)
            dead_letters.put(json.dumps(event_of(reference)), error)
    return {}


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Take messages of the parse queue, or an S3 event itself."""
    metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=accepted(event))
    if is_s3_event(event):
        return parse_uploads(event, context)
    return partial_response(filterfalse(partial(record_handler, context=context), records(event)))


def _identity(article: Article, fetched_by: str | None) -> dict[str, str | None]:
    """Return what a line of the log says of which article a page is; ``same_as`` is the URL that it was fetched by."""
    found_as = url_id(fetched_by) if fetched_by else article.article_id
    return {
        "article_id": article.article_id,
        "same_as": found_as if found_as != article.article_id else None,
        "url": article.url,
        "source": article.source,
    }


def _ids(references: Iterable[str], base: str | None) -> Iterator[str]:
    for reference in references:
        with suppress(PermanentError):
            yield url_id(absolute_url(reference, base))


def _sources() -> Registry:
    """Return the uploaded sources over the bundled ones; those that cannot be used are told of and left out."""
    registry, problems = source_bucket.registry()
    for problem in problems:
        logger.error("an uploaded source cannot be used: %s", problem)
        metrics.add_metric(name="SourcesRefused", unit=MetricUnit.Count, value=1)
    return registry


def _json(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError as error:
        raise PermanentError("not_an_s3_event", f"expected an S3 event notification, got {body[:200]!r}") from error


def _report(error: KhoborError) -> None:
    logger.warning(error.detail, reason=error.reason)
    with single_metric(name="Failures", unit=MetricUnit.Count, value=1) as metric:
        metric.add_dimension(name="service", value="parse")
        metric.add_dimension(name="reason", value=error.reason)
