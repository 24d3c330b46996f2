"""The archive keeps every revision in any order of delivery, and its postings follow the newest."""

import json
import math
import random
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import boto3
import pytest
from tests.articles import MORNING, article
from tests.dynamodb_units import WRITE_UNIT_BYTES, item_bytes

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.lists import DynamoDBLists
from khobor.archive.interface import WriteOutcome
from khobor.article import Article, Author, Block, Extraction, Link, RawReference
from khobor.embedded.stack import EmbeddedStack
from khobor.url import article_id, canonical_url


@pytest.fixture
def archive(stack: EmbeddedStack) -> DynamoDBArchive:
    return stack.archive


@pytest.fixture
def lists(stack: EmbeddedStack) -> DynamoDBLists:
    return DynamoDBLists(stack.dynamodb, stack.outputs["ArchiveTableName"])


def fetched(hours: int, **fields: Any) -> Article:
    """Return the article as a fetch so many hours later shows it."""
    facts: dict[str, Any] = {
        "fetched_at": MORNING + timedelta(hours=hours),
        "raw": RawReference(bucket="raw", key=f"pages/{hours}"),
        "modified_at": MORNING,
        "section": "City",
    }
    return article(**facts | fields)


FETCHES = (
    fetched(1, title="The bridge opens", tags=("Bridge", "Toll")),
    fetched(2, title="The bridge closes", tags=("Bridge",), section="Nation"),
    fetched(3, title="The bridge opens", tags=("Bridge", "Padma"), authors=(Author(name="Ann Lee"),)),
)
GONE = MORNING + timedelta(hours=2, minutes=30)


def everything(stack: EmbeddedStack) -> list[dict[str, Any]]:
    items = stack.dynamodb.scan(TableName=stack.outputs["ArchiveTableName"])["Items"]
    return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def test_every_revision_can_be_read(archive: DynamoDBArchive) -> None:
    for each in FETCHES:
        assert archive.put(each) is WriteOutcome.STORED
    revisions = archive.revisions("id1")
    assert [revision.changes for revision in revisions] == [
        (),
        ("headline", "stealth"),
        ("headline", "byline", "stealth"),
    ]
    assert [archive.revision("id1", number) for number in (1, 2, 3)] == list(FETCHES)
    assert archive.revision("id1", 4) is None
    assert archive.revisions("id2") == ()


def test_a_fetch_that_shows_the_same_is_no_revision_and_the_newest_is_kept(archive: DynamoDBArchive) -> None:
    archive.put(fetched(1))
    again = fetched(5, tags=("Bridge",))
    archive.put(again)
    (revision,) = archive.revisions("id1")
    assert revision.last_seen_at == again.fetched_at
    assert archive.get("id1") == again


def units(stack: EmbeddedStack, delivered: Article) -> dict[str, int]:
    """Return the write units of a delivery, by what the sort keys of the items begin with."""
    client = boto3.client("dynamodb", region_name=stack.dynamodb.meta.region_name)
    found: dict[str, int] = {}

    def count(params: dict[str, Any], model: Any, **_: object) -> None:
        if model.name not in {"PutItem", "UpdateItem", "BatchWriteItem"}:
            return
        body = json.loads(params["body"])
        batch = [
            each.get("PutRequest", {}).get("Item") for all_ in body.get("RequestItems", {}).values() for each in all_
        ]
        for item in filter(None, [body.get("Item"), body.get("Key"), *batch]):
            kind = item["sk"]["S"].partition("#")[0]
            found[kind] = found.get(kind, 0) + math.ceil(item_bytes(item) / WRITE_UNIT_BYTES)

    client.meta.events.register("before-call.dynamodb", count)
    DynamoDBArchive(client, stack.outputs["ArchiveTableName"]).put(delivered)
    return found


LONG = (Block(kind="paragraph", text=random.Random(7).randbytes(8000).hex()),)


def test_the_text_of_an_article_that_did_not_change_is_not_written_again(stack: EmbeddedStack) -> None:
    first = fetched(1, body=LONG, related=(Link(url="https://example.com/2", text="Another"),))
    again = fetched(5, body=LONG, related=(Link(url="https://example.com/3", text="The next"),))
    assert units(stack, first)["text"] > 8
    assert units(stack, again) == {"alias": 1, "seen": 1, "headline": 1}
    for delivered in (again, first):
        assert "text" not in units(stack, delivered)
    found = stack.archive.get("id1")
    assert found == replace(again, related=first.related)
    assert stack.archive.revision("id1", 1) == found


@pytest.mark.parametrize(
    "other",
    [
        fetched(5, body=LONG, tags=("Bridge",)),
        fetched(5, body=LONG, extraction=Extraction(version="2")),
        fetched(1, body=LONG, section="Nation"),
    ],
    ids=["a detail", "the extractor", "the same page read otherwise"],
)
def test_the_text_is_written_again_where_something_else_changed(stack: EmbeddedStack, other: Article) -> None:
    stack.archive.put(fetched(1, body=LONG))
    stack.archive.put(other)
    assert stack.archive.get("id1") == other
    # A second delivery changes nothing.
    assert "text" not in units(stack, other)
    assert "text" not in units(stack, fetched(0, body=LONG, dateline="Dhaka"))
    assert stack.archive.get("id1") == other


def test_an_older_fetch_that_comes_late_does_not_take_the_text_of_those_that_were_not_written(
    archive: DynamoDBArchive,
) -> None:
    archive.put(fetched(1))
    archive.put(fetched(5))
    archive.put(fetched(3, tags=("Bridge",)))
    assert archive.get("id1") == fetched(5)


def test_a_text_whose_fetch_shows_something_else_now_is_replaced_by_that_of_one_that_shows_it(
    archive: DynamoDBArchive,
) -> None:
    archive.put(fetched(1, title="Menu", dateline="Menu"))
    archive.put(fetched(2, title="Menu"))
    right = [fetched(1, title="Menu", dateline="Dhaka"), fetched(2, title="The bridge opens")]
    archive.put_again(right)
    assert [archive.revision("id1", number) for number in (1, 2)] == right


def test_an_older_fetch_that_comes_late_is_a_revision_between(archive: DynamoDBArchive) -> None:
    first, second, third = FETCHES
    archive.put(first)
    archive.put(third)
    assert archive.put(second) is WriteOutcome.SUPERSEDED
    assert [archive.revision("id1", number) for number in (1, 2, 3)] == [first, second, third]
    assert archive.get("id1") == third


def rows(stack: EmbeddedStack, article_id: str) -> list[dict[str, Any]]:
    """Return the items of an article, without what its id decides."""
    found = [item for item in everything(stack) if article_id in item["pk"]["S"] + item["sk"]["S"]]
    texts = json.dumps([{**item, "day": None, "data": None} for item in found]).replace(article_id, "id")
    rows: list[dict[str, Any]] = json.loads(texts)
    return rows


@pytest.mark.slow
@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_in_whatever_order_and_how_often_the_table_ends_the_same(stack: EmbeddedStack, order: tuple[int, ...]) -> None:
    def deliver(step: int, article_id: str) -> None:
        if step == len(FETCHES):
            stack.archive.mark_gone(article_id, GONE, "http_410")
        else:
            stack.archive.put(replace(FETCHES[step], article_id=article_id))

    # Before its first fetch there is no article that could be gone.
    for step in (*order, *reversed(order)):
        deliver(step, "id1")
    for step in (0, 1, 3, 2):
        deliver(step, "id2")
    assert rows(stack, "id1") == rows(stack, "id2")
    changes = [revision.changes for revision in stack.archive.revisions("id1")]
    assert changes == [(), ("headline", "stealth"), ("gone",), ("back", "headline", "byline", "stealth")]
    found = {row["pk"]["S"] for row in rows(stack, "id1")}
    assert {each for each in found if each.startswith(("section#", "tag#", "author#"))} == {
        "author#ann lee",
        "section#city",
        "tag#bridge",
        "tag#padma",
    }


def test_what_a_newer_fetch_does_not_say_any_more_is_not_found_by_it(
    archive: DynamoDBArchive, lists: DynamoDBLists
) -> None:
    for each in FETCHES[:2]:
        archive.put(each)
    assert lists.by("tag", "toll").headlines == ()
    assert lists.by("section", "city").headlines == ()
    (found,) = lists.by("section", "NATION").headlines
    assert (found.article_id, found.title) == ("id1", "The bridge closes")


def test_an_article_that_gets_another_date_is_found_once(archive: DynamoDBArchive, lists: DynamoDBLists) -> None:
    archive.put(fetched(1))
    archive.put(fetched(2, published_at=MORNING - timedelta(days=3)))
    (found,) = lists.by("section", "city").headlines
    assert found.listed_at == MORNING - timedelta(days=3)


def test_a_page_that_is_parsed_again_is_no_revision_and_leaves_nothing_behind(
    archive: DynamoDBArchive, stack: EmbeddedStack
) -> None:
    archive.put(fetched(1, title="Home | The bridge opens"))
    archive.put(fetched(1, title="The bridge opens"))
    assert len(archive.revisions("id1")) == 1
    assert [item["sk"]["S"] for item in everything(stack) if item["sk"]["S"].startswith("text#")] == [
        f"text#{archive.revisions('id1')[0].digests.content}"
    ]


def test_changes_are_listed_by_kind_and_time(archive: DynamoDBArchive, lists: DynamoDBLists) -> None:
    for number in (1, 2):
        for each in FETCHES:
            archive.put(replace(each, article_id=f"id{number}", fetched_at=each.fetched_at + timedelta(minutes=number)))
    archive.mark_gone("id2", MORNING + timedelta(hours=9), "http_404")
    found = lists.by("change", "stealth").headlines
    assert [(each.article_id, each.revision) for each in found] == [("id2", 3), ("id1", 3), ("id2", 2), ("id1", 2)]
    (gone,) = lists.by("change", "gone").headlines
    assert (gone.article_id, gone.listed_at) == ("id2", MORNING + timedelta(hours=9))


def test_a_correction_is_found(archive: DynamoDBArchive, lists: DynamoDBLists) -> None:
    archive.put(fetched(1))
    notice = Block(kind="paragraph", text="সংশোধনী: আগের সংস্করণে সেতুর দৈর্ঘ্য ভুল ছিল।")
    archive.put(fetched(2, body=(Block(kind="paragraph", text="Text."), notice)))
    assert [each.article_id for each in lists.by("change", "correction").headlines] == ["id1"]


def test_an_index_that_is_not_wanted_is_not_written(stack: EmbeddedStack) -> None:
    table = stack.outputs["ArchiveTableName"]
    DynamoDBArchive(stack.dynamodb, table, frozenset({"tag"})).put(FETCHES[0])
    assert {item["pk"]["S"].partition("#")[0] for item in everything(stack)} == {"article", "tag"}


def test_an_article_is_found_by_its_address_and_by_the_one_it_was_fetched_by(archive: DynamoDBArchive) -> None:
    own = "https://example.com/stories/1"
    archive.put(
        fetched(1, article_id=article_id(canonical_url(own)), canonical_url=own, url="https://m.example.com/s/1")
    )
    assert archive.find(f"{own}#top") == archive.find("https://m.example.com/s/1") == article_id(canonical_url(own))
    assert archive.find("https://example.com/other") is None


def test_each_change_is_a_row_with_the_title_before_and_after(archive: DynamoDBArchive, lists: DynamoDBLists) -> None:
    for each in FETCHES:
        archive.put(each)
    newest = replace(FETCHES[2], title="The bridge is gone", fetched_at=MORNING + timedelta(hours=9))
    archive.put(replace(newest, modified_at=MORNING + timedelta(hours=9)))
    rows = lists.by("change", "headline").headlines
    assert [(each.revision, each.title_before, each.title) for each in rows] == [
        (4, FETCHES[2].title, "The bridge is gone"),
        (3, FETCHES[1].title, FETCHES[2].title),
        (2, FETCHES[0].title, FETCHES[1].title),
    ]
    assert rows[0].changes == ("headline",)
    assert set(rows[1].changes) >= {"headline", "stealth"}
    archive.mark_gone("id1", MORNING + timedelta(hours=12), "http_410")
    (gone,) = lists.by("change", "gone").headlines
    assert (gone.title_before, gone.title, gone.changes) == (None, "The bridge is gone", ("gone",))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)], ids=str)
def test_the_words_of_an_earlier_headline_find_the_article(
    archive: DynamoDBArchive, lists: DynamoDBLists, order: tuple[int, ...]
) -> None:
    titles = ("পুতিন-কিমের চিঠি বিনিময়", "পুতিন কিমের বৈঠক", "Putin meets Kim")
    fetches = [fetched(hour, title=title) for hour, title in enumerate(titles, 1)]
    for number in order:
        archive.put(fetches[number])
    (found,) = lists.by_words("চিঠি বিনিময়").headlines
    assert (found.title, found.earlier_title) == (titles[2], titles[0])
    (found,) = lists.by_words("kim").headlines
    assert (found.title, found.earlier_title) == (titles[2], None)
    # All words have to be in one of the titles.
    assert lists.by_words("চিঠি putin").headlines == ()
    assert lists.by_words("বৈঠক চিঠি").headlines == ()


def test_a_headline_that_was_read_wrongly_finds_nothing_once_its_page_is_read_again(
    archive: DynamoDBArchive, lists: DynamoDBLists
) -> None:
    archive.put(fetched(1, title="Menu"))
    archive.put(fetched(2, title="The bridge opens"))
    archive.put_again([fetched(1, title="The bridge opens"), fetched(2, title="The bridge opens")])
    assert lists.by_words("menu").headlines == ()


def test_what_was_added_last_is_listed_by_its_first_fetch_whenever_it_was_published(
    archive: DynamoDBArchive, lists: DynamoDBLists
) -> None:
    archive.put(article(1, published_at=MORNING, fetched_at=MORNING + timedelta(hours=1)))
    archive.put(article(2, published_at=MORNING - timedelta(days=900), fetched_at=MORNING + timedelta(hours=5)))
    archive.put(article(3, published_at=MORNING, fetched_at=MORNING + timedelta(hours=3)))
    # Fetched again it was not added again; an older fetch that comes late says that it was there before.
    archive.put(article(1, published_at=MORNING, fetched_at=MORNING + timedelta(hours=8), title="Another title"))
    archive.put(article(3, published_at=MORNING, fetched_at=MORNING + timedelta(minutes=30)))
    found = lists.added().headlines
    assert [(each.article_id, each.added_at) for each in found] == [
        ("id2", MORNING + timedelta(hours=5)),
        ("id1", MORNING + timedelta(hours=1)),
        ("id3", MORNING + timedelta(minutes=30)),
    ]
    assert [each.title for each in found] == ["Title 2", "Another title", "Title 3"]
    assert found[0].listed_at == MORNING - timedelta(days=900)
    pages = [lists.added(limit=2), lists.added(limit=2, cursor=lists.added(limit=2).cursor)]
    assert [each.article_id for page in pages for each in page.headlines] == ["id2", "id1", "id3"]


def test_an_unchanged_fetch_writes_no_posting_again(archive: DynamoDBArchive, stack: EmbeddedStack) -> None:
    for each in FETCHES:
        archive.put(each)
    table = stack.outputs["ArchiveTableName"]
    for item in everything(stack):
        if item["pk"]["S"].startswith(("change#", "added#", "word#", "tag#")):
            # It would be written over, were it written.
            item["mark"] = {"S": "here before"}
            stack.dynamodb.put_item(TableName=table, Item=item)
    archive.put(replace(FETCHES[2], fetched_at=MORNING + timedelta(hours=20)))
    found = [item for item in everything(stack) if item["pk"]["S"].startswith(("change#", "added#", "word#", "tag#"))]
    assert len(found) > 10
    assert all("mark" in item for item in found)
