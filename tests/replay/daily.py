"""A newspaper whose pages were first parsed with a wrong rule, and then with the right one."""

from datetime import UTC, datetime
from typing import Any

from tests.example_pages import page

from khobor.article import Article, RawReference
from khobor.embedded.stack import EmbeddedStack
from khobor.extract import extract
from khobor.keys import page_key
from khobor.pages.s3 import S3PageReader
from khobor.sources.registry import Registry
from khobor.url import article_id, canonical_url

HOST = "daily.example"
URL = f"https://{HOST}/city/1"
SOURCE = """
version = {version}
publisher = "The Daily Test"
hosts = ["daily.example"]
[rules]
title = ["{rule}"]
"""


def use_rules(stack: EmbeddedStack, version: int, rule: str) -> None:
    """Upload the source with a rule for the title; a function that has read another one keeps using it."""
    stack.upload("sources/daily.toml", SOURCE.format(version=version, rule=rule).encode())


def body(title: str, wrong: str = "Home of news", **more: Any) -> bytes:
    return page(title=title, article=f'<p class="by-mistake">{wrong}</p>', **more)


def keep(stack: EmbeddedStack, day: int, content: bytes, url: str = URL) -> str:
    """Put a page into the bucket as fetch does, as fetched on a day of March at noon; return its key."""
    at = datetime(2026, 3, day, 12, tzinfo=UTC)
    key = page_key(HOST, at, article_id(canonical_url(url)))
    stack.upload(key, content, {"url": url, "fetched-at": at.isoformat()})
    return key


def fetch(stack: EmbeddedStack, day: int, content: bytes, url: str = URL) -> str:
    """Do ``keep``, then parse and store the page."""
    key = keep(stack, day, content, url)
    stack.run()
    return key


def unparsed(stack: EmbeddedStack) -> None:
    """Make sure that nothing parses the stored pages."""
    url = stack.outputs["ParseQueueUrl"]
    while messages := stack.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            stack.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def fetch_by(stack: EmbeddedStack, version: int, rule: str, day: int, content: bytes) -> Article:
    """Do ``fetch`` as a parse function does that has read this rule; return the article."""
    key = keep(stack, day, content)
    unparsed(stack)
    rules = Registry({"daily.toml": SOURCE.format(version=version, rule=rule)})
    page, raw = S3PageReader(stack.s3).get(RawReference(bucket=stack.outputs["RawBucketName"], key=key), 10_000_000)
    article = extract(page.body, page.location, fetched_at=page.fetched_at, raw=raw, sources=rules)
    stack.archive.put(article)
    stack.run()
    return article


def items(stack: EmbeddedStack) -> list[dict[str, Any]]:
    """Return the items of the archive table, without who wrote them and when something was forgotten."""
    found = stack.dynamodb.scan(TableName=stack.outputs["ArchiveTableName"])["Items"]
    left_out = {"is_replayed", "forgotten_at"}
    told = [{name: value for name, value in item.items() if name not in left_out} for item in found]
    return sorted(told, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))
