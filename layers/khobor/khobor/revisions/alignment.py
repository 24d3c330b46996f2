"""Sequence alignment: the longest common subsequence, and the best pairing of similar parts."""

from collections.abc import Callable, Collection, Hashable, Sequence
from itertools import groupby
from typing import NamedTuple

# The limit on the product of two lengths. Two sequences of 16,000 items take 32 MB, at one bit for each pair, and
# 0.2 seconds.
_MOST_PAIRS = 16_000**2
# The limit on pairs of parts, such as 200 with 200.
_MOST_SIMILARITIES = 200**2
# Parts with a lower similarity are different parts, not one that was edited.
_LEAST_SIMILARITY = 0.5


class CommonRun(NamedTuple):
    """Consecutive items that both sequences have in common.

    Attributes:
        before: Their start in the old sequence.
        after: Their start in the new sequence.
        length: The number of items.
    """

    before: int
    after: int
    length: int


def common_runs(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[CommonRun]:
    """Return the longest common subsequence of two sequences, as ordered runs that do not touch each other.

    The time is bounded by the product of the lengths divided by 64, whatever repeats in them. For sequences that exceed
    the limit, only the common prefix and suffix are found.

    Args:
        before: The old sequence.
        after: The new sequence.

    >>> common_runs("abcd", "xbcyd")
    [CommonRun(before=1, after=1, length=2), CommonRun(before=3, after=4, length=1)]
    """
    first = _common_prefix(before, after)
    last = _common_prefix(before[first:][::-1], after[first:][::-1])
    ends = len(before) - last, len(after) - last
    inner_before, inner_after = before[first : ends[0]], after[first : ends[1]]
    pairs = [(place, place) for place in range(first)]
    if len(inner_before) * len(inner_after) <= _MOST_PAIRS:
        pairs += [(first + one, first + other) for one, other in _longest_common(inner_before, inner_after)]
    pairs += [(ends[0] + place, ends[1] + place) for place in range(last)]
    return _runs(pairs)


def most_similar(count_before: int, count_after: int, similarity: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """Return which parts are edited versions of each other: ordered pairs with the highest total similarity.

    Args:
        count_before: The number of old parts.
        count_after: The number of new parts.
        similarity: Returns the similarity of an old and a new part, by their places, from 0 to 1.

    Returns:
        The pairs of places; none if there are so many parts that comparing all pairs would take seconds.
    """
    if count_before * count_after > _MOST_SIMILARITIES:
        return []
    scores = [[similarity(one, other) for other in range(count_after)] for one in range(count_before)]
    # The best total similarity from each pair of places to the ends.
    best = [[0.0] * (count_after + 1) for _ in range(count_before + 1)]
    for one in reversed(range(count_before)):
        for other in reversed(range(count_after)):
            score = scores[one][other]
            paired = best[one + 1][other + 1] + score if score >= _LEAST_SIMILARITY else 0.0
            best[one][other] = max(best[one + 1][other], best[one][other + 1], paired)
    return _walk(best)


def _walk(best: list[list[float]]) -> list[tuple[int, int]]:
    """Return the pairs that make up the best total."""
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


def _common_prefix(before: Sequence[Hashable], after: Sequence[Hashable]) -> int:
    """Return the length of the common prefix of two sequences."""
    for count, (one, other) in enumerate(zip(before, after, strict=False)):
        if one != other:
            return count
    return min(len(before), len(after))


def _longest_common(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the pairs of places of a longest common subsequence.

    The bit-parallel algorithm of Crochemore et al. (2001), simplified by Hyyrö (2004): each row of the dynamic
    programming table is one integer with a bit for each old item; a bit is 0 where the row grows by one.
    """
    places = _places(before, frozenset(after))
    full = (1 << len(before)) - 1
    row, rows = full, []
    for item in after:
        if met := row & places.get(item, 0):
            row = (row + met | row - met) & full
        rows.append(row)
    return _pairs(rows, len(before))


def _places(items: Sequence[Hashable], wanted: Collection[Hashable]) -> dict[Hashable, int]:
    """Return an integer for each wanted item, with a bit for each of its places."""
    size = len(items) // 8 + 1
    bits: dict[Hashable, bytearray] = {}
    for place, item in enumerate(items):
        if item in wanted:
            if item not in bits:
                bits[item] = bytearray(size)
            bits[item][place >> 3] |= 1 << (place & 7)
    return {item: int.from_bytes(data, "little") for item, data in bits.items()}


def _pairs(rows: list[int], count: int) -> list[tuple[int, int]]:
    """Return the pairs of places that the rows of the table lead to, from the last row and the last of ``count`` items.

    A bit of a long integer is read at the cost of all of it, one of bytes is not.
    """
    size = count // 8 + 1
    pairs = []
    one, other = count - 1, len(rows) - 1
    row = above = b""
    at = -1
    while one >= 0 and other >= 0:
        if other != at:
            row = above if other == at - 1 else rows[other].to_bytes(size, "little")
            above = rows[other - 1].to_bytes(size, "little") if other else b""
            at = other
        if row[one >> 3] >> (one & 7) & 1:
            one -= 1
        elif other and not above[one >> 3] >> (one & 7) & 1:
            other -= 1
        else:
            pairs.append((one, other))
            one, other = one - 1, other - 1
    return pairs[::-1]


def _runs(pairs: list[tuple[int, int]]) -> list[CommonRun]:
    # Within a run, both places grow by one with each pair.
    numbered = groupby(enumerate(pairs), key=lambda item: (item[1][0] - item[0], item[1][1] - item[0]))
    groups = [[pair for _, pair in group] for _, group in numbered]
    return [CommonRun(*group[0], len(group)) for group in groups]
