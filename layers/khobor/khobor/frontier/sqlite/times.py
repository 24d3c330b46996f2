"""Times as the numbers in the tables; they are rounded as those of the crawl table in DynamoDB are."""

from datetime import UTC, datetime


def seconds(instant: datetime) -> int:
    """Return a time in whole seconds since 1970."""
    return int(instant.timestamp())


def from_seconds(number: int) -> datetime:
    """Return the time of ``seconds``, UTC."""
    return datetime.fromtimestamp(number, UTC)


def milliseconds(instant: datetime) -> int:
    """Return a time in whole milliseconds since 1970."""
    return int(instant.timestamp() * 1000)


def from_milliseconds(number: int) -> datetime:
    """Return the time of ``milliseconds``, UTC."""
    return datetime.fromtimestamp(number / 1000, UTC)
