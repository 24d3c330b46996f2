"""The one list of an article's fields, and every place that has a part for each field."""

import json
from dataclasses import fields

import pytest
from tests.articles import article
from tests.conftest import ROOT
from tests.export.written import full

from khobor.article import Article
from khobor.cli import display
from khobor.cli.source_draft import FIELDS as DRAFTED
from khobor.console.pages.article import Story, facts
from khobor.export import csv_file, schema
from khobor.fields import BY_NAME, EMPTY_CSV_COLUMNS, FIELDS, Field
from khobor.revisions.difference import difference
from khobor.sources.source import Rules

EACH = pytest.mark.parametrize("field", FIELDS, ids=BY_NAME)
BARE = article(title=None, body=(), published_at=None)
GOLDEN = [json.loads(path.read_bytes()) for path in (ROOT / "tests" / "golden").glob("*/expected.json")]
REFERENCE = (ROOT / "docs" / "reference" / "fields.md").read_text()
# What the expected articles of tests/golden do not hold; tests of extraction look at it one by one.
NOT_GOLDEN = {
    "article_id",
    "url",
    "source",
    "edition",
    "word_count",
    "related",
    "fetched_at",
    "raw",
    "extraction",
    "content_hash",
}


def test_the_list_has_every_field_of_an_article_in_its_order() -> None:
    assert [field.name for field in FIELDS] == [field.name for field in fields(Article)]


def test_the_terminal_lists_the_fields() -> None:
    assert set(display.values(full())) == {field.name for field in FIELDS if field.is_listed}


def test_the_difference_of_revisions_has_the_fields_that_readers_see() -> None:
    changed = {change.name for change in difference(BARE, full()).fields}
    assert changed == {field.name for field in FIELDS if field.is_compared}


def test_the_console_shows_the_fields() -> None:
    places = {field.name for field in fields(Story)} | {label for label, _ in facts(full())}
    assert {field.console for field in FIELDS if field.console} <= places


def test_csv_has_the_columns_of_the_fields() -> None:
    expected = {column for field in FIELDS for column in field.csv_columns} | set(EMPTY_CSV_COLUMNS)
    assert {cell.name for cell in csv_file.CELLS} == expected


@EACH
def test_parquet_has_a_column_of_the_field(field: Field) -> None:
    assert field.name in {column.name for column in schema.COLUMNS}


@EACH
def test_the_reference_describes_the_field(field: Field) -> None:
    rows = [line.split("|")[1] for line in REFERENCE.splitlines() if line.startswith("| `")]
    assert any(f"`{field.name}`" in row for row in rows)


@EACH
def test_the_article_that_export_and_storage_are_tested_with_has_the_field(field: Field) -> None:
    assert getattr(full(), field.name) not in (None, "", (), 0)


@EACH
def test_extraction_finds_the_field_on_a_golden_page(field: Field) -> None:
    assert field.name in NOT_GOLDEN or any(expected.get(field.name) for expected in GOLDEN)


def test_drafts_of_sources_speak_of_fields_and_rules_that_there_are() -> None:
    assert {name for name, _ in DRAFTED.values()} <= {field.name for field in FIELDS if field.is_listed}
    assert set(DRAFTED) <= set(Rules.__struct_fields__)
