"""JSON-LD with the vocabulary of schema.org, parsed as tolerantly as search engines do."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lxml import etree

from khobor.characters import unescape, without_half_surrogates

Thing = Mapping[str, Any]

# Comments around a script that hide it from very old browsers.
_OPENING = re.compile(r"(?:<!--|/\*\s{0,9}<!\[CDATA\[\s{0,9}\*/|//\s{0,9}<!\[CDATA\[|<!\[CDATA\[)")
_CLOSING = re.compile(r"(?:-->|(?:/\*|//)?\s{0,9}\]\]>\s{0,9}(?:\*/)?)\Z")
_LONGEST_CLOSING = 32
# Strings are matched so that their content stays. An unterminated string goes on to the end of the script. Each
# character is matched once.
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
# Comments of JavaScript and HTML, markers of CDATA sections, and spaces that JSON does not allow. An HTML comment with
# a brace in it contains the data. The search stops at another "<", so that the time stays linear.
_NOISE = re.compile(
    rf"({_STRING})|//[^\n]*+|/\*.*?(?:\*/|\Z)|<!--[^{{\[<>]*+(?<=--)>|<!--|-->|<!\[CDATA\[|\]\]>"
    r"|[\xa0\u200b-\u200f\u2028\u2029\u2060\ufeff]+",
    re.DOTALL,
)
_TRAILING_COMMA = re.compile(rf"({_STRING})|,(?=\s*+[}}\]])", re.DOTALL)
# A backslash that begins no escape of JSON is a literal one, or escapes an apostrophe as in JavaScript.
_BAD_ESCAPE = re.compile(r"\\(?:([\"\\/bfnrt]|u[0-9A-Fa-f]{4})|')?")
# Not strict: line breaks within strings are common.
_DECODER = json.JSONDecoder(strict=False)
_AROUND = " \t\r\n\ufeff\u200b"
# What may stand between two values in one script.
_BETWEEN = re.compile(r"[\s,;\ufeff]*+")
# The types of publishers and sites.
ORGANIZATIONS = ("NewsMediaOrganization", "Organization", "WebSite")
_ORGANIZATIONS = ("Organization", "Corporation", "Business", "WebSite")
_ARTICLES = ("Article", "Posting", "Report", "Review")
# Properties with other things in them.
_INNER = ("@graph", "mainEntity", "mainEntityOfPage")
_DEEPEST = 8
# References are followed until what they lead to has so many times the size of all things, and so many characters more.
# On news pages it has the same size.
_MOST_TIMES = 4
_SMALL = 200_000
# Deeper values are dropped, because values are read recursively.
_DEEPEST_VALUE = 50


def is_json_ld(script: etree._Element) -> bool:
    """Whether a script element contains JSON-LD."""
    return "ld+json" in (script.get("type") or "").lower()


def things(scripts: Iterable[str]) -> list[Thing]:
    """Return the objects at the top level, in lists and in graphs of JSON-LD scripts, without those that do not parse.

    References by ``@id`` to another of these objects are resolved.
    """
    return things_in(values(scripts))


def values(scripts: Iterable[str]) -> list[Any]:
    """Return the values of JSON-LD scripts, without those that do not parse."""
    loaded = (value for script in scripts for value in _load(script))
    # Some publishing systems encode the data twice, as a JSON string that contains JSON.
    return [inner for value in loaded for inner in (_load(value) if isinstance(value, str) else [value])]


def things_in(values: Iterable[Any]) -> list[Thing]:
    """Return the objects as ``things`` does, given the values of the scripts."""
    flat = [thing for value in values for thing in _flatten(value, _DEEPEST)]
    by_id = {thing["@id"]: thing for thing in flat if isinstance(thing.get("@id"), str) and len(thing) > 1}
    follower = _Follower(by_id)
    return [follower.resolved(thing) for thing in flat] if by_id else flat


def types(thing: Thing) -> tuple[str, ...]:
    """Return the types of a thing without schema.org's URL."""
    declared = thing.get("@type")
    names = declared if isinstance(declared, list) else [declared]
    return tuple(name.rpartition("/")[2].rpartition(":")[2] for name in names if isinstance(name, str))


def is_article(thing: Thing) -> bool:
    """Whether a thing is a work of writing such as a NewsArticle."""
    return any(name.endswith(_ARTICLES) for name in types(thing))


def is_organization(thing: Thing) -> bool:
    """Whether a thing is an organization, such as a NewsMediaOrganization, or a site."""
    return any(name.endswith(_ORGANIZATIONS) for name in types(thing))


def count(value: Any) -> int:
    """Return how many objects, lists, texts and other values a value consists of."""
    if isinstance(value, dict):
        return 1 + sum(map(count, value.values()))
    return 1 + sum(map(count, value)) if isinstance(value, list) else 1


def _size(value: Any) -> int:
    """Return about how many characters a value has in JSON."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(len(key) + _size(inner) for key, inner in value.items()) + 1
    return 1 + sum(map(_size, value)) if isinstance(value, list) else 1


def texts(value: Any, key: str = "name") -> tuple[str, ...]:
    """Return the texts of a property whose value is a text, a thing with a name, or a list of these.

    >>> texts(["Floods", {"name": "Fish &amp; chips"}])
    ('Floods', 'Fish & chips')

    Args:
        value: The value of the property.
        key: The property of a thing that has its text.
    """
    if isinstance(value, str):
        return (unescape(value) if "&" in value else value,) if value.strip() else ()
    if isinstance(value, dict):
        return texts(value.get(key) or value.get("@value"), key)
    if isinstance(value, list):
        return tuple(text for item in value for text in texts(item, key))
    return ()


def text(value: Any, key: str = "name") -> str | None:
    """Return the first of ``texts``, None if there is none.

    Args:
        value: The value of the property.
        key: The property of a thing that has its text.
    """
    return next(iter(texts(value, key)), None)


def _load(script: str) -> list[Any]:
    """Return the values of a script after the first repair with which the whole script parses.

    Each repair starts from the original script, so that none can spoil another. If the script parses with none of them,
    the complete values at its beginning are returned.
    """
    script = script.strip(_AROUND)
    partial: list[Any] = []
    tried = set()
    for repair in _REPAIRS:
        text = repair(script)
        if text not in tried:
            values, is_whole = _values(text)
            if is_whole:
                return values
            tried.add(text)
            partial = partial or values
    return partial


def _values(text: str) -> tuple[list[Any], bool]:
    """Return the values at the beginning of a text, and whether the text contains nothing else."""
    text = without_half_surrogates(text)
    values: list[Any] = []
    # Most scripts have too few brackets to be deep.
    may_be_deep = text.count("{") + text.count("[") > _DEEPEST_VALUE
    position = _end(_BETWEEN, text, 0)
    while position < len(text):
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            return values, False
        values.append(_shallow(value, _DEEPEST_VALUE) if may_be_deep else value)
        position = _end(_BETWEEN, text, position)
    return values, bool(values)


def _shallow(value: Any, depth: int) -> Any:
    """Return a value without anything deeper in it than ``depth``."""
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
    return _TRAILING_COMMA.sub(_string, _NOISE.sub(_repaired_string, script))


def _string(match: re.Match[str]) -> str:
    return match[1] or ""


def _repaired_string(match: re.Match[str]) -> str:
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


# The repairs that change less come first.
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


class _Follower:
    """Follows references, until what they lead to is _MOST_TIMES as large as the things themselves.

    A large thing with references without number would be read once for each of them.

    Args:
        by_id: The things by their ``@id``.
    """

    def __init__(self, by_id: Mapping[str, Thing]) -> None:
        self._by_id = by_id
        self._sizes: dict[str, int] = {}
        self._followed_size = 0
        self._most: int | None = None

    def resolved(self, thing: Thing) -> Thing:
        """Return a thing in which each reference has the properties of the thing that it refers to."""
        return {key: self._followed(value) for key, value in thing.items()}

    def _followed(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._followed(item) for item in value]
        if isinstance(value, dict) and isinstance(reference := value.get("@id"), str):
            other = self._by_id.get(reference)
            if other is None or other is value or not self._may_follow(reference, other):
                return value
            # A property beside the reference overrides one of the thing that it refers to.
            return {**other, **value}
        return value

    def _may_follow(self, reference: str, other: Thing) -> bool:
        if reference not in self._sizes:
            self._sizes[reference] = _size(other)
        self._followed_size += self._sizes[reference]
        # On most pages the size of all things is not needed.
        if self._followed_size <= _SMALL:
            return True
        if self._most is None:
            self._most = _SMALL + _MOST_TIMES * sum(map(_size, self._by_id.values()))
        return self._followed_size <= self._most
