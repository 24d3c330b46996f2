"""What can go wrong with one record, and whether trying again can help.

Every error carries a ``reason``: a short, stable slug that metrics, logs and dead letters share.
"""


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


class PermanentError(KhoborError):
    """The same record will fail in the same way however often it is tried."""


class RetryableError(KhoborError):
    """The cause lies outside of the record and may pass: try again later."""


class ConfigurationError(Exception):
    """A setting is missing or has a value that cannot be used; the message names it."""
