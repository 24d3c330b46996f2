"""Store: an article of the store queue into the archive table.

Idempotent by conditional writes: whatever comes, how often and in whatever order, the table ends the same (archive.py).
"""

import gc
import os
import time
from functools import partial
from itertools import filterfalse
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from khobor.archive.dynamodb.archive import Archive, Outcome
from khobor.archive.dynamodb.postings import read_indexes
from khobor.archive.store_queue import Gone, read_message
from khobor.article import Article
from khobor.aws.sqs_batch import Record, accepted, check_time, partial_response, records
from khobor.dead_letters.queue import DeadLetters
from khobor.errors import KhoborError
from khobor.runtime.log_line import log_line
from khobor.runtime.settings import StoreSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

METRICS = {
    Outcome.STORED: "ArticlesStored",
    Outcome.SUPERSEDED: "ArticlesSuperseded",
    Outcome.GONE: "ArticlesGone",
    Outcome.UNKNOWN: "ArticlesGoneUnknown",
    Outcome.FORGOTTEN: "ArticlesForgotten",
}
# So long the largest article may take.
SECONDS = 10
# What its lines say of a message, before that is known: None leaves out what was said of the one before.
UNKNOWN: dict[str, str | None] = dict.fromkeys(("article_id", "url", "source", "key"))

# What is made here stays: looking for garbage meanwhile takes up to a tenth of the start, and finds none.
gc.disable()
settings = StoreSettings.from_environment(os.environ)
logger = Logger(service="store", json_serializer=log_line)
metrics = Metrics(service="store")
s3 = boto3.client("s3")
archive = Archive(boto3.client("dynamodb"), settings.archive_table, read_indexes(settings.indexes))
dead_letters = DeadLetters(boto3.client("sqs"), settings.dead_letter_queue_url, settings.max_receive_count)
gc.enable()


def store(body: str) -> None:
    """Write the article of a message into the archive, or that one is gone; raises KhoborError where it is neither."""
    began = time.perf_counter()
    logger.append_keys(**UNKNOWN)
    message = read_message(s3, body)
    logger.append_keys(**_identity(message))
    if isinstance(message, Gone):
        outcome = archive.mark_gone(message.article_id, message.at, message.reason)
    else:
        outcome = archive.put(message)
    metrics.add_metric(name=METRICS[outcome], unit=MetricUnit.Count, value=1)
    milliseconds = round((time.perf_counter() - began) * 1000)
    metrics.add_metric(name="StepMilliseconds", unit=MetricUnit.Milliseconds, value=milliseconds)
    logger.info(outcome.value, milliseconds=milliseconds)


def record_handler(record: Record, context: "LambdaContext") -> bool:
    """Store the article of one message of the store queue; return whether it is done with."""
    try:
        check_time(context, SECONDS)
        store(record["body"])
    except KhoborError as error:
        _report(error)
        return dead_letters.settle(record, error)
    # Whatever it is: raised on, one message would bring its whole batch back.
    except Exception:
        logger.exception("crashed; the message will be delivered again", message_id=record["messageId"])
        return False
    return True


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Take messages of the store queue."""
    metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=accepted(event))
    return partial_response(filterfalse(partial(record_handler, context=context), records(event)))


def _identity(message: Article | Gone) -> dict[str, str | None]:
    """Return what a line of the log says of which article a message is about."""
    said = {"article_id": message.article_id, "url": message.url}
    if isinstance(message, Gone):
        return said
    return said | {"source": message.source, "key": message.raw.key if message.raw else None}


def _report(error: KhoborError) -> None:
    logger.warning(error.detail, reason=error.reason)
    with single_metric(name="Failures", unit=MetricUnit.Count, value=1) as metric:
        metric.add_dimension(name="service", value="store")
        metric.add_dimension(name="reason", value=error.reason)
