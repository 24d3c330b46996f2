"""Times that are given to a subcommand."""

from datetime import datetime

import typer


def read_time(text: str | None, option: str, *, is_end: bool = False) -> datetime | None:
    """Return the instant of an option; None where it was not given.

    Args:
        text: A date, of which the first instant is meant, or a time; without an offset it is UTC.
        option: Name of the option, for what is said of a mistake.
        is_end: Whether it ends a span: a date is taken whole.
    """
    from khobor.export.selection import instant

    if text is None:
        return None
    try:
        return instant(text, is_end=is_end)
    except (ValueError, OverflowError) as error:
        message = f"{text!r} is no date such as 2026-03-01 and no time such as 2026-03-01T06:00+06:00"
        raise typer.BadParameter(message, param_hint=option) from error
