import random
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import pytest
from tests.articles import MORNING, article

from khobor.article import Block
from khobor.aws import archive as archive_module
from khobor.aws.archive import BY_DAY, DAY_SHARDS, Archive, Outcome
from khobor.aws.known_urls import url_id
from khobor.local.stack import EmbeddedStack


@pytest.fixture
def archive(stack: EmbeddedStack) -> Archive:
    return stack.archive


def test_an_article_comes_back_whole(archive: Archive) -> None:
    assert archive.put(article()) is Outcome.STORED
    assert archive.get("id1") == article()
    assert archive.get("id2") is None


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_newest_fetch_wins_in_whatever_order(archive: Archive, order: tuple[int, ...]) -> None:
    versions = [article(title=f"Title {age}", fetched_at=MORNING + timedelta(hours=age)) for age in range(3)]
    for index in order:
        archive.put(versions[index])
        archive.put(versions[index])
    assert [found.title for found in archive.articles()] == ["Title 2"]
    assert [headline.title for headline in archive.by_source("example")] == ["Title 2"]


def test_that_an_article_is_gone_stays_when_its_page_is_parsed_again_and_not_when_it_is_found_again(
    archive: Archive,
) -> None:
    archive.put(article())
    gone_at = MORNING + timedelta(hours=5)
    assert archive.mark_gone("id1", gone_at, "http_410") is Outcome.GONE
    assert archive.put(article(title="Parsed again")) is Outcome.STORED
    assert archive.gone_at("id1") == gone_at
    assert [headline.title for headline in archive.by_source("example")] == ["Parsed again"]
    archive.put(article(fetched_at=MORNING + timedelta(hours=6)))
    assert archive.gone_at("id1") is None


def test_an_article_is_gone_by_the_url_that_it_was_fetched_by_too(archive: Archive) -> None:
    fetched_by = "https://m.example.com/stories/1"
    archive.put(article(url=fetched_by))
    gone_at = MORNING + timedelta(hours=5)
    assert archive.mark_gone(url_id(fetched_by), gone_at, "http_410") is Outcome.GONE
    assert archive.gone_at("id1") == gone_at


def test_of_an_article_that_is_not_there_or_was_found_since_nothing_is_marked(archive: Archive) -> None:
    assert archive.mark_gone("id1", MORNING, "http_410") is Outcome.UNKNOWN
    archive.put(article(fetched_at=MORNING + timedelta(hours=6)))
    assert archive.mark_gone("id1", MORNING + timedelta(hours=5), "http_410") is Outcome.UNKNOWN
    assert archive.gone_at("id1") is None


def test_what_came_of_an_article_is_told(archive: Archive) -> None:
    newer = article(fetched_at=MORNING + timedelta(hours=2))
    assert archive.put(newer) is Outcome.STORED
    assert archive.put(newer) is Outcome.STORED
    assert archive.put(article()) is Outcome.SUPERSEDED
    assert archive.get("id1") == newer


def test_two_fetches_in_one_instant_end_in_the_same_one_in_both_orders(stack: EmbeddedStack) -> None:
    early, late = article(modified_at=MORNING), article(modified_at=MORNING + timedelta(hours=1))
    for number, order in enumerate(((early, late), (late, early))):
        for version in order:
            stack.archive.put(replace(version, article_id=f"id{number}"))
    assert stack.archive.get("id0") == replace(late, article_id="id0")
    assert stack.archive.get("id1") == replace(late, article_id="id1")


def test_an_article_over_the_size_of_an_item_is_split_and_joined(archive: Archive) -> None:
    noise = random.Random(7).randbytes(900_000).hex()
    large = article(body=(Block(kind="paragraph", text=noise),))
    archive.put(large)
    assert archive.get("id1") == large


def test_a_shorter_version_of_a_large_article_reads_right(archive: Archive) -> None:
    noise = random.Random(7).randbytes(900_000).hex()
    archive.put(article(body=(Block(kind="paragraph", text=noise),)))
    short = article(fetched_at=MORNING + timedelta(hours=2))
    archive.put(short)
    assert archive.get("id1") == short


def test_a_source_lists_its_newest_first(archive: Archive) -> None:
    for number in (2, 3, 1):
        archive.put(article(number))
    archive.put(article(4, source="other"))
    assert [headline.article_id for headline in archive.by_source("example")] == ["id3", "id2", "id1"]


def test_a_day_lists_all_sources_newest_first_over_all_its_shards(archive: Archive, stack: EmbeddedStack) -> None:
    for number in range(1, 31):
        archive.put(article(number, source=f"source{number % 3}"))
    archive.put(article(99, published_at=MORNING + timedelta(days=1)))
    found = list(archive.by_day(date(2023, 8, 16)))
    assert [headline.article_id for headline in found] == [f"id{number}" for number in range(30, 0, -1)]
    table = stack.outputs["ArchiveTableName"]
    items = stack.dynamodb.scan(TableName=table, IndexName=BY_DAY)["Items"]
    assert len({item["day"]["S"] for item in items if item["day"]["S"].startswith("2023-08-16")}) == DAY_SHARDS


def test_an_article_without_source_title_or_date_is_listed_by_its_fetch(archive: Archive) -> None:
    archive.put(article(source=None, title=None, published_at=None, url=None, canonical_url=None))
    (headline,) = archive.by_day(date(2023, 8, 16))
    assert (headline.title, headline.source, headline.listed_at) == (None, None, MORNING + timedelta(hours=1))


def test_what_was_compressed_years_ago_can_be_read() -> None:
    dictionary = Path(archive_module.__file__).with_name("dictionary-1.txt").read_bytes()
    assert sha256(dictionary).hexdigest() == "b94a33bfd1b38f9a17385d0b5b8c251efeef39559dc9929e5244d06758215539"
