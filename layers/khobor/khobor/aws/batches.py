"""Batches within the limits of a service: a number of values, and a number of bytes."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_Each = TypeVar("_Each")


def batches(
    values: Iterable[_Each], size: Callable[[_Each], int], *, most: int, most_bytes: int
) -> Iterator[list[_Each]]:
    """Yield batches of values in their order. A value that exceeds the limit of bytes is a batch by itself.

    >>> list(batches(["a", "bb", "ccc", "d"], len, most=3, most_bytes=4))
    [['a', 'bb'], ['ccc', 'd']]

    Args:
        values: The values. Only one batch of them is in memory at a time.
        size: Returns the size of a value in bytes.
        most: The largest number of values in a batch.
        most_bytes: The largest size of a batch.
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
