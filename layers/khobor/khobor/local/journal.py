"""What the stages log and count on this machine.

It goes to the summary of a command, to the log of the archive, and to the file of ``--log``.
"""

import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Lock, local
from typing import Any, TextIO, TypeAlias

from khobor.errors import KhoborError
from khobor.local.kept_log import KeptLog
from khobor.runtime.log_line import log_line

Line: TypeAlias = Mapping[str, Any]


class Journal:
    """Lines of all stages, which several threads may write.

    Args:
        file: File for the lines, as JSON without the secrets of URLs; None for none.
        on_line: Receives each line as it is.
        kept: The log of the archive, which gets the same lines as the file; None for none.
    """

    def __init__(
        self,
        file: TextIO | None = None,
        on_line: Callable[[Line], None] = lambda _: None,
        kept: KeptLog | None = None,
    ) -> None:
        self._file = file
        self._on_line = on_line
        self._kept = kept
        self._lock = Lock()
        self._counts: Counter[tuple[str, str, str]] = Counter()

    def telemetry(self, service: str) -> "LocalTelemetry":
        """Return the telemetry of a stage."""
        return LocalTelemetry(service, self)

    def write(self, line: Line) -> None:
        """Write a line."""
        with self._lock:
            self._on_line(line)
            text = log_line(line) if self._file or self._kept else ""
            if self._kept:
                self._kept.append(text, datetime.fromisoformat(line["timestamp"]))
            if self._file:
                self._file.write(text + "\n")

    def count(self, service: str, name: str, value: int, source: str = "") -> None:
        """Add to a count.

        Args:
            service: The stage that counts.
            name: The name of the count.
            value: How many.
            source: The source that they are of, if it is a count of one.
        """
        with self._lock:
            self._counts[service, name, source] += value

    def end(self) -> None:
        """Write what was counted, a line for each stage and source."""
        for service, source in dict.fromkeys((service, source) for service, _, source in self._counts):
            counts = {name: value for (*of, name), value in self._by_source() if tuple(of) == (service, source)}
            self.write(_line("INFO", service, "counts", {"source": source or None} | counts))

    def _by_source(self) -> "list[tuple[tuple[str, str, str], int]]":
        return [((service, source, name), value) for (service, name, source), value in self._counts.items()]


class LocalTelemetry:
    """A ``Telemetry`` of one stage.

    Args:
        service: The name of the stage.
        journal: Where its lines and counts go.

    Attributes:
        logger: The log.
    """

    def __init__(self, service: str, journal: Journal) -> None:
        self._service = service
        self._journal = journal
        self._record = local()
        self.logger = _StageLog(service, journal, self._facts)

    def about(self, **facts: str | None) -> None:
        """Add facts to all lines of this thread about the record that is handled now."""
        self._record.facts = self._facts() | {name: value for name, value in facts.items() if value is not None}

    def count(self, name: str, value: int = 1) -> None:
        """Add to a count; see ``Telemetry``."""
        self._journal.count(self._service, name, value)

    def count_of(self, source: str, name: str, value: int) -> None:
        """Add to a count of one source; see ``Telemetry``."""
        if value:
            self._journal.count(self._service, name, value, source)

    def failed(self, error: KhoborError, **facts: Any) -> None:
        """Log why a record failed, and count it by its reason."""
        self.logger.warning(error.detail, **facts, reason=error.reason)
        self.count(f"Failures.{error.reason}")

    def step(self) -> "_Step":
        """Begin a piece of work that is timed."""
        return _Step()

    def _facts(self) -> dict[str, str]:
        facts: dict[str, str] = getattr(self._record, "facts", {})
        return facts


class _StageLog:
    """A log of one stage."""

    def __init__(self, service: str, journal: Journal, about: Callable[[], dict[str, str]]) -> None:
        self._service = service
        self._journal = journal
        self._about = about

    def info(self, msg: object, **facts: Any) -> None:
        self._write("INFO", msg, facts)

    def warning(self, msg: object, **facts: Any) -> None:
        self._write("WARNING", msg, facts)

    def error(self, msg: object, **facts: Any) -> None:
        self._write("ERROR", msg, facts)

    def exception(self, msg: object, **facts: Any) -> None:
        self._write("ERROR", msg, facts | {"exception": traceback.format_exc()})

    def _write(self, level: str, msg: object, facts: dict[str, Any]) -> None:
        self._journal.write(_line(level, self._service, msg, self._about() | facts))


class _Step:
    """A piece of work; its time runs from here on."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    def end(self) -> int:
        """Return how long it took, in milliseconds."""
        return round((time.perf_counter() - self._began) * 1000)


def _line(level: str, service: str, msg: object, facts: Mapping[str, Any]) -> Line:
    known = {name: value for name, value in facts.items() if value is not None}
    return {"level": level, "timestamp": datetime.now(UTC).isoformat(), "service": service, "message": msg, **known}
