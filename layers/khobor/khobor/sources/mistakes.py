"""Every entry of a source's file that its type does not allow, where msgspec stops at the first.

The file is walked beside its type, and msgspec judges each entry by itself. It is done only for files that are wrong.
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
# Longer values are not repeated in a message.
_MOST_SHOWN = 100
_PATTERN = re.compile(r"Expected `str` matching regex '.*'", re.DOTALL)
# As the type of URLs begins.
_URL = "regex '^https?:"
# Enough for each file that a person writes; the rest of one that a machine broke is of no use.
MOST = 100


@dataclass(frozen=True)
class Mistake:
    """An entry that cannot stand where it does, or one that is missing.

    Attributes:
        path: Where.
        text: What is wrong, and what to do.
        value: The entry, where it is an item of a list.
    """

    path: Path
    text: str
    value: str | None = None


def mistakes(given: Mapping[str, Any], kind: type[msgspec.Struct], path: Path = ()) -> Iterator[Mistake]:
    """Yield each mistake of a table.

    Args:
        given: What stands in it.
        kind: What may.
        path: Where it stands in the file.
    """
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    entries = entry_descriptions(kind)
    for name, field in fields.items():
        if field.required and name not in given:
            yield Mistake((*path, name), f"this must be there. It is: {entries[name]}")
    for name, value in given.items():
        if name not in fields:
            yield Mistake((*path, name), f"there is no such key; {nearest(name, entries)}")
        else:
            yield from _of_entry(value, fields[name].type, (*path, name), entries[name])


def without(given: Mapping[str, Any], paths: Collection[Path]) -> dict[str, Any]:
    """Return a table without what stands in some places; of a list of tables, all go with one that is wrong."""
    bad = {path[: _end(path)] for path in paths}
    return {name: _kept(value, (name,), bad) for name, value in given.items() if (name,) not in bad}


def _of_entry(value: Any, annotation: Any, path: Path, entry: str) -> Iterator[Mistake]:
    struct, item = _struct(annotation), _item(annotation)
    if struct and isinstance(value, Mapping):
        yield from mistakes(value, struct, path)
        return
    found: list[Mistake] = []
    if item and isinstance(value, list):
        found = [each for number, part in enumerate(value) for each in _of_entry(part, item, (*path, number), entry)]
        yield from found
    if not found and (what := _refusal(value, annotation)):
        is_item = isinstance(path[-1], int) and isinstance(value, str)
        yield Mistake(path, f"{_in_words(what, value, path)}. It is: {entry}", value if is_item else None)


def _refusal(value: Any, annotation: Any) -> str | None:
    """Return why a value is not of a type, as msgspec words it."""
    try:
        msgspec.convert(value, annotation)
    except msgspec.ValidationError as error:
        return str(error).partition(" - at `")[0]
    return None


def _in_words(what: str, value: Any, path: Path) -> str:
    if match := _LENGTH.fullmatch(what):
        return f"at most {int(match['most']):,} {_COUNTED[match['type']]} may stand here, and {len(value):,} do"
    if "hosts" in path and isinstance(value, str):
        return _host_in_words(value)
    shown = _shortened(value)
    problem = (
        f"{shown} is no URL that begins with http:// or https://" if _URL in what else f"{shown} does not fit here"
    )
    what = _PATTERN.sub(lambda _: problem, what)
    return re.sub("|".join(_TYPES), lambda match: _TYPES[match[0]], what)


def _shortened(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"


def _host_in_words(value: str) -> str:
    host = value.strip().rpartition("://")[2].partition("/")[0].partition(":")[0].lower()
    example = host if re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host) else "www.example.com"
    return f"hosts takes host names: {example}, not {value!r}"


def _end(path: Path) -> int:
    """Return how much of a path is left out: an item of a list of tables takes its list with it."""
    numbers = [position for position, part in enumerate(path[:-1]) if isinstance(part, int)]
    return numbers[0] if numbers else len(path)


def _kept(value: Any, path: Path, bad: Collection[Path]) -> Any:
    if isinstance(value, Mapping):
        return {name: _kept(part, (*path, name), bad) for name, part in value.items() if (*path, name) not in bad}
    if isinstance(value, list):
        return [part for number, part in enumerate(value) if (*path, number) not in bad]
    return value


def _struct(annotation: Any) -> type[msgspec.Struct] | None:
    candidates = (annotation, *get_args(annotation))
    return next((each for each in candidates if isinstance(each, type) and issubclass(each, msgspec.Struct)), None)


def _item(annotation: Any) -> Any:
    """Return the type of the items of ``tuple[T, ...]``, annotated or not; None of any other type."""
    for each in (annotation, *get_args(annotation)):
        if get_origin(each) is tuple:
            return get_args(each)[0]
    return None
