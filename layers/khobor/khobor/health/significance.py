"""Decides whether a share fell significantly, or is low by chance.

Two conditions must hold. First, by Fisher's exact test (R. A. Fisher, Statistical Methods for Research Workers, 1934,
§21.02), which is valid for small samples, so low a share has a probability of at most 1 in 10,000 if nothing changed.
Second, the share is clearly below that of normal days: pages of one day resemble each other more than chance would
allow, and weekend pages often differ. The share is therefore compared with the second lowest day: a fortnight has each
weekday twice, and one unusual day does not count.
"""

from collections.abc import Collection, Sequence
from datetime import date
from math import comb

# With three checks for each of four fields, four times a day, this is less than one false alarm a year for a dozen
# sources, and about one a month for two hundred: most shares are near 1 and cannot be low by chance.
_CHANCE = 1e-4
# How far a share must be below that of normal days.
_CLEARLY = 0.2
FEWEST_NOW = 4
FEWEST_BEFORE = 10
# The fewest pages for a day to count on its own.
_FEWEST_A_DAY = 3


def chance(had: int, of: int, has: int, now: int) -> float:
    """Return the probability of so low a count if nothing changed, by Fisher's exact test.

    >>> chance(10, 10, 0, 4) == 1 / comb(14, 4)
    True

    Args:
        had: How many had it before.
        of: The number of pages before.
        has: How many have it now.
        now: The number of pages now.
    """
    total, everywhere = of + now, had + has
    fewest = max(0, now - (total - everywhere))
    ways = sum(comb(everywhere, number) * comb(total - everywhere, now - number) for number in range(fewest, has + 1))
    return ways / comb(total, now)


def share(values: Collection[bool]) -> float:
    """Return the share of true values; 0 if there are none."""
    return sum(values) / len(values) if values else 0.0


def has_fallen(before: Sequence[tuple[date, bool]], now: Sequence[bool]) -> bool:
    """Whether the share of pages that have something fell.

    Args:
        before: For each earlier page, its day and whether it had it.
        now: For each new page, whether it has it.
    """
    if len(before) < FEWEST_BEFORE or len(now) < FEWEST_NOW:
        return False
    had = [each for _, each in before]
    if share(now) > _usual(before) - _CLEARLY:
        return False
    return chance(sum(had), len(had), sum(now), len(now)) <= _CHANCE


def _usual(before: Sequence[tuple[date, bool]]) -> float:
    """Return the second lowest share of a day, or that of all pages if fewer than two days have enough pages."""
    days: dict[date, list[bool]] = {}
    for day, each in before:
        days.setdefault(day, []).append(each)
    shares = sorted(share(values) for values in days.values() if len(values) >= _FEWEST_A_DAY)
    return shares[1] if len(shares) > 1 else share([each for _, each in before])
