"""An output that was stopped at any point and gone on with is the output of one run."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.articles import article

from khobor.errors import CommandError
from khobor.export.formats import Format
from khobor.export.rows import RowFormat
from khobor.local.extract_output import ExtractOutput
from khobor.page import RawPage
from khobor.pages.input_page import InputPage, RefusedInput

NOW = datetime(2026, 4, 1, tzinfo=UTC)
# More rows than one pack has.
COUNT = 1_203
FORMS = {
    "a.jsonl": RowFormat(Format.JSONL, ("file", "title")),
    "a.jsonl.gz": RowFormat(Format.JSONL, ("file", "title"), is_gzip=True),
    "a.csv": RowFormat(Format.CSV, ("file", "title")),
    "a.csv.gz": RowFormat(Format.CSV, ("file", "title"), is_gzip=True),
    "a.parquet": RowFormat(Format.PARQUET, ("file", "title")),
}


def given() -> Iterator[InputPage | RefusedInput]:
    for number in range(COUNT):
        if number % 100 == 7:
            yield RefusedInput(f"{number}.warc#1", "bad_record", "it is damaged")
        else:
            yield InputPage(name=f"{number}.html", page=RawPage(body=b"", fetched_at=NOW))


def rows_of(path: Path) -> list[tuple[str, str]]:
    if path.suffix == ".parquet":
        return [(row["file"], row["title"]) for row in pq.read_table(path).to_pylist()]
    text = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode()
    if ".csv" in path.name:
        header, *rows = csv.reader(io.StringIO(text, newline=""))
        assert header == ["file", "title"]
        return [(file, title) for file, title in rows]
    return [(row["file"], row["title"]) for row in map(json.loads, text.splitlines())]


WANTED = [(f"{number}.html", f"Title {number}") for number in range(COUNT) if number % 100 != 7]


def run(output: ExtractOutput, form: RowFormat, stop: int = COUNT) -> int:
    """Write the inputs up to one; return how many were written by an earlier run."""
    remaining = given()
    done = len(list(output.done(remaining)))
    for each in remaining:
        number = int(each.name.partition(".")[0])
        if number == stop:
            break
        if isinstance(each, RefusedInput):
            output.reject(each, each.reason, each.detail)
        else:
            output.add(each, form(each.name, article(number)))
    return done


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("stop", [0, 1, 3, 500, 509, 1_100])
def test_a_run_that_was_stopped_goes_on(name: str, stop: int, tmp_path: Path) -> None:
    form, path = FORMS[name], tmp_path / name
    with ExtractOutput(path, form, "command") as output:
        run(output, form, stop)
    assert not path.exists()
    with ExtractOutput(path, form, "command") as output:
        assert run(output, form) == stop
        output.finish(tmp_path / "rejects.jsonl")
    assert rows_of(path) == WANTED
    rejects = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text().splitlines()]
    assert rejects[0] == {"name": "7.warc#1", "reason": "bad_record", "detail": "it is damaged"}
    assert len(rejects) == COUNT - len(WANTED)
    assert {each.name for each in tmp_path.iterdir()} == {name, "rejects.jsonl"}


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
@pytest.mark.parametrize("lost", [1, 30, 200, 5_000])
def test_a_run_that_was_killed_goes_on_from_what_its_journal_says(name: str, lost: int, tmp_path: Path) -> None:
    form, path = FORMS[name], tmp_path / name
    with ExtractOutput(path, form, "command") as output:
        run(output, form, 499)
    journal = tmp_path / f"{name}.unfinished" / "journal"
    journal.write_bytes(journal.read_bytes()[:-lost])
    with ExtractOutput(path, form, "command") as output:
        assert run(output, form) < 499
        output.finish(None)
    assert rows_of(path) == WANTED


@pytest.mark.parametrize("kind", [Format.JSONL, Format.CSV, Format.PARQUET])
def test_a_folder_gets_files_of_many_rows(kind: Format, tmp_path: Path) -> None:
    form, folder = RowFormat(kind, ("file", "title")), tmp_path / "out"
    with ExtractOutput(folder, form, "command", rows_of_file=600) as output:
        run(output, form, 700)
    with ExtractOutput(folder, form, "command", rows_of_file=600) as output:
        assert run(output, form) == 700
        output.finish(None)
    files = sorted(folder.iterdir())
    assert [each.name for each in files] == [f"part-0000{number}.{kind}" for number in range(2)]
    assert [row for each in files for row in rows_of(each)] == WANTED
    assert len(rows_of(files[0])) == 600


def test_other_inputs_and_other_commands_are_refused(tmp_path: Path) -> None:
    form, path = FORMS["a.jsonl"], tmp_path / "a.jsonl"
    with ExtractOutput(path, form, "command") as output:
        run(output, form, 9)
        with pytest.raises(CommandError, match="another process is writing"):
            ExtractOutput(path, form, "command")
    with pytest.raises(CommandError, match=r"of another command.*--again"):
        ExtractOutput(path, form, "other")
    with (
        ExtractOutput(path, form, "command") as output,
        pytest.raises(CommandError, match=r"0\.html was next, and 1\.html comes now"),
    ):
        list(output.done(iter([InputPage(name="1.html", page=RawPage(body=b"", fetched_at=NOW))])))
    with ExtractOutput(path, form, "other", begin_anew=True) as output:
        assert run(output, form) == 0
        output.finish(None)
    assert rows_of(path) == WANTED


def test_a_page_that_was_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    form, page = FORMS["a.jsonl"], tmp_path / "1.html"
    page.write_text("<p>old</p>")
    each = InputPage(name="1.html", page=RawPage(body=b"", fetched_at=NOW), file=page)
    with ExtractOutput(tmp_path / "a.jsonl", form, "command") as output:
        output.add(each, form("1.html", article(1)))
    page.write_text("<p>a newer one</p>")
    with ExtractOutput(tmp_path / "a.jsonl", form, "command") as output, pytest.raises(CommandError, match="changed"):
        list(output.done(iter([each])))


def test_an_output_without_rows_is_a_file_of_its_format(tmp_path: Path) -> None:
    for name, form in FORMS.items():
        with ExtractOutput(tmp_path / name, form, "command") as output:
            output.finish(None)
        assert rows_of(tmp_path / name) == []
