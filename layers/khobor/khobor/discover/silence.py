"""Detects listings that have gone silent: nothing new for much longer than their longest gap so far."""

from datetime import datetime, timedelta

# Longest silences are forgotten slowly: one long holiday says little about the rest of the year.
_KEPT = 0.98
_USUAL = timedelta(days=1)
_SILENT = 3


def longest_gap(longest: float | None, last: datetime | None, now: datetime) -> float | None:
    """Return the longest time without news after news came, in seconds; None after the first news.

    Args:
        longest: The same before.
        last: When news came before.
        now: When it came now.
    """
    if last is None:
        return None
    return max((now - last).total_seconds(), (longest or 0) * _KEPT)


def is_silent(longest: float | None, last: datetime, now: datetime) -> bool:
    """Whether a listing has had nothing new for three times its longest gap, and for at least three days.

    Args:
        longest: Its longest gap, in seconds; None where there was none yet.
        last: When it last had something new; if it never had, when it became known.
        now: The time.
    """
    return now - last > _SILENT * max(_USUAL, timedelta(seconds=longest or 0))
