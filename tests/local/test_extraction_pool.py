"""A pool of processes extracts pages in order, even if a page kills its process."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.example_pages import page

from khobor.archive import codec
from khobor.article import Article, Publisher, RawReference
from khobor.local.extraction_pool import Extracted, ExtractionPool, usable_cores
from khobor.page import RawPage
from khobor.pages.input_page import InputPage
from khobor.sources.registry import bundled_sources
from khobor.work_limits import WorkLimits

FETCHED_AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
SMALL = WorkLimits(seconds=60, megabytes=200)
BRIEF = WorkLimits(seconds=1, megabytes=200, of_cpu=True)
JOBS = pytest.mark.parametrize("jobs", [1, 2])


def given(number: int, body: bytes | None = None, *, file: Path | None = None) -> InputPage:
    body = page(title=f"Bridge number {number} opens") if body is None else body
    url = f"https://www.example.com/news/{number}"
    raw = RawPage(body=b"" if file else body, url=url, fetched_at=FETCHED_AT)
    return InputPage(name=f"{number}.html", page=raw, file=file)


def title(extracted: Extracted) -> str | None:
    assert extracted.article is not None
    return codec.decode(extracted.article).title


def children() -> set[int | None]:
    return {process.pid for process in multiprocessing.active_children()}


@JOBS
def test_articles_come_in_the_order_of_the_pages_with_what_is_known_of_each(jobs: int) -> None:
    kept = RawReference(bucket="raw", key="pages/1.html.gz")
    pages = [given(number) for number in range(40)]
    pages[1] = InputPage(name="1.html", page=pages[1].page, raw=kept)
    with ExtractionPool(jobs) as pool:
        found = list(pool.extract(iter(pages)))
        again = list(pool.extract(pages[:1]))
    assert [title(each) for each in found] == [f"Bridge number {number} opens" for number in range(40)]
    assert [each.page for each in found] == pages
    article = codec.decode(found[1].article or b"")
    assert (article.url, article.fetched_at, article.raw) == ("https://www.example.com/news/1", FETCHED_AT, kept)
    assert [title(each) for each in again] == ["Bridge number 0 opens"]


@JOBS
def test_each_page_without_an_article_has_its_reason(jobs: int, tmp_path: Path) -> None:
    (tmp_path / "good.html").write_bytes(page())
    (tmp_path / "empty.html").write_bytes(b" ")
    (tmp_path / "broken.html").write_bytes(b"\x1f\x8b broken")
    names = ["missing.html", "empty.html", "good.html", "broken.html"]
    pages = [given(number, file=tmp_path / name) for number, name in enumerate(names)]
    with ExtractionPool(jobs, max_bytes=5_000) as pool:
        found = list(pool.extract([*pages, given(4, b"<p>Menu</p>"), given(5, page(head="x" * 5_000)), given(6)]))
    reasons = [each.error.reason if each.error else None for each in found]
    assert reasons == ["unreadable_file", "empty", None, "bad_gzip", "no_headline", None, None]
    assert found[0].error is not None
    assert found[0].error.detail == "0.html: No such file or directory"


def hostile(name: str, article: Article) -> bytes:
    """Do what a page could do to the process that extracts it."""
    match name:
        case "3.html":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "11.html":
            return b"page" * 100_000_000
        case "13.html":
            raise LookupError("a bug")
    return article.article_id.encode()


def test_what_a_page_does_to_its_process_costs_that_page_alone() -> None:
    with ExtractionPool(2, limits=SMALL, write=hostile) as pool:
        found = list(pool.extract(given(number) for number in range(20)))
    reasons = {each.page.name: (each.error.reason, each.error.detail) for each in found if each.error}
    assert {name: reason for name, (reason, _) in reasons.items()} == {
        "3.html": "crashed",
        "11.html": "too_much_memory",
        "13.html": "crashed",
    }
    assert reasons["3.html"][1].endswith("by SIGSEGV")
    assert "LookupError: a bug" in reasons["13.html"][1]
    assert len(found) == 20


def endless(name: str, article: Article) -> bytes:
    # In C, where no alarm is heard.
    return article.article_id.encode() if name == "1.html" else bytes(sum(iter(int, 1)))


@pytest.mark.slow
def test_a_page_that_takes_too_long_in_a_library_costs_that_page_alone() -> None:
    with ExtractionPool(2, limits=BRIEF, write=endless) as pool:
        found = list(pool.extract([given(0), given(1)]))
    assert [each.error.reason if each.error else None for each in found] == ["too_slow", None]


def killed_once(name: str, article: Article) -> bytes:
    # The first process to get this far is killed, as the system does when memory is short.
    mark = Path(name)
    if mark.is_absolute() and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return codec.encode(article)


def test_a_page_whose_process_was_killed_by_chance_is_extracted(tmp_path: Path) -> None:
    unlucky = InputPage(name=str(tmp_path / "mark"), page=given(1).page)
    with ExtractionPool(2, write=killed_once) as pool:
        found = list(pool.extract([given(0), unlucky, given(2)]))
    assert [title(each) for each in found] == [f"Bridge number {number} opens" for number in range(3)]


def test_pages_are_taken_as_they_are_needed() -> None:
    taken = 0

    def endless() -> Iterator[InputPage]:
        nonlocal taken
        while True:
            taken += 1
            yield given(taken, page(head=" " * 4_000_000))

    with ExtractionPool(2) as pool:
        found = pool.extract(endless())
        assert title(next(found)) == "Old bridge opens again"
        assert taken < 30
        assert children()
    assert not children()


def test_ctrl_c_ends_the_processes() -> None:
    def interrupted() -> Iterator[InputPage]:
        yield from map(given, range(3))
        raise KeyboardInterrupt

    def run() -> None:
        with ExtractionPool(2) as pool:
            list(pool.extract(interrupted()))

    with pytest.raises(KeyboardInterrupt):
        run()
    assert not children()


@JOBS
def test_pages_are_read_with_the_rules_of_the_given_sources(jobs: int) -> None:
    rules = 'version = 1\npublisher = "The Example"\nhosts = ["example.com"]\n'
    sources = bundled_sources().overlay({"example.toml": rules})
    with ExtractionPool(jobs, sources=sources) as pool:
        (found,) = pool.extract([given(1)])
    assert codec.decode(found.article or b"").publisher == Publisher(name="The Example")


def test_a_pool_has_as_many_processes_as_there_are_cores() -> None:
    with ExtractionPool() as pool:
        assert pool.jobs == usable_cores() >= 1
