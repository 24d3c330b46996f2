import json

import pytest

from khobor.dead_letters.queue import DeadLetterQueue
from khobor.embedded.stack import EmbeddedStack
from khobor.errors import PermanentError, RetryableError
from khobor.frontier.fetch_queue import FetchRequest, send_follow_up

PERMANENT = PermanentError("not_html", "a PDF")
RETRYABLE = RetryableError("http_503", "busy")


@pytest.fixture
def queue(stack: EmbeddedStack) -> DeadLetterQueue:
    return DeadLetterQueue(stack.sqs, stack.outputs["ParseDeadLetterQueueUrl"], max_receive_count=3)


def record(received: int) -> dict[str, object]:
    return {"body": '{"a": 1}', "attributes": {"ApproximateReceiveCount": str(received)}}


def test_a_permanent_error_is_put_aside_at_once_with_its_reason(stack: EmbeddedStack, queue: DeadLetterQueue) -> None:
    assert queue.settle(record(1), PERMANENT)
    (message,) = stack.dead_letters()
    assert (message.body, message.reason, message.detail) == ('{"a": 1}', "not_html", "a PDF")


@pytest.mark.parametrize("received", [1, 2])
def test_an_error_that_may_pass_is_tried_again(stack: EmbeddedStack, queue: DeadLetterQueue, received: int) -> None:
    assert not queue.settle(record(received), RETRYABLE)
    assert stack.dead_letters() == []


def test_an_error_that_did_not_pass_is_put_aside_on_the_last_try(stack: EmbeddedStack, queue: DeadLetterQueue) -> None:
    assert queue.settle(record(3), RETRYABLE)
    assert [message.reason for message in stack.dead_letters()] == ["http_503"]


def test_a_detail_that_sqs_would_refuse_is_sent_in_another_spelling(
    stack: EmbeddedStack, queue: DeadLetterQueue
) -> None:
    queue.put("x", PermanentError("bad_url", "a\x00b\ud800c" + "d" * 5000))
    queue.put("x", PermanentError("bad_url", ""))
    first, second = stack.dead_letters()
    assert first.detail is not None
    assert first.detail.startswith("a\N{REPLACEMENT CHARACTER}b")
    assert second.detail == "-"


def fifo(message_id: str) -> dict[str, object]:
    """Return a record of a URL that was received as another message, its body the same."""
    group = {"ApproximateReceiveCount": "1", "MessageGroupId": "a.example"}
    return {"messageId": message_id, "body": '{"url": "https://a.example/1"}', "attributes": group}


def test_a_url_that_is_put_aside_again_soon_after_it_was_sent_back_is_there(stack: EmbeddedStack) -> None:
    queue = DeadLetterQueue(stack.sqs, stack.outputs["FetchDeadLetterQueueUrl"])
    assert queue.settle(fifo("1"), PERMANENT)
    # A message that was delivered twice, and put here twice, is here once.
    assert queue.settle(fifo("1"), PERMANENT)
    assert queue.settle(fifo("2"), PERMANENT)
    assert len(stack.dead_letters()) == 2


def test_a_url_that_is_tried_again_soon_after_it_was_tried_before_is_sent(stack: EmbeddedStack) -> None:
    queue = stack.outputs["FetchQueueUrl"]
    request = FetchRequest(url="https://a.example/1", attempts=1)
    for message_id in ("1", "1", "2"):
        send_follow_up(stack.sqs, queue, request, message_id)
    assert stack.waiting("FetchQueueUrl") == 2


def test_a_body_that_sqs_would_refuse_is_sent_as_the_same_json(stack: EmbeddedStack, queue: DeadLetterQueue) -> None:
    body = '{"key": "a\ud800b\ufffec"}'
    queue.put(body, PERMANENT)
    (message,) = stack.dead_letters()
    assert message.body == r'{"key": "a\ud800b\ufffec"}'
    assert json.loads(message.body) == json.loads(body)
