"""A batch of records: a record that fails is delivered again, and no other of its batch."""

import json
from typing import Any

from botocore.exceptions import EndpointConnectionError
from tests.articles import article
from tests.conftest import PARAMETERS, ROOT
from tests.event_subscriber import Subscriber

from khobor.archive import codec
from khobor.embedded.stack import EmbeddedStack


class FailingCalls:
    """Makes calls to AWS fail, as a network does.

    Args:
        call: Which, such as ``sqs.SendMessage``.
        times: How many of them, from the first on.
    """

    def __init__(self, call: str, times: int) -> None:
        self._call = call
        self._times = times

    def __call__(self, call: str) -> None:
        if call == self._call and self._times > 0:
            self._times -= 1
            raise EndpointConnectionError(endpoint_url="https://aws.example")


def messages(*bodies: str) -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": "1"}
    return {
        "Records": [
            {"messageId": str(place), "body": body, "attributes": attributes} for place, body in enumerate(bodies)
        ]
    }


def storable(number: int) -> str:
    return json.dumps({"article": json.loads(codec.encode(article(number)))})


def changes(*numbers: int) -> list[dict[str, Any]]:
    """Return records of the archive table's stream, each of another article that is new."""
    found = []
    for number in numbers:
        (record, *_) = json.loads((ROOT / "events" / "announce-stream.json").read_text())["Records"]
        for item in (record["dynamodb"]["Keys"], record["dynamodb"]["NewImage"]):
            item["pk"] = {"S": f"article#id{number}"}
        found.append(record | {"dynamodb": record["dynamodb"] | {"SequenceNumber": str(1000 + number)}})
    return found


def again(*numbers: int) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": str(number)} for number in numbers]}


def announced(bus: Subscriber) -> list[str]:
    return [event["detail"]["article_id"] for event in bus.take()]


def test_a_batch_of_which_every_message_fails_is_no_failure_of_the_function(stack: EmbeddedStack) -> None:
    stack.sqs.delete_queue(QueueUrl=stack.outputs["StoreDeadLetterQueueUrl"])
    assert stack.invoke("StoreFunction", messages("no article", "no article either")) == again(0, 1)
    assert stack.functions["StoreFunction"].errors == 0


def test_where_the_dead_letter_queue_is_not_reached_that_message_alone_comes_again() -> None:
    with EmbeddedStack(PARAMETERS, on_call=FailingCalls("sqs.SendMessage", 1)) as stack:
        event = messages(storable(1), "no article", storable(2), "no article either")
        assert stack.invoke("StoreFunction", event) == again(1)
        assert {each.article_id for each in stack.articles()} == {"id1", "id2"}
        assert [letter.body for letter in stack.dead_letters()] == ["no article either"]


def test_a_batch_of_no_messages_is_done_with(stack: EmbeddedStack) -> None:
    assert stack.invoke("StoreFunction", {"Records": []}) == again()


def test_a_stream_goes_on_at_the_record_that_failed_and_nothing_behind_it_was_handed_on() -> None:
    records = changes(1, 2, 3)
    del records[1]["dynamodb"]["NewImage"]["revisions"]
    with EmbeddedStack(PARAMETERS, on_call=FailingCalls("sqs.SendMessage", 1)) as stack:
        bus = Subscriber(stack)
        assert stack.invoke("AnnounceFunction", {"Records": records}) == again(1002)
        assert announced(bus) == ["id1"]
        assert stack.invoke("AnnounceFunction", {"Records": records[1:]}) == again()
        assert announced(bus) == ["id3"]
        assert [letter.reason for letter in stack.dead_letters()] == ["not_a_headline"]


def test_a_record_that_was_not_taken_comes_before_one_behind_it_that_failed() -> None:
    def fail(call: str) -> None:
        if call in {"events.PutEvents", "sqs.SendMessage"}:
            raise EndpointConnectionError(endpoint_url="https://aws.example")

    records = changes(1, 2, 3)
    del records[2]["dynamodb"]["NewImage"]["revisions"]
    with EmbeddedStack(PARAMETERS, on_call=fail) as stack:
        assert stack.invoke("AnnounceFunction", {"Records": records}) == again(1001)
