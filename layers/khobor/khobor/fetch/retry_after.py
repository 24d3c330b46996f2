"""How long a server asks to wait (RFC 9110, 10.2.3: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Longer pauses are shortened to this.
MAX_SECONDS = 86_400.0


def retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds to wait, a day at most; None if there is no valid header.

    Args:
        value: The Retry-After header: a number of seconds, or a date in any form of HTTP.
        now: When the response arrived, aware.

    >>> retry_after("120", datetime(2024, 1, 1, tzinfo=UTC))
    120.0
    >>> retry_after("Mon, 01 Jan 2024 00:01:00 GMT", datetime(2024, 1, 1, tzinfo=UTC))
    60.0
    """
    text = (value or "").strip()
    if text.isascii() and text.isdecimal():
        # int() would refuse a very long number.
        return min(float(text), MAX_SECONDS)
    try:
        instant = parsedate_to_datetime(text)
        seconds = (instant.replace(tzinfo=instant.tzinfo or UTC) - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), MAX_SECONDS)
