"""What two sequences have in common, and which of their parts are alike, in the same order in both."""

from collections.abc import Callable, Hashable, Sequence
from itertools import groupby
from typing import NamedTuple

# Two sequences are compared item by item as long as this is not less than the product of their lengths: 16,000 items
# each take 32 MB, at a bit for each pair, and a fifth of a second.
_MOST_PAIRS = 16_000**2
# Parts are compared each with each as long as there are no more pairs, such as 200 with 200.
_MOST_SIMILARITIES = 200**2
# Parts that are less alike are not one part that was changed.
_LEAST_SIMILARITY = 0.5


class CommonRun(NamedTuple):
    """Items in a row that are the same in both sequences.

    Attributes:
        before: Where they begin in the sequence before.
        after: Where they begin in the sequence after.
        length: How many they are.
    """

    before: int
    after: int
    length: int


def common_runs(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[CommonRun]:
    """Return the longest common subsequence of two sequences, as runs in order that do not touch each other.

    The time is bounded by the product of the lengths over 64, whatever repeats in them. Of sequences too long for that,
    only what they have in common at their beginnings and ends is found.

    >>> common_runs("abcd", "xbcyd")
    [CommonRun(before=1, after=1, length=2), CommonRun(before=3, after=4, length=1)]
    """
    first = _alike(before, after)
    last = _alike(before[first:][::-1], after[first:][::-1])
    ends = len(before) - last, len(after) - last
    inner_before, inner_after = before[first : ends[0]], after[first : ends[1]]
    pairs = [(place, place) for place in range(first)]
    if len(inner_before) * len(inner_after) <= _MOST_PAIRS:
        pairs += [(first + one, first + other) for one, other in _longest_common(inner_before, inner_after)]
    pairs += [(ends[0] + place, ends[1] + place) for place in range(last)]
    return _runs(pairs)


def most_similar(count_before: int, count_after: int, similarity: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """Return which parts are the same but for a change: pairs of places in order, the sum of similarity the highest.

    Args:
        count_before: How many parts there were before.
        count_after: How many there are after.
        similarity: Tells how alike the parts at two places are, from 0 to 1.

    Returns:
        The pairs; none at all of so many parts that comparing each with each would take seconds.
    """
    if count_before * count_after > _MOST_SIMILARITIES:
        return []
    scores = [[similarity(one, other) for other in range(count_after)] for one in range(count_before)]
    # What can be had from each place on, in both sequences.
    best = [[0.0] * (count_after + 1) for _ in range(count_before + 1)]
    for one in reversed(range(count_before)):
        for other in reversed(range(count_after)):
            score = scores[one][other]
            paired = best[one + 1][other + 1] + score if score >= _LEAST_SIMILARITY else 0.0
            best[one][other] = max(best[one + 1][other], best[one][other + 1], paired)
    return _walk(best)


def _walk(best: list[list[float]]) -> list[tuple[int, int]]:
    """Return the pairs that made what can be had."""
    pairs = []
    one = other = 0
    while best[one][other]:
        if best[one][other] == best[one + 1][other]:
            one += 1
        elif best[one][other] == best[one][other + 1]:
            other += 1
        else:
            pairs.append((one, other))
            one, other = one + 1, other + 1
    return pairs


def _alike(before: Sequence[Hashable], after: Sequence[Hashable]) -> int:
    """Return how many items two sequences have in common at their beginnings."""
    for count, (one, other) in enumerate(zip(before, after, strict=False)):
        if one != other:
            return count
    return min(len(before), len(after))


def _longest_common(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the pairs of places of a longest common subsequence.

    This is the algorithm of Crochemore and others (2001) as Hyyrö simplified it (2004): one row of the table that
    dynamic programming fills is one number, of a bit for each item before; a bit is 0 where the row grows by one.
    """
    places: dict[Hashable, int] = {}
    for place, item in enumerate(before):
        places[item] = places.get(item, 0) | 1 << place
    full = (1 << len(before)) - 1
    row, rows = full, []
    for item in after:
        if met := row & places.get(item, 0):
            row = (row + met | row - met) & full
        rows.append(row)
    pairs = []
    one, other = len(before) - 1, len(after) - 1
    while one >= 0 and other >= 0:
        if rows[other] >> one & 1:
            one -= 1
        elif other and not rows[other - 1] >> one & 1:
            other -= 1
        else:
            pairs.append((one, other))
            one, other = one - 1, other - 1
    return pairs[::-1]


def _runs(pairs: list[tuple[int, int]]) -> list[CommonRun]:
    # In a run, both places grow by one, as the count of pairs does.
    numbered = groupby(enumerate(pairs), key=lambda item: (item[1][0] - item[0], item[1][1] - item[0]))
    groups = [[pair for _, pair in group] for _, group in numbered]
    return [CommonRun(*group[0], len(group)) for group in groups]
