"""A page that takes too much time or memory goes to the dead-letter queue alone; the rest of its batch is handled."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.articles import article
from tests.example_pages import page

from khobor import work_limits
from khobor.archive.store_queue import send_article
from khobor.article import RawReference
from khobor.aws.s3_events import event_of
from khobor.dead_letters.messages import page_key
from khobor.embedded.stack import EmbeddedStack
from khobor.stages import BY_NAME
from khobor.work_limits import WorkLimits

LISTING = "listings/daily/feed/2026-03-01/090500.000000Z-abc.listing.gz"
ONE, TWO = page(title="One bridge opens again"), page(title="Two bridges open again")
HEAVY = page(article="<p>in</p>" * 100_000)
# libxml2 may not return from an allocation that failed, and then the time is over first.
OUT_OF_MEMORY = {"too_much_memory", "too_slow"}


def record(stack: EmbeddedStack, key: str, receive_count: int) -> dict[str, Any]:
    upload = RawReference(bucket=stack.outputs["RawBucketName"], key=key)
    return {
        "messageId": key,
        "receiptHandle": key,
        "body": json.dumps(event_of(upload)),
        "attributes": {"ApproximateReceiveCount": str(receive_count)},
        "eventSource": "aws:sqs",
    }


def uploaded(stack: EmbeddedStack, pages: Mapping[str, bytes]) -> None:
    for name, html in pages.items():
        stack.upload(f"saved/{name}.html", html, {"url": f"https://news.example/{name}"})
    # The tests deliver the messages themselves.
    stack.sqs.purge_queue(QueueUrl=stack.outputs["ParseQueueUrl"])


def reasons(stack: EmbeddedStack) -> dict[str | None, tuple[str | None, str | None]]:
    return {page_key(stack.s3, each.body): (each.reason, each.detail) for each in stack.dead_letters()}


@pytest.fixture
def limited(
    make_stack: Callable[..., EmbeddedStack], monkeypatch: pytest.MonkeyPatch
) -> Callable[[WorkLimits], EmbeddedStack]:
    def make(limits: WorkLimits) -> EmbeddedStack:
        monkeypatch.setattr(work_limits, "PAGE_LIMITS", limits)
        monkeypatch.setattr(work_limits, "LISTING_LIMITS", limits)
        return make_stack()

    return make


@pytest.mark.parametrize("receive_count", [1, 2])
def test_a_page_that_takes_too_long_is_put_aside_with_where_it_was(
    limited: Callable[[WorkLimits], EmbeddedStack], receive_count: int
) -> None:
    stack = limited(WorkLimits(seconds=0.001, megabytes=500))
    uploaded(stack, {"slow": HEAVY})
    event = {"Records": [record(stack, "saved/slow.html", receive_count)]}
    assert stack.invoke("ParseFunction", event) == {"batchItemFailures": []}
    (found,) = reasons(stack).values()
    bucket = stack.outputs["RawBucketName"]
    assert found[0] == "too_slow"
    assert str(found[1]).startswith(f"s3://{bucket}/saved/slow.html (https://news.example/slow) took longer than")
    assert " stopped in " in str(found[1])
    # It is kept, so that it can be sent back.
    assert stack.s3.get_object(Bucket=bucket, Key="saved/slow.html")["Body"].read() == HEAVY


def test_of_a_page_that_takes_too_long_the_source_is_named(limited: Callable[[WorkLimits], EmbeddedStack]) -> None:
    stack = limited(WorkLimits(seconds=0.001, megabytes=500))
    stack.upload("sources/daily.toml", b'version = 1\npublisher = "Daily"\nhosts = ["news.example"]\nenabled = true')
    uploaded(stack, {"slow": HEAVY})
    stack.invoke("ParseFunction", {"Records": [record(stack, "saved/slow.html", 1)]})
    ((_, detail),) = reasons(stack).values()
    assert "/saved/slow.html (https://news.example/slow, source daily) took longer than" in str(detail)


def test_of_a_batch_that_comes_back_the_page_that_takes_too_much_memory_is_put_aside_alone(
    limited: Callable[[WorkLimits], EmbeddedStack],
) -> None:
    stack = limited(WorkLimits(seconds=3, megabytes=15))
    uploaded(stack, {"one": ONE, "heavy": HEAVY, "two": TWO})
    event = {"Records": [record(stack, f"saved/{name}.html", 2) for name in ("one", "heavy", "two")]}
    assert stack.invoke("ParseFunction", event) == {"batchItemFailures": []}
    assert stack.waiting("StoreQueueUrl") == 2
    found = reasons(stack)
    assert found.keys() == {"saved/heavy.html"}
    assert found["saved/heavy.html"][0] in OUT_OF_MEMORY


def test_an_event_without_a_queue_is_read_with_limits_too(limited: Callable[[WorkLimits], EmbeddedStack]) -> None:
    stack = limited(WorkLimits(seconds=3, megabytes=15))
    uploaded(stack, {"one": ONE, "heavy": HEAVY})
    for name in ("heavy", "one"):
        upload = RawReference(bucket=stack.outputs["RawBucketName"], key=f"saved/{name}.html")
        assert stack.invoke("ParseFunction", event_of(upload)) == {}
    assert stack.waiting("StoreQueueUrl") == 1
    ((reason, _),) = reasons(stack).values()
    assert reason in OUT_OF_MEMORY


def test_what_the_time_is_too_short_for_is_left_for_another_invocation(stack: EmbeddedStack) -> None:
    uploaded(
        stack,
        {"one": ONE, "two": TWO},
    )
    stack.functions["ParseFunction"].timeout = 15
    event = {"Records": [record(stack, f"saved/{name}.html", 1) for name in ("one", "two")]}
    failed = stack.invoke("ParseFunction", event)["batchItemFailures"]
    assert [each["itemIdentifier"] for each in failed] == ["saved/one.html", "saved/two.html"]
    assert stack.waiting("StoreQueueUrl") == 0
    stack.functions["ParseFunction"].timeout = 120
    assert stack.invoke("ParseFunction", event) == {"batchItemFailures": []}
    assert stack.waiting("StoreQueueUrl") == 2
    assert reasons(stack) == {}


def test_no_page_is_a_dead_letter_without_a_reason_where_others_take_the_time(stack: EmbeddedStack) -> None:
    stack.functions["ParseFunction"].timeout = 15
    stack.upload("uploads/one.html", ONE)
    stack.run()
    assert [reason for reason, _ in reasons(stack).values()] == ["out_of_time"]


@pytest.mark.parametrize("receive_count", [1, 2])
def test_a_listing_that_takes_too_long_is_put_aside(
    limited: Callable[[WorkLimits], EmbeddedStack], receive_count: int
) -> None:
    stack = limited(WorkLimits(seconds=0.001, megabytes=500))
    stack.upload("sources/daily.toml", b'version = 1\npublisher = "Daily"\nhosts = ["news.example"]\nenabled = true')
    items = "".join(f"<item><link>https://news.example/{n}</link></item>" for n in range(5000))
    stack.upload(LISTING, f"<rss><channel>{items}</channel></rss>".encode(), {"url": "https://news.example/feed"})
    stack.sqs.purge_queue(QueueUrl=stack.outputs["DiscoverQueueUrl"])
    event = {"Records": [record(stack, LISTING, receive_count)]}
    assert stack.invoke("DiscoverFunction", event) == {"batchItemFailures": []}
    (letter,) = stack.dead_letters()
    assert (letter.queue, letter.reason) == (BY_NAME["discover"].dead_letter_queue, "too_slow")
    assert str(letter.detail).startswith(f"s3://{stack.outputs['RawBucketName']}/{LISTING}")


def test_an_article_that_the_time_is_too_short_for_is_stored_by_another_invocation(stack: EmbeddedStack) -> None:
    stack.functions["StoreFunction"].timeout = 5
    send_article(stack.sqs, stack.s3, stack.outputs["StoreQueueUrl"], article())
    received = stack.sqs.receive_message(QueueUrl=stack.outputs["StoreQueueUrl"])["Messages"]
    event = {"Records": [record(stack, "one", 1) | {"body": message["Body"]} for message in received]}
    assert stack.invoke("StoreFunction", event) == {"batchItemFailures": [{"itemIdentifier": "one"}]}
    assert list(stack.articles()) == []
    stack.functions["StoreFunction"].timeout = 30
    assert stack.invoke("StoreFunction", event) == {"batchItemFailures": []}
    assert len(list(stack.articles())) == 1
