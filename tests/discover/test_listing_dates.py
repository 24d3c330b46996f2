from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.discover.listing_dates import read_listing_date

NINE = "2026-03-10T09:01:00"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Tue, 10 Mar 2026 09:01:00 GMT", f"{NINE}+00:00"),
        ("Tue, 10 Mar 2026 09:01:00 +0600", f"{NINE}+06:00"),
        ("Tue, 10 Mar 2026 09:01:00 EST", f"{NINE}-05:00"),
        ("Tue, 10 Mar 2026 09:01:00 -0000", f"{NINE}+00:00"),
        ("Tue, 10 Mar 2026 09:01:00 GMT+6", f"{NINE}+06:00"),
        ("Tue, 10 Mar 2026 09:01:00 UTC+05:30", f"{NINE}+05:30"),
        ("Mon, 10 Mar 2026 09:01:00 GMT", f"{NINE}+00:00"),
        ("Tue, 10 Mar 26 09:01:00 Z", f"{NINE}+00:00"),
        ("Tue, 10 March 2026 9:1:00 +0000", f"{NINE}+00:00"),
        ("10 Mar 2026 09:01 +0000", f"{NINE}+00:00"),
        ("Tue Mar 10 09:01:00 2026", f"{NINE}+00:00"),
        ("March 10, 2026", "2026-03-10T00:00:00+00:00"),
        (f"{NINE}Z", f"{NINE}+00:00"),
        (f"  {NINE}+06:00\n", f"{NINE}+06:00"),
        (f"{NINE}+0600", f"{NINE}+06:00"),
        (f"{NINE}-06", f"{NINE}-06:00"),
        (f"{NINE}.123456789Z", f"{NINE}.123456+00:00"),
        ("2026-03-10T09:01+06:00", f"{NINE}+06:00"),
        ("2026-03-10T9:01:00Z", f"{NINE}+00:00"),
        ("2026-03-10 09:01:00 +0600", f"{NINE}+06:00"),
        ("2026-03-10 09:01:00 UTC", f"{NINE}+00:00"),
        (NINE, f"{NINE}+00:00"),
        ("2026-03-10", "2026-03-10T00:00:00+00:00"),
        ("2026-03", "2026-03-01T00:00:00+00:00"),
        ("2026", "2026-01-01T00:00:00+00:00"),
        ("1773133260", f"{NINE}+00:00"),
        ("1773133260000", f"{NINE}+00:00"),
    ],
)
def test_dates_are_read(text: str, instant: str) -> None:
    found = read_listing_date(text)
    assert found is not None
    assert found.isoformat() == instant


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "today",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z",
        # As Go writes a time that was never set.
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "Monday, January 1, 0001",
        "9999-12-31T23:59:59-12:00",
        "2026-02-30T00:00:00Z",
        "2026-13-01",
        "03/10/2026 09:01",
        "2569",
        "2026-00",
        "Tue, 10 Mar 2026 99:01:00 GMT",
        "x" * 100_000,
    ],
)
def test_what_is_no_date_or_cannot_be_is_none(text: str | None) -> None:
    assert read_listing_date(text) is None


@pytest.mark.parametrize("text", [NINE, "Tue, 10 Mar 2026 09:01:00", "Tue, 10 Mar 2026 09:01:00 BDT"])
def test_a_time_without_a_known_zone_is_in_the_zone_given(text: str) -> None:
    assert read_listing_date(text, ZoneInfo("Asia/Dhaka")) == datetime(2026, 3, 10, 3, 1, tzinfo=UTC)


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["Tue,", "10", "Mar", "2026", "09:01:00", "GMT", "+06", "+0600", ":", "-", "99", "Z", "T", "১", "²"]
        )
    ).map(" ".join)
    | st.from_regex(r"[0-9TZ:+. -]{0,40}", fullmatch=True)
)
def test_any_text_is_a_date_with_a_zone_or_none(text: str) -> None:
    found = read_listing_date(text)
    assert found is None or found.tzinfo is not None
