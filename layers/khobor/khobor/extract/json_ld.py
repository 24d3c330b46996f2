"""JSON-LD: what a page says of itself in schema.org's words, read as tolerantly as search engines do."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Thing = Mapping[str, Any]

_WRAPPING = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|/?\*?/?\]\]>\s*(?:\*/)?)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_ARTICLES = ("Article", "Posting", "Report", "Review")


def things(scripts: Iterable[str]) -> Iterator[Thing]:
    """Yield every object that JSON-LD scripts describe at their top, in lists and in graphs; not the broken ones."""
    for script in scripts:
        yield from _flatten(_load(script))


def types(thing: Thing) -> tuple[str, ...]:
    """Return the types of a thing, without schema.org's address."""
    declared = thing.get("@type")
    names = declared if isinstance(declared, list) else [declared]
    return tuple(name.rpartition("/")[2] for name in names if isinstance(name, str))


def is_article(thing: Thing) -> bool:
    """Whether a thing is a work of writing such as a NewsArticle."""
    return any(name.endswith(_ARTICLES) for name in types(thing))


def texts(value: Any, key: str = "name") -> tuple[str, ...]:
    """Return the texts of a property that holds a text, a thing with a name, or a list of these."""
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, Mapping):
        return texts(value.get(key) or value.get("@value"), key)
    if isinstance(value, list):
        return tuple(text for item in value for text in texts(item, key))
    return ()


def text(value: Any, key: str = "name") -> str | None:
    """Return the first of ``texts``, None where there is none."""
    return next(iter(texts(value, key)), None)


def _load(script: str) -> Any:
    for candidate in (script, _TRAILING_COMMA.sub("", _WRAPPING.sub("", script))):
        try:
            # Not strict: line breaks within strings are common.
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _flatten(value: Any) -> Iterator[Thing]:
    if isinstance(value, list):
        for item in value:
            yield from _flatten(item)
    elif isinstance(value, dict):
        yield value
        yield from _flatten(value.get("@graph"))
        yield from _flatten(value.get("mainEntity"))
