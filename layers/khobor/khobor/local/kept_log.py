"""The log of a local archive: a file of JSON lines for each UTC day, kept for some weeks.

Every process appends each line with one call of the system, so several may write at once. Half a line, which a killed
process or a full disk may leave, is skipped when the log is read. The next line begins on a line of its own.
"""

import json
import mmap
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from khobor.local.log_erasure import LogErasure
from khobor.log_trace import LogLine, read_facts, trace_lines

LOG = "log"
# The default of the parameter LogDays.
LOG_DAYS = 30
_SUFFIX = ".jsonl"


class KeptLog:
    """The log of an archive.

    Args:
        folder: The folder of the archive.
        notify: Receives a sentence if lines cannot be kept; the work goes on without them.
    """

    def __init__(self, folder: Path, notify: Callable[[str], object] = lambda _: None) -> None:
        self._folder = folder / LOG
        self._notify = notify
        self._day: date | None = None
        self._descriptor: int | None = None
        self._is_notified = False

    def append(self, line: str, at: datetime) -> None:
        """Append a line.

        Args:
            line: JSON without secrets, on one line.
            at: When it was written, aware.
        """
        try:
            descriptor = self._opened(at.astimezone(UTC).date())
            begin = "" if _is_at_line_start(descriptor) else "\n"
            os.write(descriptor, f"{begin}{line}\n".encode(errors="backslashreplace"))
        except OSError as error:
            if not self._is_notified:
                self._is_notified = True
                self._notify(f"{self._folder}: the log cannot be kept: {error.strerror}; khobor trace will lack lines")

    def close(self) -> None:
        """Close the file of today."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = self._day = None

    def erase(self, erasure: LogErasure) -> None:
        """Erase a forgotten article from all days.

        Args:
            erasure: What to erase.

        Raises:
            OSError: A file cannot be written.
        """
        for _, path in self._days():
            erasure.erase(path)

    def trace(self, term: str, since: datetime, until: datetime) -> list[LogLine]:
        """Return every line about an article, in order of time.

        The cost is that of searching the bytes of these days, up to 8 times if an article has several ids: about
        0.2 s for a million lines. Only lines that contain the term are decoded.

        Args:
            term: The id of the article, the id of one of its URLs, or the key of one of its pages.
            since: Lines from this time on, aware.
            until: Lines before this time, aware.
        """
        first, last = since.astimezone(UTC).date(), until.astimezone(UTC).date()
        paths = [path for day, path in self._days() if first <= day <= last]

        def matches(each: str) -> Iterator[tuple[str, LogLine]]:
            # With its quotes: the whole value of a field.
            sought = json.dumps(each, ensure_ascii=False).encode(errors="backslashreplace")
            for path in paths:
                for text in _lines_with(path, sought):
                    line = _read(text)
                    if line and since <= line.at < until:
                        yield text.decode(errors="replace"), line

        return trace_lines(term, matches)

    def _opened(self, day: date) -> int:
        """Return the descriptor of a day's file; opening one deletes those that are too old."""
        if self._descriptor is None or self._day != day:
            self.close()
            self._folder.mkdir(exist_ok=True)
            path = self._folder / f"{day.isoformat()}{_SUFFIX}"
            self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
            self._day = day
            self._delete_before(day - timedelta(days=LOG_DAYS))
        return self._descriptor

    def _delete_before(self, first: date) -> None:
        for day, path in self._days():
            if day < first:
                # Another process may have deleted it.
                path.unlink(missing_ok=True)

    def _days(self) -> list[tuple[date, Path]]:
        """Return the days of which there are lines, with their files, in order; other files are left alone."""
        found: list[tuple[date, Path]] = []
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
            try:
                found.append((date.fromisoformat(path.stem), path))
            except ValueError:
                continue
        return found


def _is_at_line_start(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


def _lines_with(path: Path, sought: bytes) -> Iterator[bytes]:
    """Yield the lines of a file that contain some bytes."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        # Another process has just deleted it, because it is too old.
        return
    with file:
        if not os.fstat(file.fileno()).st_size:
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            end = -1
            while (at := content.find(sought, end + 1)) >= 0:
                begin = content.rfind(b"\n", end + 1, at) + 1 or end + 1
                end = content.find(b"\n", at)
                end = end if end >= 0 else len(content)
                yield content[begin:end]


def _read(text: bytes) -> LogLine | None:
    facts = read_facts(text)
    try:
        at = datetime.fromisoformat(facts["timestamp"]) if facts else None
    except (KeyError, TypeError, ValueError):
        return None
    # A line that somebody else wrote may lack the offset.
    return LogLine(at=at, stage=str(facts["service"]), facts=facts) if facts and at and at.tzinfo else None
