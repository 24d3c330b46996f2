"""Options of ``khobor replay`` and ``khobor rebuild``, and the name of a new replay."""

from datetime import UTC, datetime
from typing import Annotated

import typer

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")]
Concurrency = Annotated[int, typer.Option(min=1, max=1000, help="How many batches of 20 pages to read in parallel.")]
Here = Annotated[bool, typer.Option("--here", help="Read the pages in this process, with your own credentials.")]
Follow = Annotated[str | None, typer.Option(help="Name of a started replay: show its progress, or resume it.")]


def new_name() -> str:
    """Return the name of a replay that starts now, such as ``20260308T090500123456``."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
