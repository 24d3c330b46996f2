"""Batches of what a service takes at once: so many, and so many bytes."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_Each = TypeVar("_Each")


def batches(
    values: Iterable[_Each], size: Callable[[_Each], int], *, most: int, most_bytes: int
) -> Iterator[list[_Each]]:
    """Yield values in their order, as many at a time as a service takes; one that is too large comes alone.

    >>> list(batches(["a", "bb", "ccc", "d"], len, most=3, most_bytes=4))
    [['a', 'bb'], ['ccc', 'd']]

    Args:
        values: The values; no more of them are held than are yielded at a time.
        size: Gives the bytes of one.
        most: So many are taken.
        most_bytes: So many bytes are taken.
    """
    batch: list[_Each] = []
    total = 0
    for value in values:
        more = size(value)
        if len(batch) == most or (batch and total + more > most_bytes):
            yield batch
            batch, total = [], 0
        batch.append(value)
        total += more
    if batch:
        yield batch
