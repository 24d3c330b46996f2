"""``khobor replay`` and ``khobor rebuild``, against the embedded stack as one that CloudFormation knows."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.announced import Subscriber
from tests.articles import MORNING
from tests.cli.deploying import deploy
from tests.pages import KALBELA, page
from tests.replay.daily import URL, body, fetch, items, use_rules
from typer.testing import CliRunner, Result

from khobor.aws.forgetting import Forgetting
from khobor.aws.known_urls import KnownUrls, url_id
from khobor.cli.main import app
from khobor.local.stack import EmbeddedStack

MARCH = ("--source", "daily", "--from", "2026-03-01", "--to", "2026-03-31")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "120"})


@pytest.fixture
def deployed(stack: EmbeddedStack) -> EmbeddedStack:
    """A stack that read pages by a wrong rule, and has the right one now."""
    deploy("khobor", stack.outputs)
    use_rules(stack, 1, ".by-mistake")
    fetch(stack, 1, body("The bridge opens"))
    fetch(stack, 2, body("The bridge closes"))
    fetch(stack, 2, body("A dog came home"), f"{URL}0")
    use_rules(stack, 2, "h1")
    return stack


def titles(stack: EmbeddedStack) -> set[str | None]:
    return {article.title for article in stack.articles()}


def test_a_dry_run_tells_what_would_change_and_changes_nothing(deployed: EmbeddedStack) -> None:
    before = items(deployed)
    result = run("replay", *MARCH, "--dry-run", "--here", "--no-json")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "3 pages; articles: 0 new, 2 changed, 0 as they were, 0 left alone"
    cells = [[cell.strip() for cell in line.split("│")[1:4]] for line in result.stdout.splitlines() if "│" in line]
    assert ["title", "2", "Home of news → A dog came home"] in cells
    assert ["revisions", "1", "1 → 2"] in cells
    assert result.stdout.endswith("nothing was changed: this was a dry run\n")
    assert items(deployed) == before


def test_a_replay_changes_it_once(deployed: EmbeddedStack) -> None:
    assert "2 changed" in run("replay", *MARCH, "--here", "--no-json").stdout
    assert titles(deployed) == {"The bridge closes", "A dog came home"}
    after = items(deployed)
    again = run("replay", *MARCH, "--here", "--no-json")
    assert again.stdout == "3 pages; articles: 0 new, 0 changed, 2 as they were, 0 left alone\n"
    assert items(deployed) == after


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--source", "daily"), "give --source, --from and --to"),
        (("--source", "nobody", "--from", "2026-03-01", "--to", "2026-03-02"), "there is no source nobody"),
        (("--source", "daily", "--from", "yesterday", "--to", "2026-03-02"), "'yesterday' is no day"),
        (("--source", "daily", "--from", "2026-03-03", "--to", "2026-03-02"), "2026-03-03 is after 2026-03-02"),
        (("--source", "kalbela", "--from", "2026-03-01", "--to", "2026-03-02"), "kalbela has no pages there"),
    ],
)
@pytest.mark.usefixtures("deployed")
def test_what_cannot_be_replayed_is_told(arguments: tuple[str, ...], said: str) -> None:
    result = run("replay", *arguments, "--here", "--no-json")
    assert result.exit_code != 0
    assert said in " ".join(result.stderr.replace("│", " ").split())


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
    urls = KnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], 1)
    forgetting = Forgetting(stack.archive, urls, stack.s3, stack.outputs["RawBucketName"])
    assert forgetting.forget(url_id(f"{URL}9"), datetime.now(UTC))
    return stack


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


def test_a_table_that_lacks_nothing_stays_as_it_is(full: EmbeddedStack) -> None:
    before = items(full)
    assert "0 new, 0 changed" in run("rebuild", "--here", "--no-json").stdout
    assert items(full) == before


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


def test_what_was_forgotten_since_does_not_come_back_from_a_restored_table(full: EmbeddedStack) -> None:
    restored_to(full, "restored")
    urls = KnownUrls(full.dynamodb, full.outputs["CrawlTableName"], 1)
    forgetting = Forgetting(full.archive, urls, full.s3, full.outputs["RawBucketName"])
    assert forgetting.forget(url_id(URL), datetime.now(UTC))
    after = items(full)
    empty(full)
    run("rebuild", "--restored", "restored", "--here", "--no-json")
    assert items(full) == after
