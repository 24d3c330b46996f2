"""``khobor search`` on a local archive: title and text, phrases and beginnings of words, with excerpts."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.articles import article
from typer.testing import CliRunner, Result

from khobor.article import Block
from khobor.cli.main import app
from khobor.local.archive_folder import ArchiveFolder

TOLL = "Drivers queue at the toll plaza since dawn."
BENGALI = "পদ্মা সেতুতে আজ ভোর থেকে যান চলাচল বন্ধ রয়েছে।"


@pytest.fixture(autouse=True)
def _articles(archive: Path) -> None:
    with ArchiveFolder.open(archive, create=True) as folder:
        for number, text in enumerate((TOLL, "A plaza without a toll.", BENGALI), 1):
            body = (Block(kind="paragraph", text=text),)
            folder.archive.put(article(number, title=f"Report {number}", body=body))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["search", *arguments])


def found(*arguments: str) -> list[dict[str, Any]]:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        (["plaza", "toll"], {"Report 1", "Report 2"}),
        (['"toll plaza"'], {"Report 1"}),
        (["driv*"], {"Report 1"}),
        (["সেতু*"], {"Report 3"}),
        (["চলাচল", "বন্ধ"], {"Report 3"}),
        (["report", "plaza"], {"Report 1", "Report 2"}),
    ],
)
def test_words_of_title_and_text_are_found(query: list[str], titles: set[str]) -> None:
    assert {each["title"] for each in found(*query)} == titles


def test_the_excerpt_says_where_the_words_are() -> None:
    (match,) = found("dawn", "report")
    marked = {match["excerpt"][start:end] for start, end in match["excerpt_marks"]}
    assert marked == {"dawn"}
    assert [match["title"][start:end] for start, end in match["title_marks"]] == ["Report"]


def test_a_person_sees_the_excerpt() -> None:
    shown = run("dawn", "--no-json").stdout
    assert TOLL in shown
    assert "Report 1" in shown


def test_more_than_a_page_is_found(archive: Path) -> None:
    with ArchiveFolder.open(archive) as folder:
        for number in range(10, 130):
            folder.archive.put(article(number, title=f"Lighthouse {number}"))
    assert len(found("lighthouse", "--limit", "110")) == 110


def test_nothing_is_found_in_words() -> None:
    result = run("nowhere")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no article has all words of nowhere" in result.stderr


@pytest.mark.parametrize(
    ("query", "message"), [("—", "no word in '—'"), ("a*", "give at least 2 letters"), ("x " * 40, "32 words at most")]
)
def test_a_query_that_cannot_be_searched_is_a_mistake_in_the_command_line(query: str, message: str) -> None:
    result = run(query if query != "x " * 40 else " ".join(f"w{n}" for n in range(40)))
    assert result.exit_code == 2
    assert message in result.stderr
