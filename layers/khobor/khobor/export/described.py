"""What stands in the files of an export, for people."""

from collections.abc import Iterator

from khobor.export import csv_file, schema
from khobor.export.formats import Format

_MEANINGS = {column.name: column.meaning for column in schema.COLUMNS}
# Columns that JSON has in another place.
_NOT_JSON = {"evidence", "listed_at"}
_ANSWER = (
    "A page as it came, with the status and the headers that were kept of the answer: Content-Type, ETag, "
    "Last-Modified, X-Robots-Tag, tdm-reservation, tdm-policy"
)
_FACTS = (
    "Behind each page: khobor-article-id, khobor-source, khobor-robots-txt, khobor-moved-to, and as via the URL that "
    "was asked for where redirects led to another"
)
_RECORDS = (
    ("warcinfo", "What the file is, at its beginning"),
    ("response", _ANSWER),
    ("resource", "A page that a person uploaded, of which no answer is known"),
    ("metadata", _FACTS),
)
_ABOUT = {
    Format.PARQUET: "What is absent is null, or an empty list. Times are of UTC, to the microsecond.",
    Format.JSONL: (
        "One article a line. Times have the offset that the page told. Evidence is in extraction.fields. "
        "Within a field what is absent is left out: for Hugging Face datasets, which guess the columns from the first "
        "file, take Parquet."
    ),
    Format.CSV: (
        "Lists are one cell, parted by '; '. Times are of UTC. An apostrophe stands before what a spreadsheet could "
        "run as a formula (= + - @), at the start of a cell and after ';', a tab or a line end within it, and before a "
        "leading tab or line end. Drop these apostrophes to get the text; khobor.export.csv_file.original does it."
    ),
    Format.WARC: (
        "WARC 1.1. Bodies are without the transfer's compression, in the charset in which they came. Headers that were "
        "not kept cannot be there; the status line says HTTP/1.1, and Content-Length is that of the body."
    ),
}


def columns(kind: Format) -> Iterator[tuple[str, str, str]]:
    """Yield name, type and meaning of each column of a format's files; of WARC, its kinds of records."""
    match kind:
        case Format.PARQUET:
            yield from ((column.name, schema.written(column.type), column.meaning) for column in schema.COLUMNS)
        case Format.JSONL:
            yield from ((name, "", meaning) for name, meaning in _MEANINGS.items() if name not in _NOT_JSON)
        case Format.CSV:
            yield from ((cell.name, "", cell.meaning or _MEANINGS[cell.name]) for cell in csv_file.CELLS)
        case Format.WARC:
            yield from ((name, "", meaning) for name, meaning in _RECORDS)


def about(kind: Format) -> str:
    """Return the schema's version, and what is to be known of all columns."""
    return f"Schema {schema.VERSION}. {_ABOUT[kind]}"
