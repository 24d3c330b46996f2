"""Store: an article of the store queue into the archive table.

Idempotent by conditional writes: whatever comes, how often and in whatever order, the table ends the same (archive.py).
"""

import gc
import os
from typing import TYPE_CHECKING, Any

import boto3

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.headlines import read_indexes
from khobor.archive.interface import WriteOutcome
from khobor.archive.store_queue import GoneArticle, read_message
from khobor.article import Article
from khobor.aws.sqs_batch import check_time
from khobor.dead_letters.queue import DeadLetterQueue
from khobor.runtime.consumer import QueueProcessor
from khobor.runtime.observability import Observability
from khobor.runtime.settings import StoreSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

METRICS = {
    WriteOutcome.STORED: "ArticlesStored",
    WriteOutcome.SUPERSEDED: "ArticlesSuperseded",
    WriteOutcome.GONE: "ArticlesGone",
    WriteOutcome.UNKNOWN: "ArticlesGoneUnknown",
    WriteOutcome.FORGOTTEN: "ArticlesForgotten",
}
# So long the largest article may take.
SECONDS = 10

# Pausing the GC saves up to 10 % of a cold start.
gc.disable()
settings = StoreSettings.from_environment(os.environ)
observability = Observability("store")
s3 = boto3.client("s3")
archive = DynamoDBArchive(boto3.client("dynamodb"), settings.archive_table, read_indexes(settings.indexes))
dead_letters = DeadLetterQueue(boto3.client("sqs"), settings.dead_letter_queue_url, settings.max_receive_count)
processor = QueueProcessor(observability, dead_letters)
gc.enable()


def store(record: "SQSRecord", lambda_context: "LambdaContext") -> None:
    """Write the article of a message, or that it is gone, into the archive; raises KhoborError where it is neither."""
    check_time(lambda_context, SECONDS)
    step = observability.step()
    message = read_message(s3, record.body)
    observability.about(**identity(message))
    if isinstance(message, GoneArticle):
        outcome = archive.mark_gone(message.article_id, message.at, message.reason)
    else:
        outcome = archive.put(message)
    observability.count(METRICS[outcome])
    observability.logger.info(outcome.value, milliseconds=step.end())


def identity(message: Article | GoneArticle) -> dict[str, str | None]:
    """Return which article a message is about, for the log."""
    facts = {"article_id": message.article_id, "url": message.url}
    if isinstance(message, GoneArticle):
        return facts
    return facts | {"source": message.source, "key": message.raw.key if message.raw else None}


@observability.handler
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Take messages of the store queue."""
    return processor.consume(event, context, store)
