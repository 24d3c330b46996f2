"""Errors in handling one record, and whether a retry can help.

Every error has a ``reason``: a short, stable slug that metrics, logs and dead-letter messages share.
"""

from typing import Self


class KhoborError(Exception):
    """A record that could not be handled.

    Args:
        reason: The stable slug of the cause, such as ``not_html``; safe as a dimension of a metric.
        detail: What was wrong, with what, and what to do.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[Self], tuple[str, str], dict[str, object]]:
        """Support pickling with both arguments; by default an exception is restored from its message alone."""
        return type(self), (self.reason, self.detail), vars(self)


class PermanentError(KhoborError):
    """The record will fail in the same way however often it is tried."""


class NotFoundError(PermanentError):
    """What was requested does not exist: ``unknown_article``, ``unknown_revision``."""


class GoneError(PermanentError):
    """The page does not exist, as its site answers: ``http_404`` or ``http_410``. Stored versions of it are kept.

    Args:
        reason: As in KhoborError.
        detail: As in KhoborError.
        url: The URL that answered, after redirects; None if it is the one that was requested.
    """

    def __init__(self, reason: str, detail: str, *, url: str | None = None) -> None:
        super().__init__(reason, detail)
        self.url = url


class RetryableError(KhoborError):
    """The cause lies outside of the record and may be temporary: a retry may help.

    Args:
        reason: As in KhoborError.
        detail: As in KhoborError.
        retry_after: The seconds to wait that the server asked for; None if it did not.
    """

    def __init__(self, reason: str, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason, detail)
        self.retry_after = retry_after


class CommandError(Exception):
    """A command cannot do something, for a reason that its user can change; the message says why, and what to do."""


class StorageError(CommandError):
    """A folder or a database that cannot be opened, read or written; no single record is at fault.

    Args:
        reason: The stable slug of the cause, such as ``disk_full``.
        detail: What is wrong, with which file, and what to do.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason

    def __reduce__(self) -> tuple[type[Self], tuple[str, str]]:
        """Return how to make it again in another process."""
        return type(self), (self.reason, str(self))


# What to do about a disk, by the reason of a StorageError.
DISK_ADVICE = {
    "disk_full": "What was kept is safe; free some space and run the command again",
    "disk_error": "see whether the disk is full or broken, and run the command again",
    "read_only": "give yourself the right to write there, or use another archive",
}


class ConfigurationError(Exception):
    """A setting is missing or invalid; the message names it."""
