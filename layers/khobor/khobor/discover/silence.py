"""The habit of a listing: how long it usually goes without a new article, and when it is silent for longer."""

from datetime import datetime, timedelta

# Longest silences are forgotten slowly: one night, one weekend or one feast is not the habit of the rest of the year.
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
    """Whether a listing told of nothing new for three times its longest gap, and for three days at least.

    Args:
        longest: Its longest gap, in seconds; None where there was none yet.
        last: When it last told of news; of one that never did, since when it is known.
        now: The time.
    """
    return now - last > _SILENT * max(_USUAL, timedelta(seconds=longest or 0))
