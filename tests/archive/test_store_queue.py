import json
import random
from typing import Any

import pytest
from tests.articles import article

from khobor.archive.store_queue import MAX_MESSAGE_BYTES, read_message, send_article
from khobor.article import Block, RawReference
from khobor.embedded.stack import EmbeddedStack
from khobor.errors import PermanentError

NOISE = Block(kind="paragraph", text=random.Random(7).randbytes(MAX_MESSAGE_BYTES).hex())


@pytest.fixture
def queue_url(stack: EmbeddedStack) -> str:
    return stack.sqs.create_queue(QueueName="test", Attributes={"MaximumMessageSize": str(MAX_MESSAGE_BYTES)})[
        "QueueUrl"
    ]


def only_message(stack: EmbeddedStack, queue_url: str) -> str:
    messages: Any = stack.sqs.receive_message(QueueUrl=queue_url)["Messages"]
    return str(messages[0]["Body"])


def test_an_article_is_read_from_the_message_that_was_sent(stack: EmbeddedStack, queue_url: str) -> None:
    send_article(stack.sqs, stack.s3, queue_url, article())
    assert read_message(stack.s3, only_message(stack, queue_url)) == article()


def test_a_large_article_goes_through_the_bucket_of_its_page(stack: EmbeddedStack, queue_url: str) -> None:
    large = article(body=(NOISE,), raw=RawReference(bucket=stack.outputs["RawBucketName"], key="a.html"))
    send_article(stack.sqs, stack.s3, queue_url, large)
    message = only_message(stack, queue_url)
    assert len(message) < 1000
    assert read_message(stack.s3, message) == large


def test_a_large_article_without_a_page_cannot_be_sent(stack: EmbeddedStack, queue_url: str) -> None:
    with pytest.raises(PermanentError, match="article_too_large"):
        send_article(stack.sqs, stack.s3, queue_url, article(body=(NOISE,)))


def test_a_handed_over_article_that_is_gone_says_what_to_do(stack: EmbeddedStack) -> None:
    bucket = stack.outputs["RawBucketName"]
    with pytest.raises(PermanentError, match=r"no_such_object.*parse its page again"):
        read_message(stack.s3, f'{{"reference": {{"bucket": "{bucket}", "key": "articles/a/b.json.gz"}}}}')


@pytest.mark.parametrize("bucket", ["", "https://[", "no-such-bucket"])
def test_a_handed_over_article_in_a_bucket_that_is_not_there_is_refused(stack: EmbeddedStack, bucket: str) -> None:
    message = json.dumps({"reference": {"bucket": bucket, "key": "a"}})
    with pytest.raises(PermanentError, match="no_such_object"):
        read_message(stack.s3, message)


@pytest.mark.parametrize("data", [b"", b"x", b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xff\xff"])
def test_a_handed_over_article_that_is_damaged_says_so(stack: EmbeddedStack, data: bytes) -> None:
    bucket = stack.outputs["RawBucketName"]
    stack.upload("articles/a/b.json.gz", data)
    with pytest.raises(PermanentError, match="not_an_article"):
        read_message(stack.s3, f'{{"reference": {{"bucket": "{bucket}", "key": "articles/a/b.json.gz"}}}}')


@pytest.mark.parametrize(
    "body", ["", "x", "{}", "[]", "null", '{"article": 7}', '{"article": {}}', '{"url": "x"}', '{"reference": {}}']
)
def test_a_message_that_is_no_article_is_refused(stack: EmbeddedStack, body: str) -> None:
    with pytest.raises(PermanentError, match="not_an_article"):
        read_message(stack.s3, body)


def test_a_character_that_sqs_refuses_is_sent_escaped(stack: EmbeddedStack, queue_url: str) -> None:
    odd = article(title="Bridge \ufffe opens \uffff", section="\ufdd0")
    send_article(stack.sqs, stack.s3, queue_url, odd)
    body = only_message(stack, queue_url)
    assert "\ufffe" not in body
    assert "\uffff" not in body
    assert read_message(stack.s3, body) == odd
