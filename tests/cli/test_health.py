"""``khobor health``, on a local archive and on a stack."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.articles import article
from typer.testing import CliRunner, Result

from khobor.archive.interface import Archive
from khobor.article import Author, RawReference
from khobor.cli.main import app
from khobor.sources.registry import BUNDLED_FOLDER

HOUR = timedelta(hours=1)
SOURCES = len(list(BUNDLED_FOLDER.glob("*.toml")))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["health", *arguments])


def publish(archive: Archive, *, lost: bool) -> None:
    """Put 30 articles of the last days into an archive; those of the last day may have lost their authors."""
    for number in range(30):
        at = datetime.now(UTC) - (number * 4 + 1) * HOUR
        authors = () if lost and number < 6 else (Author(name="Maria Winter"),)
        raw = RawReference(key=f"pages/kalbela.com/{number:02}.html.gz")
        archive.put(article(number, source="kalbela", authors=authors, fetched_at=at, published_at=at, raw=raw))


@pytest.mark.parametrize("arguments", [[], ["--source", "kalbela"]])
def test_a_lost_field_is_a_finding_for_programs_and_an_exit_status(
    either_archive: Archive, arguments: list[str]
) -> None:
    publish(either_archive, lost=True)
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    (finding,) = map(json.loads, result.stdout.splitlines())
    assert (finding["kind"], finding["source"], finding["field"]) == ("field lost", "kalbela", "authors")
    assert (finding["now"], finding["before"]) == (0.0, 1.0)
    assert "pages/kalbela.com/00.html.gz" in finding["samples"]


def test_a_person_gets_a_sentence_and_commands_that_fit_the_place(
    either_archive: Archive, archive: Path, request: pytest.FixtureRequest
) -> None:
    publish(either_archive, lost=True)
    result = run("--no-json")
    assert result.exit_code == 1
    assert "kalbela: authors on 0% of 6 new pages, 100% before" in result.stdout
    is_stack = "stack" in request.node.name.rpartition("[")[2]
    assert ("aws s3 cp" in result.stdout) is is_stack
    assert (f"khobor parse {archive}/pages/kalbela.com/" in result.stdout) is not is_stack
    assert (f"khobor sources check {archive}/sources/kalbela.toml" in result.stdout) is not is_stack


@pytest.mark.usefixtures("either_archive")
def test_an_archive_without_pages_is_not_called_healthy_without_a_word() -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (0, "")
    have = f"{SOURCES} of them have fewer than 14 pages, too few to compare"
    assert f"nothing is wrong with {SOURCES} sources; {have}\n" in result.stderr


def test_nothing_is_wrong_with_a_source_that_is_read_as_before(either_archive: Archive) -> None:
    publish(either_archive, lost=False)
    result = run("--source", "kalbela", "--no-json")
    assert (result.exit_code, result.stdout) == (0, "nothing is wrong with 1 source\n")


@pytest.mark.usefixtures("either_archive")
def test_a_source_that_is_not_there_is_a_mistake() -> None:
    result = run("--source", "kalbelo")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "there is no source kalbelo; did you mean kalbela?" in result.stderr
