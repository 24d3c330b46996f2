"""Parquet files from rows of JSON, with the columns of ``schema.py`` and the name of a file."""

import io
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq

from khobor.export.parquet_file import arrow_schema

_FILE = pa.field("file", pa.string())
_COMPRESSION = "zstd"


def pack(rows: Path, target: Path, names: Sequence[str]) -> None:
    """Write rows to a file with one row group; all of them are in memory at once.

    Args:
        rows: The rows.
        target: The file.
        names: The names of the columns.
    """
    columns = _schema(names)
    data = rows.read_bytes()
    if not data:
        pq.write_table(columns.empty_table(), target, compression=_COMPRESSION)
        return
    table = pj.read_json(
        io.BytesIO(data),
        # A row must not go beyond a block.
        read_options=pj.ReadOptions(block_size=len(data) + 1, use_threads=False),
        parse_options=pj.ParseOptions(explicit_schema=columns, unexpected_field_behavior="error"),
    )
    pq.write_table(table.select(columns.names), target, compression=_COMPRESSION)


def join(parts: Sequence[Path], target: Path, names: Sequence[str]) -> None:
    """Write the row groups of files to one file.

    Args:
        parts: The files, in order.
        target: The file to write.
        names: The names of the columns.
    """
    columns = _schema(names)
    with pq.ParquetWriter(target, columns, compression=_COMPRESSION) as writer:
        for part in parts:
            with pq.ParquetFile(part) as file:
                for number in range(file.num_row_groups):
                    writer.write_table(file.read_row_group(number).cast(columns))


def _schema(names: Sequence[str]) -> pa.Schema:
    known = arrow_schema()
    fields = [_FILE if name == _FILE.name else known.field(name) for name in names]
    return pa.schema(fields, metadata=known.metadata)
