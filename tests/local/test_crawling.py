"""How long the loop of a local archive waits."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from khobor.fetch.downloader import Downloader, Limits
from khobor.frontier.fetch_queue import FetchRequest
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.crawling import Crawler
from khobor.local.journal import Journal
from khobor.local.page_ingester import archive_pool
from khobor.local.stopping import Stop
from khobor.local.workspace import Workspace

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LONGEST = 15.0


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def crawler(tmp_path: Path, slept: list[float]) -> Iterator[Crawler]:
    with (
        time_machine.travel(NOW, tick=False),
        ArchiveFolder.open(tmp_path / "news", create=True) as folder,
        archive_pool(1, folder.sources()) as pool,
        closing(Stop(slept.append)) as stop,
    ):
        downloader = Downloader("mailto:tests@localhost", Limits())
        yield Crawler(
            Workspace(
                folder=folder,
                sources=folder.sources(),
                downloader=downloader,
                pool=pool,
                journal=Journal(),
                stop=stop,
                is_alone=True,
            )
        )


def queue(folder: Path, due_at: datetime) -> None:
    """Queue a request whose host must not get requests until a time."""
    with ArchiveFolder.open(folder) as opened:
        opened.fetch_queue.send([FetchRequest(url="https://news.example/1")], due_at - SECOND)
        (taken,) = opened.fetch_queue.take(due_at, due_at, 1)
        opened.fetch_queue.postpone(taken, due_at)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        pytest.param((None, None), LONGEST, id="nothing to do"),
        pytest.param((4, None), 4, id="until a request is due"),
        pytest.param((-4, None), 0, id="a request has been due for a while"),
        pytest.param((9, 6), 6, id="until the time that the caller names"),
        pytest.param((3, 6), 3, id="a request comes first"),
        pytest.param((3600, 7200), LONGEST, id="the clock may jump meanwhile"),
    ],
)
def test_it_rests_until_there_is_something_to_do(
    crawler: Crawler, slept: list[float], tmp_path: Path, times: tuple[int | None, int | None], expected: float
) -> None:
    due_in, until_in = times
    if due_in is not None:
        queue(tmp_path / "news", NOW + due_in * SECOND)
    crawler.rest(None if until_in is None else NOW + until_in * SECOND)
    assert slept == [expected]


def test_it_does_not_rest_while_a_page_waits_to_be_read(crawler: Crawler, slept: list[float]) -> None:
    crawler.add("pages/news.example/2026-03-01/1.html.gz")
    crawler.rest()
    assert slept == []
