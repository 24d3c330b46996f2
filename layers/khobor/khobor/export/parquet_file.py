"""Articles as Parquet, with the columns of ``schema.py``."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from khobor.export import schema
from khobor.export.article_with_page import ArticleWithPage

# A row group is held in memory; it ends after this many articles or characters of text.
ROWS = 500
_CHARACTERS = 4_000_000

_SCALARS = {
    schema.STRING: pa.string(),
    schema.INT32: pa.int32(),
    schema.BOOL: pa.bool_(),
    schema.TIMESTAMP: pa.timestamp("us", tz="UTC"),
}


def write(path: Path, articles: Iterable[ArticleWithPage]) -> None:
    """Write articles to a file, one row group at a time.

    Args:
        path: The file.
        articles: The articles.
    """
    columns = arrow_schema()
    with pq.ParquetWriter(path, columns, compression="zstd") as file:
        rows: list[dict[str, Any]] = []
        characters = 0
        for each in articles:
            rows.append(schema.row(each.article))
            characters += len(rows[-1]["body_text"])
            if len(rows) == ROWS or characters >= _CHARACTERS:
                file.write_batch(pa.RecordBatch.from_pylist(rows, schema=columns))
                rows, characters = [], 0
        if rows:
            file.write_batch(pa.RecordBatch.from_pylist(rows, schema=columns))


def arrow_schema() -> pa.Schema:
    """Return the columns as an Arrow schema, with the version in its metadata."""
    fields = [pa.field(column.name, _arrow(column.type)) for column in schema.COLUMNS]
    return pa.schema(fields, metadata={"khobor.schema": schema.VERSION})


def _arrow(kind: schema.Type) -> pa.DataType:
    if isinstance(kind, str):
        return _SCALARS[kind]
    if isinstance(kind, Mapping):
        return pa.struct([pa.field(name, _arrow(part)) for name, part in kind.items()])
    return pa.list_(_arrow(kind[0]))
