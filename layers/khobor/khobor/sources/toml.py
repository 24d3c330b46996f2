"""Untrusted TOML: checks limits before the parser of the standard library starts."""

import re
import tomllib
from typing import Any

from khobor.sources.problems import Problem, SourceError

# The standard parser takes quadratic time in the number of parts of a key. Keys of sources have three at most.
MOST_PARTS = 8
# It is recursive for brackets. A list of inline tables of lists has a depth of three.
MOST_NESTED = 8

# Each alternative also matches a token without its end, so that no character is examined twice.
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
# These end a key.
_ENDS = frozenset("[]{},=\n")


def read_toml(path: str, text: str) -> dict[str, Any]:
    """Return the entries of a TOML file.

    Args:
        path: The file's path below the folder of sources.
        text: The content of the file.

    Raises:
        SourceError: The file is not TOML, or exceeds the limits on the parts of keys or the nesting of brackets.
    """
    _check_limits(path, text)
    try:
        return tomllib.loads(text)
    # A number with too many digits raises a plain ValueError.
    except ValueError as error:
        what, _, place = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", place)
        number = int(line[1]) if line else len(text.splitlines()) or 1
        raise SourceError([Problem(path, number, None, f"this is not TOML: {what}; see https://toml.io")]) from error


def _check_limits(path: str, text: str) -> None:
    depth = parts = 0
    line = 1
    for match in _TOKEN.finditer(text):
        sign = match[0]
        # White space is not matched, so "a . b" has as many parts as "a.b".
        parts = 0 if sign in _ENDS else parts + (sign == ".")
        depth = max(0, depth + _DEPTH.get(sign, 0))
        if parts >= MOST_PARTS:
            _refuse(path, line, f"a key has more than {MOST_PARTS} parts here; no source needs so many")
        if depth > MOST_NESTED:
            _refuse(path, line, f"brackets are nested more than {MOST_NESTED} deep here; no source needs so many")
        line += sign.count("\n")


def _refuse(path: str, line: int, what: str) -> None:
    raise SourceError([Problem(path, line, None, what)])
