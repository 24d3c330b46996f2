"""When a share has fallen, and not only come out low by chance.

Two things must hold. By Fisher's exact test (R. A. Fisher, Statistical Methods for Research Workers, 1934, §21.02),
which is right for small samples too, so few would come out in one case in 10,000 if nothing had changed. And it is
clearly below what days of the source are like: pages of one day resemble each other more than chance allows for, and at
weekends many papers have other pages than during the week. So the share is held against the lowest day but one: any
day of the week is twice in a fortnight, and one odd day is not the habit.
"""

from collections.abc import Collection, Sequence
from datetime import date
from math import comb

# With three checks a field and four fields, looked at four times a day, that is less than one false alarm a year for
# a dozen sources, and about one a month for two hundred; most shares are near 1 and cannot come out low by chance.
_CHANCE = 1e-4
# By so much a share must be below what it is on days of the source.
_CLEARLY = 0.2
FEWEST_NOW = 4
FEWEST_BEFORE = 10
# A day counts by itself if it has so many pages.
_FEWEST_A_DAY = 3


def chance(had: int, of: int, has: int, now: int) -> float:
    """Return how likely so few or fewer have something now, if it is as common as before: Fisher's exact test.

    >>> chance(10, 10, 0, 4) == 1 / comb(14, 4)
    True

    Args:
        had: How many had it before.
        of: Of how many.
        has: How many have it now.
        now: Of how many.
    """
    total, everywhere = of + now, had + has
    fewest = max(0, now - (total - everywhere))
    ways = sum(comb(everywhere, number) * comb(total - everywhere, now - number) for number in range(fewest, has + 1))
    return ways / comb(total, now)


def share(values: Collection[bool]) -> float:
    """Return the share of those that hold; 0 of none."""
    return sum(values) / len(values) if values else 0.0


def has_fallen(before: Sequence[tuple[date, bool]], now: Sequence[bool]) -> bool:
    """Whether the share of pages that have something fell.

    Args:
        before: Of each page before: its day, and whether it had it.
        now: Of each page now: whether it has it.
    """
    if len(before) < FEWEST_BEFORE or len(now) < FEWEST_NOW:
        return False
    had = [each for _, each in before]
    if share(now) > _usual(before) - _CLEARLY:
        return False
    return chance(sum(had), len(had), sum(now), len(now)) <= _CHANCE


def _usual(before: Sequence[tuple[date, bool]]) -> float:
    """Return the share on the lowest day but one; over all where there are no two days of enough pages."""
    days: dict[date, list[bool]] = {}
    for day, each in before:
        days.setdefault(day, []).append(each)
    shares = sorted(share(values) for values in days.values() if len(values) >= _FEWEST_A_DAY)
    return shares[1] if len(shares) > 1 else share([each for _, each in before])
