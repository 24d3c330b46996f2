"""Options of ``khobor replay`` and ``khobor rebuild``, and the name of a new replay."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from khobor.cli.place import ArchivePlace, Place

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")]
CONCURRENCY = 10
Concurrency = Annotated[
    int | None,
    typer.Option(
        min=1, max=1000, help=f"How many batches of 20 pages a stack reads in parallel; by default {CONCURRENCY}."
    ),
]
Here = Annotated[
    bool, typer.Option("--here", help="Read the pages of a stack in this process, with your own credentials.")
]
Follow = Annotated[str | None, typer.Option(help="Name of a started replay: show its progress, or resume it.")]


def refuse_on_archive(place: Place, **given: object) -> None:
    """Refuse options that only a stack has if the place is a local archive.

    Args:
        place: The place.
        given: The values of these options, by their names; None or False if an option is not given.

    Raises:
        BadParameter: One is given.
    """
    for name, value in given.items():
        if isinstance(place, ArchivePlace) and value not in (None, False):
            raise typer.BadParameter(
                f"it is for a stack, and this is the {place}; name a stack with --stack", param_hint=f"--{name}"
            )


def new_name() -> str:
    """Return the name of a replay that starts now, such as ``20260308T090500123456``."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
