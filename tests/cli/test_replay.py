"""``khobor replay`` and ``khobor rebuild``, against the embedded stack as one that CloudFormation knows."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.articles import MORNING
from tests.cli.deploying import deploy
from tests.event_subscriber import Subscriber
from tests.example_pages import KALBELA, page
from tests.replay.daily import URL, body, fetch, items, keep, use_rules
from typer.testing import CliRunner, Result

from khobor.archive.forgetting import Forgetting
from khobor.cli.main import app
from khobor.cli.replay.starting import execution_input
from khobor.embedded.stack import EmbeddedStack
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.pages.s3 import S3Pages
from khobor.replay.run import ReplayRun
from khobor.url import url_id

MARCH = ("--source", "daily", "--from", "2026-03-01", "--to", "2026-03-31")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, (*arguments, "--stack", "khobor"), env={"COLUMNS": "120"})


@pytest.fixture
def deployed(stack: EmbeddedStack) -> EmbeddedStack:
    """A stack that read pages by a wrong rule, and has the right one now."""
    deploy("khobor", stack.outputs)
    use_rules(stack, 1, ".by-mistake")
    keep(stack, 1, body("The bridge opens"))
    keep(stack, 2, body("The bridge closes"))
    fetch(stack, 2, body("A dog came home"), f"{URL}0")
    use_rules(stack, 2, "h1")
    return stack


def titles(stack: EmbeddedStack) -> set[str | None]:
    return {article.title for article in stack.articles()}


def test_a_dry_run_tells_what_would_change_and_changes_nothing(deployed: EmbeddedStack) -> None:
    before = items(deployed)
    result = run("replay", *MARCH, "--dry-run", "--here", "--no-json")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "3 pages; articles: 0 new, 2 changed, 0 unchanged, 0 skipped"
    cells = [[cell.strip() for cell in line.split("│")[1:4]] for line in result.stdout.splitlines() if "│" in line]
    assert ["title", "2", "Home of news → A dog came home"] in cells
    assert ["revisions", "1", "1 → 2"] in cells
    assert result.stdout.endswith("nothing was changed: this was a dry run\n")
    assert items(deployed) == before


@pytest.mark.slow
def test_a_replay_changes_it_once(deployed: EmbeddedStack) -> None:
    assert "2 changed" in run("replay", *MARCH, "--here", "--no-json").stdout
    assert titles(deployed) == {"The bridge closes", "A dog came home"}
    after = items(deployed)
    again = run("replay", *MARCH, "--here", "--no-json")
    assert again.stdout == "3 pages; articles: 0 new, 0 changed, 2 unchanged, 0 skipped\n"
    assert items(deployed) == after


# What is asked, the exit status, and what is said.
NO_REPLAY: tuple[tuple[tuple[str, ...], int, str], ...] = (
    ((), 2, "give one of --source, --host and --follow"),
    (("--source", "daily", "--host", "daily.example"), 2, "give one of --source, --host and --follow"),
    (("--source", "daily", "--follow", "x"), 2, "give one of --source, --host and --follow"),
    (("--follow", "nosuch"), 1, "the stack khobor has no replay nosuch: khobor printed the name"),
    (("--follow", ""), 1, "the stack khobor has no replay"),
    (("--source", "nobody"), 1, "the archive has no page of nobody, and there is no source nobody"),
    (("--source", "dialy"), 1, "there is no source dialy; did you mean daily?"),
    (("--source", "kalbela"), 1, "kalbela has no pages: none was fetched from kalbela.com, and none was uploaded"),
    (
        ("--source", "daily", "--from", "2025-01-01", "--to", "2025-01-02"),
        1,
        "no pages between 2025-01-01 and 2025-01-02",
    ),
    (("--source", "daily", "--from", "yesterday", "--to", "2026-03-02"), 2, "'yesterday' is not a date"),
    (
        ("--source", "daily", "--from", "2026-03-03", "--to", "2026-03-02"),
        2,
        "2026-03-03 is after the last day",
    ),
    (("--source", "daily", "--to", "2026-03-02"), 2, "--to needs --from"),
    (("--host", "dialy.example"), 1, "there is no host dialy.example; did you mean daily.example?"),
    (("--host", "example"), 0, ""),
    (("--host", "aily.example"), 1, "no page was fetched from aily.example"),
    (
        ("--host", "daily.example", "--from", "2025-01-01", "--to", "2025-01-02"),
        1,
        "no page was fetched from daily.ex",
    ),
    (("--host", "a b"), 2, "'a b' is not a host"),
    (("--host", ""), 2, "'' is not a host"),
)


# What is asked, the exit status, and what is said.
NO_REBUILD: tuple[tuple[tuple[str, ...], int, str], ...] = (
    (("--follow", "nosuch"), 1, "the stack khobor has no replay nosuch"),
    (("--follow", "x", "--restored", "y"), 2, "--restored starts a new one"),
    (("--restored", "nosuch"), 1, "ResourceNotFoundException"),
)


@pytest.mark.usefixtures("deployed")
def test_what_cannot_be_replayed_is_an_error_in_words() -> None:
    # None changes anything, so one stack is enough for all.
    for arguments, status, said in NO_REPLAY:
        result = run("replay", *arguments, "--here", "--no-json", "--dry-run")
        assert result.exit_code == status, arguments
        assert said in " ".join(result.stderr.split()), arguments


@pytest.mark.usefixtures("deployed")
def test_what_cannot_be_rebuilt_is_an_error_in_words() -> None:
    # None changes anything, so one stack is enough for all.
    for arguments, status, said in NO_REBUILD:
        result = run("rebuild", *arguments, "--here", "--no-json")
        assert (result.exit_code, result.stdout) == (status, ""), arguments
        assert said in " ".join(result.stderr.split()), arguments


def test_an_empty_bucket_has_nothing_to_rebuild_from(stack: EmbeddedStack) -> None:
    deploy("khobor", stack.outputs)
    result = run("rebuild", "--here", "--no-json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "stack on AWS: khobor\nthe bucket khobor-rawbucket has no pages\n"


def test_a_source_that_cannot_be_used_is_told(deployed: EmbeddedStack) -> None:
    deployed.upload("sources/daily.toml", b"version = 3\n[rules")
    result = run("replay", "--source", "daily", "--here", "--no-json", "--dry-run")
    assert result.exit_code == 0
    assert "\ns3://khobor-rawbucket/sources/daily.toml" in result.stderr
    assert "an earlier valid version of the file is used" in result.stderr


@pytest.mark.parametrize("host", ["daily.example", "DAILY.example", "https://daily.example/city/1", "example"])
def test_a_host_needs_no_source(deployed: EmbeddedStack, host: str) -> None:
    deployed.upload("uploads/saved.html", body("Not fetched"), {"url": "https://daily.example/city/8"})
    deployed.run()
    result = run("replay", "--host", host, "--here", "--no-json")
    assert "3 pages; articles: 0 new, 2 changed" in result.stdout
    # The upload is as it was: no page that was fetched.
    assert titles(deployed) == {"The bridge closes", "A dog came home", "Home of news"}


@pytest.fixture
def uploaded(deployed: EmbeddedStack) -> EmbeddedStack:
    """A stack with uploads: one read by the wrong rule, and one of a source without a file."""
    use_rules(deployed, 1, ".by-mistake")
    saved = {"fetched-at": "2026-03-05T12:00:00+00:00"}
    upload = body("A cat went away")
    deployed.upload("uploads/cat.html", upload, saved | {"url": f"{URL}7"})
    deployed.upload("uploads/খবর.html", body("Es regnet"), saved | {"url": "https://news.example/1"})
    deployed.run()
    use_rules(deployed, 2, "h1")
    return deployed


@pytest.mark.slow
def test_uploads_of_a_source_are_read_again(uploaded: EmbeddedStack) -> None:
    assert "A cat went away" not in titles(uploaded)
    result = run("replay", "--source", "daily", "--here", "--no-json")
    assert result.stdout.startswith("4 pages; articles: 0 new, 3 changed")
    assert {"A cat went away", "The bridge closes"} <= titles(uploaded)


@pytest.mark.slow
@pytest.mark.parametrize(("last", "count"), [("2026-03-04", 3), ("2026-03-05", 4)])
def test_uploads_are_of_the_day_on_which_they_were_saved(uploaded: EmbeddedStack, last: str, count: int) -> None:
    result = run("replay", "--source", "daily", "--from", "2026-03-01", "--to", last, "--here", "--no-json")
    assert result.stdout.startswith(f"{count} pages;")
    assert ("A cat went away" in titles(uploaded)) is (count == 4)


@pytest.mark.slow
@pytest.mark.usefixtures("uploaded")
def test_a_source_without_a_file_is_read_again() -> None:
    result = run("replay", "--source", "news.example", "--here", "--no-json")
    assert result.stdout == "1 page; articles: 0 new, 0 changed, 1 unchanged, 0 skipped\n"


@pytest.mark.slow
def test_a_page_of_kalbela_that_was_uploaded_is_found(deployed: EmbeddedStack) -> None:
    deployed.upload("uploads/kalbela.html", KALBELA.read_bytes())
    deployed.run()
    result = run("replay", "--source", "kalbela", "--here", "--no-json")
    assert "1 unchanged" in result.stdout


@pytest.mark.slow
def test_the_state_machine_gets_prefixes_and_a_list_of_keys(uploaded: EmbeddedStack) -> None:
    bucket = uploaded.outputs["RawBucketName"]
    replay = ReplayRun(name="r", source="daily", hosts=("daily.example",))
    asked = execution_input(uploaded.s3, bucket, replay, ["pages/daily.example/"], ["uploads/cat.html", "খবর/b.html"])
    assert json.loads(json.dumps(asked)) == {
        "run": {"name": "r", "source": "daily", "hosts": ["daily.example"]},
        "prefixes": ["pages/daily.example/"],
        "keys": "replays/keys/r.json",
    }
    listed = uploaded.s3.get_object(Bucket=bucket, Key="replays/keys/r.json")["Body"].read()
    assert json.loads(listed) == ["uploads/cat.html", "খবর/b.html"]
    # No list, no reading of one.
    assert "keys" not in execution_input(uploaded.s3, bucket, replay, ["pages/daily.example/"], [])
    # Where reports are gathered there is nothing else.
    assert not replay.keys.startswith(replay.reports)


def empty(stack: EmbeddedStack) -> None:
    """Delete every item of the archive table."""
    for item in items(stack):
        where: Any = {"pk": item["pk"], "sk": item["sk"]}
        stack.dynamodb.delete_item(TableName=stack.outputs["ArchiveTableName"], Key=where)


def restored_to(stack: EmbeddedStack, table: str) -> None:
    """Copy the archive table as point-in-time recovery does."""
    stack.dynamodb.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    for item in items(stack):
        stack.dynamodb.put_item(TableName=table, Item=item)


@pytest.fixture
def full(stack: EmbeddedStack) -> EmbeddedStack:
    """A stack with revisions, uploads and an article that was forgotten, all announced."""
    deploy("khobor", stack.outputs)
    use_rules(stack, 2, "h1")
    for day, title in enumerate(("The bridge opens", "The bridge opens", "The bridge closes"), 1):
        fetch(stack, day, body(title))
    fetch(stack, 2, body("To be forgotten"), f"{URL}9")
    stack.upload("uploads/kalbela.html", KALBELA.read_bytes())
    fetched = {"url": "https://other.example/1", "fetched-at": "2026-03-01T12:00:00+00:00"}
    stack.upload("uploads/saved/page.html", page(title="Uploaded first"), fetched)
    stack.run()
    stack.upload(
        "uploads/saved/page.html", page(title="Uploaded again"), fetched | {"fetched-at": "2026-03-02T12:00:00+00:00"}
    )
    stack.upload("uploads/saved/poison.html", b"%PDF-1.7")
    stack.run()
    urls = DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], 1)
    forgetting = Forgetting(stack.archive, urls, S3Pages(stack.s3, stack.outputs["RawBucketName"]))
    assert forgetting.forget(url_id(f"{URL}9"), datetime.now(UTC))
    return stack


@pytest.mark.slow
def test_a_table_that_lost_everything_is_as_it_was_and_nothing_is_announced(full: EmbeddedStack) -> None:
    bus, before = Subscriber(full), items(full)
    assert len(titles(full)) == 3
    empty(full)
    result = run("rebuild", "--here", "--no-json")
    assert "3 new" in result.stdout
    assert "1 not_html, for example: uploads/saved/poison.html" in result.stdout
    assert items(full) == before
    full.run()
    assert bus.take() == []
    assert len(full.archive.revisions(url_id(URL))) == 2
    full.upload("uploads/forgotten.html", body("Forgotten"), {"url": f"{URL}9"})
    full.run()
    assert full.archive.find(f"{URL}9") is None


@pytest.mark.slow
def test_a_table_that_lacks_nothing_stays_as_it_is(full: EmbeddedStack) -> None:
    before = items(full)
    assert "0 new, 0 changed" in run("rebuild", "--here", "--no-json").stdout
    assert items(full) == before


@pytest.mark.slow
def test_what_no_page_tells_comes_back_from_a_restored_table(full: EmbeddedStack) -> None:
    gone_at = MORNING.replace(year=2026, month=4)
    full.archive.mark_gone(url_id(URL), gone_at, "http_410")
    restored_to(full, "restored")
    restored = items(full)
    # What came since the table was as it was restored.
    fetch(full, 20, body("The bridge is gone"), f"{URL}5")
    after = items(full)
    empty(full)
    result = run("rebuild", "--restored", "restored", "--here", "--no-json")
    # The one that was forgotten is known already.
    assert f"{len(restored) - 1} items copied from restored" in result.stderr
    assert items(full) == after
    assert full.archive.gone_at(url_id(URL)) == gone_at


@pytest.mark.slow
def test_what_was_forgotten_since_does_not_come_back_from_a_restored_table(full: EmbeddedStack) -> None:
    restored_to(full, "restored")
    urls = DynamoDBKnownUrls(full.dynamodb, full.outputs["CrawlTableName"], 1)
    forgetting = Forgetting(full.archive, urls, S3Pages(full.s3, full.outputs["RawBucketName"]))
    assert forgetting.forget(url_id(URL), datetime.now(UTC))
    after = items(full)
    empty(full)
    run("rebuild", "--restored", "restored", "--here", "--no-json")
    assert items(full) == after
