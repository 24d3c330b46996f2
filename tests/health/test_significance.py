from datetime import date, timedelta
from math import comb

import pytest

from khobor.health.significance import chance, has_fallen

DAY = date(2026, 3, 2)


def days(*shares: tuple[int, int]) -> list[tuple[date, bool]]:
    """Return pages of days in a row, of each so many that have something, of so many."""
    return [(DAY + timedelta(days=n), number < had) for n, (had, of) in enumerate(shares) for number in range(of)]


def now(has: int, of: int) -> list[bool]:
    return [number < has for number in range(of)]


@pytest.mark.parametrize(
    ("had", "of", "has", "new", "expected"),
    [
        (3, 4, 1, 4, 17 / 70),  # the lady who tastes tea, from the other side: 1 + 16 of 70 ways
        (8, 10, 1, 6, (comb(9, 1) * comb(7, 5) + comb(7, 6)) / comb(16, 6)),
        (5, 5, 5, 5, 1.0),
    ],
)
def test_chance_is_that_of_fishers_exact_test(had: int, of: int, has: int, new: int, expected: float) -> None:
    assert chance(had, of, has, new) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("before", "newest"),
    [
        (days(*[(8, 8)] * 14), now(0, 4)),
        (days(*[(8, 8)] * 14), now(20, 32)),
        (days(*[(1, 1)] * 40), now(0, 4)),
        (days(*[(8, 8)] * 13, (0, 8)), now(0, 8)),
    ],
    ids=["all of four", "a third of many", "a slow source", "one odd day before"],
)
def test_a_share_that_fell_is_noticed(before: list[tuple[date, bool]], newest: list[bool]) -> None:
    assert has_fallen(before, newest)


@pytest.mark.parametrize(
    ("before", "newest"),
    [
        (days(*[(8, 8)] * 14), now(32, 32)),
        (days(*[(8, 8)] * 14), now(31, 32)),
        (days(*[(8, 8)] * 14), now(0, 3)),
        (days((9, 9)), now(0, 9)),
        (days(*[(0, 8)] * 14), now(0, 32)),
        (days(*[(7, 8)] * 5, (2, 8), (2, 8), *[(7, 8)] * 5, (2, 8), (2, 8)), now(6, 32)),
        (days(*[(1, 1)] * 6), now(0, 4)),
    ],
    ids=["as before", "one without", "too few now", "too few before", "never had", "weekend", "three a week"],
)
def test_what_may_be_chance_or_habit_is_not(before: list[tuple[date, bool]], newest: list[bool]) -> None:
    assert not has_fallen(before, newest)
