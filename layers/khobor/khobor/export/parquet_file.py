"""Articles as Parquet, by the columns of ``schema.py``."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from khobor.export import schema
from khobor.export.article_with_page import ArticleWithPage

# A row group is held until it is written: it ends after so many articles or characters of text.
ROWS = 500
_CHARACTERS = 4_000_000

_SCALARS = {
    schema.STRING: pa.string(),
    schema.INT32: pa.int32(),
    schema.BOOL: pa.bool_(),
    schema.TIMESTAMP: pa.timestamp("us", tz="UTC"),
}


def write(path: Path, taken: Iterable[ArticleWithPage]) -> None:
    """Write articles to a file, a row group at a time."""
    columns = arrow_schema()
    with pq.ParquetWriter(path, columns, compression="zstd") as file:
        rows: list[dict[str, Any]] = []
        characters = 0
        for each in taken:
            rows.append(schema.row(each.article))
            characters += len(rows[-1]["body_text"])
            if len(rows) == ROWS or characters >= _CHARACTERS:
                file.write_batch(pa.RecordBatch.from_pylist(rows, schema=columns))
                rows, characters = [], 0
        if rows:
            file.write_batch(pa.RecordBatch.from_pylist(rows, schema=columns))


def arrow_schema() -> pa.Schema:
    """Return the columns as Arrow has them, with the schema's version."""
    fields = [pa.field(column.name, _arrow(column.type)) for column in schema.COLUMNS]
    return pa.schema(fields, metadata={"khobor.schema": schema.VERSION})


def _arrow(kind: schema.Type) -> pa.DataType:
    if isinstance(kind, str):
        return _SCALARS[kind]
    if isinstance(kind, Mapping):
        return pa.struct([pa.field(name, _arrow(part)) for name, part in kind.items()])
    return pa.list_(_arrow(kind[0]))
