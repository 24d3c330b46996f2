"""What is wrong with a source's file, and on which line."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from khobor.errors import ConfigurationError

# Where something stands in a TOML file: keys, and positions in arrays counted from 0.
Path = tuple[str | int, ...]

# Patterns here and in the neighbours are texts: only who makes a mistake pays for compiling them.
_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_HEADER = rf"\s*(?P<open>\[\[?)\s*(?P<names>{_NAME}(?:\s*\.\s*{_NAME})*)\s*\]\]?\s*(?:#.*)?"
_KEY = rf"\s*(?P<names>{_NAME}(?:\s*\.\s*{_NAME})*)\s*="


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong in a file.

    Attributes:
        file: The file's path below the folder of sources.
        line: Counted from 1.
        key: Such as ``rules.title``; None where it is the file as a whole.
        text: What is wrong, and what to do.
    """

    file: str
    line: int
    key: str | None
    text: str

    def __str__(self) -> str:
        """Return it as compilers do, so that editors find the place."""
        return ": ".join(filter(None, (f"{self.file}:{self.line}", self.key, self.text)))


class SourceError(ConfigurationError):
    """A source's file cannot be used.

    Args:
        problems: Each thing that is wrong with it.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def problem_at(file: str, text: str, path: Path, what: str, value: str | None = None) -> Problem:
    """Return a problem with the line on which it stands.

    Args:
        file: The file's path below the folder of sources.
        text: What stands in the file.
        path: Where in it; what is not there stands for what it is missing from.
        what: What is wrong, and what to do.
        value: The item of an array that is wrong.
    """
    places = _places(text)
    keys = [part for part in path if isinstance(part, str)]
    found = next((path[:end] for end in range(len(path), 0, -1) if path[:end] in places), ())
    line = places.get(found, 1)
    if value is not None:
        rest = enumerate(text.splitlines()[line - 1 :], line)
        line = next((number for number, content in rest if f'"{value}"' in content or f"'{value}'" in content), line)
    return Problem(file, line, ".".join(keys) or None, what)


@lru_cache(maxsize=4)
def _places(text: str) -> Mapping[Path, int]:
    """Return the line of each table and key; keys that look like ones within a text of many lines do no harm."""
    places: dict[Path, int] = {}
    counts: Counter[Path] = Counter()
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.fullmatch(_HEADER, line):
            table = _table(_names(header["names"]), counts, is_array=header["open"] == "[[")
            places.setdefault(table, number)
            # The first of an array of tables stands for the array.
            places.setdefault(_names(header["names"]), number)
        elif key := re.match(_KEY, line):
            places.setdefault((*table, *_names(key["names"])), number)
    return places


def _table(names: Path, counts: Counter[Path], *, is_array: bool) -> Path:
    if is_array:
        counts[names] += 1
    path: Path = ()
    # A table below an array of tables is of the last of these.
    for end in range(1, len(names) + 1):
        path += names[end - 1 : end]
        if counts[names[:end]]:
            path += (counts[names[:end]] - 1,)
    return path


def _names(dotted: str) -> Path:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))
