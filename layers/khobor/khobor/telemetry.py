"""What stages say of their work, whoever writes it down: lines of a log, and counts.

Rooms take it as a ``Telemetry``. On Lambda it is ``runtime.observability``, which writes for CloudWatch.
"""

from typing import Any, Protocol

from khobor.errors import KhoborError


class Log(Protocol):
    """A log; each line has a message and facts."""

    def info(self, msg: object, **facts: Any) -> None:
        """Write what happened as it should."""

    def warning(self, msg: object, **facts: Any) -> None:
        """Write what an operator may want to look at."""

    def error(self, msg: object, **facts: Any) -> None:
        """Write what an operator has to change."""

    def exception(self, msg: object, **facts: Any) -> None:
        """Write that something crashed, with the traceback of the exception that is handled now."""


class Step(Protocol):
    """A piece of work that is timed."""

    def end(self) -> int:
        """Record how long it took, and return that in milliseconds."""


class Telemetry(Protocol):
    """A log and counts."""

    @property
    def logger(self) -> Log:
        """The log."""

    def about(self, **facts: str | None) -> None:
        """Add facts to all lines about the record that is handled now; a fact that is None is left out."""

    def count(self, name: str, value: int = 1) -> None:
        """Add to a count."""

    def count_of(self, source: str, name: str, value: int) -> None:
        """Add to a count of one source."""

    def failed(self, error: KhoborError, **facts: Any) -> None:
        """Log why a record failed, and count it by its reason."""

    def step(self) -> Step:
        """Begin a piece of work that is timed."""
