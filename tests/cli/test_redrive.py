"""``khobor redrive``, on a local archive, and on the embedded stack as one that CloudFormation knows."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from pytest_httpserver import HTTPServer
from tests.articles import MORNING, article
from tests.cli.deploying import deploy
from tests.delivery_bucket import delivered_rows
from tests.event_subscriber import Subscriber
from tests.example_pages import page
from typer.testing import CliRunner, Result

from khobor.cli.main import app
from khobor.embedded.stack import EmbeddedStack
from khobor.errors import PermanentError
from khobor.local.archive_folder import ArchiveFolder
from khobor.page import RawPage


def run(*arguments: str, said: str = "") -> Result:
    return CliRunner().invoke(app, ["redrive", "--no-json", *arguments], input=said, env={"COLUMNS": "200"})


@pytest.fixture
def deployed(stack: EmbeddedStack, monkeypatch: pytest.MonkeyPatch) -> EmbeddedStack:
    monkeypatch.delenv("KHOBOR_ARCHIVE")
    monkeypatch.setenv("KHOBOR_STACK", "khobor")
    deploy("khobor", stack.outputs)
    # S3 says that it can send.
    stack.run()
    return stack


def letter(stack: EmbeddedStack, queue: str, body: str, reason: str | None = None, group: str | None = None) -> None:
    more: Any = {"MessageGroupId": group, "MessageDeduplicationId": body[:100]} if group else {}
    said = {"reason": reason, "detail": f"detail of {reason}"} if reason else {}
    attributes: Any = {name: {"DataType": "String", "StringValue": value} for name, value in said.items()}
    url = stack.outputs[f"{queue}DeadLetterQueueUrl"]
    stack.sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attributes, **more)


def waiting(stack: EmbeddedStack, queue: str) -> list[Any]:
    """Take the messages out of a queue."""
    url, found = stack.outputs[f"{queue}QueueUrl"], list[Any]()
    names: list[Any] = ["All"]
    while more := stack.sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=names, MessageAttributeNames=["All"]
    ).get("Messages"):
        found += more
        for each in more:
            stack.sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return found


def test_letters_are_shown_by_reason_with_an_example(deployed: EmbeddedStack) -> None:
    for number in range(12):
        letter(deployed, "Parse", f"{{}} {number}", "no_body")
    letter(deployed, "Parse", "{}")
    shown = run("parse", "--dry-run")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[1].split()[1:6:2] == ["messages", "reason", "for"]
    lines = [line.split("│")[1:4] for line in shown.stdout.splitlines() if line.startswith("│")]
    assert [[part.strip() for part in line] for line in lines] == [
        ["12", "no_body", "detail of no_body"],
        ["1", "crashed", "{}"],
    ]
    assert deployed.waiting("ParseDeadLetterQueueUrl") == 13
    assert waiting(deployed, "Parse") == []


@pytest.mark.parametrize("queue", ["Discover", "Parse", "Store"])
def test_letters_go_back_as_they_were_and_only_those_of_the_reason(deployed: EmbeddedStack, queue: str) -> None:
    for number in range(25):
        letter(deployed, queue, f"{{}} {number}", "no_body" if number % 5 else "too_large")
    result = run(queue.lower(), "--reason", "no_body", "--yes")
    assert result.exit_code == 0
    assert f"20 sent back to {queue.lower()}" in result.stdout
    back = waiting(deployed, queue)
    assert sorted(each["Body"] for each in back) == sorted(f"{{}} {number}" for number in range(25) if number % 5)
    assert not any(each.get("MessageAttributes") for each in back)
    assert [each.reason for each in deployed.dead_letters()] == ["too_large"] * 5


def test_nothing_is_sent_before_somebody_said_yes(deployed: EmbeddedStack) -> None:
    letter(deployed, "Store", "{}", "not_an_article")
    assert run("store", said="n\n").exit_code == 1
    assert waiting(deployed, "Store") == []
    assert "1 sent back to store" in run("store", said="y\n").stdout
    assert len(waiting(deployed, "Store")) == 1
    emptied = run("store")
    assert (emptied.exit_code, emptied.stdout, emptied.stderr) == (
        0,
        "",
        "stack on AWS: khobor\nstore: no dead-letter messages\n",
    )


def test_a_reason_that_none_has_is_an_error_with_those_that_there_are(deployed: EmbeddedStack) -> None:
    letter(deployed, "Store", "{}", "not_an_article")
    for reason, hint in (("nonsense", "; there are not_an_article"), ("not_article", "; did you mean not_an_article?")):
        result = run("store", "--reason", reason, "--yes")
        assert (result.exit_code, result.stdout) == (1, "")
        assert (
            result.stderr
            == f"stack on AWS: khobor\nstore: there is no dead-letter message with the reason {reason}{hint}\n"
        )
    assert deployed.waiting("StoreDeadLetterQueueUrl") == 1


def test_a_pipe_gets_json(deployed: EmbeddedStack) -> None:
    for number in range(3):
        letter(deployed, "Store", f"{{}} {number}", "not_an_article" if number else "too_large")
    shown = [json.loads(line) for line in run("store", "--dry-run", "--json").stdout.splitlines()]
    assert [(each["reason"], each["count"]) for each in shown] == [("not_an_article", 2), ("too_large", 1)]
    assert shown[1]["example"] == "detail of too_large"
    sent = run("store", "--json", "--reason", "too_large", said="y\n")
    assert json.loads(sent.stdout.splitlines()[-1]) == {"stage": "store", "sent": 1, "kept": 0}
    assert "Send back those 1 with the reason too_large?" in sent.stderr


def test_urls_go_back_in_the_group_of_their_host_with_all_their_tries(deployed: EmbeddedStack) -> None:
    body = json.dumps({"url": "https://www.daily.example/1", "source": "daily", "attempts": 4})
    letter(deployed, "Fetch", body, "http_503", "www.daily.example")
    letter(deployed, "Fetch", "nonsense", "bad_message", "x")
    assert "2 sent back to fetch" in run("fetch", "--yes").stdout
    nonsense, back = sorted(waiting(deployed, "Fetch"), key=lambda each: len(each["Body"]))
    assert json.loads(back["Body"]) == {"url": "https://www.daily.example/1", "source": "daily"}
    assert back["Attributes"]["MessageGroupId"] == "daily.example"
    assert (nonsense["Body"], nonsense["Attributes"]["MessageGroupId"]) == ("nonsense", "x")


def test_more_urls_of_a_host_than_a_queue_shows_at_a_time_go_back_from_between_others(deployed: EmbeddedStack) -> None:
    for number in range(30):
        reason = "http_403" if number % 7 == 0 else "http_503"
        letter(deployed, "Fetch", json.dumps({"url": f"https://daily.example/{number}"}), reason, "daily.example")
    assert "25 sent back to fetch" in run("fetch", "--reason", "http_503", "--yes").stdout
    assert len(waiting(deployed, "Fetch")) == 25
    assert [each.reason for each in deployed.dead_letters()] == ["http_403"] * 5


@pytest.mark.slow
def test_a_url_that_fails_again_at_once_comes_back_with_its_reason(
    deployed: EmbeddedStack, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/a").respond_with_data(status=503)
    url = httpserver.url_for("/a")
    body = json.dumps({"url": url, "delay": 0})
    deployed.sqs.send_message(QueueUrl=deployed.outputs["FetchQueueUrl"], MessageBody=body, MessageGroupId="localhost")
    for _ in range(3):
        deployed.run()
        assert deployed.waiting("FetchDeadLetterQueueUrl") == 1
        assert "1 sent back to fetch" in run("fetch", "--reason", "http_503", "--yes").stdout
    httpserver.clear_all_handlers()
    httpserver.expect_request("/a").respond_with_data(page(), content_type="text/html")
    deployed.run()
    assert [each.title for each in deployed.articles()] == ["Old bridge opens again"]
    assert deployed.dead_letters() == []


def test_an_upload_that_lambda_gave_up_is_parsed_through_the_queue(deployed: EmbeddedStack) -> None:
    deployed.upload("uploads/page.html", page())
    (event,) = waiting(deployed, "Parse")
    given_up = {
        "version": "1.0",
        "requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": json.loads(event["Body"]),
        "responsePayload": {"errorMessage": "out of memory"},
    }
    letter(deployed, "Parse", json.dumps(given_up))
    assert "1 sent back to parse" in run("parse", "--yes").stdout
    deployed.run()
    assert [each.title for each in deployed.articles()] == ["Old bridge opens again"]


def test_what_the_bus_did_not_take_is_announced_from_the_stream(deployed: EmbeddedStack) -> None:
    bus = deployed.outputs["EventBusName"]
    deployed.events.delete_event_bus(Name=bus)
    deployed.archive.put(article(1))
    deployed.archive.put(article(2))
    deployed.run()
    assert deployed.waiting("AnnounceDeadLetterQueueUrl") == 2
    refused = run("announce", "--yes")
    assert (refused.exit_code, "kept: event_not_taken" in refused.stderr) == (1, True)
    deployed.events.create_event_bus(Name=bus)
    subscriber = Subscriber(deployed)
    assert "2 announced" in run("announce", "--yes").stdout
    assert sorted(event["detail"]["article_id"] for event in subscriber.take()) == ["id1", "id2"]
    assert deployed.dead_letters() == []


def test_a_record_that_could_not_be_understood_is_announced_once_it_can_be(deployed: EmbeddedStack) -> None:
    subscriber = Subscriber(deployed)
    stored = article(1, fetched_at=MORNING + timedelta(hours=3))
    deployed.archive.put(stored)
    streams = boto3.client("dynamodbstreams")
    table = deployed.dynamodb.describe_table(TableName=deployed.outputs["ArchiveTableName"])["Table"]
    arn = table["LatestStreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    begin: Any = {"ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
    iterator = streams.get_shard_iterator(StreamArn=arn, **begin)["ShardIterator"]
    records = streams.get_records(ShardIterator=iterator)["Records"]
    (headline,) = (each for each in records if each["dynamodb"]["Keys"]["sk"]["S"] == "headline")
    letter(deployed, "Announce", json.dumps(headline, default=str), "not_a_headline")
    letter(deployed, "Announce", '{"nonsense": 1}', "not_a_headline")
    result = run("announce", "--yes")
    assert "1 announced" in result.stdout
    assert "kept: not_a_headline" in result.stderr
    assert [event["detail"]["article_id"] for event in subscriber.take()] == ["id1"]
    assert [each.body for each in deployed.dead_letters()] == ['{"nonsense": 1}']


def test_what_could_not_be_delivered_is_delivered_as_it_is_now(
    make_stack: Callable[..., EmbeddedStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KHOBOR_ARCHIVE")
    monkeypatch.setenv("KHOBOR_STACK", "khobor")
    stack = make_stack(Delivery="ENABLED")
    deploy("khobor", stack.outputs)
    stack.archive.put(article(1))
    stack.run()
    assert len(delivered_rows(stack)) == 1
    stack.archive.put(article(1, title="What it is now", fetched_at=MORNING + timedelta(hours=3)))
    told = {"dynamodb": {"Keys": {"pk": {"S": "article#id1"}, "sk": {"S": "headline"}}}}
    gone = {"dynamodb": {"Keys": {"pk": {"S": "article#id2"}, "sk": {"S": "headline"}}}}
    for body in (told, gone, {"nonsense": 1}):
        letter(stack, "Deliver", json.dumps(body), "not_an_item")
    result = run("deliver", "--yes")
    assert (result.exit_code, "2 delivered" in result.stdout, "kept: not_an_item" in result.stderr) == (1, True, True)
    assert sorted(row["title"] for row in delivered_rows(stack)) == ["Title 1", "What it is now"]
    assert [each.body for each in stack.dead_letters()] == ['{"nonsense": 1}']


@pytest.fixture
def folder(archive: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ArchiveFolder]:
    """A local archive with failures, which the command uses without an option."""
    monkeypatch.delenv("KHOBOR_STACK", raising=False)
    with ArchiveFolder.open(archive, create=True) as opened:
        for number in range(5):
            url = f"https://www.daily.example/{number}"
            body = json.dumps({"url": url, "source": "daily", "attempts": 4})
            reason = "http_403" if number == 3 else "http_503"
            opened.failures.put("fetch", url, body, PermanentError(reason, f"{url} answered {reason}"))
        key = opened.pages.put_upload(RawPage(body=page(), fetched_at=MORNING))
        opened.failures.put("parse", key, key, PermanentError("no_headline", "holds no article"))
        opened.failures.put("parse", "x", "uploads/deleted.html.gz", PermanentError("no_headline", "holds no article"))
        yield opened


def test_failures_of_a_local_archive_are_shown_by_reason(folder: ArchiveFolder) -> None:
    shown = [json.loads(line) for line in run("fetch", "--dry-run", "--json").stdout.splitlines()]
    assert [(each["reason"], each["count"]) for each in shown] == [("http_503", 4), ("http_403", 1)]
    assert "answered http_403" in shown[1]["example"]
    assert folder.failures.count("fetch") == 5


def test_urls_of_a_local_archive_wait_to_be_fetched_again(folder: ArchiveFolder) -> None:
    result = run("fetch", "--reason", "http_503", "--yes")
    assert (result.exit_code, "4 sent back to fetch" in result.stdout) == (0, True)
    assert "khobor crawl SOURCE or khobor watch fetches them" in result.stderr
    queued = [each.request for each in folder.fetch_queue.all()]
    assert {(each.url, each.attempts) for each in queued} == {
        (f"https://www.daily.example/{number}", 0) for number in (0, 1, 2, 4)
    }
    assert [each.reason for each in folder.failures.all("fetch")] == ["http_403"]


def test_a_page_of_a_local_archive_that_was_deleted_stays_a_failure(folder: ArchiveFolder) -> None:
    result = run("parse", "--yes")
    assert (result.exit_code, "1 sent back to parse" in result.stdout) == (1, True)
    assert "kept: no_such_object: the page uploads/deleted.html.gz was deleted" in result.stderr
    assert [each.body for each in folder.failures.all("parse")] == ["uploads/deleted.html.gz"]
    assert len(folder.unread.first(10)) == 1


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("stage", ["store", "announce", "deliver"])
def test_a_stage_that_a_local_archive_lacks_is_said(stage: str) -> None:
    result = run(stage, "--yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"a local archive has no stage {stage}; it has discover, fetch, parse" in result.stderr
