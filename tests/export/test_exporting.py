"""An export from the table and the bucket of the embedded stack."""

import re
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import pyarrow.parquet as pq
import pytest
from tests.articles import MORNING, article
from tests.export.full_article import full_article
from warcio.archiveiterator import ArchiveIterator

from khobor.archive.headlines import Headline
from khobor.archive.spans import ALWAYS, Span
from khobor.article import Article, Extraction, RawReference, Rights
from khobor.embedded.stack import EmbeddedStack
from khobor.export.exporting import AT_ONCE, Export, ExportTarget, Summary
from khobor.export.folder import FolderError
from khobor.export.formats import Format
from khobor.export.parquet_file import ROWS
from khobor.export.reading import ArchiveExportReader
from khobor.export.rights import Reservation
from khobor.export.selection import Selection
from khobor.page import RawPage
from khobor.pages.s3 import S3PageReader, S3Pages

NOW = MORNING + timedelta(days=10)
ALL = Selection(start=MORNING - timedelta(days=30))
EXAMPLE = Selection(sources=("example",))
DAY = timedelta(days=1)


class Exporter:
    """Exports from a stack, and counts the articles that are read whole."""

    def __init__(self, stack: EmbeddedStack) -> None:
        self.stack = stack
        self.reader = ArchiveExportReader(stack.archive, stack.lists, S3PageReader(stack.s3))

    def __call__(
        self, root: Path, selection: Selection = EXAMPLE, kind: Format = Format.PARQUET, **options: Any
    ) -> Summary:
        again, compressed = options.pop("again", False), options.pop("compressed", False)
        target = ExportTarget(root=root, kind=kind, compressed=compressed)
        return Export(self.reader, target, selection, **options).run(NOW, again=again)


@pytest.fixture
def export(stack: EmbeddedStack) -> Exporter:
    return Exporter(stack)


def put(stack: EmbeddedStack, *articles: Article) -> None:
    for each in articles:
        stack.archive.put(each)


def days(count: int, a_day: int = 3, **fields: Any) -> Iterator[Article]:
    """Yield articles of so many days, some a day."""
    for number in range(count * a_day):
        at = MORNING + DAY * (number // a_day) + timedelta(minutes=number % a_day)
        yield article(number, **{"published_at": at} | fields)


def files(root: Path) -> dict[str, bytes]:
    """Return the content of each file of a folder, without those whose names begin with a dot."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def ids(root: Path) -> list[str]:
    paths = [root / name for name in files(root)]
    return [key for path in paths for key in pq.read_table(path, columns=["article_id"])["article_id"].to_pylist()]


@pytest.mark.slow
def test_there_is_a_file_for_each_source_and_day(stack: EmbeddedStack, export: Exporter, tmp_path: Path) -> None:
    put(
        stack,
        *days(2),
        article(90, source="other.example"),
        article(91, source=None),
        full_article(92, source="_odd/../é"),
    )
    summary = export(tmp_path / "out", ALL)
    assert list(files(tmp_path / "out")) == [
        "%5Fodd%2F..%2F%C3%A9/2023-08-16.parquet",
        "+none/2023-08-16.parquet",
        "example/2023-08-16.parquet",
        "example/2023-08-17.parquet",
        "other.example/2023-08-16.parquet",
    ]
    assert (summary.written, summary.articles) == (5, 9)


@pytest.mark.parametrize("name", ["a" * 300, "!" * 250 + ".example", "খবর" * 60, "_" * 254])
def test_a_source_whose_name_is_too_long_for_a_file_does_not_stop_an_export(
    stack: EmbeddedStack, export: Exporter, tmp_path: Path, name: str
) -> None:
    put(stack, *days(1), article(90, source=name), article(91, source=f"{name}b"))
    assert export(tmp_path, ALL).articles == 5
    assert len(list(files(tmp_path))) == 3


@pytest.mark.parametrize(
    "name", ["con", "NUL", "aux.example", "com1.example", "example.", "..", "a/../b", "a\\b", "a:b"]
)
def test_a_source_has_a_folder_that_every_system_takes(
    stack: EmbeddedStack, export: Exporter, tmp_path: Path, name: str
) -> None:
    put(stack, article(90, source=name))
    assert export(tmp_path, ALL).articles == 1
    (file,) = files(tmp_path)
    folder = file.partition("/")[0]
    assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*[.\\:]", folder)
    assert unquote(folder) == name


def test_what_is_exported_is_what_the_archive_has(stack: EmbeddedStack, export: Exporter, tmp_path: Path) -> None:
    put(stack, *days(2), full_article(7))
    export(tmp_path, EXAMPLE)
    (count,) = duckdb.execute("SELECT count(*) FROM read_parquet(?)", [f"{tmp_path}/*/*.parquet"]).fetchall()
    assert count == (7,)
    assert ids(tmp_path) == ["id7", "id0", "id1", "id2", "id3", "id4", "id5"]


@pytest.mark.slow
def test_sources_times_and_languages_are_chosen(stack: EmbeddedStack, export: Exporter, tmp_path: Path) -> None:
    put(stack, *days(3), *(article(n, source="other", language="bn-BD") for n in (20, 21)), article(22, source="third"))
    chosen = {
        "sources": Selection(sources=("other", "third", "nobody")),
        "time": Selection(sources=("example",), start=MORNING + DAY, end=MORNING + DAY + timedelta(minutes=2)),
        "days": Selection(start=MORNING + DAY - timedelta(hours=6), end=MORNING + 2 * DAY),
        "language": replace(ALL, languages=("bn",)),
    }
    found = {}
    for name, selection in chosen.items():
        export(tmp_path / name, selection)
        found[name] = set(ids(tmp_path / name))
    assert found == {
        "sources": {"id20", "id21", "id22"},
        "time": {"id3", "id4"},
        "days": {"id3", "id4", "id5"},
        "language": {"id20", "id21"},
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "compressed"),
    [(Format.PARQUET, False), (Format.JSONL, True), (Format.CSV, True), (Format.CSV, False), (Format.WARC, False)],
)
def test_the_same_export_twice_gives_the_same_bytes(
    stack: EmbeddedStack, export: Exporter, tmp_path: Path, kind: Format, *, compressed: bool
) -> None:
    version = stack.upload("uploads/a.html", b"<p>")
    raw = RawReference(bucket=stack.outputs["RawBucketName"], key="uploads/a.html", version=version)
    # All at one time, as dates without a time of day are.
    put(stack, *(full_article(number, raw=raw) for number in range(12)))
    export(tmp_path / "one", kind=kind, compressed=compressed)
    export(tmp_path / "two", kind=kind, compressed=compressed)
    assert len(files(tmp_path / "one")) == 1
    assert files(tmp_path / "one") == files(tmp_path / "two")


def stop_at(count: int) -> Callable[[str], None]:
    """Return what stops an export, as Ctrl-C does, at an article."""
    told: list[str] = []

    def stop(path: str) -> None:
        told.append(path)
        if len(told) == count:
            raise KeyboardInterrupt

    return stop


@pytest.mark.slow
def test_an_export_that_was_stopped_goes_on_where_it_stopped(
    stack: EmbeddedStack, export: Exporter, tmp_path: Path
) -> None:
    put(stack, *days(4))
    with pytest.raises(KeyboardInterrupt):
        export(tmp_path / "stopped", ALL, on_article=stop_at(8))
    before = files(tmp_path / "stopped")
    assert len(before) == 2
    written: list[str] = []
    summary = export(tmp_path / "stopped", ALL, on_article=written.append)
    assert (summary.written, summary.kept, summary.articles) == (2, 2, 12)
    assert set(written) == {"example/2023-08-18.parquet", "example/2023-08-19.parquet"}
    export(tmp_path / "whole", ALL)
    assert files(tmp_path / "stopped") == files(tmp_path / "whole")
    assert not list((tmp_path / "stopped").rglob(".unfinished-*"))


def test_a_record_that_was_cut_off_costs_its_last_part_only(
    stack: EmbeddedStack, export: Exporter, tmp_path: Path
) -> None:
    put(stack, *days(3))
    export(tmp_path)
    record = tmp_path / ".khobor-export.jsonl"
    record.write_bytes(record.read_bytes()[:-20])
    assert (first := export(tmp_path)).written == 1
    assert first.kept == 2
    assert export(tmp_path).kept == 3


def test_a_file_that_was_lost_or_cut_is_written_again(stack: EmbeddedStack, export: Exporter, tmp_path: Path) -> None:
    put(stack, *days(3))
    export(tmp_path)
    before = files(tmp_path)
    (tmp_path / "example" / "2023-08-16.parquet").unlink()
    (tmp_path / "example" / "2023-08-17.parquet").write_bytes(b"PAR1")
    assert export(tmp_path).written == 2
    assert files(tmp_path) == before


def test_days_to_which_articles_came_are_written_again_and_those_that_have_none_any_more_go(
    stack: EmbeddedStack, export: Exporter, tmp_path: Path
) -> None:
    put(stack, *days(3, a_day=1))
    export(tmp_path)
    later = MORNING + timedelta(hours=5)
    put(stack, article(50), article(2, published_at=MORNING + DAY, fetched_at=later, title="Moved by a day"))
    summary = export(tmp_path)
    assert (summary.written, summary.kept, summary.removed) == (2, 0, 1)
    assert ids(tmp_path) == ["id0", "id50", "id1", "id2"]


def test_what_other_dates_brought_stays(stack: EmbeddedStack, export: Exporter, tmp_path: Path) -> None:
    put(stack, *days(3))
    midnight = date(2023, 8, 17)
    export(tmp_path, replace(EXAMPLE, end=midnight))
    summary = export(tmp_path, replace(EXAMPLE, start=midnight))
    assert (summary.written, summary.removed, len(ids(tmp_path))) == (2, 0, 9)


def test_all_is_written_again_if_asked_for(stack: EmbeddedStack, export: Exporter, tmp_path: Path) -> None:
    put(stack, *days(2))
    export(tmp_path)
    assert export(tmp_path, again=True).written == 2


@pytest.mark.parametrize(
    "other",
    [
        {"kind": Format.JSONL},
        {"selection": replace(EXAMPLE, languages=("en",))},
        {"selection": replace(EXAMPLE, respected=(Reservation.TDM,))},
        {"selection": replace(EXAMPLE, start=MORNING)},
    ],
)
def test_a_folder_takes_one_kind_of_export(
    stack: EmbeddedStack, export: Exporter, tmp_path: Path, other: dict[str, Any]
) -> None:
    put(stack, *days(1))
    export(tmp_path)
    before = files(tmp_path)
    with pytest.raises(FolderError, match=r"holds an export with format parquet.*choose another folder"):
        export(tmp_path, **other)
    assert files(tmp_path) == before


def test_a_folder_of_other_files_is_left_alone(export: Exporter, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(FolderError, match="holds other files"):
        export(tmp_path)


def test_what_is_reserved_is_left_out_and_counted(stack: EmbeddedStack, export: Exporter, tmp_path: Path) -> None:
    put(
        stack,
        article(1),
        article(2, rights=Rights(tdm_reservation=True)),
        article(3, rights=Rights(robots=("noarchive",))),
        article(4, published_at=MORNING + DAY, rights=Rights(tdm_reservation=True)),
    )
    selection = replace(EXAMPLE, respected=(Reservation.TDM,))
    summary = export(tmp_path, selection)
    assert ids(tmp_path) == ["id1", "id3"]
    assert (summary.articles, dict(summary.left_out)) == (2, {"tdm": 2})
    assert list(files(tmp_path)) == ["example/2023-08-16.parquet"]
    # What was left out of a day without a file is known, too.
    read: list[str] = []
    again = export(tmp_path, selection, on_article=read.append)
    assert (again.kept, dict(again.left_out), read) == (1, {"tdm": 2}, [])


def test_a_page_that_is_gone_is_told_and_the_rest_goes_on(
    stack: EmbeddedStack, export: Exporter, tmp_path: Path
) -> None:
    bucket = stack.outputs["RawBucketName"]
    fetched = RawPage(body=b"<p>kept", fetched_at=MORNING, url="https://example.com/1", status=200)
    there = RawReference(bucket=bucket, key=S3Pages(stack.s3, bucket).put_page(fetched))
    gone = RawReference(bucket=bucket, key="pages/gone.html")
    put(stack, article(1, raw=gone), article(2, raw=there), article(3, raw=None))
    problems: list[str] = []
    summary = export(tmp_path, kind=Format.WARC, on_problem=problems.append)
    assert (summary.articles, summary.without_page) == (1, 2)
    assert problems[0].startswith(f"no_such_object: https://example.com/1: s3://{bucket}/pages/gone.html is not there")
    assert problems[1].startswith("no_page: https://example.com/3: ")
    with (tmp_path / "example" / "2023-08-16.warc.gz").open("rb") as file:
        bodies = [record.content_stream().read() for record in ArchiveIterator(file) if record.rec_type == "response"]
    assert bodies == [b"<p>kept"]


class Endless:
    """Many articles of one day, made when they are read, and counted while anybody holds them."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.held: set[str] = set()
        self.most = 0

    def of_source(self, source: str, span: Span) -> Iterator[Headline]:
        for number in range(self.count):
            yield Headline(
                article_id=f"id{number}",
                source=source,
                listed_at=span.starts_at if span != ALWAYS else MORNING,
                title=None,
                url=None,
                section=None,
                language=None,
            )

    def of_day(self, day: date) -> Iterator[Headline]:
        raise AssertionError(day)

    def article(self, article_id: str) -> Article:
        made = article(int(article_id.removeprefix("id")))
        self.held.add(article_id)
        weakref.finalize(made, self.held.discard, article_id)
        self.most = max(self.most, len(self.held))
        return made

    def page(self, reference: RawReference) -> RawPage:
        raise AssertionError(reference)


@pytest.mark.parametrize("kind", [Format.PARQUET, Format.JSONL, Format.CSV])
def test_few_articles_are_held_however_many_there_are(tmp_path: Path, kind: Format) -> None:
    reader = Endless(4 * ROWS)
    make = partial(Export, reader, ExportTarget(root=tmp_path, kind=kind))
    assert make(EXAMPLE).run(NOW).articles == 4 * ROWS
    assert reader.most <= 2 * AT_ONCE


def test_a_file_is_of_a_day_by_the_clocks_of_its_source(stack: EmbeddedStack, export: Exporter, tmp_path: Path) -> None:
    for number in range(12):
        # Every two hours, from ten in the evening; every other page states its time in UTC.
        published_at = datetime.fromisoformat("2026-02-28T22:00:00+06:00") + timedelta(hours=2 * number)
        known = Extraction(version="1", utc_offset=360)
        at = published_at if number % 2 else published_at.astimezone(UTC)
        put(stack, article(number, published_at=at, extraction=known))
    first = date(2026, 3, 1)
    for selection in (EXAMPLE, Selection(start=first - timedelta(days=1), end=first + timedelta(days=1))):
        folder = tmp_path / str(len(selection.sources))
        export(folder, selection)
        assert {path: pq.read_metadata(folder / path).num_rows for path in files(folder)} == {
            "example/2026-02-28.parquet": 1,
            "example/2026-03-01.parquet": 11,
        }
    whole_day = export(tmp_path / "day", Selection(start=first, end=first + timedelta(days=1)))
    assert (whole_day.written, whole_day.articles) == (1, 11)


@pytest.mark.slow
def test_days_that_overlap_as_pages_differ_in_their_offsets_are_whole(
    stack: EmbeddedStack, export: Exporter, tmp_path: Path
) -> None:
    offsets = ("+06:00", "-08:00", "+00:00")
    for number in range(30):
        at = datetime.fromisoformat(f"2026-03-01T00:00:00{offsets[number % 3]}") + timedelta(hours=number)
        put(stack, article(number, published_at=at))
    summary = export(tmp_path, EXAMPLE)
    assert (summary.written, summary.articles) == (2, 30)
    assert {path: pq.read_metadata(tmp_path / path).num_rows for path in files(tmp_path)} == {
        "example/2026-03-01.parquet": 24,
        "example/2026-03-02.parquet": 6,
    }
