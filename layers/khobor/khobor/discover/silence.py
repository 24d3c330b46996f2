"""Detects listings that have gone silent: no new article for much longer than their longest gap so far."""

from datetime import datetime, timedelta

# The longest gap decays with each new article: one long holiday says little about the rest of the year.
_DECAY = 0.98
_SHORTEST_GAP = timedelta(days=1)
_SILENT_GAPS = 3


def longest_gap(longest: float | None, last: datetime | None, now: datetime) -> float | None:
    """Return the longest gap between new articles once another one has appeared, in seconds; None after the first.

    Args:
        longest: The longest gap before, in seconds; None if there was none yet.
        last: When the last new article appeared, aware; None if there was none yet.
        now: When the newest one appeared, aware.
    """
    if last is None:
        return None
    return max((now - last).total_seconds(), (longest or 0) * _DECAY)


def is_silent(longest: float | None, last: datetime, now: datetime) -> bool:
    """Return whether a listing has had no new article for three times its longest gap, and for at least three days.

    Args:
        longest: The longest gap, in seconds; None if there was none yet.
        last: When the last new article appeared, aware; if there was none yet, when the listing became known.
        now: The current time, aware.
    """
    return now - last > _SILENT_GAPS * max(_SHORTEST_GAP, timedelta(seconds=longest or 0))
