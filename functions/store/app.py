"""Store function: writes the articles of the store queue into the archive table.

Messages may be delivered repeatedly and in any order. Writes are conditional, so the table is the same in the end.
"""

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
from khobor.runtime.cold_start import gc_paused
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
# How long the largest article may take.
SECONDS = 10

with gc_paused():
    settings = StoreSettings.from_environment(os.environ)
    observability = Observability("store")
    s3 = boto3.client("s3")
    archive = DynamoDBArchive(boto3.client("dynamodb"), settings.archive_table, read_indexes(settings.indexes))
    dead_letters = DeadLetterQueue(boto3.client("sqs"), settings.dead_letter_queue_url, settings.max_receive_count)
    processor = QueueProcessor(observability, dead_letters)


def store(record: "SQSRecord", lambda_context: "LambdaContext") -> None:
    """Write the article of a message into the archive, or mark it as gone.

    Args:
        record: The message.
        lambda_context: Lambda's context of the invocation.

    Raises:
        PermanentError: The message holds neither.
        RetryableError: ``out_of_time``; or many processes write to the article at once.
    """
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
    """Return the identity of the article that a message is about, for the log."""
    facts = {"article_id": message.article_id, "url": message.url}
    if isinstance(message, GoneArticle):
        return facts
    return facts | {"source": message.source, "key": message.raw.key if message.raw else None}


@observability.handler
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Handle messages of the store queue."""
    return processor.consume(event, context, store)
