"""``--out``: the format follows the name, nothing is lost, and an unwritable file is an error before any work."""

import csv
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.example_pages import KALBELA
from typer.testing import CliRunner, Result

from khobor.cli.main import app

TITLE = "পুতিন-কিমের চিঠি বিনিময়"


def ingest(out: Path | str, *more: str) -> Result:
    return CliRunner().invoke(app, ["ingest", str(KALBELA), "--out", str(out), *more])


def titles(path: Path) -> list[str]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    if path.name.endswith(".parquet"):
        return []
    if ".csv" in path.name:
        return [row["title"] for row in csv.DictReader(text.splitlines())]
    return [json.loads(line)["title"] for line in text.splitlines()]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.ndjson", "A.JSONL", "a.csv", "a.csv.gz", "খবর.jsonl"])
def test_the_format_follows_the_name(tmp_path: Path, name: str) -> None:
    result = ingest(tmp_path / name)
    assert (result.exit_code, result.stdout) == (0, "")
    assert titles(tmp_path / name) == [TITLE]


def test_a_parquet_file_is_one(tmp_path: Path) -> None:
    assert ingest(tmp_path / "a.parquet").exit_code == 0
    assert pq.read_table(tmp_path / "a.parquet").column("title").to_pylist() == [TITLE]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.json", "end it in .jsonl"),
        ("a.xlsx", "end it in .jsonl"),
        ("articles", "end it in .jsonl"),
        ("nosuch/a.jsonl", "there is no folder"),
        ("file/a.jsonl", "part of this path is a file"),
        ("folder.csv", "is a folder; give a file"),
    ],
)
def test_what_cannot_be_written_is_said_before_the_work(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder.csv").mkdir()
    before = sorted(tmp_path.rglob("*"))
    # The work would fail on this, and say so.
    result = CliRunner().invoke(app, ["ingest", "nosuch.html", "--out", str(tmp_path / name)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "nosuch.html" not in result.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_that_is_there_stays_unless_forced(tmp_path: Path) -> None:
    out = tmp_path / "a.jsonl"
    out.write_text("mine\n")
    refused = ingest(out)
    assert (refused.exit_code, "already exists; use --force to overwrite it" in refused.stderr) == (2, True)
    assert out.read_text() == "mine\n"
    assert ingest(out, "--force").exit_code == 0
    assert titles(out) == [TITLE]
    out.write_text("")
    assert ingest(out).exit_code == 0


def test_force_without_a_file_is_refused() -> None:
    result = CliRunner().invoke(app, ["ingest", str(KALBELA), "--force"])
    assert (result.exit_code, "--out" in result.stderr) == (2, True)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="this system has no /dev/stdout")
def test_a_pipe_gets_json_lines() -> None:
    command = [sys.executable, "-c", "from khobor.cli.main import app; app()", "ingest", str(KALBELA)]
    done = subprocess.run([*command, "--out", "/dev/stdout"], capture_output=True, check=True, env=dict(os.environ))
    assert [json.loads(line)["title"] for line in done.stdout.splitlines()] == [TITLE]
