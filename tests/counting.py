"""Counts what a function does, so that a test can say how its work grows without measuring time."""

import itertools
import sys
from collections.abc import Callable


def count_calls(function: Callable[[], object]) -> int:
    """Return how many functions are called, including those in C. The number is the same each time."""
    calls = itertools.count()
    sys.setprofile(lambda _frame, event, _argument: next(calls) if event in ("call", "c_call") else None)
    try:
        function()
    finally:
        sys.setprofile(None)
    return next(calls)
