"""Exit statuses and streams of every command that ``khobor --help`` lists."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import boto3
import pytest
import typer
from tests.example_pages import KALBELA
from typer.testing import CliRunner, Result

from khobor.cli.main import app

# These do something without any argument; each other one needs one, or a stack.
_ALONE = {"columns", "console", "demo", "export", "invoke", "list", "rebuild", "replay", "sources", "tail", "watch"}
_ALONE |= {
    "archive check",
    "archive dump",
    "archive info",
    "archive vacuum",
    "health",
    "local articles",
    "local down",
    "local up",
    "version",
}


def _named(command: object, path: tuple[str, ...] = ()) -> Iterator[str]:
    yield " ".join(path)
    for name, each in getattr(command, "commands", {}).items():
        yield from _named(each, (*path, name))


COMMANDS = list(_named(typer.main.get_command(app)))
# What each prints that needs neither a stack nor a network.
PRINTING = ["version", "--version", "--help", "sources", "columns", "invoke --list", "parse {page}", "ingest {page}"]
PRINTING += ["parse {page} --text", "parse {page} --explain", "sources --no-json", "columns --no-json", "parse --help"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda name: name or "khobor")
def test_help_goes_to_standard_output(command: str) -> None:
    asked = run(*command.split(), "--help")
    assert (asked.exit_code, asked.stderr) == (0, "")
    assert asked.stdout.startswith(" ".join(["Usage: khobor", *command.split()]))
    assert asked.stdout == run(*command.split(), "-h").stdout


@pytest.mark.parametrize("command", COMMANDS, ids=lambda name: name or "khobor")
def test_an_option_that_is_not_there_is_a_mistake_in_the_command_line(command: str) -> None:
    result = run(*command.split(), "--nosuch")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "No such option: --nosuch" in result.stderr


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - _ALONE), ids=lambda name: name or "khobor")
def test_what_needs_an_argument_says_so(command: str) -> None:
    result = run(*command.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Missing argument" in result.stderr or "Commands:" in result.stderr


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    (tmp_path / "page.html").write_bytes(KALBELA.read_bytes())
    return tmp_path / "page.html"


def outcome(line: str, page: Path, descriptor: int, monkeypatch: pytest.MonkeyPatch) -> int | str | None:
    """Run a command as a process does, and return its status; its standard output is a file that is open."""
    with monkeypatch.context() as patched, suppress(OSError), os.fdopen(descriptor, "w") as stream:
        patched.setattr(sys, "stdout", stream)
        with pytest.raises(SystemExit) as ended:
            app(line.format(page=page).split())
    return ended.value.code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
@pytest.mark.parametrize("line", PRINTING)
def test_an_output_that_is_full_is_a_failure_in_words(
    line: str, page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(line, page, os.open("/dev/full", os.O_WRONLY), monkeypatch) == 1
    assert capsys.readouterr().err.endswith("the output cannot be written: No space left on device\n")


@pytest.mark.parametrize("line", PRINTING)
def test_a_pipe_that_nobody_reads_ends_the_command_without_a_word(
    line: str, page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    assert outcome(line, page, writer, monkeypatch) == 141
    said = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("local archive: ")]
    assert said in ([], ["1 page: 1 article"])
