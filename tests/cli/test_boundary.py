"""A user's mistake ends in a sentence and an exit status, never in a traceback."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws
from tests.example_pages import KALBELA
from typer.testing import CliRunner, Result

from khobor.cli.boundary import in_words
from khobor.cli.deployed import limited_waits
from khobor.cli.main import app

STACK_COMMANDS = [
    ["list"],
    ["search", "bridge"],
    ["get", "https://news.example/1"],
    ["diff", "https://news.example/1"],
    ["tail"],
    ["trace", "https://news.example/1"],
    ["console", "--no-browser"],
    ["forget", "https://news.example/1", "--yes"],
    ["redrive", "fetch"],
    ["replay", "--source", "kalbela", "--from", "2026-03-01", "--to", "2026-03-02"],
    ["rebuild"],
    ["discover", "kalbela"],
    ["export", "out", "--source", "kalbela"],
]
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
REGION = {"AWS_REGION": "eu-central-1"}
# No credentials of the user who runs the tests.
NO_AWS = {
    **dict.fromkeys((*CREDENTIALS, "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"), None),
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
    "KHOBOR_ARCHIVE": None,
    "KHOBOR_STACK": "khobor",
}


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, arguments, env={**NO_AWS, **(env or {})})


def errors_of(result: Result) -> list[str]:
    """Return the lines on standard error but for the one that says where the command works."""
    return [line for line in result.stderr.splitlines() if line != "stack on AWS: khobor"]


def named(arguments: list[str]) -> str:
    return arguments[0]


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.mark.parametrize("arguments", STACK_COMMANDS, ids=named)
def test_every_command_of_a_stack_says_that_there_is_no_region(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert errors_of(result) == ["there is no AWS region: set AWS_REGION, or run aws configure"]


@pytest.mark.parametrize("arguments", STACK_COMMANDS, ids=named)
def test_every_command_of_a_stack_says_that_the_emulator_does_not_run(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("khobor.cli.local_stack.FOLDER", tmp_path)
    result = run(*arguments, "--local")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"no emulator is running in {tmp_path}" in result.stderr


@pytest.mark.parametrize(
    ("env", "said"),
    [
        (REGION, "there are no AWS credentials"),
        (REGION | CREDENTIALS | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "AWS cannot be reached"),
        (CREDENTIALS | {"AWS_REGION": "no such region"}, "set AWS_REGION to one such as eu-central-1"),
        (REGION | {"AWS_PROFILE": "nosuch"}, "aws configure list-profiles"),
    ],
    ids=["no credentials", "no answer", "bad region", "no profile"],
)
def test_what_keeps_aws_from_being_reached_is_said(env: dict[str, str], said: str) -> None:
    result = run("list", env=env)
    assert result.exit_code == 1
    (line,) = errors_of(result)
    assert said in line


@pytest.fixture
def silent() -> Iterator[str]:
    """The URL of a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize("arguments", STACK_COMMANDS, ids=named)
def test_every_command_of_a_stack_gives_an_endpoint_up_that_does_not_answer(
    arguments: list[str], silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("khobor.cli.deployed._READ_SECONDS", 0.05)
    result = run(*arguments, env=REGION | CREDENTIALS | {"AWS_ENDPOINT_URL": silent})
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = errors_of(result)
    assert line.startswith(f"{silent}/ accepts connections but does not answer: ")


@pytest.mark.parametrize(("asked", "attempts"), [(None, 3), ("7", 7)], ids=["usual", "AWS_MAX_ATTEMPTS"])
def test_clients_wait_for_seconds_unless_a_command_or_the_user_says_otherwise(
    asked: str | None, attempts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_MAX_ATTEMPTS", raising=False)
    if asked:
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", asked)
    with limited_waits():
        usual = boto3.client("s3", "eu-central-1").meta.config
        slow = boto3.client("lambda", "eu-central-1", config=Config(read_timeout=150)).meta.config
    assert usual.connect_timeout + usual.read_timeout < 20  # type: ignore[attr-defined]  # botocore's own options
    assert usual.retries["total_max_attempts"] == attempts  # type: ignore[attr-defined]
    assert slow.read_timeout == 150  # type: ignore[attr-defined]
    assert boto3.DEFAULT_SESSION is None


@pytest.mark.slow
def test_the_region_of_the_other_sdks_is_heeded_and_a_stack_that_is_not_there_is_named() -> None:
    with mock_aws():
        result = run("list", "--stack", "news", env=REGION | CREDENTIALS)
    assert (result.exit_code, "news does not exist: give the name of" in result.stderr) == (
        1,
        True,
    )
    assert "AWS_DEFAULT_REGION" not in os.environ or os.environ["AWS_DEFAULT_REGION"] != "no such region"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["parse", "nosuch.html"], 1, "nosuch.html: no such file or folder"),
        (["parse", "https://news.example/1"], 2, "khobor ingest"),
        (["parse", ""], 2, "a name is empty"),
        (["parse", "page.html/x"], 1, "page.html/x: part of this path is a file"),
        (["ingest", ""], 2, "a name is empty"),
        (["ingest", "nosuch.html"], 1, "nosuch.html: unreadable_file: no such file or folder"),
        (["ingest", "page.html", "--log", "nosuch/x.log"], 1, "nosuch/x.log: no such file or folder"),
        (["ingest", "page.html", "--log", "."], 1, ".: this is a folder; give a file"),
        (["local", "upload", "nosuch.html"], 1, "nosuch.html: no such file or folder"),
        (["new-source", "nosuch.html"], 1, "nosuch.html: no such file or folder"),
        (["parse", "page.html", "--sources", "nosuch"], 1, "nosuch: there is no such folder"),
        (
            ["parse", "page.html", "--sources", "page.html"],
            1,
            "page.html: this is a file; give the folder that holds the sources",
        ),
        (["sources", "check", "nosuch.toml"], 1, "nosuch.toml: no such file or folder"),
        (["sources", "--sources", "nosuch"], 1, "nosuch: there is no such folder"),
        (["crawl", "kalbelo"], 1, "there is no source kalbelo; did you mean kalbela?"),
        (["redrive", "fech"], 2, "there is no stage fech; did you mean fetch?"),
        (["export", "out", "--format", "parket"], 2, "did you mean parquet?"),
        (["list", "--stack", "news", "--local"], 2, "--stack and --local name different places; give one"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_is_said_in_words(arguments: list[str], status: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(KALBELA.read_bytes())
    (tmp_path / "menu.html").write_text("<html><body><a href='/'>Menu</a></body></html>")
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    assert said in result.stderr
    assert "Value error" not in result.stderr
    assert "[Errno" not in result.stderr


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ExpiredToken", "the AWS credentials have expired: log in again, for example with: aws sso login"),
        ("RequestExpired", "the AWS credentials have expired: log in again, for example with: aws sso login"),
        ("InvalidClientTokenId", "AWS does not know these credentials (InvalidClientTokenId)"),
        ("AccessDeniedException", "AWS does not allow Query: not you"),
        ("ThrottlingException", "AWS refused Query (ThrottlingException): not you"),
    ],
)
def test_what_aws_refuses_is_said_with_what_to_do(code: str, said: str) -> None:
    told = in_words(ClientError({"Error": {"Code": code, "Message": "not you"}}, "Query"))
    assert told is not None
    assert told.startswith(said)


def test_a_fault_of_khobor_keeps_its_traceback() -> None:
    assert in_words(KeyError("title")) is None


def khobor(*arguments: str, **options: object) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", "from khobor.cli.main import app; app()", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload,no-any-return]


@pytest.mark.slow
def test_a_reader_that_goes_away_ends_the_command_without_a_word() -> None:
    with khobor("parse", *[str(KALBELA)] * 50) as process:
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.slow
def test_characters_that_the_locale_lacks_are_escaped() -> None:
    with khobor("parse", str(KALBELA), "--text", env=os.environ | {"PYTHONIOENCODING": "ascii"}) as process:
        shown, said = process.communicate()
    assert (process.returncode, said) == (0, b"")
    assert shown.startswith(rb"\u09aa\u09c1\u09a4\u09bf\u09a8")


@pytest.mark.parametrize("arguments", STACK_COMMANDS, ids=named)
def test_bytes_that_are_no_text_are_named(arguments: list[str]) -> None:
    # As Python has bytes of the command line that are no UTF-8.
    with mock_aws():
        result = run(*arguments, "--stack", "news\udcff", env=CREDENTIALS | REGION)
    assert result.exit_code == 1
    assert r"news\udcff" in result.stderr
    assert isinstance(result.exception, SystemExit)
