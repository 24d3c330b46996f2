"""Finds every entry of a source's file that does not fit its type; msgspec alone stops at the first one.

The file is walked together with its type, and msgspec checks each entry separately. Used only for invalid files.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

import msgspec

from khobor.sources.entries import entry_descriptions, nearest
from khobor.sources.problems import Path

_TYPES = {
    "`str`": "a text in quotes",
    "`int`": "a whole number",
    "`array`": "a list in square brackets",
    "`object`": "a table",
    "`bool`": "true or false",
    "`float`": "a number",
    "`date`": "a date",
    "`datetime`": "a date with a time",
}
_LENGTH = re.compile(r"Expected `(?P<type>str|array)` of length <= (?P<most>\d+)")
_COUNTED = {"str": "characters", "array": "entries"}
# Longer values are shortened in messages.
_MOST_SHOWN = 100
_PATTERN = re.compile(r"Expected `str` matching regex '.*'", re.DOTALL)
# The start of the pattern of URLs in ``source.Urls``.
_URL = "regex '^https?:"
# How many mistakes of a file are reported.
MOST = 100


@dataclass(frozen=True)
class Mistake:
    """An invalid or missing entry.

    Attributes:
        path: The path of the entry.
        text: What is wrong, and what to do.
        value: The entry if it is an item of a list; None otherwise.
    """

    path: Path
    text: str
    value: str | None = None


def mistakes(table: Mapping[str, Any], kind: type[msgspec.Struct], path: Path = ()) -> Iterator[Mistake]:
    """Yield each mistake of a table.

    Args:
        table: The table.
        kind: Its type.
        path: Its path in the file.
    """
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    descriptions = entry_descriptions(kind)
    for name, field in fields.items():
        if field.required and name not in table:
            yield Mistake((*path, name), f"this entry is missing. It is: {descriptions[name]}")
    for name, value in table.items():
        if name not in fields:
            yield Mistake((*path, name), f"there is no such key; {nearest(name, descriptions)}")
        else:
            yield from _of_entry(value, fields[name].type, (*path, name), descriptions[name])


def without(table: Mapping[str, Any], paths: Collection[Path]) -> dict[str, Any]:
    """Return a table without the entries at some paths; an entry of a list of tables removes the whole list.

    Args:
        table: The table.
        paths: The paths.
    """
    bad = {path[: _end(path)] for path in paths}
    return {name: _remove(value, (name,), bad) for name, value in table.items() if (name,) not in bad}


def _of_entry(value: Any, annotation: Any, path: Path, description: str) -> Iterator[Mistake]:
    struct, item = _struct(annotation), _item(annotation)
    if struct and isinstance(value, Mapping):
        yield from mistakes(value, struct, path)
        return
    of_items: list[Mistake] = []
    if item and isinstance(value, list):
        of_items = [
            each for number, part in enumerate(value) for each in _of_entry(part, item, (*path, number), description)
        ]
        yield from of_items
    if not of_items and (what := _refusal(value, annotation)):
        is_item = isinstance(path[-1], int) and isinstance(value, str)
        yield Mistake(path, f"{_in_words(what, value, path)}. It is: {description}", value if is_item else None)


def _refusal(value: Any, annotation: Any) -> str | None:
    """Return why a value does not fit a type, as msgspec says it; None if it fits."""
    try:
        msgspec.convert(value, annotation)
    except msgspec.ValidationError as error:
        return str(error).partition(" - at `")[0]
    return None


def _in_words(what: str, value: Any, path: Path) -> str:
    if match := _LENGTH.fullmatch(what):
        return f"at most {int(match['most']):,} {_COUNTED[match['type']]} are allowed here, not {len(value):,}"
    if "hosts" in path and isinstance(value, str):
        return _host_in_words(value)
    text = _shorten(value)
    problem = (
        f"{text} is not a URL that begins with http:// or https://" if _URL in what else f"{text} is not allowed here"
    )
    what = _PATTERN.sub(lambda _: problem, what)
    return re.sub("|".join(_TYPES), lambda match: _TYPES[match[0]], what)


def _shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _host_in_words(value: str) -> str:
    host, _, path = value.strip().rpartition("://")[2].partition("/")
    host, path = host.lower(), path.strip("/")
    is_host = re.fullmatch(r"([a-z0-9-]+(\.[a-z0-9-]+)+|localhost)(:[1-9][0-9]{0,4})?", host)
    is_path = re.fullmatch(r"[^/?#\s]+(/[^/?#\s]+)*", path)
    example = f"{host}/{path}" if is_host and is_path else host if is_host else "www.example.com"
    return f"hosts takes host names: {example}, not {value!r}"


def _end(path: Path) -> int:
    """Return how long the path of the removed entry is: for an entry of a list of tables, it is that of the list."""
    numbers = [position for position, part in enumerate(path[:-1]) if isinstance(part, int)]
    return numbers[0] if numbers else len(path)


def _remove(value: Any, path: Path, bad: Collection[Path]) -> Any:
    if isinstance(value, Mapping):
        return {name: _remove(part, (*path, name), bad) for name, part in value.items() if (*path, name) not in bad}
    if isinstance(value, list):
        return [part for number, part in enumerate(value) if (*path, number) not in bad]
    return value


def _struct(annotation: Any) -> type[msgspec.Struct] | None:
    candidates = (annotation, *get_args(annotation))
    return next((each for each in candidates if isinstance(each, type) and issubclass(each, msgspec.Struct)), None)


def _item(annotation: Any) -> Any:
    """Return the type of the items of ``tuple[T, ...]``, annotated or not; None for any other type."""
    for each in (annotation, *get_args(annotation)):
        if get_origin(each) is tuple:
            return get_args(each)[0]
    return None
