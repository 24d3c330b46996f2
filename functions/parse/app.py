"""Parse function: reads pages of the raw bucket and sends their articles to the store queue.

The article depends only on one version of one object, so parsing it again gives the same article.
"""

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
from khobor.keys import not_page_reason
from khobor.pages.s3 import S3PageReader
from khobor.runtime.cold_start import gc_paused
from khobor.runtime.observability import Observability
from khobor.runtime.settings import ParseSettings
from khobor.runtime.uploads import UploadProcessor
from khobor.sources.reported_sources import reported_sources
from khobor.sources.source_bucket import SourceBucket
from khobor.work_limits import PAGE_LIMITS, within

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# Reading a page from S3 and sending its article may take 10 more.
SECONDS = PAGE_LIMITS.seconds + 10
with gc_paused():
    settings = ParseSettings.from_environment(os.environ)
    observability = Observability("parse")
    s3 = boto3.client("s3")
    sqs = boto3.client("sqs")
    source_bucket = SourceBucket(s3, settings.raw_bucket, settings.sources_seconds)
    dead_letters = DeadLetterQueue(sqs, settings.dead_letter_queue_url, settings.max_receive_count)
    processor = UploadProcessor(observability, dead_letters, SECONDS)


def parse(reference: RawReference, isolated: bool) -> None:
    """Send the article of a page to the store queue.

    Args:
        reference: The page.
        isolated: Whether the page is parsed in a process of its own.

    Raises:
        PermanentError: The page does not exist, cannot be read, or holds no article.
    """
    step = observability.step()
    # People upload folders of saved pages with their images.
    if reason := not_page_reason(reference.key):
        observability.count("UploadsSkipped")
        observability.logger.info("skipped", reason="no_page", detail=f"{reference.key} is {reason}")
        return
    page, raw = S3PageReader(s3).get(reference, settings.max_page_bytes)
    sources = reported_sources(source_bucket, observability)
    observability.about(**log_facts.expected_identity(page.url))
    where = log_facts.page_location(reference, page, sources)
    article = within(PAGE_LIMITS, partial(extract_page, page, raw, sources), what=where, isolated=isolated)
    observability.about(**log_facts.identity(article, page.url))
    if reason := article.extraction.not_article:
        raise PermanentError(reason, f"{where} holds no article{article.extraction.refusal_text}")
    send_article(sqs, s3, settings.store_queue_url, article)
    if links := related_links(article, sources):
        send_links(sqs, settings.discover_queue_url, links)
    observability.count("PagesParsed")
    if claims := log_facts.foreign_claims(article):
        observability.count("ClaimsRefused", len(claims))
    observability.logger.info("parsed", **log_facts.reading(article), milliseconds=step.end())


@observability.handler
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Handle messages of the parse queue, or an event that S3 sends directly."""
    return processor.consume(event, context, parse)
