"""What a corpus folder may hold, and which of it is chosen."""

from pathlib import Path

import pytest
from tests.benchmarks import corpus
from tests.benchmarks.conftest import AddPage
from tests.benchmarks.corpus import CorpusError, Page


def page(page_id: str, url: str = "https://www.news.example/1") -> Page:
    return Page(id=page_id, url=url)


def test_sets_are_folders_with_a_truth(tmp_path: Path, add_page: AddPage) -> None:
    add_page("news", "xx-Tide_2026_03_01", "<p>", body="a")
    add_page("web", "tide.example.ship", "<p>A</p>", **{"with": ["a"], "without": []})
    (tmp_path / "notes").mkdir()
    sets = corpus.load(tmp_path)
    assert {name: [page.id for page in pages] for name, pages in sets.items()} == {
        "news": ["xx-Tide_2026_03_01"],
        "web": ["tide.example.ship"],
    }
    assert sets["web"][0].segments == ["a"]
    assert corpus.html(tmp_path / "web", "tide.example.ship") == b"<p>A</p>"


def test_ids_choose_pages(tmp_path: Path, add_page: AddPage) -> None:
    for page_id in ("us-Tide_2026_03_01", "us-Ship_2026_03_01", "de-Flut_2026_03_01"):
        add_page("news", page_id, "<p>")
    assert [page.id for page in corpus.load(tmp_path, "us-*", "*Ship*")["news"]] == ["us-Tide_2026_03_01"]
    with pytest.raises(CorpusError, match="no page"):
        corpus.load(tmp_path, "fr-*")


def test_empty_folder_says_what_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"holds no set of pages: give a folder with news/truth\.jsonl"):
        corpus.load(tmp_path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "a"', "line 1: Input data was truncated"),
        ('{"id": "a"}', "line 1: Object missing required field `url`"),
        ('{"id": "a", "url": "u", "topics": "x"}', r"Expected `array \| null`, got `str` - at `\$.topics`"),
        ('{"id": "a", "url": "u"}', "line 1: there is no pages/a.html.gz"),
        ("", "is empty"),
    ],
)
def test_bad_truth_is_named(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "truth.jsonl").write_text(line)
    with pytest.raises(CorpusError, match=message):
        corpus.load(tmp_path)


@pytest.mark.parametrize(
    ("chosen", "publisher"),
    [
        (page("us-Tide_2026_03_01"), "us-Tide"),
        (page("us-Tide_2026_03_01_2"), "us-Tide"),
        (page("us-The_Tide_2026_03_01"), "us-The_Tide"),
        (page("news.example.ship"), "news.example"),
        (page("nowhere", "about:blank"), "nowhere"),
    ],
)
def test_publisher(chosen: Page, publisher: str) -> None:
    assert chosen.publisher == publisher


def test_halves_part_publishers_not_pages() -> None:
    publishers = [f"us-Paper{number}" for number in range(200)]
    halves = [{page(f"{name}_2026_03_0{day}").half for day in range(1, 6)} for name in publishers]
    assert all(len(half) == 1 for half in halves)
    assert 70 < sum(half == {"A"} for half in halves) < 130
