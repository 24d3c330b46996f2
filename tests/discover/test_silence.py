from datetime import UTC, datetime, timedelta

from khobor.discover.silence import is_silent, longest_gap

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_the_longest_gap_is_kept_and_slowly_forgotten() -> None:
    week = longest_gap(None, NOON - 7 * DAY, NOON)
    assert week == (7 * DAY).total_seconds()
    again = longest_gap(week, NOON - DAY, NOON)
    assert again is not None
    assert (5 * DAY).total_seconds() < again < week


def test_the_first_news_has_no_gap_before_it() -> None:
    assert longest_gap(None, None, NOON) is None


def test_a_listing_is_silent_after_three_times_its_habit() -> None:
    weekly = (7 * DAY).total_seconds()
    assert not is_silent(weekly, NOON - 20 * DAY, NOON)
    assert is_silent(weekly, NOON - 22 * DAY, NOON)


def test_a_listing_of_every_minute_is_not_silent_for_a_weekend() -> None:
    assert not is_silent(60, NOON - 2 * DAY, NOON)
    assert is_silent(60, NOON - 4 * DAY, NOON)


def test_a_listing_that_never_told_of_news_is_silent_after_three_days() -> None:
    assert is_silent(None, NOON - 4 * DAY, NOON)
