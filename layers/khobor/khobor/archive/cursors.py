"""Cursors: where a list goes on, as a text that only its own list reads; they come back from strangers."""

import base64
import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from khobor.errors import PermanentError

# A key of each of a list's queries; None at its beginning, and END at its end.
Position = list[Any]
END = "end"


def write_cursor(name: str, positions: Sequence[Any]) -> str | None:
    """Return the cursor of a list by its name; None where it is at its end."""
    if all(position == END for position in positions):
        return None
    data = json.dumps([name, *positions], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(data.encode()).decode().rstrip("=")


def read_cursor(name: str, cursor: str | None, beginning: Position) -> Position:
    """Return where a list goes on; raises PermanentError ``bad_cursor`` if it is a cursor of another list."""
    if cursor is None:
        return beginning
    found = _read(cursor)
    if not isinstance(found, list) or found[:1] != [name] or len(found) != 1 + len(beginning):
        raise bad_cursor(cursor)
    return found[1:]


def list_of(cursor: str) -> str | None:
    """Return the name of the list that a cursor is of; None where it is none."""
    found = _read(cursor)
    return found[0] if isinstance(found, list) and found and isinstance(found[0], str) else None


def day_of(text: object) -> date:
    """Return the day in a cursor; raises PermanentError ``bad_cursor``."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise bad_cursor(text) from None


def gap_of(text: object) -> int:
    """Return the count in a cursor; raises PermanentError ``bad_cursor``."""
    if not isinstance(text, str) or not text.isdecimal():
        raise bad_cursor(text)
    return int(text[:4])


def bad_cursor(cursor: object) -> PermanentError:
    """Return the error of a cursor that somebody made up, or took from another list."""
    return PermanentError("bad_cursor", f"{str(cursor)[:80]!r} is no cursor of this list; leave it out")


def _read(cursor: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    # Brackets within brackets: somebody made it up.
    except (ValueError, RecursionError):
        return None


def start_key(position: object, needed: Collection[str]) -> dict[str, Any]:
    """Return the key in a cursor as DynamoDB takes it; raises PermanentError ``bad_cursor`` if it has other names."""
    if not isinstance(position, dict) or position.keys() != set(needed):
        raise bad_cursor(position)
    if not all(isinstance(value, str) for value in position.values()):
        raise bad_cursor(position)
    return {name: {"S": value} for name, value in position.items()}
