"""The folder of an export: a file for each source and day, and the record of which are finished.

    kalbela/2026-03-01.parquet
    kalbela/2026-03-02.parquet
    the-daily-star/2026-03-01.parquet

What begins with a dot is none of the data, as DuckDB, pandas, Spark and Hugging Face datasets take it: the record, and
a file that is being written. A file has its name once it is whole.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from khobor.errors import CommandError
from khobor.export.article_with_page import ArticleWithPage, Write
from khobor.export.selection import Partition
from khobor.url import digest

_RECORD = ".khobor-export.jsonl"
_UNFINISHED = ".unfinished-"
# No source's folder has this name: a plus sign in a source's name is written %2B.
_WITHOUT_SOURCE = "+none"
# File systems take names of 255 bytes. A longer one is shortened, with a digest of the whole behind a plus sign.
_LONGEST_NAME = 255
# Names of devices on Windows, also with an ending.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_SHORTENED = 200


class FolderError(CommandError):
    """The folder cannot take this export; the message says why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class FinishedPartition:
    """A partition that is finished.

    Attributes:
        path: Its file, from the folder; there is none if no article is left.
        source: Its source.
        day: Its day.
        listing: The digest of what the archive listed: see ``Partition``.
        articles: How many its file holds.
        size: Bytes of its file.
        left_out: How many were left out, by reservation.
        without_page: How many were left out since their page could not be read.
    """

    path: str
    source: str | None
    day: str
    listing: str
    articles: int
    size: int
    left_out: Mapping[str, int]
    without_page: int


class Folder:
    """The folder of an export.

    Args:
        root: The folder; it is made if it is not there.
        asked: What was asked for, in values that JSON has: a folder takes the same only.

    Raises:
        FolderError: It holds an export of something else, or other files.
    """

    def __init__(self, root: Path, asked: Mapping[str, Any]) -> None:
        self._root = root
        self._record = root / _RECORD
        root.mkdir(parents=True, exist_ok=True)
        if self._record.exists():
            self._finished = self._read(asked)
        elif any(root.iterdir()):
            raise FolderError(f"{root} holds other files: give the export a folder of its own")
        else:
            self._finished = {}
            self._append({"asked": asked})

    def path(self, partition: Partition, suffix: str) -> str:
        """Return the path of a partition's file, from the folder."""
        name = quote(partition.source, safe="", errors="replace") if partition.source else _WITHOUT_SOURCE
        # A leading dot or underscore says to many readers that it is none of the data.
        is_odd = name.startswith((".", "_")) or _RESERVED.fullmatch(name)
        visible = f"%{ord(name[0]):02X}{name[1:]}" if is_odd else name
        # Windows drops a dot at the end.
        visible = f"{visible[:-1]}%2E" if visible.endswith(".") else visible
        if len(visible) > _LONGEST_NAME:
            visible = f"{visible[:_SHORTENED]}+{digest(name.encode())}"
        return f"{visible}/{partition.day}{suffix}"

    def finished(self, path: str, listing: str) -> FinishedPartition | None:
        """Return a finished partition; None if it is not finished, or the archive's list of it has changed."""
        known = self._finished.get(path)
        if known is None or known.listing != listing:
            return None
        file = self._root / path
        is_there = file.stat().st_size == known.size if file.exists() else not known.articles
        return known if is_there else None

    def write(self, path: str, write: Write, taken: Iterable[ArticleWithPage]) -> int:
        """Write a partition's file, whole or not at all; return its size in bytes."""
        file = self._root / path
        unfinished = file.with_name(f"{_UNFINISHED}{file.name}")
        file.parent.mkdir(exist_ok=True)
        try:
            write(unfinished, taken)
            size = unfinished.stat().st_size
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
        return size

    def finish(self, partition: FinishedPartition) -> None:
        """Note that a partition is finished; its file goes if it holds no article."""
        if not partition.articles:
            self._delete(partition.path)
        self._finished[partition.path] = partition
        self._append({"finished": asdict(partition)})

    def partitions(self) -> Iterator[FinishedPartition]:
        """Yield the partitions that are finished."""
        yield from self._finished.values()

    def remove(self, path: str) -> None:
        """Delete the file of a partition that the archive has no more, and forget the partition."""
        self._delete(path)
        del self._finished[path]
        self._append({"removed": path})

    def _delete(self, path: str) -> None:
        file = self._root / path
        file.unlink(missing_ok=True)
        if file.parent.exists() and not any(file.parent.iterdir()):
            file.parent.rmdir()

    def _read(self, asked: Mapping[str, Any]) -> dict[str, FinishedPartition]:
        data = self._record.read_bytes()
        lines = list(_lines(data))
        before = lines[0].get("asked") if lines else None
        if before != asked:
            raise FolderError(
                f"{self._root} holds an export of {_said(before or {})}, and this one is of {_said(asked)}: "
                "give it another folder"
            )
        if not data.endswith(b"\n"):
            # The machine went down there: what comes next is on a line of its own.
            self._append({})
        finished: dict[str, FinishedPartition] = {}
        for line in lines:
            if "finished" in line:
                finished[line["finished"]["path"]] = FinishedPartition(**line["finished"])
            elif "removed" in line:
                finished.pop(line["removed"], None)
        return finished

    def _append(self, line: Mapping[str, Any]) -> None:
        with self._record.open("ab") as file:
            file.write(json.dumps(line).encode() + b"\n")


def day_of(partition: FinishedPartition) -> date:
    """Return the day of a finished partition."""
    return date.fromisoformat(partition.day)


def _lines(data: bytes) -> Iterator[dict[str, Any]]:
    for line in data.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            # Cut off: that partition is not finished.
            continue


def _said(asked: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in asked.items() if value) or "something else"
