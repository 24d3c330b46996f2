"""The pages of an article that moved, read again: they make the same article in any order, and then change nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.example_pages import page

from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.lists import SQLiteLists
from khobor.archive.sqlite.tables import MIGRATIONS as ARCHIVE
from khobor.article import RawReference
from khobor.extract import extract_page
from khobor.frontier.sqlite.known_urls import SQLiteKnownUrls
from khobor.frontier.sqlite.migrations import MIGRATIONS as FRONTIER
from khobor.page import MAX_STORED_PAGE_BYTES, RawPage
from khobor.pages.folder import FolderPages
from khobor.replay.rereading import Rereading
from khobor.replay.run import ReplayRun
from khobor.sources.registry import bundled_sources
from khobor.sqlite.database import Database

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUN = ReplayRun(name="test")
SITE = "https://news.example/city/"
TITLE = "The old bridge opens again"


def fetched(hour: int, path: str, canonical: str, title: str = TITLE, answered: str | None = None) -> RawPage:
    """Return a page that was requested by one path of a site, and gives another one as its own."""
    body = page(title=title, head=f'<link rel="canonical" href="{SITE}{canonical}">')
    final_url = SITE + answered if answered else None
    return RawPage(body=body, url=SITE + path, final_url=final_url, fetched_at=NOW + timedelta(hours=hour))


# By a canonical link that changes, then by a redirect.
PAGES = (
    fetched(1, "bridge-opens", "bridge-opens"),
    fetched(2, "bridge-opens", "bridge-opens", f"{TITLE} at last"),
    fetched(3, "bridge-opens", "old-bridge-opens-again", f"{TITLE} at last"),
    fetched(4, "old-bridge-opens-again", "old-bridge-opens-again", f"{TITLE} today"),
    fetched(5, "old-bridge-opens-again", "bridge-open", f"{TITLE} today", "bridge-open"),
)


@pytest.fixture
def pages(tmp_path: Path) -> FolderPages:
    return FolderPages(tmp_path)


@pytest.fixture
def keys(pages: FolderPages) -> list[str]:
    return [pages.put_page(each) for each in PAGES]


class _Archived:
    """An archive, and what reads the pages of a folder into it."""

    def __init__(self, folder: Path, pages: FolderPages) -> None:
        folder.mkdir()
        database = Database(folder / "archive.db", {"archive": ARCHIVE, "frontier": FRONTIER}, create=True)
        self.archive = SQLiteArchive(database)
        self.lists = SQLiteLists(database)
        self._rereading = Rereading(pages, None, self.archive, SQLiteKnownUrls(database, 400), MAX_STORED_PAGE_BYTES)

    def read(self, keys: Sequence[str]) -> list[str]:
        return [result.outcome for key in keys for result in self._rereading.read(key, RUN, bundled_sources())]

    @property
    def answers(self) -> object:
        ids = [self.archive.find(each.url or "") for each in PAGES]
        return (
            self.lists.added(),
            ids,
            [(self.archive.get(each or ""), self.archive.revisions(each or "")) for each in ids],
        )


def test_it_is_one_article_in_any_order_and_a_second_replay_changes_nothing(
    tmp_path: Path, pages: FolderPages, keys: list[str]
) -> None:
    first = _Archived(tmp_path / "first", pages)
    for key, each in zip(keys, PAGES, strict=True):
        first.archive.put(extract_page(each, RawReference(key=key), bundled_sources()))
    (headline,) = first.lists.added().headlines
    assert len(first.archive.revisions(headline.article_id)) == 3
    assert first.archive.find(PAGES[0].url or "") == first.archive.find(PAGES[3].url or "") == headline.article_id
    assert set(first.read(keys)) <= {"same", "covered"}
    for number, order in enumerate((keys[::-1], keys[2:] + keys[:2])):
        again = _Archived(tmp_path / str(number), pages)
        assert set(again.read(order)) <= {"new", "joined", "covered", "changed", "same"}
        assert again.answers == first.answers
        assert set(again.read(order)) <= {"same", "covered"}
