"""TOML from strangers: limits that hold before the parser of the standard library begins."""

import re
import tomllib
from typing import Any

from khobor.sources.problems import Problem, SourceError

# The standard parser takes a time that grows with the square of a key's parts. No key of a source has over three.
MOST_PARTS = 8
# It calls itself for each bracket. A list of inline tables of lists is three deep.
MOST_NESTED = 8

# Each alternative also matches what lacks its end: so no character is looked at twice.
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"{3,5}|\Z)'
    r"|'''.*?(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+"
    r"|[A-Za-z0-9_-]++"
    r"|[\[\]{}.,=\n]",
    re.DOTALL,
)
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}
# No key goes on behind these.
_ENDS = frozenset("[]{},=\n")


def read_toml(path: str, text: str) -> dict[str, Any]:
    """Return what stands in a TOML file.

    Args:
        path: The file's path below the folder of sources.
        text: What stands in the file.

    Raises:
        SourceError: It is no TOML, or has keys of more parts, or brackets nested more deeply, than a source needs.
    """
    _check_limits(path, text)
    try:
        return tomllib.loads(text)
    # Numbers with too many digits are a ValueError of their own.
    except ValueError as error:
        what, _, place = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", place)
        number = int(line[1]) if line else len(text.splitlines()) or 1
        raise SourceError([Problem(path, number, None, f"this is no TOML: {what}; see https://toml.io")]) from error


def _check_limits(path: str, text: str) -> None:
    depth = parts = 0
    line = 1
    for match in _TOKEN.finditer(text):
        found = match[0]
        # White space is no token: the parts of "a . b" are counted as those of "a.b".
        parts = 0 if found in _ENDS else parts + (found == ".")
        depth = max(0, depth + _DEPTH.get(found, 0))
        if parts >= MOST_PARTS:
            _refuse(path, line, f"a key has more than {MOST_PARTS} parts here; no source needs as many")
        if depth > MOST_NESTED:
            _refuse(path, line, f"brackets are nested more than {MOST_NESTED} deep here; no source needs as many")
        line += found.count("\n")


def _refuse(path: str, line: int, what: str) -> None:
    raise SourceError([Problem(path, line, None, what)])
