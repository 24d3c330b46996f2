"""The benchmark as a whole, on invented pages."""

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.benchmarks import bench, corpus, reader, readings, report
from tests.benchmarks.conftest import AddPage
from tests.benchmarks.readings import ReaderError, Reading, Tool
from tests.benchmarks.scaling import Growth
from tests.benchmarks.stages import Stage
from tests.example_pages import PARAGRAPHS, page
from typer.testing import CliRunner

PUBLISHED = '<meta property="article:published_time" content="2026-03-01T10:00:00+01:00">'
HTML = page(head=PUBLISHED).decode()
KNOWN = {"body": "\n".join(PARAGRAPHS), "title": "Old bridge opens again", "published": "2026-03-01T09:00:00Z"}
TOOL = Tool(name="khobor", version="1", lxml="6", python="3.13", gives=["body", "title"])

Hold = Callable[..., tuple[int, str]]


@pytest.fixture
def hold(tmp_path: Path) -> Hold:
    """Hold the corpus in the test's folder to some bounds, and return the exit status and what was said."""

    def run(bounds: str, *options: str) -> tuple[int, str]:
        (tmp_path / "floors.toml").write_text(bounds)
        arguments = ["floors", str(tmp_path), "--pinned", str(tmp_path / "floors.toml"), "--largest", "10000"]
        # It collects garbage before each page; freezing what other tests allocated keeps that short.
        gc.freeze()
        done = CliRunner().invoke(bench.app, [*arguments, *options])
        gc.unfreeze()
        return done.exit_code, done.output

    return run


def test_khobor_reads_in_a_process_of_its_own(tmp_path: Path, add_page: AddPage) -> None:
    add_page("news", "xx-Tide_2026_03_01", HTML, **KNOWN)
    add_page("news", "xx-Ebb_2026_03_01", "<p>", **KNOWN)
    pages = corpus.load(tmp_path)["news"]
    tool, (full, empty) = readings.read("khobor", tmp_path, tmp_path / "news", pages, rounds=2)
    assert (tool.name, "alternative_titles" in tool.gives) == ("khobor", True)
    assert (full.id, full.title, full.published) == (pages[0].id, KNOWN["title"], "2026-03-01T10:00:00+01:00")
    assert full.body == "\n\n".join(PARAGRAPHS)
    assert full.cost > 0
    assert full.floor > 0
    assert (empty.body, empty.title, empty.error) == ("", None, None)


def test_page_that_a_tool_raises_on_is_one_with_nothing_found() -> None:
    def read(html: bytes, url: str) -> reader.Fields:
        raise ValueError(f"{len(html)} bytes of {url}")

    found = reader.read_page(read, b"<p>", "https://news.example/1", 2)
    assert set(found) == {"floor", "cost", "error"}
    assert found["error"] == "ValueError: 3 bytes of https://news.example/1"


def test_interrupt_ends_the_reading() -> None:
    def read(*page: object) -> reader.Fields:
        raise KeyboardInterrupt(page)

    with pytest.raises(KeyboardInterrupt):
        reader.read_page(read, b"<p>", "https://news.example/1", 1)


def test_tools_reach_no_network() -> None:
    with pytest.raises(reader.OfflineError):
        reader.stay_offline("socket.getaddrinfo", ("news.example", 443))


def test_tool_that_is_not_installed_is_named(tmp_path: Path, add_page: AddPage) -> None:
    add_page("news", "xx-Tide_2026_03_01", HTML)
    with pytest.raises(ReaderError, match=r"trafilatura cannot run: there is no .*; make bench installs it"):
        readings.read("trafilatura", tmp_path, tmp_path / "news", corpus.load(tmp_path)["news"], rounds=1)


def test_what_a_failing_tool_said_is_told(tmp_path: Path, add_page: AddPage) -> None:
    add_page("news", "xx-Tide_2026_03_01", HTML)
    pages = corpus.load(tmp_path)["news"]
    (tmp_path / "news" / "pages" / "xx-Tide_2026_03_01.html.gz").write_bytes(b"no gzip")
    with pytest.raises(ReaderError, match=r"(?s)khobor failed on .*BadGzipFile"):
        readings.read("khobor", tmp_path, tmp_path / "news", pages, rounds=1)


@pytest.mark.slow
def test_floors_that_hold(hold: Hold, add_page: AddPage) -> None:
    add_page("news", "xx-Tide_2026_03_01", HTML, **KNOWN)
    bounds = "[news.at_least]\nbody = 1\ntitle = 1\npublished_minute = 1\n[news.at_most]\nraised = 0"
    status, output = hold(bounds, "--no-scale")
    assert status == 0
    assert "1 page of 1 publisher" in output


@pytest.mark.slow
def test_floor_that_does_not_hold_is_named(hold: Hold, add_page: AddPage) -> None:
    add_page("news", "xx-Tide_2026_03_01", HTML, **KNOWN | {"title": "Another"})
    status, output = hold("[news.at_least]\nbody = 1\ntitle = 0.5", "--no-scale")
    assert status == 1
    assert "news: title is 0, and its floor is 0.5" in output
    assert "body is" not in output


@pytest.mark.slow
def test_what_is_pinned_is_what_was_measured(hold: Hold, add_page: AddPage, tmp_path: Path) -> None:
    add_page("web", "news.example.bridge", HTML, **{"with": [PARAGRAPHS[0]], "without": ["A dog found"]})
    assert hold("", "--pin")[0] == 0
    assert "times_floor" not in (tmp_path / "floors.toml").read_text()
    assert "[web.at_least]\nsegments = 0.995" in (tmp_path / "floors.toml").read_text()
    assert "[scaling.at_most]" in (tmp_path / "floors.toml").read_text()


def test_table_sets_tools_side_by_side() -> None:
    pages = [corpus.Page(id="xx-Tide_2026_03_01", url="https://news.example/1", body="a b c d", title="Tide")]
    own = report.result(TOOL, pages, [Reading(id="1", cost=4.0, floor=2.0, body="a b c d", title="Ebb")])
    other = Tool(name="other", version="2", lxml="6", python="3.13", gives=["body"])
    results = [own, report.result(other, pages, [Reading(id="1", cost=9.0, floor=1.0, error="ValueError: x")])]
    table = report.quality("news", pages, results)
    assert table.markdown() == (
        "## news: 1 page of 1 publisher\n\n"
        "| tool | body | title | kept | × floor | ms | raised |\n"
        "| --- | --: | --: | --: | --: | --: | --: |\n"
        "| khobor | **1.000** | **0.000** | **1.000** | **2.0** | **4000.0** | 0 |\n"
        "| other | 0.000 | – | 0.000 | 9.0 | 9000.0 | 1 |"
    )
    assert [panel["title"] for panel in report.panels("news", results)] == ["news: body F1", "news: title right"]


def test_table_names_the_fields_whose_truth_is_weak() -> None:
    pages = [corpus.Page(id="a", url="https://news.example/1", title="Tide", weak=["title", "body"])]
    table = report.quality("old", pages, [report.result(TOOL, pages, [Reading(id="a", cost=1, floor=1)])])
    assert table.note == "Not judged by a person, but the output of another tool: body, title."


def test_table_of_growth_names_the_worst_and_what_was_not_tried() -> None:
    growths = [
        Growth("links", [9.0, 11.0], [10.0, 10.0], 1.0, 1_000_000, None),
        Growth("meta tags", [90.0], [10.0], 1.0, 100_000, "ValueError: x"),
    ]
    table = report.scaling(growths)
    assert table.rows == [
        ["links", "9.0", "11.0", "10.0", "10.0", "1.00"],
        ["**meta tags (ValueError: x)**", "90.0", "–", "10.0", "–", "1.00"],
    ]
    assert table.note.startswith("The worst is meta tags: 90.0 times.")
    assert report.growth(growths) == {"ten_times_the_page": 90.0, "raised": 1.0}


def test_small_shares_of_the_time_are_put_together() -> None:
    stages = [Stage("extract.body", 0.991, [("walk", 0.985), ("end", 0.006)]), Stage("url", 0.009, [("host", 0.009)])]
    assert report.profile(stages).rows == [
        ["**extract.body**", "**99.1%**"],
        ["· walk", "98.5%"],
        ["all others", "0.9%"],
    ]


def test_worst_texts_come_first() -> None:
    pages = [corpus.Page(id=name, url="https://news.example/1", body="a b c d e") for name in ("good", "bad", "fair")]
    texts = ["a b c d e", "", "a b c d"]
    found = [Reading(id=page.id, cost=1, floor=1, body=text) for page, text in zip(pages, texts, strict=True)]
    assert report.failures("news", 2, pages, found).rows == [["bad", "0.000"], ["fair", "0.667"]]


def test_half_keeps_pages_and_readings_together(add_page: AddPage, tmp_path: Path) -> None:
    for number in range(12):
        add_page("news", f"xx-Paper{number}_2026_03_01", "<p>", body="a b c d")
    pages = corpus.load(tmp_path)["news"]
    run = bench.Run("news", pages, [(TOOL, [Reading(id=page.id, cost=1, floor=1) for page in pages])])
    halves = [run.half(half) for half in "AB"]
    assert sorted(page.id for half in halves for page in half.pages) == sorted(page.id for page in pages)
    assert all([one.id for one in half.tools[0][1]] == [page.id for page in half.pages] for half in halves)
