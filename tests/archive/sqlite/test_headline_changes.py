"""The changes of headlines that an archive in a database keeps for those that follow it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from tests.articles import MORNING, article

from khobor.announce.announcements import Announcement, announcement
from khobor.archive.sqlite import headline_changes
from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.headline_changes import SQLiteHeadlineChanges
from khobor.article import Article
from khobor.sqlite.database import Database

FIRST = article(1)


def later(hours: int, **fields: Any) -> Article:
    return replace(FIRST, fetched_at=MORNING + timedelta(hours=hours), **fields)


class Follower:
    """Follows an archive, and says what it announces of some steps."""

    def __init__(self, database: Database) -> None:
        self.missed: list[int] = []
        self._changes = SQLiteHeadlineChanges(database, self.missed.append)

    def announced(self, *steps: Callable[[], object]) -> list[Announcement]:
        def announcements() -> Iterator[Announcement | None]:
            waiting = iter(steps)

            def wait(_: float) -> None:
                step = next(waiting, None)
                if step is None:
                    raise EOFError
                step()

            try:
                yield from map(announcement, self._changes.follow(wait))
            except EOFError:
                return

        return [each for each in announcements() if each]


@pytest.fixture
def follower(archive: SQLiteArchive, database: Database) -> Follower:
    archive.put(article(9))
    return Follower(database)


def kinds(announced: list[Announcement]) -> list[tuple[str, str, int, tuple[str, ...]]]:
    return [(each.kind, each.detail.article_id, each.detail.revision, each.detail.changes) for each in announced]


def test_what_readers_notice_is_announced_from_now_on(archive: SQLiteArchive, follower: Follower) -> None:
    announced = follower.announced(
        lambda: archive.put(FIRST),
        lambda: archive.put(later(2, title="The bridge", modified_at=MORNING + timedelta(hours=2))),
        lambda: archive.mark_gone("id1", MORNING + timedelta(hours=3), "http_410"),
        lambda: archive.put(later(4, title="The bridge", modified_at=MORNING + timedelta(hours=2))),
    )
    assert kinds(announced) == [
        ("ArticleStored", "id1", 1, ()),
        ("ArticleRevised", "id1", 2, ("headline",)),
        ("ArticleGone", "id1", 3, ()),
        ("ArticleRevised", "id1", 4, ("back",)),
    ]
    gone = announced[2].detail
    assert (gone.title, gone.url, gone.source, gone.reason) == (
        "The bridge",
        "https://example.com/1",
        "example",
        "http_410",
    )
    assert gone.seen_at == "2023-08-16T09:00:00.000000+00:00"
    assert follower.missed == []


def test_what_readers_do_not_notice_is_not_announced(archive: SQLiteArchive, follower: Follower) -> None:
    archive.put(later(5))
    archive.mark_gone("id9", MORNING + timedelta(hours=2), "http_410")
    follower.announced()
    announced = follower.announced(
        lambda: archive.put(later(5)),
        lambda: archive.put(later(6)),
        lambda: archive.put(later(2, title="An earlier title")),
        lambda: archive.put_again([later(6, title="Parsed otherwise")]),
        lambda: archive.put_again([article(2)]),
        lambda: archive.mark_gone("id1", MORNING + timedelta(hours=3), "http_410"),
        lambda: archive.mark_gone("id9", MORNING + timedelta(hours=3), "http_410"),
        lambda: archive.mark_gone("never", MORNING, "http_410"),
    )
    assert kinds(announced) == []


def test_nothing_of_a_forgotten_article_is_left_and_who_follows_learns_that_it_missed_something(
    archive: SQLiteArchive, database: Database, follower: Follower
) -> None:
    archive.put(article(1, title="The bridge"))
    archive.put(article(2))
    archive.forget("id1", MORNING)
    assert kinds(follower.announced()) == [("ArticleStored", "id2", 1, ())]
    assert follower.missed == [1]
    with database.read() as connection:
        assert connection.execute("SELECT article_id FROM headline_changes").fetchall() == [("id9",), ("id2",)]


def test_a_follower_that_falls_far_behind_learns_how_many_changes_it_missed(
    archive: SQLiteArchive, database: Database, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headline_changes, "MOST_CHANGES", 3)
    for number in range(1, 6):
        archive.put(article(number))
    assert [each.detail.article_id for each in follower.announced()] == ["id3", "id4", "id5"]
    assert follower.missed == [2]
    archive.put(article(6))
    assert [each.detail.article_id for each in follower.announced()] == ["id6"]
    assert follower.missed == [2]
    with database.read() as connection:
        assert connection.execute("SELECT count(*) FROM headline_changes").fetchone() == (3,)


def test_what_is_undone_is_not_announced(archive: SQLiteArchive, database: Database, follower: Follower) -> None:
    def fail() -> None:
        archive.put(FIRST)
        raise RuntimeError

    with pytest.raises(RuntimeError), database.write():
        fail()
    archive.put(article(2))
    assert [each.detail.article_id for each in follower.announced()] == ["id2"]
    assert follower.missed == []


def test_an_archive_of_which_nothing_was_ever_written_is_followed(archive: SQLiteArchive, database: Database) -> None:
    announced = Follower(database).announced(lambda: archive.put(FIRST), lambda: archive.put(article(2)))
    assert [each.kind for each in islice(announced, 3)] == ["ArticleStored", "ArticleStored"]
