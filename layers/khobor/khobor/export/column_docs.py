"""The documentation of the columns of each format."""

from collections.abc import Iterator

from khobor.export import csv_file, schema
from khobor.export.formats import Format

_MEANINGS = {column.name: column.meaning for column in schema.COLUMNS}
# Columns that JSON has elsewhere, or no longer has.
_NOT_JSON = {"evidence", "listed_at", "simhash"}
_ANSWER = (
    "A raw page, with its status and the headers that khobor keeps: Content-Type, ETag, "
    "Last-Modified, X-Robots-Tag, tdm-reservation, tdm-policy"
)
_FACTS = (
    "After each page: khobor-article-id, khobor-source, khobor-robots-txt, khobor-moved-to, khobor-entry with what "
    "the feed that listed the page stated (as khobor.entry_facts writes it), and via with the URL that "
    "was requested, if redirects led to another"
)
_RECORDS = (
    ("warcinfo", "A description of the file, at its beginning"),
    ("response", _ANSWER),
    ("resource", "An uploaded page, whose HTTP response is unknown"),
    ("metadata", _FACTS),
)
_ABOUT = {
    Format.PARQUET: "Absent values are null or an empty list. Times are UTC, to the microsecond.",
    Format.JSONL: (
        "One article a line. Times have the offset of the page. Evidence is in extraction.fields. Absent values within "
        "a field are left out; Hugging Face datasets guess the columns from the first file, so give them Parquet."
    ),
    Format.CSV: (
        "A list is one cell, separated by '; '. Times are UTC. An apostrophe precedes what a spreadsheet could run as "
        "a formula (= + - @), at the start of a cell and after ';', a tab or a line end within it, and a leading tab "
        "or line end. Remove these apostrophes to get the text; khobor.export.csv_file.original does it."
    ),
    Format.WARC: (
        "WARC 1.1. Bodies are decompressed, in their original charset. Only the headers that khobor keeps are "
        "present; the status line says HTTP/1.1, and Content-Length is that of the body."
    ),
}


def columns(kind: Format) -> Iterator[tuple[str, str, str]]:
    """Yield name, type and meaning of each column of a format; for WARC, of each type of record."""
    match kind:
        case Format.PARQUET:
            yield from ((column.name, schema.type_name(column.type), column.meaning) for column in schema.COLUMNS)
        case Format.JSONL:
            yield from ((name, "", meaning) for name, meaning in _MEANINGS.items() if name not in _NOT_JSON)
        case Format.CSV:
            yield from ((cell.name, "", cell.meaning or _MEANINGS[cell.name]) for cell in csv_file.CELLS)
        case Format.WARC:
            yield from ((name, "", meaning) for name, meaning in _RECORDS)


def about(kind: Format) -> str:
    """Return the version of the schema, and what applies to all columns."""
    return f"Schema {schema.VERSION}. {_ABOUT[kind]}"
