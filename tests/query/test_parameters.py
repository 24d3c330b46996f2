"""A parameter's text is parsed, or refused with what is allowed."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from khobor.errors import PermanentError
from khobor.query.parameters import choice, count, day, moment, read_query, text

PARAMETERS = (
    text("source", "A source", longest=8),
    text("id", "An id", longest=4, pattern="[a-z]{4}"),
    choice("change", "A change", ("body", "gone")),
    count("limit", "A limit", most=100, default=50),
    day("day", "A day"),
    moment("since", "A time"),
)
DEFAULTS = {"source": None, "id": None, "change": None, "limit": 50, "day": None, "since": None}


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("source=%E0%A6%96%E0%A6%AC%E0%A6%B0", "source", "খবর"),
        ("source=a+b", "source", "a b"),
        ("id=abcd", "id", "abcd"),
        ("change=gone", "change", "gone"),
        ("limit=100", "limit", 100),
        ("day=2026-02-28", "day", date(2026, 2, 28)),
        ("since=2026-03-01", "since", date(2026, 3, 1)),
        ("since=2026-03-01T09:05:00Z", "since", datetime(2026, 3, 1, 9, 5, tzinfo=UTC)),
        ("since=2026-03-01T15:05:00%2B06:00", "since", datetime(2026, 3, 1, 9, 5, tzinfo=UTC)),
    ],
)
def test_a_text_is_read(query: str, name: str, value: Any) -> None:
    assert read_query(PARAMETERS, query) == DEFAULTS | {name: value}


@pytest.mark.parametrize(
    ("query", "reason", "said"),
    [
        ("source=", "bad_source", "a text of 1 to 8 characters, not ''"),
        ("source=123456789", "bad_source", "1 to 8"),
        ("id=abc1", "bad_id", r"like \[a-z\]\{4\}, not 'abc1'"),
        ("id=abcd%0A", "bad_id", "not"),
        ("change=Body", "bad_change", "one of body, gone, not 'Body'"),
        ("limit=0", "bad_limit", "from 1 to 100, not '0'"),
        ("limit=101", "bad_limit", "100"),
        ("limit=%D9%A1", "bad_limit", "100"),
        ("limit=-1", "bad_limit", "100"),
        (f"limit={'9' * 5000}", "bad_limit", "9…'"),
        ("day=2026-02-30", "bad_day", "such as 2026-03-01"),
        ("day=20260301", "bad_day", "such as 2026-03-01"),
        ("day=0001-01-01", "bad_day", "1900 to 2999"),
        ("day=9999-12-31", "bad_day", "1900 to 2999"),
        ("since=2026-03-01T09:05:00", "bad_since", "with its offset"),
        ("since=2026-03-01T15:05:00+06:00", "bad_since", "%2B"),
        ("since=0001-01-01T00:00:00%2B14:00", "bad_since", "1900"),
        ("since=2026-03-01T25:00:00Z", "bad_since", "offset"),
        ("since=2026-03-01T09:05:00%2B99:00", "bad_since", "offset"),
        ("colour=red", "unknown_parameter", "there is no parameter 'colour'; there are source, id"),
        ("source=a&source=b", "repeated_parameter", "source"),
        ("source=%FF", "bad_query", "UTF-8"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_can(query: str, reason: str, said: str) -> None:
    with pytest.raises(PermanentError, match=said) as error:
        read_query(PARAMETERS, query)
    assert error.value.reason == reason


def test_where_there_are_no_parameters_that_is_said() -> None:
    with pytest.raises(PermanentError, match="this path has none"):
        read_query((), "source=a")
