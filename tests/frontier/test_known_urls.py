"""What is known of URLs: none is added twice, and each is found when it is due."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from khobor.embedded.stack import EmbeddedStack
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.frontier.interface import KnownUrl, KnownUrls
from khobor.frontier.sqlite.known_urls import SQLiteKnownUrls
from khobor.frontier.sqlite.migrations import MIGRATIONS
from khobor.sqlite.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://daily.example/1"
DAYS = 400


@pytest.fixture(params=["dynamodb", "sqlite"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KnownUrls]:
    if request.param == "sqlite":
        with closing(Database(tmp_path / "archive.db", {"frontier": MIGRATIONS}, create=True)) as database:
            yield SQLiteKnownUrls(database, DAYS)
        return
    stack: EmbeddedStack = request.getfixturevalue("stack")
    yield DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], DAYS)


def known(url: str = URL, **facts: Any) -> KnownUrl:
    return replace(KnownUrl(url=url, source="daily", since=NOON), **facts)


def test_a_url_comes_back_as_it_was_added(urls: KnownUrls) -> None:
    whole = known(
        next_visit=NOON + timedelta(hours=3),
        etag='"a"',
        digest="d",
        kind="feed",
        new_at=NOON,
        longest_gap=2.5,
        entry="x",
    )
    assert urls.add(whole, NOON)
    assert urls.get(URL) == whole
    assert urls.get("https://daily.example/2") is None


@pytest.mark.parametrize("spelling", [URL, f"{URL}#top", f"{URL}?utm_source=feed", "http://DAILY.example:80/1"])
def test_a_url_is_added_once_however_it_is_spelt(urls: KnownUrls, spelling: str) -> None:
    assert urls.add(known(), NOON)
    assert not urls.add(known(spelling), NOON)
    assert set(urls.known([spelling, "https://daily.example/2"], NOON)) == {spelling}


def test_what_is_known_is_forgotten_after_its_time(urls: KnownUrls) -> None:
    later = NOON + timedelta(days=DAYS, seconds=1)
    urls.add(known(), NOON)
    assert set(urls.known([URL], later)) == set()
    assert urls.add(known(since=later), later)
    assert set(urls.known([URL], later)) == {URL}


def test_many_urls_are_looked_up(urls: KnownUrls) -> None:
    many = [f"https://daily.example/{number}" for number in range(230)]
    for url in many[::2]:
        urls.add(known(url), NOON)
    assert set(urls.known(many, NOON)) == set(many[::2])


def test_facts_change_and_are_taken_back(urls: KnownUrls) -> None:
    urls.add(known(etag='"a"', digest="d"), NOON)
    urls.change(URL, {"etag": None, "digest": "e", "gone_at": NOON}, NOON)
    assert urls.get(URL) == known(digest="e", gone_at=NOON)


def test_a_url_of_which_a_fact_is_written_is_known(urls: KnownUrls) -> None:
    urls.change(URL, {"etag": '"a"'}, NOON)
    assert urls.get(URL) == known(source=None, etag='"a"')


def test_urls_are_due_in_their_order_and_only_those_of_the_source(urls: KnownUrls) -> None:
    for number, hours in enumerate((3, 1, 2, 9)):
        urls.add(known(f"https://daily.example/{number}", next_visit=NOON + timedelta(hours=hours)), NOON)
    urls.add(known("https://other.example/", source="other", next_visit=NOON), NOON)
    urls.add(known("https://daily.example/never"), NOON)
    due = [each.url for each in urls.due("daily", NOON + timedelta(hours=3))]
    assert due == [f"https://daily.example/{number}" for number in (1, 2, 0)]


def test_of_two_who_find_a_url_due_one_has_it(urls: KnownUrls) -> None:
    urls.add(known(next_visit=NOON), NOON)
    (one,), (other,) = list(urls.due("daily", NOON)), list(urls.due("daily", NOON))
    later = NOON + timedelta(hours=1)
    assert [urls.postpone(each, later, NOON) for each in (one, other)] == [True, False]
    assert list(urls.due("daily", NOON)) == []
    assert [each.url for each in urls.due("daily", later)] == [URL]


def test_a_url_that_is_not_to_be_visited_again_is_never_due(urls: KnownUrls) -> None:
    urls.add(known(next_visit=NOON), NOON)
    (due,) = urls.due("daily", NOON)
    assert urls.postpone(due, None, NOON)
    assert list(urls.due("daily", NOON + timedelta(days=300))) == []
    assert set(urls.known([URL], NOON)) == {URL}
