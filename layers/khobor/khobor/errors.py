"""What can go wrong with one record, and whether trying again can help.

Every error carries a ``reason``: a short, stable slug that metrics, logs and dead letters share.
"""

from typing import Self


class KhoborError(Exception):
    """A record that could not be handled.

    Args:
        reason: Stable slug of the cause, e.g. ``not_html``; safe as a metric dimension.
        detail: What was wrong, with what, and what to do about it.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[Self], tuple[str, str], dict[str, object]]:
        """Return how it is made again in another process; by default an exception is made of its text alone."""
        return type(self), (self.reason, self.detail), vars(self)


class PermanentError(KhoborError):
    """The same record will fail in the same way however often it is tried."""


class NotFoundError(PermanentError):
    """What is asked for is not there: ``unknown_article``, ``unknown_revision``."""


class GoneError(PermanentError):
    """The page is not there, as its site says: ``http_404`` or ``http_410``. What is kept of it stays.

    Args:
        reason: As in KhoborError.
        detail: As in KhoborError.
        url: The URL that answered so, after redirects; None takes the one that was asked for.
    """

    def __init__(self, reason: str, detail: str, *, url: str | None = None) -> None:
        super().__init__(reason, detail)
        self.url = url


class RetryableError(KhoborError):
    """The cause lies outside of the record and may pass: try again later.

    Args:
        reason: As in KhoborError.
        detail: As in KhoborError.
        retry_after: Seconds that the other side asks to wait; None where it does not say.
    """

    def __init__(self, reason: str, detail: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason, detail)
        self.retry_after = retry_after


class CommandError(Exception):
    """What a command cannot do, for a reason that its user can change; the message says which, and what to do."""


class ConfigurationError(Exception):
    """A setting is missing or has a value that cannot be used; the message names it."""
