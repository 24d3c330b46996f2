"""The folder of an export: a file for each source and day, and a record of the finished ones.

    kalbela/2026-03-01.parquet
    kalbela/2026-03-02.parquet
    the-daily-star/2026-03-01.parquet

The record and unfinished files begin with a dot, so DuckDB, pandas, Spark and Hugging Face datasets ignore them. A file
gets its name when it is complete.
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
# No source has this name: a plus sign in a name is written %2B.
_WITHOUT_SOURCE = "+none"
# File systems allow 255 bytes. Longer names are cut, with a plus sign and a digest of the whole name appended.
_LONGEST_NAME = 255
# Device names on Windows, with or without an extension.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_SHORTENED = 200


class FolderError(CommandError):
    """The folder cannot be used for this export; the message says why, and what to do."""


@dataclass(frozen=True, kw_only=True)
class FinishedPartition:
    """A finished partition.

    Attributes:
        path: Its file, relative to the folder; the file does not exist if it would be empty.
        source: Its source.
        day: Its day.
        listing: The digest of what the archive listed: see ``Partition``.
        articles: The number of articles in its file.
        size: The size of its file in bytes.
        left_out: The number of articles that were left out, by reservation.
        without_page: The number of articles that were left out because their page could not be read.
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
        root: The folder; it is created if it does not exist.
        options: The options of the export as JSON values; they must be those of earlier exports to the folder.

    Raises:
        FolderError: The folder holds an export with other options, or other files.
    """

    def __init__(self, root: Path, options: Mapping[str, Any]) -> None:
        self._root = root
        self._record = root / _RECORD
        root.mkdir(parents=True, exist_ok=True)
        if self._record.exists():
            self._finished = self._read(options)
        elif any(root.iterdir()):
            raise FolderError(f"{root} holds other files: choose an empty or a new folder")
        else:
            self._finished = {}
            self._append({"asked": options})

    def path(self, partition: Partition, suffix: str) -> str:
        """Return the path of a partition's file, relative to the folder.

        Args:
            partition: The partition.
            suffix: The suffix of file names.
        """
        name = quote(partition.source, safe="", errors="replace") if partition.source else _WITHOUT_SOURCE
        # Many programs ignore names with a leading dot or underscore.
        is_odd = name.startswith((".", "_")) or _RESERVED.fullmatch(name)
        visible = f"%{ord(name[0]):02X}{name[1:]}" if is_odd else name
        # Windows drops a trailing dot.
        visible = f"{visible[:-1]}%2E" if visible.endswith(".") else visible
        if len(visible) > _LONGEST_NAME:
            visible = f"{visible[:_SHORTENED]}+{digest(name.encode())}"
        return f"{visible}/{partition.day}{suffix}"

    def finished(self, path: str, listing: str) -> FinishedPartition | None:
        """Return a finished partition; None if it is not finished, or the archive's list of it has changed.

        Args:
            path: The path of its file, relative to the folder.
            listing: The digest of what the archive lists now.
        """
        known = self._finished.get(path)
        if known is None or known.listing != listing:
            return None
        file = self._root / path
        is_there = file.stat().st_size == known.size if file.exists() else not known.articles
        return known if is_there else None

    def write(self, path: str, write: Write, articles: Iterable[ArticleWithPage]) -> int:
        """Write a partition's file, completely or not at all, and return its size in bytes.

        Args:
            path: The path of the file, relative to the folder.
            write: Writes the format.
            articles: The articles of the partition.
        """
        file = self._root / path
        unfinished = file.with_name(f"{_UNFINISHED}{file.name}")
        file.parent.mkdir(exist_ok=True)
        try:
            write(unfinished, articles)
            size = unfinished.stat().st_size
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
        return size

    def finish(self, partition: FinishedPartition) -> None:
        """Record that a partition is finished, and delete its file if it has no article."""
        if not partition.articles:
            self._delete(partition.path)
        self._finished[partition.path] = partition
        self._append({"finished": asdict(partition)})

    def partitions(self) -> Iterator[FinishedPartition]:
        """Yield the finished partitions."""
        yield from self._finished.values()

    def remove(self, path: str) -> None:
        """Delete the file of a partition that the archive no longer has, and its record."""
        self._delete(path)
        del self._finished[path]
        self._append({"removed": path})

    def _delete(self, path: str) -> None:
        file = self._root / path
        file.unlink(missing_ok=True)
        if file.parent.exists() and not any(file.parent.iterdir()):
            file.parent.rmdir()

    def _read(self, options: Mapping[str, Any]) -> dict[str, FinishedPartition]:
        data = self._record.read_bytes()
        lines = list(_lines(data))
        before = lines[0].get("asked") if lines else None
        if before != options:
            raise FolderError(
                f"{self._root} holds an export with {_in_words(before or {})}; this one has {_in_words(options)}: "
                "choose another folder"
            )
        if not data.endswith(b"\n"):
            # The last write was interrupted: start a new line.
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
            # Interrupted: this partition is not finished.
            continue


def _in_words(options: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in options.items() if value) or "unknown options"
