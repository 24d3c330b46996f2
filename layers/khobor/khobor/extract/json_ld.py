"""JSON-LD: what a page says of itself in schema.org's words, read as tolerantly as search engines do."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from khobor.characters import unescape, without_half_surrogates

Thing = Mapping[str, Any]

# What scripts are wrapped in, so that browsers of long ago do not show them.
_OPENING = re.compile(r"(?:<!--|/\*\s{0,9}<!\[CDATA\[\s{0,9}\*/|//\s{0,9}<!\[CDATA\[|<!\[CDATA\[)")
_CLOSING = re.compile(r"(?:-->|(?:/\*|//)?\s{0,9}\]\]>\s{0,9}(?:\*/)?)\Z")
_LONGEST_CLOSING = 32
# A string, so that what is in one stays. One that nothing ends goes on to the end: each character is looked at once.
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
# Comments of JavaScript and of HTML, what opens and closes sections, and spaces that JSON does not know. An HTML
# comment with a brace in it wraps the data. The search ends at another "<", so that the time stays linear.
_NOISE = re.compile(
    rf"({_STRING})|//[^\n]*+|/\*.*?(?:\*/|\Z)|<!--[^{{\[<>]*+(?<=--)>|<!--|-->|<!\[CDATA\[|\]\]>"
    r"|[\xa0\u200b-\u200f\u2028\u2029\u2060\ufeff]+",
    re.DOTALL,
)
_TRAILING_COMMA = re.compile(rf"({_STRING})|,(?=\s*+[}}\]])", re.DOTALL)
# A backslash that begins none of JSON's escapes stands for itself, or is JavaScript's before an apostrophe.
_BAD_ESCAPE = re.compile(r"\\(?:([\"\\/bfnrt]|u[0-9A-Fa-f]{4})|')?")
# Not strict: line breaks within strings are common.
_DECODER = json.JSONDecoder(strict=False)
_AROUND = " \t\r\n\ufeff\u200b"
# What may stand between two values in one script.
_BETWEEN = re.compile(r"[\s,;\ufeff]*+")
_ARTICLES = ("Article", "Posting", "Report", "Review")
# What things may hold beside what they are: other things of their own.
_INNER = ("@graph", "mainEntity", "mainEntityOfPage")
_DEEPEST = 8
# Deeper in one another nothing is read: what reads a value goes down by calling itself.
_DEEPEST_VALUE = 50


def things(scripts: Iterable[str]) -> list[Thing]:
    """Return every object that JSON-LD scripts describe at their top, in lists and in graphs; not the broken ones.

    References by ``@id`` to another of them are followed.
    """
    loaded = [value for script in scripts for value in _load(script)]
    # Some publishing systems encode the data twice: as a string that holds it.
    values = (_load(value) if isinstance(value, str) else value for value in loaded)
    found = [thing for value in values for thing in _flatten(value, _DEEPEST)]
    named = {thing["@id"]: thing for thing in found if isinstance(thing.get("@id"), str) and len(thing) > 1}
    return [_resolved(thing, named) for thing in found] if named else found


def types(thing: Thing) -> tuple[str, ...]:
    """Return the types of a thing, without schema.org's address."""
    declared = thing.get("@type")
    names = declared if isinstance(declared, list) else [declared]
    return tuple(name.rpartition("/")[2].rpartition(":")[2] for name in names if isinstance(name, str))


def is_article(thing: Thing) -> bool:
    """Whether a thing is a work of writing such as a NewsArticle."""
    return any(name.endswith(_ARTICLES) for name in types(thing))


def texts(value: Any, key: str = "name") -> tuple[str, ...]:
    """Return the texts of a property that holds a text, a thing with a name, or a list of these.

    >>> texts(["Floods", {"name": "Fish &amp; chips"}])
    ('Floods', 'Fish & chips')
    """
    if isinstance(value, str):
        return (unescape(value) if "&" in value else value,) if value.strip() else ()
    if isinstance(value, Mapping):
        return texts(value.get(key) or value.get("@value"), key)
    if isinstance(value, list):
        return tuple(text for item in value for text in texts(item, key))
    return ()


def text(value: Any, key: str = "name") -> str | None:
    """Return the first of ``texts``, None where there is none."""
    return next(iter(texts(value, key)), None)


def _load(script: str) -> list[Any]:
    """Return the values of a script, as the first reading that parses all of it gives them.

    Each repair starts from the script as it came, so that none can spoil another. Where none parses all of it, what is
    complete at its beginning counts.
    """
    script = script.strip(_AROUND)
    found: list[Any] = []
    tried = set()
    for repair in _REPAIRS:
        text = repair(script)
        if text not in tried:
            values, is_whole = _values(text)
            if is_whole:
                return values
            tried.add(text)
            found = found or values
    return found


def _values(text: str) -> tuple[list[Any], bool]:
    """Return the values with which a text begins, and whether nothing else is in it."""
    text = without_half_surrogates(text)
    values: list[Any] = []
    position = _end(_BETWEEN, text, 0)
    while position < len(text):
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            return values, False
        values.append(_shallow(value, _DEEPEST_VALUE))
        position = _end(_BETWEEN, text, position)
    return values, bool(values)


def _shallow(value: Any, depth: int) -> Any:
    """Return a value without what stands deeper in it than anything is read."""
    if isinstance(value, dict):
        return {key: _shallow(inner, depth - 1) for key, inner in value.items()} if depth else None
    if isinstance(value, list):
        return [_shallow(inner, depth - 1) for inner in value] if depth else None
    return value


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _without_wrapping(script: str) -> str:
    inner = script.removesuffix(";").rstrip()
    if match := _OPENING.match(inner):
        inner = inner[match.end() :]
    if match := _CLOSING.search(inner, max(0, len(inner) - _LONGEST_CLOSING)):
        inner = inner[: match.start()]
    return inner.strip().removesuffix(";")


def _without_noise(script: str) -> str:
    return _TRAILING_COMMA.sub(_string, _NOISE.sub(_readable_string, script))


def _string(match: re.Match[str]) -> str:
    return match[1] or ""


def _readable_string(match: re.Match[str]) -> str:
    string = _string(match)
    return _BAD_ESCAPE.sub(_escape, string) if "\\" in string else string


def _escape(match: re.Match[str]) -> str:
    return match[0] if match[1] else "'" if match[0].endswith("'") else r"\\"


def _unescaped_twice(script: str) -> str:
    return unescape(unescape(script))


def _chained(*repairs: Callable[[str], str]) -> Callable[[str], str]:
    def repair(script: str) -> str:
        for each in repairs:
            script = each(script)
        return script

    return repair


# In order: what changes less of a script comes first.
_SYNTAX = (_chained(), _without_wrapping, _without_noise, _chained(_without_wrapping, _without_noise))
_REPAIRS = tuple(_chained(read, fix) for read in (_chained(), unescape, _unescaped_twice) for fix in _SYNTAX)


def _flatten(value: Any, depth: int) -> Iterator[Thing]:
    if isinstance(value, list):
        for item in value:
            yield from _flatten(item, depth)
    elif isinstance(value, dict) and depth:
        yield value
        for key in _INNER:
            if key in value:
                yield from _flatten(value[key], depth - 1)


def _resolved(thing: Thing, named: Mapping[str, Thing]) -> Thing:
    """Return a thing with the properties that only refer to another replaced by that one."""
    return {key: _referred(value, named) for key, value in thing.items()}


def _referred(value: Any, named: Mapping[str, Thing]) -> Any:
    if isinstance(value, list):
        return [_referred(item, named) for item in value]
    if isinstance(value, Mapping) and isinstance(reference := value.get("@id"), str):
        # What stands there itself says more than what it refers to.
        return {**named.get(reference, {}), **value}
    return value
