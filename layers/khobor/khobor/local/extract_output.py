"""Where ``khobor extract`` puts rows: a file or a folder of files, complete or not there, and resumable.

Beside the output, a folder ``NAME.unfinished`` holds what is done so far:

========== =====================================================================================
file       holds
========== =====================================================================================
journal    a line of JSON for each input, in their order: its row's end, or why it has none
rows       the rows that are not packed yet
N.packed   rows that are packed, in the order of their numbers
========== =====================================================================================

Rows are written before their line of the journal. So after the process was killed, the journal says how much of the
rows holds, and the next run drops the rest. The inputs of that run must begin with those of the journal.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from khobor.errors import CommandError
from khobor.export.rows import RowFormat
from khobor.pages.input_page import InputPage, RefusedInput

_FLUSH_SECONDS = 1.0
_ARTICLE, _REJECT, _PACKED, _FILE = "article", "reject", "packed", "file"


@dataclass(frozen=True, slots=True)
class Reject:
    """An input without a row, and why."""

    name: str
    reason: str
    detail: str

    def line(self) -> bytes:
        """Return it as a line of JSON."""
        name = os.fsencode(self.name).decode(errors="backslashreplace")
        return json.dumps({"name": name, "reason": self.reason, "detail": self.detail}).encode() + b"\n"


@dataclass(slots=True)
class _State:
    """How far the output is.

    Attributes:
        end: The end of the rows that are not packed.
        rows: How many they are.
        packed: How many packed files wait to be joined.
        rows_of_file: How many rows are in these, and not packed yet.
        files: How many files of a folder are complete.
        inputs: How many inputs are done.
    """

    end: int = 0
    rows: int = 0
    packed: int = 0
    rows_of_file: int = 0
    files: int = 0
    inputs: int = 0

    def follow(self, entry: list[Any]) -> None:
        """Take a line of the journal into account."""
        self.inputs += entry[0] in {_ARTICLE, _REJECT}
        match entry:
            case [str(kind), _, _, int(end)] if kind == _ARTICLE:
                self.end, self.rows, self.rows_of_file = end, self.rows + 1, self.rows_of_file + 1
            case [str(kind), int(number)] if kind == _PACKED:
                self.end, self.rows, self.packed = 0, 0, number + 1
            case [str(kind), int(number)] if kind == _FILE:
                self.end, self.rows, self.packed, self.rows_of_file, self.files = 0, 0, 0, 0, number + 1


class ExtractOutput:
    """The output of one run; a context manager, which keeps what is done.

    Args:
        target: The file, or the folder for files.
        form: The form of the rows.
        command: What was asked for: what is there of another command is not gone on with.
        rows_of_file: How many rows each file of a folder has; None for one file.
        begin_anew: Whether to drop what is there.

    Raises:
        CommandError: Something else is there, or another process is writing.
        OSError: The output cannot be written.
    """

    def __init__(
        self, target: Path, form: RowFormat, command: str, *, rows_of_file: int | None = None, begin_anew: bool = False
    ) -> None:
        self._target = target
        self._form = form
        self._rows_of_file = rows_of_file
        is_folder = rows_of_file is not None
        self._folder = target / ".unfinished" if is_folder else target.with_name(f"{target.name}.unfinished")
        self._folder.mkdir(parents=is_folder, exist_ok=True)
        self._journal = self._locked()
        try:
            self._state = self._begin(command, begin_anew=begin_anew)
        except BaseException:
            self._journal.close()
            raise
        self._rows = (self._folder / "rows").open("ab")
        self._flushed = time.monotonic()
        self._begin_rows()

    def __enter__(self) -> "ExtractOutput":
        """Return the output."""
        return self

    def __exit__(self, *_: object) -> None:
        """Keep what is done so far."""
        if not self._journal.closed:
            self._flush()
            self._rows.close()
            if not self._state.inputs:
                shutil.rmtree(self._folder)
            self._journal.close()

    def done(self, inputs: Iterator[InputPage | RefusedInput]) -> Iterator[Reject | None]:
        """Pass over the inputs that are done; yield for each why it has no row, None if it has one.

        Args:
            inputs: All inputs. What is left of them is to be done.

        Raises:
            CommandError: They are not those of the journal.
        """
        for entry in self._entries():
            if entry[0] not in {_ARTICLE, _REJECT}:
                continue
            given = next(inputs, None)
            if given is None or [given.name, stamp(given)] != entry[1:3]:
                now = f"{given.name} comes now, or has changed" if given else "there is no input left"
                raise CommandError(
                    f"the inputs are not those of {self._folder}: {entry[1]} was next, and {now}; --again begins anew"
                )
            yield Reject(entry[1], entry[3], entry[4]) if entry[0] == _REJECT else None

    def add(self, given: InputPage | RefusedInput, row: bytes) -> None:
        """Add the row of an input.

        Args:
            given: The input.
            row: Its row, as the format writes it.
        """
        self._rows.write(row)
        self._write(_ARTICLE, given.name, stamp(given), self._state.end + len(row))
        if self._form.packed_rows and self._state.rows >= self._form.packed_rows:
            self._pack()
        if self._rows_of_file and self._state.rows_of_file >= self._rows_of_file:
            self._complete_file()
        elif time.monotonic() > self._flushed + _FLUSH_SECONDS:
            self._flush()

    def reject(self, given: InputPage | RefusedInput, reason: str, detail: str) -> None:
        """Add an input that has no row.

        Args:
            given: The input.
            reason: The slug of the reason.
            detail: What was wrong, with what, and what to do.
        """
        self._write(_REJECT, given.name, stamp(given), reason, detail)

    def finish(self, rejects: Path | None) -> None:
        """Make the output complete.

        Args:
            rejects: The file for the inputs without a row.
        """
        if self._rows_of_file:
            if self._state.rows_of_file or not self._state.files:
                self._complete_file()
        else:
            self._join(self._folder / "result")
        if rejects:
            self._flush()
            self._write_rejects(rejects)
        if not self._rows_of_file:
            (self._folder / "result").replace(self._target)
        self._rows.close()
        shutil.rmtree(self._folder)
        self._journal.close()

    def _locked(self) -> BinaryIO:
        journal = (self._folder / "journal").open("ab+")
        try:
            fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            journal.close()
            raise CommandError(f"another process is writing {self._target}; wait until it ends") from error
        return journal

    def _begin(self, command: str, *, begin_anew: bool) -> _State:
        """Return how far the output is, and drop what the journal does not have."""
        if begin_anew:
            self._journal.truncate(0)
        entries = self._entries()
        first = next(entries, None)
        if first is None:
            self._journal.truncate(0)
            self._journal.write(json.dumps(["khobor", command]).encode() + b"\n")
            self._journal.flush()
            entries = self._entries()
            first = next(entries)
        if first != ["khobor", command]:
            raise CommandError(f"{self._folder} is of another command, or of another khobor; --again begins anew")
        state = _State()
        for entry in entries:
            state.follow(entry)
        self._journal.truncate(self._valid_bytes)
        self._journal.seek(0, os.SEEK_END)
        rows = self._folder / "rows"
        rows.touch()
        if rows.stat().st_size < state.end:
            raise CommandError(f"{rows} is shorter than it was; --again begins anew")
        os.truncate(rows, state.end)
        return state

    def _entries(self) -> Iterator[list[Any]]:
        """Yield the complete lines of the journal."""
        self._valid_bytes = 0
        with (self._folder / "journal").open("rb") as file:
            for line in file:
                try:
                    entry = json.loads(line) if line.endswith(b"\n") else None
                except ValueError:
                    entry = None
                if not isinstance(entry, list):
                    return
                self._valid_bytes += len(line)
                yield entry

    def _begin_rows(self) -> None:
        """Write what comes before the first row of a file."""
        if not self._state.end and not self._state.packed and self._form.header:
            self._rows.write(self._form.header)
            self._state.end = len(self._form.header)

    def _write(self, *entry: object) -> None:
        self._journal.write(json.dumps(entry).encode() + b"\n")
        self._state.follow(list(entry))

    def _flush(self) -> None:
        self._rows.flush()
        self._journal.flush()
        self._flushed = time.monotonic()

    def _pack(self) -> None:
        """Pack the rows that are not packed."""
        self._flush()
        number = self._state.packed
        part = self._packed(number)
        self._form.pack(self._folder / "rows", part.with_suffix(".part"))
        part.with_suffix(".part").replace(part)
        self._write(_PACKED, number)
        self._flush()
        self._rows.truncate(0)
        self._begin_rows()

    def _packed(self, number: int) -> Path:
        return self._folder / f"{number}.packed"

    def _join(self, target: Path) -> None:
        """Write all rows that are in no file yet to a file."""
        self._flush()
        if self._form.packed_rows is None:
            # The rows stay until the journal says that their file is complete.
            _link(self._folder / "rows", target)
            return
        if self._state.rows or not self._state.packed:
            self._pack()
        self._form.join([self._packed(number) for number in range(self._state.packed)], target)

    def _complete_file(self) -> None:
        number = self._state.files
        result = self._folder / "result"
        self._join(result)
        result.replace(self._target / f"part-{number:05}{self._form.suffix}")
        self._write(_FILE, number)
        self._journal.flush()
        self._rows.close()
        rows = self._folder / "rows"
        rows.unlink()
        self._rows = rows.open("ab")
        self._begin_rows()

    def _write_rejects(self, path: Path) -> None:
        part = self._folder / "rejects"
        with part.open("wb") as file:
            for entry in self._entries():
                if entry[0] == _REJECT:
                    file.write(Reject(entry[1], entry[3], entry[4]).line())
        shutil.move(part, path)


def _link(file: Path, target: Path) -> None:
    """Give a file a second name; copy it where that cannot be done."""
    target.unlink(missing_ok=True)
    try:
        target.hardlink_to(file)
    except OSError:
        shutil.copyfile(file, target)


def stamp(given: InputPage | RefusedInput) -> str:
    """Return what changes when the file of an input is changed; empty for an input within a file."""
    if isinstance(given, RefusedInput) or not isinstance(given.file, Path):
        return ""
    try:
        status = given.file.stat()
    except OSError:
        return ""
    return f"{status.st_size}-{status.st_mtime_ns}"
