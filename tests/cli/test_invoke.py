"""``khobor invoke``: a function of the template with a local event, and what came of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT
from tests.example_pages import page
from typer.testing import CliRunner, Result

from khobor.cli.main import app
from khobor.embedded.project import TEMPLATE
from khobor.embedded.template import Template

EVENTS = ROOT / "events"
TITLE = "পুতিন-কিমের চিঠি বিনিময়"


def invoke(*arguments: str | Path, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["invoke", *map(str, arguments)], stdin, env={"COLUMNS": "200"})


def done(*arguments: str | Path, stdin: str | None = None) -> dict[str, Any]:
    """Return what a function did, as JSON has it."""
    result = invoke(*arguments, stdin=stdin)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def effects(found: dict[str, Any]) -> list[str]:
    """Return each effect in a word or two: where something was put or sent, or its reason in the dead-letter queue."""
    return [
        *(f"{each['bucket'].removeprefix('khobor-')} {each['key'].partition('/')[0]}" for each in found["objects"]),
        *sorted({each["table"].removeprefix("khobor-") for each in found["items"]}),
        *(each["queue"].removeprefix("khobor-") for each in found["messages"]),
        *(each["detail-type"] for each in found["events"]),
        *(each["reason"] for each in found["dead_letters"]),
    ]


# Of each file of events/: what its function stores, sends and puts aside.
CASES = {
    "announce-stream": ["ArticleStored", "ArticleRevised", "ArticleGone"],
    "announce-stream-one-bad": ["ArticleStored", "not_a_headline"],
    "api-articles": [],
    "deliver-stream": ["deliverybucket articles"],
    "deliver-stream-one-bad": ["deliverybucket articles", "not_an_item"],
    "discover-batch": ["CrawlTable", *["FetchQueue.fifo"] * 5, "unknown_source"],
    "discover-listing-in-sqs": ["CrawlTable", "FetchQueue.fifo"],
    "discover-schedule": ["DiscoverQueue"],
    "discover-source": ["CrawlTable", *["FetchQueue.fifo"] * 4],
    "fetch-batch": ["rawbucket pages", "rawbucket pages", "CrawlTable", "ParseQueue", "ParseQueue"],
    "fetch-url": ["rawbucket pages", "CrawlTable", "ParseQueue"],
    "fetch-urls": ["rawbucket pages", "rawbucket pages", "CrawlTable", "ParseQueue", "ParseQueue"],
    "health-schedule": [],
    "health-source": [],
    "parse-duplicate-in-sqs": ["StoreQueue", "StoreQueue"],
    "parse-put": ["StoreQueue"],
    "parse-put-bengali-key": ["StoreQueue"],
    "parse-put-in-sqs": ["StoreQueue"],
    "parse-put-two-records": ["StoreQueue", "StoreQueue"],
    "parse-s3-test-event": [],
    "parse-s3-test-event-in-sqs": [],
    "replay-pages": ["rawbucket replays"],
    "store-batch-duplicate": ["ArchiveTable"],
    "store-batch-one-bad": ["ArchiveTable", "not_an_article"],
}


@pytest.mark.parametrize("event", sorted(path.stem for path in EVENTS.glob("*.json")))
def test_an_event_is_shown_to_do_what_it_does(event: str) -> None:
    stage = event.partition("-")[0]
    found = done(stage, EVENTS / f"{event}.json")
    assert found["function"] == f"{stage.capitalize()}Function"
    assert found["error"] is None
    assert effects(found) == CASES[event]
    assert found["log"]


def test_what_reads_the_archive_finds_the_article_of_the_page(tmp_path: Path) -> None:
    (article,) = json.loads(done("api", EVENTS / "api-articles.json")["answer"]["body"])["articles"]
    assert article["title"] == TITLE
    saved = tmp_path / "saved.html"
    saved.write_bytes(page(title="The bridge opens"))
    url = "https://www.kalbela.com/world/7"
    answer = done("ApiFunction", EVENTS / "api-articles.json", "--page", saved, "--url", url)["answer"]
    assert [each["title"] for each in json.loads(answer["body"])["articles"]] == ["The bridge opens"]


def test_a_page_of_the_users_is_what_the_objects_of_the_event_hold(tmp_path: Path) -> None:
    saved = tmp_path / "saved.html"
    saved.write_bytes(page(title="The bridge opens"))
    url = "https://news.example/1"
    (message,) = done("ParseFunction", EVENTS / "parse-put.json", "--page", saved, "--url", url)["messages"]
    article = json.loads(message["body"])["article"]
    assert (article["title"], article["url"]) == ("The bridge opens", url)


def test_an_event_of_a_deployed_stack_names_its_own_bucket_queue_and_version() -> None:
    text = (EVENTS / "parse-put.json").read_text().replace("khobor-rawbucket", "news-rawbucket-1k2j3h4g5f6d")
    event = json.loads(text)
    event["Records"][0]["s3"]["object"]["versionId"] = "096fKKXTRTtl3on89fVO.nfljtsv6qko"
    record = json.loads((EVENTS / "parse-put-in-sqs.json").read_text())["Records"][0]
    record |= {"body": json.dumps(event), "eventSourceARN": "arn:aws:sqs:eu-west-1:1:news-ParseQueue-Vx1Y2z"}
    found = done("parse", "-", stdin=json.dumps({"Records": [record]}))
    assert effects(found) == ["StoreQueue"]
    assert TITLE in found["messages"][0]["body"]


def test_a_terminal_gets_a_short_list() -> None:
    result = invoke("store", EVENTS / "store-batch-one-bad.json", "--no-json")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    headings = [line for line in lines if not line.startswith(" ")]
    assert headings == ["answer", "log", "stored", "sent", "dead-lettered"]
    assert '  {"batchItemFailures": []}' in lines
    assert "  put  khobor-ArchiveTable  article#bu7bksoggjj5rmg3hmzuzksdmq  headline" in lines
    assert lines[lines.index("sent") + 1] == "  nothing"
    assert lines[-1].startswith("  khobor-StoreDeadLetterQueue  not_an_article: ")


@pytest.mark.parametrize("as_json", ["--json", "--no-json"])
def test_an_invocation_that_fails_says_why_and_what_it_logged(as_json: str) -> None:
    result = invoke("health", "-", as_json, stdin='{"source": "nosuch"}')
    assert result.exit_code == 1
    assert result.stderr.startswith("HealthFunction: PermanentError: unknown_source: there is no source nosuch")
    assert "Accepted" in result.stdout
    assert "Traceback" in result.stdout


REFUSED = [
    ("unknown", ["parze", "events/parse-put.json"], 2, "there is no function parze; did you mean parse?"),
    ("misspelt", ["ParseFunctoin", "events/parse-put.json"], 2, "did you mean ParseFunction"),
    ("no event", ["parse"], 2, "give a function and an event; khobor invoke --list shows both"),
    ("nothing", [], 2, "khobor invoke --list shows both"),
    ("missing", ["parse", "events/nosuch.json"], 1, "events/nosuch.json: no such file or folder"),
    ("folder", ["parse", "events"], 1, "events: this is a folder; give a file"),
    ("no JSON", ["parse", "README.md"], 2, "README.md is not valid JSON: "),
    ("page missing", ["parse", "events/parse-put.json", "--page", "nosuch.html"], 1, "nosuch.html: no such"),
    ("other queue", ["parse", "events/fetch-batch.json"], 1, "which invokes FetchFunction, not ParseFunction"),
    ("no queue", ["store", "events/parse-put.json"], 1, "StoreFunction takes records of aws:sqs; the event has one of"),
    ("stream", ["fetch", "events/announce-stream.json"], 1, "has one of aws:dynamodb"),
    ("by hand", ["fetch", "events/health-source.json"], 1, "has Records or url or urls; this one has source"),
    ("request", ["announce", "events/api-articles.json"], 1, "an event of AnnounceFunction has Records; this one has"),
    ("no request", ["api", "events/fetch-url.json"], 1, "an event of ApiFunction has requestContext; this one has url"),
]


@pytest.mark.parametrize(("arguments", "status", "said"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_cannot_be_invoked_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int, said: str
) -> None:
    monkeypatch.chdir(ROOT)
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    assert said in result.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "standard input is not valid JSON"),
        ("[" * 200_000, "standard input is not valid JSON"),
        ('{"source": "caf\xe9', "standard input is not valid JSON"),
        ("[]", "standard input is not an event"),
        ("{}", "this one has nothing"),
        ('{"Records": ["x"]}', "the event has one of no eventSource"),
        ('{"Records": [{"eventSource": "aws:sqs", "eventSourceARN": 7}]}', "not_a_batch"),
        ('{"Records": 7}', "not_a_batch"),
        ('{"Records": [{"eventSource": "aws:s3", "s3": {"object": {"key": "a.html"}}}]}', "not_an_s3_event"),
        ('{"Records": [{"eventSource": "aws:s3", "s3": null}]}', "not_an_s3_event"),
    ],
)
def test_a_broken_event_is_refused_in_words(given: str, said: str) -> None:
    result = invoke("parse", "-", stdin=given)
    assert result.exit_code in {1, 2}
    assert said in result.stderr


@pytest.mark.parametrize(("bucket", "key"), [("Bad Bucket!", "uploads/a.html"), ("khobor-rawbucket", ""), ("b", "a")])
def test_an_object_that_there_cannot_be_is_missing_for_the_function_too(bucket: str, key: str) -> None:
    record = {"eventSource": "aws:s3", "s3": {"bucket": {"name": bucket}, "object": {"key": key}}}
    found = done("parse", "-", stdin=json.dumps({"Records": [record]}))
    assert effects(found) == ["no_such_object"]


@pytest.mark.parametrize("items", [[], [{"key": "uploads/", "run": {"name": "r"}}]])
def test_pages_of_a_replay_that_there_cannot_be_are_none(items: list[Any]) -> None:
    found = done("replay", "-", stdin=json.dumps({"Items": items}))
    assert found["answer"] == {"pages": 0}


def test_the_list_has_every_function_and_every_event() -> None:
    functions = {
        each.name
        for each in Template.load(TEMPLATE, {"Contact": "-", "Delivery": "ENABLED"}).of_type(
            "AWS::Serverless::Function"
        )
    }
    listed = [json.loads(line) for line in invoke("--list").stdout.splitlines()]
    assert {each["function"] for each in listed} == functions
    assert {Path(event).name for each in listed for event in each["events"]} == {p.name for p in EVENTS.glob("*.json")}
    text = invoke("--list", "--no-json").stdout
    assert "parse" in text
    assert "parse-put.json" in text


def test_half_a_surrogate_pair_in_an_event_is_written_as_it_came() -> None:
    found = json.loads(invoke("fetch", "-", stdin='{"url": "https://news.example/\\ud800"}').stdout)
    assert "https://news.example/\\ud800" in json.dumps(found)
