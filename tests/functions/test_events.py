"""Every file of events/ does what it is there to show, on the function that its name begins with."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_httpserver import HTTPServer
from tests.conftest import ROOT
from tests.delivery_bucket import delivered_rows
from tests.event_subscriber import Subscriber
from tests.example_pages import KALBELA

from khobor.article import RawReference
from khobor.aws.s3_events import uploads
from khobor.embedded.stack import EmbeddedStack

EVENTS = {path.stem: path for path in sorted((ROOT / "events").glob("*.json"))}
FUNCTIONS = {
    "discover": "DiscoverFunction",
    "fetch": "FetchFunction",
    "parse": "ParseFunction",
    "store": "StoreFunction",
    "api": "ApiFunction",
    "announce": "AnnounceFunction",
    "deliver": "DeliverFunction",
    "replay": "ReplayFunction",
    "health": "HealthFunction",
}
PAGE_KEYS = ("uploads/page.html", "uploads/পুতিন কিম + চিঠি.html")


@pytest.fixture
def stack(make_stack: Callable[..., EmbeddedStack]) -> EmbeddedStack:
    """A stack with all functions that there are."""
    return make_stack(Delivery="ENABLED")


@pytest.fixture
def invoke(stack: EmbeddedStack, httpserver: HTTPServer) -> Callable[[str], Any]:
    """Invoke the function of an event with the pages in place that the event names."""
    httpserver.expect_request("/world/12345").respond_with_data(KALBELA.read_bytes(), content_type="text/html")
    httpserver.expect_request("/gone").respond_with_data(status=410)
    for key in PAGE_KEYS:
        stack.upload(key, KALBELA.read_bytes())
    queues = [url for url in stack.sqs.list_queues()["QueueUrls"] if "ParseQueue" in url]
    stack.sqs.purge_queue(QueueUrl=queues[0])

    def run(name: str) -> Any:
        event = json.loads(EVENTS[name].read_text().replace("https://example.com", httpserver.url_for("").rstrip("/")))
        function = name.partition("-")[0]
        return stack.invoke(FUNCTIONS[function], hurried(event) if function == "fetch" else event)

    return run


def hurried(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event such that no time is let pass between two requests."""
    if "Records" not in event:
        return event | {"delay": 0}
    bodies = [json.loads(record["body"]) | {"delay": 0} for record in event["Records"]]
    return {
        "Records": [record | {"body": json.dumps(body)} for record, body in zip(event["Records"], bodies, strict=True)]
    }


CASES = [
    ("fetch-url", 1, []),
    ("fetch-urls", 1, []),
    ("fetch-batch", 1, []),
    ("parse-put", 1, []),
    ("parse-put-bengali-key", 1, []),
    ("parse-put-two-records", 1, ["no_such_object"]),
    ("parse-put-in-sqs", 1, []),
    ("parse-duplicate-in-sqs", 1, []),
    ("parse-s3-test-event", 0, []),
    ("parse-s3-test-event-in-sqs", 0, []),
    ("store-batch-one-bad", 1, ["not_an_article"]),
    ("store-batch-duplicate", 1, []),
]


@pytest.mark.parametrize(("name", "stored", "reasons"), CASES)
def test_event(invoke: Callable[[str], Any], stack: EmbeddedStack, name: str, stored: int, reasons: list[str]) -> None:
    answer = invoke(name)
    assert answer.get("batchItemFailures", []) == []
    stack.run()
    assert len(list(stack.articles())) == stored
    assert [letter.reason for letter in stack.dead_letters()] == reasons


FEED = b"<rss><channel><item><link>https://www.kalbela.com/world/12345</link></item></channel></rss>"
SECTIONS = {"/", "/country-news", "/world", "/sports"}
DISCOVERED: list[tuple[str, set[str], list[str]]] = [
    ("discover-schedule", set(), []),
    ("discover-source", SECTIONS, []),
    ("discover-listing-in-sqs", {"/world/12345"}, []),
    ("discover-batch", {*SECTIONS, "/world/12346"}, ["unknown_source"]),
]


@pytest.mark.parametrize(("name", "paths", "reasons"), DISCOVERED)
def test_an_event_for_discover_has_urls_fetched(
    invoke: Callable[[str], Any], stack: EmbeddedStack, name: str, paths: set[str], reasons: list[str]
) -> None:
    for reference in listings(EVENTS[name]):
        stack.upload(reference.key, FEED, {"url": "https://www.kalbela.com/feed"})
    assert invoke(name).get("batchItemFailures", []) == []
    assert {urlsplit(url).path for url in queued(stack)} == paths
    assert [letter.reason for letter in stack.dead_letters()] == reasons


def test_a_tick_of_the_schedule_starts_the_sources_that_are_due(invoke: Callable[[str], Any]) -> None:
    assert invoke("discover-schedule") == {"sources": ["kalbela"]}


def test_a_request_for_the_articles_of_a_source_lists_them(invoke: Callable[[str], Any], stack: EmbeddedStack) -> None:
    invoke("parse-put")
    stack.run()
    answer = invoke("api-articles")
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, False)
    (found,) = json.loads(answer["body"])["articles"]
    assert (found["source"], found["title"]) == ("kalbela", "পুতিন-কিমের চিঠি বিনিময়")


ANNOUNCED = [
    ("announce-stream", ["ArticleStored", "ArticleRevised", "ArticleGone"], []),
    ("announce-stream-one-bad", ["ArticleStored"], ["not_a_headline"]),
]


@pytest.mark.parametrize(("name", "kinds", "reasons"), ANNOUNCED)
def test_an_event_for_announce_puts_events_on_the_bus(
    invoke: Callable[[str], Any], stack: EmbeddedStack, name: str, kinds: list[str], reasons: list[str]
) -> None:
    bus = Subscriber(stack)
    assert invoke(name) == {"batchItemFailures": []}
    assert [event["detail-type"] for event in bus.take()] == kinds
    assert [letter.reason for letter in stack.dead_letters()] == reasons


DELIVERED = [("deliver-stream", 1, []), ("deliver-stream-one-bad", 1, ["not_an_item"])]


@pytest.mark.parametrize(("name", "count", "reasons"), DELIVERED)
def test_an_event_for_deliver_puts_a_row_into_the_files(
    invoke: Callable[[str], Any], stack: EmbeddedStack, name: str, count: int, reasons: list[str]
) -> None:
    invoke("parse-put")
    stack.run()
    before = delivered_rows(stack)
    assert invoke(name) == {"batchItemFailures": []}
    after = delivered_rows(stack)
    assert len(after) - len(before) == count
    assert {row["title"] for row in after} == {"পুতিন-কিমের চিঠি বিনিময়"}
    assert [letter.reason for letter in stack.dead_letters()] == reasons


def test_a_tick_of_healths_schedule_judges_every_source(invoke: Callable[[str], Any]) -> None:
    assert invoke("health-schedule") == {"sources": 8, "findings": 0, "sent": 0}


def test_health_tells_of_one_source_by_hand(invoke: Callable[[str], Any], stack: EmbeddedStack) -> None:
    invoke("parse-put")
    stack.run()
    assert invoke("health-source") == {"source": "kalbela", "pages": 1, "findings": []}


def listings(event: Path) -> list[RawReference]:
    bodies = [json.loads(record["body"]) for record in json.loads(event.read_text()).get("Records", [])]
    return [reference for body in bodies if "Records" in body for reference in uploads(body)]


def queued(stack: EmbeddedStack) -> list[str]:
    messages: list[Any] = []
    url = stack.outputs["FetchQueueUrl"]
    while received := stack.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        messages += received
    return [json.loads(message["Body"])["url"] for message in messages]


def test_the_pages_of_a_replay_are_read_and_a_dry_run_stores_nothing(
    invoke: Callable[[str], Any], stack: EmbeddedStack
) -> None:
    key = json.loads(EVENTS["replay-pages"].read_text())["Items"][0]["key"]
    fetched = {"url": "https://www.kalbela.com/world/12345", "fetched-at": "2023-08-16T02:00:00+00:00"}
    stack.upload(key, KALBELA.read_bytes(), fetched)
    assert invoke("replay-pages") == {"pages": 1}
    assert list(stack.articles()) == []


def test_no_event_is_left_out() -> None:
    others = {"api-articles", "health-schedule", "health-source", "replay-pages"}
    assert others | {*(name for name, _, _ in (*CASES, *DISCOVERED, *ANNOUNCED, *DELIVERED))} == EVENTS.keys()


def test_every_event_is_for_a_function(request: pytest.FixtureRequest) -> None:
    folders = {path.parent.name for path in Path(request.config.rootpath).glob("functions/*/app.py")}
    assert {name.partition("-")[0] for name in EVENTS} == folders


def test_invoked_by_hand_fetch_tells_the_key_or_the_reason(invoke: Callable[[str], Any], stack: EmbeddedStack) -> None:
    fetched, gone = invoke("fetch-urls")["results"]
    bucket = stack.outputs["RawBucketName"]
    assert stack.s3.head_object(Bucket=bucket, Key=fetched["key"])["ContentEncoding"] == "gzip"
    assert (gone["reason"], "key" in gone) == ("http_410", False)
    assert gone["url"].endswith("/gone")
