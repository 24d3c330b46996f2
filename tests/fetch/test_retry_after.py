from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.fetch.retry_after import MAX_SECONDS, retry_after

NOW = datetime(1994, 11, 6, 8, 49, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0), ("120", 120), (" 7 ", 7), ("86400", 86_400), ("86401", 86_400), ("9" * 400, 86_400),
        # The three forms of RFC 9110, 5.6.7.
        ("Sun, 06 Nov 1994 08:49:37 GMT", 37), ("Sunday, 06-Nov-94 08:49:37 GMT", 37), ("Sun Nov  6 08:49:37 1994", 37),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400), ("Sat, 05 Nov 1994 08:49:37 GMT", 0),
        ("-1", None), ("1.5", None), ("soon", None), ("", None), (None, None), ("١٢", None), ("²", None), ("+5", None),
        ("Sun, 99 Nov 1994 08:49:37 GMT", None), ("1e3", None),
    ],
)  # fmt: skip
def test_each_form_is_read_and_no_other(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text() | st.datetimes().map(str) | st.integers().map(str))
def test_whatever_it_says_the_wait_is_none_or_at_most_a_day(value: str) -> None:
    seconds = retry_after(value, NOW)
    assert seconds is None or 0 <= seconds <= MAX_SECONDS
