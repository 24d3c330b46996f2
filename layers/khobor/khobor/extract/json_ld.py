"""JSON-LD: what a page says of itself in schema.org's words, read as tolerantly as search engines do."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Thing = Mapping[str, Any]

# What scripts are wrapped in, so that browsers of long ago do not show them.
_OPENING = re.compile(r"(?:<!--|/\*\s{0,9}<!\[CDATA\[\s{0,9}\*/|//\s{0,9}<!\[CDATA\[|<!\[CDATA\[)")
_CLOSING = re.compile(r"(?:-->|(?:/\*|//)?\s{0,9}\]\]>\s{0,9}(?:\*/)?)\Z")
_LONGEST_CLOSING = 32
# A string, so that what is in one stays. One that nothing ends goes on to the end: each character is looked at once.
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*+|/\*.*?(?:\*/|\Z)", re.DOTALL)
_TRAILING_COMMA = re.compile(rf"({_STRING})|,(?=\s*+[}}\]])", re.DOTALL)
_ARTICLES = ("Article", "Posting", "Report", "Review")
# What things may hold beside what they are: other things of their own.
_INNER = ("@graph", "mainEntity", "mainEntityOfPage")
_DEEPEST = 8


def things(scripts: Iterable[str]) -> list[Thing]:
    """Return every object that JSON-LD scripts describe at their top, in lists and in graphs; not the broken ones.

    References by ``@id`` to another of them are followed.
    """
    found = [thing for script in scripts for thing in _flatten(_load(script), _DEEPEST)]
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
        return (html.unescape(value) if "&" in value else value,) if value.strip() else ()
    if isinstance(value, Mapping):
        return texts(value.get(key) or value.get("@value"), key)
    if isinstance(value, list):
        return tuple(text for item in value for text in texts(item, key))
    return ()


def text(value: Any, key: str = "name") -> str | None:
    """Return the first of ``texts``, None where there is none."""
    return next(iter(texts(value, key)), None)


def _load(script: str) -> Any:
    for mend in (str, _without_wrapping, _without_noise, html.unescape):
        script = mend(script)
        try:
            # Not strict: line breaks within strings are common.
            return json.loads(script, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _without_wrapping(script: str) -> str:
    inner = script.strip().removesuffix(";").rstrip()
    if match := _OPENING.match(inner):
        inner = inner[match.end() :]
    if match := _CLOSING.search(inner, max(0, len(inner) - _LONGEST_CLOSING)):
        inner = inner[: match.start()]
    return inner.strip().removesuffix(";")


def _without_noise(script: str) -> str:
    return _TRAILING_COMMA.sub(_string, _COMMENT.sub(_string, script))


def _string(match: re.Match[str]) -> str:
    return match[1] or ""


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
