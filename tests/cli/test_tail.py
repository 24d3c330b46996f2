"""``khobor tail`` on a local archive and on a stack: the same lines of the same changes."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.articles import MORNING, article
from typer.testing import CliRunner, Result

from khobor.archive.interface import Archive
from khobor.archive.sqlite import headline_changes
from khobor.cli.main import app
from khobor.local.archive_folder import ArchiveFolder

BANGLA = "পদ্মা সেতু খুলে দেওয়া হলো"


@pytest.fixture
def tail(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command; something happens in each second that it waits, until Ctrl-C."""

    def run(*options: str, events: list[Callable[[], object]]) -> Result:
        waiting = iter(events)

        def sleep(_: float) -> None:
            event = next(waiting, None)
            if event is None:
                raise KeyboardInterrupt
            event()

        with monkeypatch.context() as patched:
            patched.setattr(time, "sleep", sleep)
            return CliRunner().invoke(app, ["tail", *options])

    return run


def changes(archive: Archive) -> list[Callable[[], object]]:
    archive.put(article(7, title="What was there before"))
    changed = MORNING + timedelta(hours=2)
    return [
        lambda: archive.put(article(1, title=BANGLA)),
        lambda: archive.put(article(1, title="The bridge", fetched_at=changed, modified_at=changed)),
        lambda: archive.put_again([article(2, title="Parsed again")]),
        lambda: archive.mark_gone("id1", MORNING + timedelta(hours=3), "http_410"),
    ]


@pytest.mark.slow
def test_a_pipe_gets_a_line_of_json_for_each_change(either_archive: Archive, tail: Callable[..., Result]) -> None:
    result = tail(events=changes(either_archive))
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(each["kind"], each["title"], each["revision"]) for each in lines] == [
        ("ArticleStored", BANGLA, 1),
        ("ArticleRevised", "The bridge", 2),
        ("ArticleGone", "The bridge", 3),
    ]
    assert (lines[1]["changes"], lines[2]["reason"], lines[0]["source"]) == (["headline"], "http_410", "example")
    assert result.exit_code == 130
    assert "waiting for changes; Ctrl-C ends it" in result.stderr.splitlines()


def test_a_terminal_gets_lines_to_read(either_archive: Archive, tail: Callable[..., Result]) -> None:
    result = tail("--no-json", events=changes(either_archive))
    assert result.stdout.splitlines() == [
        f"new      example  {BANGLA}",
        "         https://example.com/1",
        "revised  example  The bridge  headline",
        "         https://example.com/1",
        "gone     example  The bridge",
        "         https://example.com/1",
    ]


def test_changes_that_were_deleted_before_they_were_read_are_counted(
    archive: Path, tail: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headline_changes, "MOST_CHANGES", 2)

    def burst() -> None:
        for number in range(1, 6):
            folder.archive.put(article(number))

    with ArchiveFolder.open(archive, create=True) as folder:
        result = tail(events=[burst])
    assert [json.loads(line)["article_id"] for line in result.stdout.splitlines()] == ["id4", "id5"]
    assert "3 changes are missing here" in result.stderr


def test_a_folder_without_an_archive_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["tail", "--archive", str(tmp_path / "none")])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "there is no archive in" in result.stderr
