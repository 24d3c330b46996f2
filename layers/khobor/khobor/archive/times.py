"""Times as texts that sort as the times do, with the UTC offset of a source's clocks where a day depends on it."""

from datetime import UTC, datetime, timedelta, timezone

# The length of a UTC time to the second: 2026-03-01T21:30:00+00:00.
_UTC_LENGTH = 25


def instant(stamp: datetime) -> str:
    """Return an aware time in UTC to the microsecond; such texts sort as the times do."""
    return stamp.astimezone(UTC).isoformat(timespec="microseconds")


def listed_at_text(listed_at: datetime) -> str:
    """Return the time of an article in UTC, followed by the offset of its source's clocks; such texts sort by time.

    >>> listed_at_text(datetime.fromisoformat("2026-03-02T03:30:00+06:00"))
    '2026-03-01T21:30:00+00:00+06:00'
    """
    offset = offset_text(listed_at)
    return f"{listed_at.astimezone(UTC).isoformat(timespec='seconds')}{offset}"


def offset_text(listed_at: datetime) -> str:
    """Return the offset of an aware time, in whole minutes; empty for UTC."""
    minutes = (listed_at.utcoffset() or timedelta()) // timedelta(minutes=1)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else ""


def read_listed_at(text: str) -> datetime:
    """Return the time that ``listed_at_text`` wrote, with its offset; older items without one are UTC."""
    return at_offset(datetime.fromisoformat(text[:_UTC_LENGTH]), text[_UTC_LENGTH:])


def at_offset(stamp: datetime, offset: str) -> datetime:
    """Return the same instant with another UTC offset.

    Args:
        stamp: An aware time.
        offset: As ``offset_text`` writes it; empty leaves the time as it is.
    """
    if not offset:
        return stamp
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    return stamp.astimezone(timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes)))
