"""Cursors: the place at which a list goes on, as a text. Callers send them back, so they are not trusted."""

import base64
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from khobor.errors import PermanentError

# One key for each query of a list; None at the query's beginning, END at its end.
Position = list[Any]
END = "end"


def write_cursor(name: str, positions: Sequence[Any]) -> str | None:
    """Return the cursor of a list; None if the list is at its end.

    Args:
        name: The name of the list.
        positions: The position of each of its queries.
    """
    if all(position == END for position in positions):
        return None
    data = json.dumps([name, *positions], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(data.encode()).decode().rstrip("=")


def read_cursor(name: str, cursor: str | None, beginning: Position) -> Position:
    """Return the positions in a cursor.

    Args:
        name: The name of the list.
        cursor: The cursor; None for the beginning.
        beginning: The positions at which the list begins.

    Raises:
        PermanentError: ``bad_cursor`` if it is not a cursor of this list.
    """
    if cursor is None:
        return beginning
    content = _read(cursor)
    if not isinstance(content, list) or content[:1] != [name] or len(content) != 1 + len(beginning):
        raise bad_cursor(cursor)
    return content[1:]


def name_of(cursor: str) -> str | None:
    """Return the name of the list that a cursor belongs to; None if it is not a cursor."""
    content = _read(cursor)
    return content[0] if isinstance(content, list) and content and isinstance(content[0], str) else None


def day_of(text: object) -> date:
    """Return the day in a cursor; raises PermanentError ``bad_cursor``."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise bad_cursor(text) from None


def gap_of(text: object) -> int:
    """Return the number of days in a cursor; raises PermanentError ``bad_cursor``."""
    if not isinstance(text, str) or not text.isdecimal():
        raise bad_cursor(text)
    return int(text[:4])


def bad_cursor(cursor: object) -> PermanentError:
    """Return the error for a cursor that belongs to another list or to none."""
    return PermanentError("bad_cursor", f"{str(cursor)[:80]!r} is not a cursor of this list; leave it out")


def _read(cursor: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    # RecursionError: deeply nested brackets, which no cursor has.
    except (ValueError, RecursionError):
        return None
