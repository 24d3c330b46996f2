"""What an article is in each format, read back by what people open it with."""

import csv
import gzip
import io
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.articles import article
from tests.export.full_article import full_article

from khobor.archive import codec
from khobor.article import Article, Author, Block, Image, Link, Publisher, RawReference, Rights, Video
from khobor.export import column_docs, csv_file, parquet_file, schema
from khobor.export.article_with_page import ArticleWithPage
from khobor.export.formats import Format, writer

PUBLISHED = datetime(2023, 8, 15, 23, 23, 0, 123456, UTC)
STRUCTS: Mapping[str, type] = {
    "authors": Author,
    "body": Block,
    "images": Image,
    "videos": Video,
    "links": Link,
    "related": Link,
    "rights": Rights,
    "publisher": Publisher,
    "raw": RawReference,
}


def write(path: Path, kind: Format, *articles: Article) -> Path:
    writer(kind)(path, map(ArticleWithPage, articles))
    return path


def struct_of(kind: schema.Type) -> Mapping[str, schema.Type]:
    if isinstance(kind, Mapping):
        return kind
    assert not isinstance(kind, str)
    return struct_of(kind[0])


def test_every_field_of_an_article_has_a_column() -> None:
    assert {field.name for field in fields(Article)} <= {column.name for column in schema.COLUMNS}


@pytest.mark.parametrize("name", STRUCTS)
def test_every_part_of_a_field_has_a_place(name: str) -> None:
    (column,) = [each for each in schema.COLUMNS if each.name == name]
    assert list(struct_of(column.type)) == [field.name for field in fields(STRUCTS[name])]


# The columns of an export, as published.
IMAGE = "struct<url: string, caption: string, credit: string, width: int32, height: int32>"
LINK = "struct<url: string, text: string>"
VERSION_1 = {
    "article_id": "string",
    "source": "string",
    "url": "string",
    "canonical_url": "string",
    "title": "string",
    "alternative_titles": "list<string>",
    "kicker": "string",
    "description": "string",
    "authors": "list<struct<name: string, url: string, kind: string>>",
    "published_at": "timestamp[us, UTC]",
    "modified_at": "timestamp[us, UTC]",
    "language": "string",
    "section": "string",
    "breadcrumbs": "list<string>",
    "tags": "list<string>",
    "edition": "string",
    "dateline": "string",
    "genre": "string",
    "word_count": "int32",
    "body_text": "string",
    "body": "list<struct<kind: string, text: string, level: int32, items: list<string>, rows: list<list<string>>, "
    f"image: {IMAGE}, url: string>>",
    "images": f"list<{IMAGE}>",
    "videos": "list<struct<url: string, caption: string>>",
    "links": f"list<{LINK}>",
    "related": f"list<{LINK}>",
    "credits": "list<string>",
    "is_accessible_for_free": "bool",
    "rights": "struct<robots: list<string>, robots_txt: string, tdm_reservation: bool, tdm_policy: string, "
    "license_url: string>",
    "publisher": "struct<name: string, logo: string>",
    "fetched_at": "timestamp[us, UTC]",
    "listed_at": "timestamp[us, UTC]",
    "raw": "struct<bucket: string, key: string, version: string>",
    "extraction": "struct<version: string, rules: string>",
    "evidence": "list<struct<field: string, origin: string, text: string, precision: string, "
    "assumed_zone: string, confirmed_by: list<string>, disputed_by: list<struct<origin: string, text: string>>>>",
    "content_hash": "string",
    "simhash": "string",
}


def test_the_schema_of_version_1_stays_as_it_is() -> None:
    """A change here breaks programs that read exports: new columns go to the end, the rest stays."""
    assert schema.VERSION == "1"
    assert [(column.name, schema.type_name(column.type)) for column in schema.COLUMNS] == list(VERSION_1.items())


def test_a_parquet_file_has_the_schema_and_says_its_version(tmp_path: Path) -> None:
    read = pq.read_schema(write(tmp_path / "a.parquet", Format.PARQUET, full_article()))
    assert read.metadata[b"khobor.schema"] == schema.VERSION.encode()
    assert read.names == [column.name for column in schema.COLUMNS]
    assert read.field("published_at").type == pa.timestamp("us", tz="UTC")
    assert read.equals(parquet_file.arrow_schema())


def test_an_article_comes_back_whole_from_parquet(tmp_path: Path) -> None:
    whole, bare = pq.read_table(write(tmp_path / "a.parquet", Format.PARQUET, full_article(), article(2))).to_pylist()
    assert whole["title"] == full_article().title
    assert whole["simhash"] is None
    assert whole["published_at"] == whole["listed_at"] == PUBLISHED
    assert whole["authors"] == [
        {"name": "কালবেলা ডেস্ক", "url": None, "kind": "organization"},
        {"name": "A. Rahman", "url": "https://example.com/rahman", "kind": None},
    ]
    assert [block["kind"] for block in whole["body"]] == ["paragraph", "heading", "list", "table", "image", "embed"]
    assert whole["body"][3]["rows"] == [["1", "2"], ["3", "=4"]]
    assert whole["body"][4]["image"]["caption"] == "সেতু"
    assert whole["body_text"] == full_article().body_text
    assert whole["rights"]["robots"] == ["noarchive"]
    assert whole["evidence"] == [
        {
            "field": "published_at",
            "origin": "json-ld",
            "text": "2023-08-16T05:23:00+06:00",
            "precision": "minute",
            "assumed_zone": "Asia/Dhaka",
            "confirmed_by": ["h1"],
            "disputed_by": [{"origin": "meta", "text": "2023-08-15"}],
        }
    ]
    assert (bare["kicker"], bare["authors"], bare["is_accessible_for_free"], bare["publisher"]) == (
        None,
        [],
        None,
        None,
    )


@pytest.fixture(scope="module")
def pandas() -> Any:
    """The library; importing it takes a second, which each process of the tests need not spend."""
    return import_module("pandas")


def test_duckdb_and_pandas_read_parquet(tmp_path: Path, pandas: Any) -> None:
    path = write(tmp_path / "a.parquet", Format.PARQUET, full_article(), article(2, title="שלום"))
    question = "SELECT title, len(authors), epoch_us(published_at), rights.license_url FROM read_parquet(?) ORDER BY 3"
    rows = duckdb.execute(question, [str(path)]).fetchall()
    micros = int(PUBLISHED.timestamp()) * 1_000_000 + PUBLISHED.microsecond
    assert rows[0] == (full_article().title, 2, micros, "https://creativecommons.org/licenses/by/4.0/")
    assert rows[1][0] == "שלום"
    frame = pandas.read_parquet(path)
    assert list(frame["title"]) == [full_article().title, "שלום"]
    assert frame["published_at"][0].to_pydatetime() == PUBLISHED


def test_rows_are_written_in_groups(tmp_path: Path) -> None:
    many = (article(number) for number in range(2 * parquet_file.ROWS + 1))
    file = pq.ParquetFile(write(tmp_path / "a.parquet", Format.PARQUET, *many))
    assert [file.metadata.row_group(index).num_rows for index in range(file.num_row_groups)] == [500, 500, 1]


def test_a_row_group_of_long_articles_has_few_rows(tmp_path: Path) -> None:
    long = [article(number, body=(Block(kind="paragraph", text="x" * 3_000_000),)) for number in range(4)]
    assert pq.ParquetFile(write(tmp_path / "a.parquet", Format.PARQUET, *long)).num_row_groups == 2


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_line_of_json_is_the_article(tmp_path: Path, name: str) -> None:
    data = write(tmp_path / name, Format.JSONL, full_article(), article(2)).read_bytes()
    lines = (gzip.decompress(data) if name.endswith(".gz") else data).splitlines()
    assert lines == [codec.export(full_article()), codec.export(article(2))]
    assert json.loads(lines[0])["published_at"] == "2023-08-16T05:23:00.123456+06:00"


def test_duckdb_and_pandas_read_json(tmp_path: Path, pandas: Any) -> None:
    path = write(tmp_path / "a.jsonl.gz", Format.JSONL, full_article(), article(2))
    assert duckdb.execute("SELECT count(*), max(word_count) FROM read_json(?)", [str(path)]).fetchall() == [(2, 290)]
    assert list(pandas.read_json(path, lines=True)["article_id"]) == ["id1", "id2"]


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))


def test_csv_has_texts_flags_times_and_joined_lists(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", Format.CSV, full_article(), article(2))
    whole, bare = rows_of(path)
    assert path.read_bytes().startswith(b"article_id,source,url,")
    assert whole["title"] == full_article().title
    assert whole["authors"] == "কালবেলা ডেস্ক; A. Rahman"
    assert whole["published_at"] == "2023-08-15T23:23:00.123456Z"
    assert (whole["is_accessible_for_free"], whole["tdm_reservation"], whole["robots"]) == (
        "true",
        "false",
        "noarchive",
    )
    assert whole["raw"] == "s3://raw/pages/example.com/a.html.gz?versionId=v1"
    assert whole["body_text"] == full_article().body_text
    assert (bare["kicker"], bare["authors"], bare["is_accessible_for_free"], bare["raw"]) == ("", "", "", "")
    assert path.read_bytes().count(b"\r\n") == 3


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+880", "'+880"),
        ("-5 °C", "'-5 °C"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("＝1+1", "'＝1+1"),
        ("'=1", "''=1"),
        ("'Tis", "'Tis"),
        ("a=1", "a=1"),
        ("\n=1", "'\n'=1"),
        ("\n\nA bridge", "'\n\nA bridge"),
        ("A bridge;=1+1", "A bridge;'=1+1"),
        ("A bridge; -5 °C", "A bridge;' -5 °C"),
        ("A bridge\t@SUM(A1)", "A bridge\t'@SUM(A1)"),
        ("A bridge\n=1\r\n+2", "A bridge\n'=1\r\n'+2"),
        ('A bridge;"=1', "A bridge;'\"=1"),
        (" =1", "' =1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("﹦1", "'﹦1"),
        ("সেতু;＝1", "সেতু;'＝1"),
        ("a;'=1", "a;''=1"),
        *(
            (f"{unseen}=1", f"'{unseen}=1")
            for unseen in "\x00\x1b\xad\u034f\u061c\u200e\u2009\u202e\u2060\u2068\u3164\ufe0f\U000e0041"
        ),
        ("a;\u200f@SUM(A1)", "a;'\u200f@SUM(A1)"),
        ("৫ টাকা — খবর", "৫ টাকা — খবর"),
        ("−5 °C", "−5 °C"),
        ("Rock;'n'roll; a=b", "Rock;'n'roll; a=b"),
    ],
)
def test_no_cell_is_a_formula_and_the_text_can_be_got_back(tmp_path: Path, text: str, cell: str) -> None:
    (row,) = rows_of(write(tmp_path / "a.csv", Format.CSV, article(title=text)))
    assert row["title"] == cell
    assert csv_file.original(cell) == text


@pytest.mark.parametrize("separator", [";", "\t", ","])
@given(text=st.text(st.sampled_from("=-@＝;,\t\r\n'\" \u200e\xadaক")))
def test_no_reading_of_a_file_has_a_formula_and_the_text_can_be_got_back(separator: str, text: str) -> None:
    guarded = csv_file.harmless(text)
    assert csv_file.original(guarded) == text
    written = io.StringIO(newline="")
    csv.writer(written).writerow(["id", guarded, "end"])
    rows = csv.reader(io.StringIO(written.getvalue(), newline=""), delimiter=separator)
    assert not [cell for row in rows for cell in row if cell.lstrip(' "\u200e\xad').startswith(tuple("=-@＝"))]


def test_duckdb_and_pandas_read_csv(tmp_path: Path, pandas: Any) -> None:
    path = write(tmp_path / "a.csv.gz", Format.CSV, full_article(title='এক, "দুই"\nতিন'), article(2))
    question = "SELECT title, published_at FROM read_csv(?, header = true) ORDER BY article_id"
    rows = duckdb.execute(question, [str(path)]).fetchall()
    assert rows[0][0] == 'এক, "দুই"\nতিন'
    assert rows[0][1].astimezone(UTC) == PUBLISHED
    assert list(pandas.read_csv(path)["word_count"]) == [290, 0]


@pytest.mark.parametrize("kind", [Format.PARQUET, Format.JSONL, Format.CSV])
def test_what_stands_in_the_files_is_told(tmp_path: Path, kind: Format) -> None:
    """Each column of a file is described, and nothing else is."""
    path = write(tmp_path / f"a{kind.suffix(compressed=False)}", kind, full_article())
    match kind:
        case Format.PARQUET:
            columns = pq.read_schema(path).names
        case Format.JSONL:
            columns = list(json.loads(path.read_bytes()))
        case _:
            columns = list(rows_of(path)[0])
    told = list(column_docs.columns(kind))
    assert sorted(name for name, _, _ in told) == sorted(columns)
    assert all(meaning for _, _, meaning in told)


def test_a_column_of_csv_is_a_column_of_the_schema_or_says_what_it_is() -> None:
    assert {cell.name for cell in csv_file.CELLS if not cell.meaning} <= {column.name for column in schema.COLUMNS}
