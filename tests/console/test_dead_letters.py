"""Dead-letter messages of all stages, and what sends them back."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from tests.articles import article
from tests.console.conftest import Reader
from tests.console.pages import open_page, texts, texts_of
from tests.event_subscriber import Subscriber
from tests.example_pages import page

from khobor.cli.console_deployments import embedded_deployment
from khobor.console.deployment import Deployment
from khobor.embedded.stack import EmbeddedStack
from khobor.stages import STAGES

BAD_REQUEST, FORBIDDEN, METHOD_NOT_ALLOWED, SEE_OTHER = 400, 403, 405, 303


def put_aside(stack: EmbeddedStack, name: str, body: str, reason: str | None) -> None:
    (stage,) = (each for each in STAGES if each.name == name)
    said: Any = {"reason": {"DataType": "String", "StringValue": reason}} if reason else {}
    url = stack.outputs[stage.dead_letter_output]
    group: Any = {"MessageGroupId": "a", "MessageDeduplicationId": body[:80]} if url.endswith(".fifo") else {}
    stack.sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=said, **group)


def send_back(reader: Reader, stage: str, **fields: str) -> list[str]:
    """Press a button of the page, and return what the page says then."""
    answer = reader.send(f"/dead-letters/{stage}", **fields)
    assert answer.status_code == SEE_OTHER, answer.text
    return texts(open_page(reader, answer.headers["Location"]), ".notice p")


def test_every_stage_has_a_section_where_files_are_delivered_too(
    make_stack: Callable[..., EmbeddedStack], make_reader: Callable[[Deployment], Reader]
) -> None:
    stack = make_stack(Delivery="ENABLED")
    reader = make_reader(embedded_deployment(stack))
    reader.open()
    for stage in STAGES:
        put_aside(stack, stage.name, "{}", f"reason_of_{stage.name}")
    root = open_page(reader, "/dead-letters")
    assert texts(root, ".queue h2") == [f"{stage.title}: {stage.fails_on}" for stage in STAGES]
    assert texts(root, ".messages h3") == [f"reason_of_{stage.name}" for stage in STAGES]
    assert texts(root, ".queue > .meta code") == [f"khobor redrive {stage.name}" for stage in STAGES]


def test_a_url_that_is_sent_back_is_fetched_and_stored(
    stack: EmbeddedStack, reader: Reader, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/a").respond_with_data(page(), content_type="text/html")
    put_aside(stack, "fetch", json.dumps({"url": httpserver.url_for("/a"), "delay": 0, "attempts": 4}), "http_503")
    assert send_back(reader, "fetch") == ["1 message sent back to fetch."]
    assert [each.title for each in stack.articles()] == ["Old bridge opens again"]
    assert texts(open_page(reader, "/dead-letters"), ".messages h3") == []


def test_only_those_of_a_reason_are_sent_back(stack: EmbeddedStack, reader: Reader) -> None:
    for number in range(3):
        put_aside(stack, "store", f"{number}", "throttled")
    put_aside(stack, "store", "3", "not_an_article")
    root = open_page(reader, "/dead-letters")
    assert texts(root, ".sends button") == ["Send back all", "Send back throttled (3)", "Send back not_an_article (1)"]
    assert send_back(reader, "store", reason="throttled") == ["3 messages sent back to store."]
    # They are none of store's messages, and come back with that reason.
    assert texts(open_page(reader, "/dead-letters"), ".messages h3") == ["not_an_article"] * 4


def test_a_message_without_a_reason_is_one_of_crashed(stack: EmbeddedStack, reader: Reader) -> None:
    put_aside(stack, "parse", "{}", None)
    root = open_page(reader, "/dead-letters")
    assert texts(root, ".messages h3") == ["crashed"]
    assert "its log says why" in texts(root, ".messages .meaning")[0]
    assert send_back(reader, "parse", reason="crashed") == ["1 message sent back to parse."]


def test_what_cannot_be_sent_says_why_and_stays(stack: EmbeddedStack, reader: Reader) -> None:
    subscriber = Subscriber(stack)
    put_aside(stack, "announce", '{"nonsense": 1}', "not_a_headline")
    first, second = send_back(reader, "announce")
    assert first == "0 messages announced."
    assert "1 could not be sent and stays here. not_a_headline:" in second
    assert texts(open_page(reader, "/dead-letters"), ".messages h3") == ["not_a_headline"]
    stack.archive.put(article(1))
    stack.run()
    assert len(subscriber.take()) == 1


@pytest.mark.parametrize("stage", ["archive", "deliver", "Parse"])
def test_a_stage_that_is_not_there_is_named(reader: Reader, stage: str) -> None:
    answer = reader.send(f"/dead-letters/{stage}")
    assert answer.status_code == BAD_REQUEST
    there = "discover, fetch, parse, store, announce"
    assert texts_of(answer, ".lead") == [f"There is no stage {stage!r}; the stages are {there}."]


def test_looking_sends_nothing(stack: EmbeddedStack, reader: Reader) -> None:
    put_aside(stack, "parse", "{}", "no_headline")
    assert reader.get("/dead-letters/parse").status_code == METHOD_NOT_ALLOWED
    assert reader.post("/dead-letters/parse", reason="no_headline").status_code == FORBIDDEN
    assert texts(open_page(reader, "/dead-letters"), ".messages h3") == ["no_headline"]
