"""``khobor export``, of a local archive and of a stack."""

import json
import os
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from tests.articles import MORNING, article
from tests.cli.deploying import deploy
from typer.testing import CliRunner, Result

from khobor.archive.interface import Archive
from khobor.article import Rights
from khobor.cli.main import app

DAY = "2023-08-16"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["export", *arguments])


@pytest.fixture
def deployed(either_archive: Archive) -> Archive:
    """An archive with articles of two days, of which one reserves text and data mining."""
    for number in (1, 2):
        either_archive.put(article(number))
    reserved = Rights(tdm_reservation=True)
    either_archive.put(article(3, published_at=MORNING + timedelta(days=1), rights=reserved, language="bn"))
    return either_archive


@pytest.mark.usefixtures("deployed")
def test_export_writes_files_and_says_what_they_hold(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(str(out), "--no-json", "--format", "jsonl", "--source", "example", "--from", DAY, "--to", DAY)
    assert result.exit_code == 0
    assert result.stdout == f"2 articles in {out}\nfiles: 1 written, 0 unchanged\n"
    assert result.stderr.startswith(("local archive: ", "stack on AWS: khobor"))
    assert len(result.stderr.splitlines()) == 1
    lines = (out / "example" / f"{DAY}.jsonl").read_text().splitlines()
    assert [json.loads(line)["article_id"] for line in lines] == ["id1", "id2"]


@pytest.mark.usefixtures("deployed")
def test_export_goes_on(tmp_path: Path) -> None:
    arguments = (str(tmp_path / "out"), "--no-json", "--format", "csv", "--gzip", "--from", DAY)
    assert "files: 2 written, 0 unchanged" in run(*arguments, "--to", "2023-08-17").stdout
    assert "files: 0 written, 2 unchanged" in run(*arguments, "--to", "2023-08-18").stdout
    assert (tmp_path / "out" / "example" / "2023-08-17.csv.gz").exists()


@pytest.mark.usefixtures("deployed")
def test_export_says_what_it_left_out(tmp_path: Path) -> None:
    result = run(str(tmp_path / "out"), "--no-json", "--source", "example", "--respect", "tdm")
    assert result.stdout.startswith(f"2 articles in {tmp_path / 'out'}; left out: 1 by tdm\n")


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--source", "nobody"], "no article matches"),
        (["--source", "exampel"], "no source 'exampel' is known, and the archive has no article of it; did you mean"),
        (["--from", "2024-01-01", "--to", "2024-01-02"], "no article matches"),
        (["--source", "example", "--language", "bn", "--respect", "tdm"], "remains; left out: 1 by tdm"),
        (["--source", "example", "--format", "warc"], "remains; left out: 3 without a page"),
    ],
)
def test_an_export_of_nothing_fails_and_says_why(tmp_path: Path, arguments: list[str], told: str) -> None:
    result = run(str(tmp_path / "out"), *arguments)
    assert result.exit_code == 1
    assert told in result.stderr
    assert "see --source, --from" in result.stderr
    assert not list((tmp_path / "out").glob("*/*"))


@pytest.mark.usefixtures("deployed")
def test_a_folder_of_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    result = run(str(tmp_path), "--source", "example")
    assert result.exit_code == 1
    assert "holds other files: choose an empty or a new folder" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "give --source or --from"),
        (["--from", "yesterday"], "'yesterday' is neither a date"),
        (["--source", "a", "--to", "9999-12-31"], "'9999-12-31' is neither a date"),
        (["--from", "2026-03-02", "--to", "2026-03-01"], "2026-03-02 is not before --to 2026-03-01"),
        (["--source", "a", "--gzip"], "parquet is already compressed"),
        (["--source", "a", "--respect", "copyright"], "'copyright' is not one of"),
    ],
)
def test_what_cannot_be_meant_is_said_before_aws_is_asked(tmp_path: Path, arguments: list[str], told: str) -> None:
    result = CliRunner(env={"COLUMNS": "500"}).invoke(app, ["export", str(tmp_path / "out"), *arguments])
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.usefixtures("stack")
def test_a_stack_that_is_not_there_is_said(tmp_path: Path) -> None:
    deploy("other", {"Bucket": "b"})
    result = run(str(tmp_path / "out"), "--source", "example", "--stack", "khobor")
    assert result.exit_code == 1
    assert "khobor does not exist: give the name of the stack with --stack" in result.stderr
    result = run(str(tmp_path / "out"), "--source", "example", "--stack", "other")
    assert "the stack other (CREATE_COMPLETE) has no output ArchiveTableName" in result.stderr


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "there is no AWS region: set AWS_REGION"),
        ({"AWS_DEFAULT_REGION": "eu-central-1"}, "there are no AWS credentials"),
        ({"AWS_PROFILE": "work"}, "The config profile (work) could not be found"),
        (
            {
                "AWS_DEFAULT_REGION": "eu-central-1",
                "AWS_ACCESS_KEY_ID": "a",
                "AWS_SECRET_ACCESS_KEY": "b",
                "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
                "AWS_MAX_ATTEMPTS": "1",
            },
            "AWS cannot be reached",
        ),
    ],
)
def test_what_is_missing_of_aws_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environment: dict[str, str], told: str
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "BOTO_CONFIG": os.devnull}
    for name, value in {**nowhere, "AWS_EC2_METADATA_DISABLED": "true", **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    result = run(str(tmp_path / "out"), "--source", "example", "--stack", "khobor")
    assert result.exit_code == 1
    assert told in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("kind", "told"), [("parquet", "list<struct<name: string, url: string, kind: string>>"), ("warc", "response")]
)
def test_columns_says_what_stands_in_the_files(kind: str, told: str) -> None:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["columns", "--no-json", "--format", kind])
    assert result.exit_code == 0
    assert told in result.stdout
    assert "Schema 1." in result.stdout


@pytest.mark.usefixtures("deployed")
def test_a_pipe_gets_json(tmp_path: Path) -> None:
    told = json.loads(run(str(tmp_path / "out"), "--source", "example", "--respect", "tdm").stdout)
    assert told["folder"] == str(tmp_path / "out")
    assert (told["articles"], told["written"], told["left_out"]) == (2, 1, {"tdm": 1})
    columns = [json.loads(line) for line in CliRunner().invoke(app, ["columns"]).stdout.splitlines()]
    assert {"name": "title", "type": "string"}.items() <= next(c for c in columns if c["name"] == "title").items()
