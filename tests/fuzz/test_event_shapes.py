"""Events and messages that differ in one place from those that AWS and khobor send: each place, each kind of value."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from tests.conftest import ROOT
from tests.fuzz.mutations import as_json, mutations
from tests.fuzz.targets import events

from khobor.archive import codec
from khobor.embedded.function import FunctionError
from khobor.embedded.stack import EmbeddedStack
from khobor.errors import PermanentError
from khobor.stages import STAGES

EVENTS = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "events").glob("*.json"))}
QUEUED = {stage.name: stage.function for stage in STAGES if stage.reads_queue}
OF_STREAM = {stage.name: stage.function for stage in STAGES if not stage.reads_queue}
# A function takes so many at a time, and less, every second, third or further one of those that there are.
MOST_MESSAGES = 120
NO_RECORDS: list[Any] = [None, 1, "x", {}, [None], [1], [{}]]
# A port on which nothing answers: what is asked for there is not had.
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def stack(make_stack: Callable[..., EmbeddedStack]) -> EmbeddedStack:
    return make_stack(Delivery="ENABLED")


def messages(function: str) -> Iterator[Any]:
    """Yield the bodies of the messages in a function's events, also of events that can come without a queue."""
    seen = set()
    for name, event in EVENTS.items():
        if name.partition("-")[0] != function:
            continue
        bodies = [record["body"] for record in event.get("Records", ()) if "body" in record] or [as_json(event)]
        for body in bodies:
            with suppress(ValueError):
                message = json.loads(body.replace("https://example.com", NOWHERE))
                if as_json(message) not in seen:
                    seen.add(as_json(message))
                    yield message


def batch(bodies: list[str]) -> dict[str, Any]:
    """Return messages as Lambda hands them over; what fails was tried often."""
    attributes = {"ApproximateReceiveCount": "99", "MessageGroupId": "x", "SentTimestamp": "1692151200000"}
    return {
        "Records": [
            {"messageId": str(number), "receiptHandle": "x", "body": body, "attributes": attributes}
            for number, body in enumerate(bodies)
        ]
    }


@pytest.mark.slow
@pytest.mark.parametrize("function", QUEUED)
def test_whatever_stands_in_a_message_it_is_done_with_or_put_aside_with_a_reason(
    stack: EmbeddedStack, function: str, examples: Callable[[int], int]
) -> None:
    stack.upload("uploads/page.html", b"<p>no article")
    bodies = list(dict.fromkeys(as_json(each) for message in messages(function) for each in mutations(message)))
    bodies = bodies[:: len(bodies) // examples(MOST_MESSAGES) + 1]
    answer = stack.invoke(QUEUED[function], batch(bodies))
    stack.log.seek(0)
    said = stack.log.read()
    assert "crashed" not in said
    assert answer == {"batchItemFailures": []}
    assert all(letter.reason for letter in stack.dead_letters())


@pytest.mark.parametrize("function", OF_STREAM)
def test_whatever_stands_in_a_record_of_the_stream_it_is_done_with_or_put_aside_with_a_reason(
    stack: EmbeddedStack, function: str, examples: Callable[[int], int]
) -> None:
    (event,) = (event for name, event in EVENTS.items() if name == f"{function}-stream")
    change = event["Records"][1]["dynamodb"]
    changes = [each for each in mutations(change) if isinstance(each, dict)]
    changes = changes[:: len(changes) // examples(MOST_MESSAGES) + 1]
    records = [{"eventID": "x", "dynamodb": each | {"SequenceNumber": str(n)}} for n, each in enumerate(changes)]
    answer = stack.invoke(OF_STREAM[function], {"Records": records})
    assert answer == {"batchItemFailures": []}
    assert all(letter.reason for letter in stack.dead_letters())


def test_an_event_that_holds_no_records_is_refused_by_what_was_expected(stack: EmbeddedStack) -> None:
    for name in (*QUEUED.values(), *OF_STREAM.values()):
        for records in NO_RECORDS:
            with pytest.raises(FunctionError, match="PermanentError"):
                stack.invoke(name, {"Records": records})


@pytest.mark.slow
@pytest.mark.parametrize("name", EVENTS)
def test_every_part_of_every_event_may_be_another_one(name: str) -> None:
    """As far as they are read without any call to AWS."""
    event = EVENTS[name]
    for record in event.get("Records", [event]):
        content = json.loads(record["body"]) if _is_json(record.get("body")) else record.get("dynamodb", record)
        for other in mutations(content):
            events(as_json(other).encode())


def _is_json(body: str | None) -> bool:
    with suppress(ValueError, TypeError):
        json.loads(body or "")
        return True
    return False


def test_every_part_of_an_article_may_be_another_one() -> None:
    """Who it is that sends it to be stored."""
    (body, *_) = (each["body"] for each in EVENTS["store-batch-one-bad"]["Records"])
    article = json.loads(body)["article"]
    refused = 0
    for other in mutations(article):
        try:
            codec.decode(as_json(other))
        except PermanentError:
            refused += 1
        events(as_json({"article": other}).encode())
    assert refused
