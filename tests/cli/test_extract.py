"""``khobor extract``: pages in, one table out."""

import csv
import json
from pathlib import Path

import duckdb
import pytest
from tests.example_pages import page
from tests.pages.warc_files import gzipped, record
from typer.testing import CliRunner, Result

from khobor.cli.main import app

NUMBERS = range(5)


def run(*arguments: str | Path, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(app, ["extract", "--jobs", "1", *map(str, arguments)], input=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in NUMBERS:
        (folder / f"{number}.html").write_bytes(page(title=f"Bridge number {number} opens"))
    (folder / "2.html").write_bytes(b"<p>Menu</p>")
    (folder / "notes.txt").write_text("no page")
    return folder


TITLES = [f"Bridge number {number} opens" for number in (0, 1, 3, 4)]


def test_rows_are_printed_as_json_lines_with_their_files(folder: Path) -> None:
    result = run(folder, "--fields", "file,title,body_text")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["title"] for row in rows] == TITLES
    assert [Path(row["file"]).name for row in rows] == ["0.html", "1.html", "3.html", "4.html"]
    assert {tuple(row) for row in rows} == {("file", "title", "body_text")}
    assert result.exit_code == 1
    assert f"no_headline: {folder}/2.html holds no article" in result.stderr
    assert "notes.txt is a .txt file that does not begin like HTML" in result.stderr
    assert "5 pages: 4 articles, 1 failed" in result.stderr


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_the_name_of_the_file_says_the_format(name: str, folder: Path, tmp_path: Path) -> None:
    out, rejects = tmp_path / name, tmp_path / "rejects.jsonl"
    result = run(folder, "--out", out, "--rejects", rejects)
    assert result.exit_code == 1
    assert result.stdout == ""
    read = {".jsonl": duckdb.read_json, ".csv": duckdb.read_csv, ".parquet": duckdb.read_parquet}[out.suffix]
    titles = [title for (title,) in read(str(out)).select("title").fetchall()]
    assert titles == TITLES
    (reject,) = map(json.loads, rejects.read_text().splitlines())
    assert (Path(reject["name"]).name, reject["reason"]) == ("2.html", "no_headline")
    assert run(folder, "--out", out).exit_code == 2
    assert run(folder, "--out", out, "--force").exit_code == 1


def test_a_folder_of_files_has_the_format_that_is_asked_for(folder: Path, tmp_path: Path) -> None:
    run(folder, "--out", f"{tmp_path}/out/", "--format", "csv", "--fields", "title")
    with (tmp_path / "out" / "part-00000.csv").open(newline="") as file:
        assert [row["title"] for row in csv.DictReader(file)] == TITLES


def test_pages_of_warc_files_are_taken_by_their_host(tmp_path: Path) -> None:
    records = [record(url=f"https://{host}/news/1", body=page()) for host in ("www.example.com", "example.org")]
    (tmp_path / "a.warc.gz").write_bytes(gzipped(*records, b"no record"))
    result = run(tmp_path / "a.warc.gz", "--host", "example.com", "--fields", "url,fetched_at")
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"url": "https://www.example.com/news/1", "fetched_at": "2026-03-01T09:05:00Z"}
    ]
    assert "1 skipped: " in result.stderr
    assert "is a page of another host" in result.stderr
    assert "bad_record: " in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fields", "titel"], "did you mean title?"),
        (["--fields", ","], "give names"),
        (["--out", "a.xlsx"], "end it in .jsonl"),
        (["--out", "a.parquet.gz"], "end it in .jsonl"),
        (["--out", "gone/a.csv"], "there is no folder"),
        (["--url", "https://example.com/"], "it is for one file"),
        (["--host", "a b"], "--host"),
        (["https://example.com/1"], "khobor ingest"),
    ],
)
def test_a_wrong_command_says_what_to_do(arguments: list[str], message: str, folder: Path) -> None:
    result = run(folder, *arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_inputs_without_any_page_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no page")
    result = run(tmp_path, "--out", tmp_path / "a.csv")
    assert result.exit_code == 1
    assert "no pages found" in result.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_a_page_from_standard_input_has_the_url_that_is_given() -> None:
    result = run("-", "--url", "https://example.com/news/1", "--fields", "file,url", stdin=page())
    assert json.loads(result.stdout) == {"file": "standard input", "url": "https://example.com/news/1"}
