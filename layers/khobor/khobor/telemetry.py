"""The interface through which stages log and count their work.

On Lambda, ``runtime.observability`` implements it for CloudWatch.
"""

from typing import Any, Protocol

from khobor.errors import KhoborError


class Log(Protocol):
    """A log; each line has a message and facts."""

    def info(self, msg: object, **facts: Any) -> None:
        """Log an ordinary event.

        Args:
            msg: The message.
            facts: Further fields of the line.
        """

    def warning(self, msg: object, **facts: Any) -> None:
        """Log something that an operator may want to look at; see ``info`` for the arguments."""

    def error(self, msg: object, **facts: Any) -> None:
        """Log something that an operator has to correct; see ``info`` for the arguments."""

    def exception(self, msg: object, **facts: Any) -> None:
        """Log a crash with the traceback of the current exception; see ``info`` for the arguments."""


class Step(Protocol):
    """A step of work, whose time is measured."""

    def end(self) -> int:
        """Record how long the step took, and return that in milliseconds."""


class Telemetry(Protocol):
    """A log, counts and times."""

    @property
    def logger(self) -> Log:
        """The log."""

    def about(self, **facts: str | None) -> None:
        """Add facts to all log lines about the current record; facts that are None are left out."""

    def count(self, name: str, value: int = 1) -> None:
        """Add to a count.

        Args:
            name: The name of the count.
            value: How much to add.
        """

    def count_of(self, source: str, name: str, value: int) -> None:
        """Add to a count of one source.

        Args:
            source: The name of the source.
            name: The name of the count.
            value: How much to add.
        """

    def failed(self, error: KhoborError, **facts: Any) -> None:
        """Log why a record failed, and count the failure by its reason.

        Args:
            error: Why it failed.
            facts: Further fields of the log line.
        """

    def step(self) -> Step:
        """Begin a step of work, whose time is measured."""
