"""The progress bar of a replay."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import Progress

from khobor.cli.terminal import errors


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """Show a progress bar on standard error; yield None where that is not a terminal."""
    # Even a disabled bar prints an empty line into a pipe.
    if not errors.is_terminal:
        yield None
        return
    with Progress(console=errors, transient=True) as progress:
        yield progress
