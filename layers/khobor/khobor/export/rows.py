"""Articles as rows of text, each with the name of the file that it comes from, and files made of such rows.

Rows are made where articles are extracted, side by side. Putting them together takes little: rows of JSON Lines and CSV
are a file already, and Arrow reads rows of JSON into Parquet nine times as fast as it takes Python's values.
"""

import csv
import gzip
import io
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from khobor.archive import codec
from khobor.article import Article
from khobor.export import csv_file
from khobor.export.column_docs import columns
from khobor.export.formats import Format
from khobor.export.json_row import json_row

FILE = "file"
_CELLS = {cell.name: cell for cell in csv_file.CELLS}
# Of a row group of Parquet, or a member of gzip: what is in memory at once.
_PACKED_ROWS = 500


def field_names(kind: Format) -> tuple[str, ...]:
    """Return the names that a row of a format may have; the name of the file is the first."""
    return (FILE, *(name for name, _, _ in columns(kind)))


@dataclass(frozen=True)
class RowFormat:
    """The form of rows, and of the files made of them.

    Attributes:
        kind: The format.
        names: The names of the fields, in their order.
        is_gzip: Whether files of text are gzipped.
    """

    kind: Format
    names: tuple[str, ...]
    is_gzip: bool = False

    def __call__(self, name: str, article: Article) -> bytes:
        """Return the row of an article, with its line end.

        Args:
            name: The name of the file; it may have been made of any bytes.
            article: The article.
        """
        # Names of files may hold any bytes, text only Unicode.
        file = os.fsencode(name).decode(errors="backslashreplace")
        first = {FILE: file} if FILE in self.names else {}
        if self.kind is Format.CSV:
            return _csv_line(
                csv_file.harmless(file if each == FILE else _CELLS[each].text(article) or "") for each in self.names
            )
        if self.kind is Format.PARQUET:
            return json_row(article, self.names, **first)
        return codec.export(article, [each for each in self.names if each != FILE], **first) + b"\n"

    @property
    def header(self) -> bytes:
        """What comes before the first row."""
        return _csv_line(self.names) if self.kind is Format.CSV else b""

    @property
    def suffix(self) -> str:
        """How the names of its files end."""
        return self.kind.suffix(compressed=self.is_gzip)

    @property
    def packed_rows(self) -> int | None:
        """After how many rows they are to be packed; None for rows that are a file already."""
        return _PACKED_ROWS if self.is_gzip or self.kind is Format.PARQUET else None

    def pack(self, rows: Path, target: Path) -> None:
        """Write rows to a file in this form.

        Args:
            rows: The rows, the header before them.
            target: The file.
        """
        if self.kind is Format.PARQUET:
            from khobor.export.parquet_rows import pack

            pack(rows, target, self.names)
        elif self.is_gzip:
            with rows.open("rb") as file, gzip.GzipFile(target, "wb", compresslevel=6, mtime=0) as packed:
                shutil.copyfileobj(file, packed)
        else:
            shutil.copyfile(rows, target)

    def join(self, parts: Sequence[Path], target: Path) -> None:
        """Write what was packed to one file.

        Args:
            parts: The files of packed rows, in order.
            target: The file to write.
        """
        if self.kind is Format.PARQUET:
            from khobor.export.parquet_rows import join

            join(parts, target, self.names)
            return
        # Several members of gzip make one file, too.
        with target.open("wb") as file:
            for part in parts:
                with part.open("rb") as opened:
                    shutil.copyfileobj(opened, file)


def _csv_line(cells: Iterable[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()
