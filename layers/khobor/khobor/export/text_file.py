"""Text files, compressed or not."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast


@contextmanager
def open_text_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing, compressed with gzip if its name ends in ``.gz``. Equal texts give equal bytes."""
    with path.open("wb") as file:
        if path.suffix != ".gz":
            yield file
            return
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as compressed:
            # GzipFile has the methods of BinaryIO, but not its type.
            yield cast("BinaryIO", compressed)
