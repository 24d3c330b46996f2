"""Lists of the SQLite archive: what the comparison with the DynamoDB archive does not test."""

import base64
import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from tests.articles import MORNING, article

from khobor.archive.headlines import HeadlinePage, all_headlines
from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.full_text import SQLiteFullText
from khobor.archive.sqlite.lists import SQLiteLists
from khobor.errors import PermanentError
from khobor.sqlite.database import Database

NOW = MORNING + timedelta(days=1)
LISTS: dict[str, Callable[..., HeadlinePage]] = {
    "source": lambda lists, **page: lists.by_source("example", **page),
    "tag": lambda lists, **page: lists.by("tag", "Bridge", **page),
    "change": lambda lists, **page: lists.by("change", "headline", **page),
    "added": lambda lists, **page: lists.added(**page),
    "words": lambda lists, **page: lists.by_words("title", **page),
    "day": lambda lists, **page: lists.by_day(date(2023, 8, 16), **page),
    "newest": lambda lists, **page: lists.newest(now=NOW, **page),
}


def made_up(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


CURSORS = [
    "x",
    "!",
    made_up(),
    made_up("newest"),
    *(
        made_up(name, place)
        for name in ("newest", "added", "source#example")
        for place in (None, 7, [], [1], [1, 2, 3])
    ),
    *(
        made_up("newest", place)
        for place in (["1", "2"], [1.5, 2], [True, True], [1, "x"], [1 << 64, 1], [-(1 << 70), 1])
    ),
    *(made_up("added", place) for place in ([1, 2], ["x", "x"], [1 << 64, "x"], [1, "\ud800"])),
]


def refusal(ask: Callable[[], object]) -> str | None:
    """Return the reason why something is refused; None if it is not."""
    try:
        ask()
    except PermanentError as error:
        return error.reason
    return None


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_that_no_page_of_the_list_gave_is_refused(lists: SQLiteLists, name: str) -> None:
    refused = {cursor: refusal(partial(LISTS[name], lists, cursor=cursor)) for cursor in CURSORS}
    assert refused == dict.fromkeys(CURSORS, "bad_cursor")


@pytest.mark.parametrize("name", LISTS)
def test_a_page_has_one_to_a_hundred_headlines(lists: SQLiteLists, name: str) -> None:
    refused = {limit: refusal(partial(LISTS[name], lists, limit=limit)) for limit in (-1, 0, 1, 100, 101)}
    assert refused == {-1: "bad_limit", 0: "bad_limit", 1: None, 100: None, 101: "bad_limit"}


@pytest.mark.parametrize("limit", [0, 101])
def test_a_search_has_one_to_a_hundred_matches(database: Database, limit: int) -> None:
    with pytest.raises(PermanentError, match="bad_limit"):
        SQLiteFullText(database).search("bridge", limit=limit)


@pytest.mark.parametrize("cursor", [made_up("search#bridge", place) for place in (None, -1, "1", 1.5, 1 << 70)])
def test_a_cursor_that_no_search_gave_is_refused(database: Database, cursor: str) -> None:
    with pytest.raises(PermanentError, match="bad_cursor"):
        SQLiteFullText(database).search("bridge", cursor=cursor)


def test_the_newest_are_listed_over_a_gap_of_years(archive: SQLiteArchive, lists: SQLiteLists) -> None:
    for number, days in ((1, 0), (2, 400), (3, 4000)):
        archive.put(article(number, published_at=MORNING - timedelta(days=days)))
    found = all_headlines(lambda cursor: lists.newest(now=NOW, limit=1, cursor=cursor))
    assert [each.article_id for each in found] == ["id1", "id2", "id3"]


def test_a_title_that_has_one_of_the_words_only_makes_short_pages_and_no_long_ones(
    archive: SQLiteArchive, lists: SQLiteLists, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("khobor.archive.sqlite.listing._MOST_ROWS", 5)
    for number in range(1, 31):
        archive.put(article(number, title=f"The government {'falls' if number == 2 else 'stays'}"))
    pages, cursor = [], None
    while True:
        page = lists.by_words("government falls", cursor=cursor)
        pages.append([each.article_id for each in page.headlines])
        cursor = page.cursor
        if cursor is None:
            break
    assert [each for page in pages for each in page] == ["id2"]
    assert len(pages) == 6


def test_several_articles_in_one_transaction_are_all_there_and_one_that_fails_alone_is_not(
    archive: SQLiteArchive, lists: SQLiteLists, database: Database
) -> None:
    with database.write():
        archive.put(article(1))
        with pytest.raises(PermanentError, match="bad_url"):
            archive.put(article(2, url="mailto:nobody"))
        archive.put(article(3))
    assert [each.article_id for each in lists.by_source("example").headlines] == ["id3", "id1"]
    assert archive.history("id2") is None
