"""The values that a page's scripts contain: as JSON, assigned or passed, in strings, or streamed in parts."""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from khobor.characters import without_half_surrogates

# Keys, and the indexes of lists.
Path = tuple[str | int, ...]

# The beginning of a value that is assigned, or passed to a function such as JSON.parse.
_BEGINNING = re.compile(r"""[=(]\s{0,9}(?=[{\["])""")
# How many values of a script may fail to parse. Those that parse take linear time together.
_MOST_FAILURES = 20
_DEEPEST = 30
_WITH_VALUES = (dict, list)
# A shorter string contains no article as data.
_SHORTEST_DATA = 200
_MOST_ENCODED = 50
# Values encoded in strings begin like this: as JSON, percent-encoded JSON, and JSON in base64.
_PERCENT = ("%7B", "%5B", "%7b", "%5b")
_BASE64 = ("eyJ", "W3s", "WyJ")
# Next.js streams rows such as '7:{"title": …}' and '8:T1f,a text' in the strings of these calls.
_PUSH = re.compile(r"__next_f\s?\.push\(\s?(?=\[)")
_ROW = re.compile(rb"([0-9a-f]{1,8}):(?:T([0-9a-f]{1,8}),)?")
_REFERENCE = re.compile(r"\$[0-9a-f]{1,8}")
# A string of JavaScript. One that is not terminated goes on to the end of its line, or of the script, so that each
# character is matched once.
_LITERAL = re.compile(
    r""""([^"\\\n]*+(?:\\.[^"\\\n]*+)*+)(?:["\n]|\\?\Z)|'([^'\\\n]*+(?:\\.[^'\\\n]*+)*+)(?:['\n]|\\?\Z)"""
    r"""|`([^`\\]*+(?:\\.[^`\\]*+)*+)(?:`|\\?\Z)""",
    re.DOTALL,
)
_KEY = re.compile(r"""([\w$]{1,40})["']?\s{0,9}:\s{0,9}\Z""")
_LONGEST_KEY = 60
_ESCAPE = re.compile(r"""\\(?:x([0-9A-Fa-f]{2})|\n|([^"\\/bfnrtux]))""")
_CONTROL = {ord(char): escape for char, escape in (("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r"))}


def values(scripts: Iterable[str]) -> Iterator[Any]:
    """Yield the values in scripts that are JSON.

    Args:
        scripts: The texts of the scripts.
    """
    rows: list[str] = []
    for script in scripts:
        if _PUSH.search(script):
            rows += _pushed(script)
        elif len(script) >= _SHORTEST_DATA:
            for value in _in_script(without_half_surrogates(script.strip())):
                yield value
                yield from _encoded_in(value)
    if rows:
        yield _streamed("".join(rows))


def leaves(value: Any) -> list[tuple[Path, str]]:
    """Return the strings in an object or a list with their paths, in order, without those deeper than _DEEPEST."""
    found: list[tuple[Path, str]] = []
    if isinstance(value, _WITH_VALUES):
        _add_leaves(value, (), found)
    return found


def _add_leaves(value: Any, path: Path, found: list[tuple[Path, str]]) -> None:
    # One call for each object and list, not one for each string: data of scripts has many of them.
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, str):
            found.append(((*path, key), inner))
        elif len(path) < _DEEPEST - 1 and isinstance(inner, _WITH_VALUES):
            _add_leaves(inner, (*path, key), found)


def strings(value: Any) -> list[str]:
    """Return the strings of ``leaves`` without their paths, which takes a fraction of the time."""
    found: list[str] = []
    if isinstance(value, _WITH_VALUES):
        _add_strings(value, _DEEPEST - 1, found)
    return found


def _add_strings(value: Any, deepest: int, found: list[str]) -> None:
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, str):
            found.append(inner)
        elif deepest and isinstance(inner, _WITH_VALUES):
            _add_strings(inner, deepest - 1, found)


def literals(script: str, longest: int = 0) -> list[tuple[str, str]]:
    """Return the strings of a script that is JavaScript, not JSON: each with its key, empty if it has none.

    Args:
        script: The script.
        longest: None is returned if the longest string is shorter than this.
    """
    if len(script) < longest:
        return []
    matches = list(_LITERAL.finditer(script))
    # What an escape sequence means is never longer than the sequence.
    if max((match.end() - match.start() for match in matches), default=0) < longest:
        return []
    found = []
    for match in matches:
        if text := match[1] or match[2] or match[3]:
            key = _KEY.search(script[max(0, match.start() - _LONGEST_KEY) : match.start()])
            found.append((key[1] if key else "", _unescaped(text)))
    return found


def _unescaped(text: str) -> str:
    """Return what a string of JavaScript means."""
    if "\\" not in text:
        return text
    as_json = _ESCAPE.sub(lambda match: f"\\u00{match[1]}" if match[1] else match[2] or "", text.translate(_CONTROL))
    try:
        return str(json.loads('"' + re.sub(r'(\\.)|"', lambda match: match[1] or '\\"', as_json) + '"', strict=False))
    except ValueError:
        return text


def _in_script(script: str) -> Iterator[Any]:
    """Yield the JSON values of a script: the whole script, and the values that it assigns or passes."""
    decoder = json.JSONDecoder(strict=False)
    position = failures = 0
    is_first = script[:1] in ("{", "[")
    while failures < _MOST_FAILURES:
        if not is_first:
            beginning = _BEGINNING.search(script, position)
            if beginning is None:
                return
            position = beginning.end()
        is_first = False
        try:
            value, position = decoder.raw_decode(script, position)
            yield _decoded(value) if isinstance(value, str) else value
        except (ValueError, RecursionError):
            failures += 1
            position += 1


def _encoded_in(value: Any) -> Iterator[Any]:
    """Yield the values that strings in a value contain as JSON."""
    found = 0
    for text in strings(value):
        if len(text) >= _SHORTEST_DATA and text.lstrip()[:1] in ("{", "["):
            found += 1
            if found > _MOST_ENCODED:
                return
            try:
                yield _decoded(text)
            except (ValueError, RecursionError):
                continue


def _decoded(text: str) -> Any:
    """Return the value that a string contains as JSON.

    Raises:
        ValueError: It contains none.
    """
    if text.startswith(_PERCENT):
        text = unquote(text)
    elif text.startswith(_BASE64):
        text = base64.b64decode(text, validate=True).decode()
    return json.loads(without_half_surrogates(text), strict=False)


def _pushed(script: str) -> Iterator[str]:
    """Yield the strings that a script pushes to the stream of Next.js."""
    decoder = json.JSONDecoder(strict=False)
    for call in _PUSH.finditer(script):
        try:
            value, _ = decoder.raw_decode(script, call.end())
        except (ValueError, RecursionError):
            continue
        yield from (part for part in value if isinstance(part, str))


def _streamed(stream: str) -> list[Any]:
    """Return the values of the rows of a stream, with the texts that they refer to in their places."""
    data = without_half_surrogates(stream).encode("utf-8", "replace")
    texts: dict[str, str] = {}
    rows = []
    at = 0
    while at < len(data):
        row = _ROW.match(data, at)
        if row and row[2]:
            end = row.end() + int(row[2], 16)
            texts[f"${row[1].decode()}"] = data[row.end() : end].decode("utf-8", "replace")
        else:
            end = data.find(b"\n", at) + 1 or len(data)
            rows.append(data[row.end() if row else at : end])
        at = end
    return [_resolved(value, texts, _DEEPEST) for value in map(_row_value, rows) if value is not None] + [
        *texts.values()
    ]


def _row_value(row: bytes) -> Any:
    try:
        return json.loads(row)
    except (ValueError, RecursionError):
        return None


def _resolved(value: Any, texts: dict[str, str], deepest: int) -> Any:
    """Return a value with references such as "$7" replaced by the texts they refer to."""
    if isinstance(value, str):
        return texts.get(value, value) if _REFERENCE.fullmatch(value) else value
    if not deepest:
        return None
    if isinstance(value, dict):
        return {key: _resolved(inner, texts, deepest - 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner, texts, deepest - 1) for inner in value]
    return value
