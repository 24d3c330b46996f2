"""Every value that differs from another one in one place."""

import copy
import json
from collections.abc import Iterator, Sequence
from typing import Any

# What may stand where something else was expected.
OTHERS: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, "", "x", "-1", "\x00", "\ud800", "https://[", [], [None], [[]], {}, {"x": 1},
)  # fmt: skip
Path = tuple[str | int, ...]


def mutations(value: Any) -> Iterator[Any]:
    """Yield a JSON value with each part taken away, and with another in its place; the value as a whole too."""
    for path in _paths(value):
        if path:
            yield _without(value, path)
        for other in OTHERS:
            yield _with(value, path, other)


def as_json(value: Any) -> str:
    """Return a value as JSON in ASCII: half a surrogate pair stays what it is."""
    return json.dumps(value)


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    parts: Sequence[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    for key, part in parts:
        yield from _paths(part, (*path, key))


def _with(value: Any, path: Path, other: Any) -> Any:
    if not path:
        return other
    changed = copy.deepcopy(value)
    _parent(changed, path)[path[-1]] = other
    return changed


def _without(value: Any, path: Path) -> Any:
    changed = copy.deepcopy(value)
    del _parent(changed, path)[path[-1]]
    return changed


def _parent(value: Any, path: Path) -> Any:
    for key in path[:-1]:
        value = value[key]
    return value
