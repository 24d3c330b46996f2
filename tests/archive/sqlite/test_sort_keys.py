"""The numbers by which articles are listed sort as the texts of the archive on AWS do."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from khobor.archive.sqlite.sort_keys import instant_of, listed_at_of, listed_key, microseconds
from khobor.archive.times import listed_at_text

FIRST, YEARS = datetime(2, 1, 1, tzinfo=UTC), timedelta(days=9996 * 365)
TIMES = st.builds(
    lambda since, minutes: (FIRST + since).astimezone(timezone(timedelta(minutes=minutes))),
    st.timedeltas(timedelta(), YEARS),
    st.integers(-12 * 60, 14 * 60),
)
IDS = st.text("234567abcdefghijklmnopqrstuvwxyz", min_size=26, max_size=26)


@given(TIMES, TIMES, IDS, IDS)
def test_they_sort_by_second_offset_and_id(one: datetime, other: datetime, own_id: str, other_id: str) -> None:
    for second in (other, one.astimezone(other.tzinfo), one):
        mine, its = listed_key(one, own_id), listed_key(second, other_id)
        texts = (listed_at_text(one), own_id[:2]), (listed_at_text(second), other_id[:2])
        if texts[0] != texts[1]:
            # A text with an offset is longer than one without, and comes after it.
            assert (mine < its) == (texts[0] < texts[1])
        assert -(1 << 63) <= mine < 1 << 63


@given(TIMES, IDS)
def test_they_tell_the_time_and_its_offset(at: datetime, own_id: str) -> None:
    found = listed_at_of(listed_key(at, own_id))
    assert found == at.replace(microsecond=0)
    assert found.utcoffset() == at.utcoffset()
    assert instant_of(microseconds(at)) == at
