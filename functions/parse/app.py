"""Parse: a page of the raw bucket into an article on the store queue.

Idempotent by nature: the article follows from one version of one object alone, and where it is too large for the queue
it lies under the digest of its content.
"""

import gc
import os
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3

from khobor.archive.store_queue import send_article
from khobor.article import RawReference
from khobor.dead_letters.queue import DeadLetterQueue
from khobor.discover.discover_queue import send_links
from khobor.discover.related import related_links
from khobor.errors import PermanentError
from khobor.extract import extract_page, log_facts
from khobor.keys import no_page
from khobor.pages.s3 import S3PageReader
from khobor.runtime.observability import Observability
from khobor.runtime.settings import ParseSettings
from khobor.runtime.uploads import UploadProcessor
from khobor.sources.reported_sources import reported_sources
from khobor.sources.source_bucket import SourceBucket
from khobor.work_limits import PAGE_LIMITS, within

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# To fetch a page and hand on its article may take 10 more.
SECONDS = PAGE_LIMITS.seconds + 10
# Pausing the GC saves up to 10 % of a cold start.
gc.disable()
settings = ParseSettings.from_environment(os.environ)
observability = Observability("parse")
s3 = boto3.client("s3")
sqs = boto3.client("sqs")
source_bucket = SourceBucket(s3, settings.raw_bucket, settings.sources_seconds)
dead_letters = DeadLetterQueue(sqs, settings.dead_letter_queue_url, settings.max_receive_count)
processor = UploadProcessor(observability, dead_letters, SECONDS)
gc.enable()


def parse(reference: RawReference, apart: bool) -> None:
    """Send the article of a page to be stored; raises KhoborError where the page is not there or holds none.

    Args:
        reference: The page.
        apart: Whether it is read in a process of its own.
    """
    step = observability.step()
    # Folders of saved pages are uploaded as they are, with their pictures.
    if reason := no_page(reference.key):
        observability.count("UploadsSkipped")
        observability.logger.info("skipped", reason="no_page", detail=f"{reference.key} is {reason}")
        return
    page, raw = S3PageReader(s3).get(reference, settings.max_page_bytes)
    sources = reported_sources(source_bucket, observability)
    observability.about(**log_facts.place(page.url))
    where = log_facts.where(reference, page, sources)
    article = within(PAGE_LIMITS, partial(extract_page, page, raw, sources), what=where, apart=apart)
    observability.about(**log_facts.identity(article, page.url))
    if reason := article.extraction.not_article:
        raise PermanentError(reason, f"{where} holds no article")
    send_article(sqs, s3, settings.store_queue_url, article)
    if links := related_links(article, sources):
        send_links(sqs, settings.discover_queue_url, links)
    observability.count("PagesParsed")
    if claims := log_facts.foreign_claims(article):
        observability.count("ClaimsRefused", len(claims))
    observability.logger.info("parsed", **log_facts.reading(article), milliseconds=step.end())


@observability.handler
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Take messages of the parse queue, or an S3 event itself."""
    return processor.consume(event, context, parse)
