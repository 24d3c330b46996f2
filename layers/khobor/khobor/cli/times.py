"""Times that are given to a subcommand."""

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from khobor.archive.spans import Bound


def read_time(text: str | None, option: str, *, is_end: bool = False) -> datetime | None:
    """Return the instant of an option, of a date its first in UTC; arguments as in ``read_bound``."""
    found = read_bound(text, option, is_end=is_end)
    return found if found is None or isinstance(found, datetime) else datetime.combine(found, time(), UTC)


def read_span(start: str | None, end: str | None) -> "tuple[Bound | None, Bound | None]":
    """Return what --from and --to say: the first day or instant, and the first one after the span.

    Args:
        start: The option --from as it was given.
        end: The option --to as it was given.
    """
    since, until = read_bound(start, "--from"), read_bound(end, "--to", is_end=True)
    check_order(start, end, since, until)
    return since, until


def check_order(start: str | None, end: str | None, since: "Bound | None", until: "Bound | None") -> None:
    """Refuse a span of time that ends before it begins.

    Args:
        start: The option --from as it was given.
        end: The option --to as it was given.
        since: What --from says.
        until: What --to says.

    Raises:
        typer.BadParameter: It ends before it begins.
    """
    from khobor.archive.spans import Span

    if since is not None and until is not None and Span(since=since, until=until).is_backwards:
        raise typer.BadParameter(f"{start} is not before --to {end}", param_hint="--from")


def read_day(text: str | None, option: str) -> date | None:
    """Return the day of an option; None where it was not given.

    Args:
        text: A date.
        option: Name of the option, for what is said of a mistake.

    Raises:
        typer.BadParameter: It is not a date.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date; give one such as 2026-03-01", param_hint=option) from error


def read_bound(text: str | None, option: str, *, is_end: bool = False) -> "Bound | None":
    """Return the day or the instant of an option; None where it was not given.

    Args:
        text: A date, or a time; without an offset it is UTC.
        option: Name of the option, for what is said of a mistake.
        is_end: Whether it ends a span: a date is taken whole, and the day after it is returned.

    Raises:
        typer.BadParameter: It is neither a date nor a time.
    """
    from khobor.export.selection import bound

    if text is None:
        return None
    try:
        return bound(text, is_end=is_end)
    except (ValueError, OverflowError) as error:
        message = f"{text!r} is neither a date such as 2026-03-01 nor a time such as 2026-03-01T06:00+06:00"
        raise typer.BadParameter(message, param_hint=option) from error
