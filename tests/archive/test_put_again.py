"""Pages that are read again replace what was seen, all at once, and wherever that is stopped nothing is left behind."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.articles import MORNING, article
from tests.killable_client import KillableClient, KilledError

from khobor.archive import codec
from khobor.archive.compression import decompress
from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.fetch_records import records
from khobor.archive.dynamodb.items import article_id_of
from khobor.archive.dynamodb.lists import DynamoDBLists
from khobor.archive.fetch_digests import extraction_digest
from khobor.archive.interface import WriteOutcome
from khobor.article import Article, Author, Block, Extraction, RawReference
from khobor.embedded.stack import EmbeddedStack

NEW = Extraction(version="2")


def fetched(hours: int, **fields: Any) -> Article:
    """Return the article as a fetch so many hours later shows it."""
    raw = RawReference(bucket="raw", key=f"pages/{hours}", version="1")
    at = MORNING + timedelta(hours=hours)
    facts: dict[str, Any] = {"fetched_at": at, "raw": raw, "modified_at": MORNING, "section": "City"}
    return article(**facts | fields)


# What was read wrongly, and how it is read now: the publisher changed the headline once, at the third fetch.
BEFORE = (
    fetched(1, title="Menu A", tags=("Home",)),
    fetched(2, title="Menu B", tags=("Home",)),
    fetched(3, title="Menu B", tags=("Home",), section="News"),
)
AFTER = (
    fetched(1, title="The bridge opens", tags=("Bridge",), extraction=NEW),
    fetched(2, title="The bridge opens", tags=("Bridge",), extraction=NEW),
    # It seems to be older than it did: the date was read wrongly, too.
    fetched(3, title="The bridge closes", extraction=NEW, modified_at=MORNING - timedelta(days=1), tags=("Bridge",)),
)
LATER = fetched(9, title="The bridge is gone", extraction=NEW, authors=(Author(name="Ann Lee"),), tags=("River",))
LATE = fetched(0, title="A bridge", extraction=NEW, body=(Block(kind="paragraph", text="It was."),), tags=("Plan",))


def archive_of(stack: EmbeddedStack, client: KillableClient) -> DynamoDBArchive:
    return DynamoDBArchive(client.client, stack.outputs["ArchiveTableName"])


def rows(stack: EmbeddedStack) -> dict[str, list[str]]:
    """Return what there is of each article, without what nobody ever saw, and without what its id decides."""
    own: dict[str, list[Any]] = {}
    pages = stack.dynamodb.get_paginator("scan").paginate(TableName=stack.outputs["ArchiveTableName"])
    for item in (item for page in pages for item in page["Items"]):
        key = item["pk"]["S"] if item["pk"]["S"].startswith("article#") else item["sk"]["S"]
        own.setdefault(key.rpartition("#")[2], []).append(item)
    return {article_id: _rows(article_id, found) for article_id, found in own.items()}


def _without_unseen_titles(item: Any) -> Any:
    seen = {each.digests.headline for each in records(item) if each.digests}
    return {name: value for name, value in item.items() if not name.startswith("title ") or name[6:] in seen}


def _of_text(item: Any) -> Any:
    """Return what a text shows: of fetches that show the same in every detail any may have it."""
    if not item["sk"]["S"].startswith("text#"):
        return {}
    return {"data": extraction_digest(codec.decode(decompress(item["data"]["B"]))), "version": None}


def _rows(article_id: str, own: list[Any]) -> list[str]:
    seen = str([item for item in own if item["sk"]["S"] == "seen"])
    texts = [item for item in own if item["sk"]["S"].startswith("text#")]
    unseen = [item for item in texts if item["sk"]["S"].split("#")[1] not in seen]
    shown = [_without_unseen_titles(item) for item in own if item not in unseen]
    kept = [{**item, "day": None, "is_replayed": None, **_of_text(item)} for item in shown]
    told = [{**item, "tags": sorted(item.get("postings", {}).get("SS", ())), "postings": None} for item in kept]
    return sorted(str(sorted(item.items())).replace(article_id, "id") for item in told)


def stored(stack: EmbeddedStack, article_id: str, fetches: tuple[Article, ...]) -> None:
    for each in fetches:
        stack.archive.put(replace(each, article_id=article_id))


def again(article_id: str) -> list[Article]:
    return [replace(each, article_id=article_id) for each in AFTER]


def test_what_is_read_again_takes_the_place_of_what_was_seen(stack: EmbeddedStack) -> None:
    stored(stack, "id1", BEFORE)
    assert len(stack.archive.revisions("id1")) == 2
    assert stack.archive.put_again(again("id1")) is WriteOutcome.STORED
    revisions = stack.archive.revisions("id1")
    assert [revision.changes for revision in revisions] == [(), ("headline",)]
    assert [stack.archive.revision("id1", number) for number in (1, 2)] == [AFTER[1], AFTER[2]]
    assert stack.archive.get("id1") == AFTER[2]
    # As if they were never read otherwise.
    stored(stack, "id2", AFTER)
    found = rows(stack)
    assert found["id1"] == found["id2"]


def test_an_earlier_page_that_is_parsed_with_the_others_makes_the_article_one_that_was_added_earlier(
    stack: EmbeddedStack,
) -> None:
    stored(stack, "id1", BEFORE[1:])
    stack.archive.put_again(again("id1"))
    lists = DynamoDBLists(stack.dynamodb, stack.outputs["ArchiveTableName"])
    assert [headline.added_at for headline in lists.added().headlines] == [AFTER[0].fetched_at]


def test_a_text_is_that_of_the_last_fetch_that_still_has_it(stack: EmbeddedStack) -> None:
    stored(stack, "id1", (fetched(1, title="Menu"), fetched(2, title="Menu")))
    stack.archive.put_again([fetched(2, title="Another")])
    assert stack.archive.revision("id1", 1) == fetched(1, title="Menu")


def deaths(stack: EmbeddedStack) -> Iterator[tuple[str, int, bool]]:
    """Yield each way to die while an article is read again: its id, at which call, before or after it.

    To die after a call is to die before the next one.
    """
    stored(stack, "counted", BEFORE)
    client = KillableClient()
    archive_of(stack, client).put_again(again("counted"))
    for number in range(1, client.calls + 1):
        yield f"killed-{number}", number, False
    yield "killed-at-the-end", client.calls, True


@pytest.mark.slow
@pytest.mark.parametrize(
    "next_fetch", [None, LATER, LATE], ids=["again", "a newer fetch comes", "an older fetch comes"]
)
def test_whoever_comes_next_ends_what_was_stopped(stack: EmbeddedStack, next_fetch: Article | None) -> None:
    more = (next_fetch,) if next_fetch else ()
    stored(stack, "read-again", (*AFTER, *more))
    stored(stack, "as-before", (*BEFORE, *more))
    killed = list(deaths(stack))
    for article_id, number, after in killed:
        stored(stack, article_id, BEFORE)
        with pytest.raises(KilledError):
            archive_of(stack, KillableClient(kill=number, after=after)).put_again(again(article_id))
        if next_fetch:
            stored(stack, article_id, more)
        else:
            stack.archive.put_again(again(article_id))
    found = rows(stack)
    ends = [found["read-again"], found["as-before"]] if next_fetch else [found["read-again"]]
    assert [article_id for article_id, *_ in killed if found[article_id] not in ends] == []
    assert len(killed) > 10


def test_of_an_article_that_is_forgotten_nothing_is_written(stack: EmbeddedStack) -> None:
    stored(stack, "id1", BEFORE)
    remains = stack.archive.forget("id1", MORNING)
    assert remains
    stack.archive.erase("id1", remains, MORNING)
    before = rows(stack)
    assert stack.archive.put_again(again("id1")) is WriteOutcome.FORGOTTEN
    assert rows(stack) == before


def test_a_restored_table_is_copied_without_what_is_there_already(stack: EmbeddedStack) -> None:
    stored(stack, "id1", BEFORE)
    stack.archive.mark_gone("id1", MORNING + timedelta(hours=5), "http_410")
    table = stack.outputs["ArchiveTableName"]
    schema: Any = stack.dynamodb.describe_table(TableName=table)["Table"]
    stack.dynamodb.create_table(
        TableName="empty",
        KeySchema=schema["KeySchema"],
        AttributeDefinitions=[each for each in schema["AttributeDefinitions"] if each["AttributeName"] in {"pk", "sk"}],
        BillingMode="PAY_PER_REQUEST",
    )
    other = DynamoDBArchive(stack.dynamodb, "empty")
    assert other.copy_from(table, ()) == len(stack.dynamodb.scan(TableName=table)["Items"])
    assert other.copy_from(table, ()) == 0
    assert other.gone_at("id1") == stack.archive.gone_at("id1")
    assert {article_id_of(item) for item in stack.dynamodb.scan(TableName="empty")["Items"] if "content" in item} == {
        "id1"
    }
