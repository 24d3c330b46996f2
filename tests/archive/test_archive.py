import random
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import pytest
from tests.articles import MORNING, article

from khobor.archive import compression
from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.interface import WriteOutcome
from khobor.article import Block
from khobor.embedded.stack import EmbeddedStack
from khobor.url import url_id


@pytest.fixture
def archive(stack: EmbeddedStack) -> DynamoDBArchive:
    return stack.archive


def test_an_article_comes_back_whole(archive: DynamoDBArchive) -> None:
    assert archive.put(article()) is WriteOutcome.STORED
    assert archive.get("id1") == article()
    assert archive.get("id2") is None


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_newest_fetch_wins_in_whatever_order(archive: DynamoDBArchive, order: tuple[int, ...]) -> None:
    versions = [article(title=f"Title {age}", fetched_at=MORNING + timedelta(hours=age)) for age in range(3)]
    for index in order:
        archive.put(versions[index])
        archive.put(versions[index])
    assert [found.title for found in archive.articles()] == ["Title 2"]


def test_that_an_article_is_gone_stays_when_its_page_is_parsed_again_and_not_when_it_is_found_again(
    archive: DynamoDBArchive,
) -> None:
    archive.put(article())
    gone_at = MORNING + timedelta(hours=5)
    assert archive.mark_gone("id1", gone_at, "http_410") is WriteOutcome.GONE
    assert archive.put(article(title="Parsed again")) is WriteOutcome.STORED
    assert archive.gone_at("id1") == gone_at
    assert [found.title for found in archive.articles()] == ["Parsed again"]
    archive.put(article(fetched_at=MORNING + timedelta(hours=6)))
    assert archive.gone_at("id1") is None


def test_an_article_is_gone_by_the_url_that_it_was_fetched_by_too(archive: DynamoDBArchive) -> None:
    fetched_by = "https://m.example.com/stories/1"
    archive.put(article(url=fetched_by))
    gone_at = MORNING + timedelta(hours=5)
    assert archive.mark_gone(url_id(fetched_by), gone_at, "http_410") is WriteOutcome.GONE
    assert archive.gone_at("id1") == gone_at


def test_of_an_article_that_is_not_there_or_was_found_since_nothing_is_marked(archive: DynamoDBArchive) -> None:
    assert archive.mark_gone("id1", MORNING, "http_410") is WriteOutcome.UNKNOWN
    archive.put(article(fetched_at=MORNING + timedelta(hours=6)))
    assert archive.mark_gone("id1", MORNING + timedelta(hours=5), "http_410") is WriteOutcome.SUPERSEDED
    assert archive.gone_at("id1") is None


def test_what_came_of_an_article_is_told(archive: DynamoDBArchive) -> None:
    newer = article(fetched_at=MORNING + timedelta(hours=2))
    assert archive.put(newer) is WriteOutcome.STORED
    assert archive.put(newer) is WriteOutcome.STORED
    assert archive.put(article()) is WriteOutcome.SUPERSEDED
    assert archive.get("id1") == newer


def test_two_fetches_in_one_instant_end_in_the_same_one_in_both_orders(stack: EmbeddedStack) -> None:
    early, late = article(modified_at=MORNING), article(modified_at=MORNING + timedelta(hours=1))
    for number, order in enumerate(((early, late), (late, early))):
        for version in order:
            stack.archive.put(replace(version, article_id=f"id{number}"))
    assert stack.archive.get("id0") == replace(late, article_id="id0")
    assert stack.archive.get("id1") == replace(late, article_id="id1")


def test_an_article_over_the_size_of_an_item_is_split_and_joined(archive: DynamoDBArchive) -> None:
    noise = random.Random(7).randbytes(900_000).hex()
    large = article(body=(Block(kind="paragraph", text=noise),))
    archive.put(large)
    assert archive.get("id1") == large


def test_a_shorter_version_of_a_large_article_reads_right(archive: DynamoDBArchive) -> None:
    noise = random.Random(7).randbytes(900_000).hex()
    archive.put(article(body=(Block(kind="paragraph", text=noise),)))
    short = article(fetched_at=MORNING + timedelta(hours=2))
    archive.put(short)
    assert archive.get("id1") == short


def test_what_was_compressed_years_ago_can_be_read() -> None:
    dictionary = Path(compression.__file__).with_name("dictionary-1.txt").read_bytes()
    assert sha256(dictionary).hexdigest() == "b94a33bfd1b38f9a17385d0b5b8c251efeef39559dc9929e5244d06758215539"
