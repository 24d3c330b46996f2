"""The problems of a source's file, with their lines."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from khobor.errors import ConfigurationError

# The path of an entry in a TOML file: keys, and positions in arrays counted from 0.
Path = tuple[str | int, ...]

# These patterns are strings, compiled when they are used: only an invalid file needs them.
_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_HEADER = rf"\s*(?P<open>\[\[?)\s*(?P<names>{_NAME}(?:\s*\.\s*{_NAME})*)\s*\]\]?\s*(?:#.*)?"
_KEY = rf"\s*(?P<names>{_NAME}(?:\s*\.\s*{_NAME})*)\s*="


class Problem(msgspec.Struct, frozen=True):
    """One problem of a file.

    Attributes:
        file: The file's path below the folder of sources.
        line: The line, counted from 1.
        key: The key, such as ``rules.title``; None for the file as a whole.
        text: What is wrong, and what to do.
        is_of_host: Whether the source goes on, if it has other hosts, without a host that another file has.
    """

    file: str
    line: int
    key: str | None
    text: str
    is_of_host: bool = False

    def __str__(self) -> str:
        """Return the problem in the format of compiler messages, so that editors find the place."""
        return ": ".join(filter(None, (f"{self.file}:{self.line}", self.key, self.text)))


class SourceError(ConfigurationError):
    """The file of a source is invalid.

    Args:
        problems: Its problems.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def problem_at(file: str, text: str, path: Path, what: str, value: str | None = None) -> Problem:
    """Return a problem with its line.

    Args:
        file: The file's path below the folder of sources.
        text: The content of the file.
        path: The path of the entry; for a missing entry, the line is that of its table.
        what: What is wrong, and what to do.
        value: The invalid item of an array; None if the problem is not about one.
    """
    places = _places(text)
    keys = [part for part in path if isinstance(part, str)]
    nearest = next((path[:end] for end in range(len(path), 0, -1) if path[:end] in places), ())
    line = places.get(nearest, 1)
    if value is not None:
        rest = enumerate(text.splitlines()[line - 1 :], line)
        line = next((number for number, content in rest if f'"{value}"' in content or f"'{value}'" in content), line)
    return Problem(file, line, ".".join(keys) or None, what)


@lru_cache(maxsize=4)
def _places(text: str) -> Mapping[Path, int]:
    """Return the line of each table and key; lines of a multi-line string that look like keys do no harm."""
    places: dict[Path, int] = {}
    counts: Counter[Path] = Counter()
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.fullmatch(_HEADER, line):
            table = _table(_names(header["names"]), counts, is_array=header["open"] == "[[")
            places.setdefault(table, number)
            # The array itself is at its first table.
            places.setdefault(_names(header["names"]), number)
        elif key := re.match(_KEY, line):
            places.setdefault((*table, *_names(key["names"])), number)
    return places


def _table(names: Path, counts: Counter[Path], *, is_array: bool) -> Path:
    if is_array:
        counts[names] += 1
    path: Path = ()
    # A table below an array of tables belongs to the last of these.
    for end in range(1, len(names) + 1):
        path += names[end - 1 : end]
        if counts[names[:end]]:
            path += (counts[names[:end]] - 1,)
    return path


def _names(dotted: str) -> Path:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))
