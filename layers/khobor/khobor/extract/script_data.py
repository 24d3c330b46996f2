"""The article in the data that a page's scripts would show.

Frameworks put this data into a script, as JSON or as JavaScript that assigns JSON. Each site has its own structure, so
only the headline identifies the article: its text is the longest one beside the headline.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from khobor.characters import without_half_surrogates
from khobor.extract.text import clean, comparable, lines_of
from khobor.html.markup import without_markup
from khobor.html.tree import parse

# The beginning of a value that is assigned, or passed to a function such as JSON.parse.
_BEGINNING = re.compile(r"""[=(]\s{0,9}(?=[{\["])""")
_MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|ul|blockquote|figure|section)\b", re.IGNORECASE)
# How many values of a script are tried, of which any may fail to parse.
_MOST_TRIES = 20
_DEEPEST = 30
# The headline may be in an object of its own, with the text beside that: {"headlines": {"basic": …}, "content": […]}.
_MOST_LEVELS = 3
_MOST_HEADLINES = 10
_LONGEST_HEADLINE = 300
# A shorter text announces an article.
_SHORTEST = 200
_SHORTEST_PART = 20
_ADDRESS = re.compile(r"[!-~]+")
# Keys of summaries and of other texts beside an article.
_OTHER = re.compile(
    r"desc|summary|excerpt|teaser|dek|intro|subtitle|caption|^alt|abstract|bio|seo|meta|related|recommend|comment",
    re.IGNORECASE,
)
# An object with one of these keys is a thing of its own, such as another article.
_NAME_KEYS = frozenset({"title", "headline", "headlines", "name"})

_Path = tuple[str | int, ...]


class _Leaf(NamedTuple):
    """A text in the data, and its path."""

    path: _Path
    text: str


def article_lines(scripts: list[str], titles: frozenset[str]) -> list[str]:
    """Return the lines of the text beside the page's headline in its scripts; none if there is no such text.

    Args:
        scripts: The texts of the page's scripts.
        titles: The page's titles as ``comparable`` returns them.
    """
    values = (value for script in scripts if len(script) >= _SHORTEST for value in _values(script.strip()))
    return max((_beside_headline(value, titles) for value in values), key=_length, default=[])


def _values(script: str) -> Iterator[Any]:
    """Yield the JSON values of a script: the whole script, the values it assigns, and those encoded in strings."""
    decoder = json.JSONDecoder(strict=False)
    script = without_half_surrogates(script)
    position = 0
    for attempt in range(_MOST_TRIES):
        if attempt or script[:1] not in ("{", "["):
            beginning = _BEGINNING.search(script, position)
            if beginning is None:
                return
            position = beginning.end()
        try:
            value, position = decoder.raw_decode(script, position)
            yield decoder.decode(without_half_surrogates(value)) if isinstance(value, str) else value
        except (ValueError, RecursionError):
            position += 1


def _beside_headline(value: Any, titles: frozenset[str]) -> list[str]:
    """Return the lines of the longest text beside a headline of the page."""
    leaves = [*_leaves(value, ())]
    short = (leaf for leaf in leaves if len(leaf.text) <= _LONGEST_HEADLINE)
    headlines = [leaf.path for leaf in short if comparable(leaf.text) in titles][:_MOST_HEADLINES]
    named = {leaf.path[:-1] for leaf in leaves if leaf.path and leaf.path[-1] in _NAME_KEYS}
    places = dict.fromkeys(path[: len(path) - level] for level in range(1, _MOST_LEVELS + 1) for path in headlines)
    for place in places:
        lines = _longest([leaf for leaf in leaves if _is_text_of(leaf, place, named)], len(place))
        text = [line for line in lines if comparable(line) not in titles]
        if _length(text) >= _SHORTEST:
            return text
    return []


def _leaves(value: Any, path: _Path) -> Iterator[_Leaf]:
    if isinstance(value, str):
        yield _Leaf(path, value)
    elif len(path) < _DEEPEST and isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, (*path, key))


def _is_text_of(leaf: _Leaf, place: _Path, named: set[_Path]) -> bool:
    """Whether a text belongs to the object at a path, not to another thing in it, and is not a summary.

    Args:
        leaf: The text.
        place: The path of the object.
        named: The paths of all things with a name.
    """
    path = leaf.path
    if len(leaf.text) < _SHORTEST_PART or path[: len(place)] != place or _ADDRESS.fullmatch(leaf.text):
        return False
    if any(isinstance(key, str) and _OTHER.search(key) for key in path[len(place) :]):
        return False
    return not any(path[:end] in named for end in range(len(place) + 1, len(path)))


def _longest(leaves: list[_Leaf], start: int) -> list[str]:
    """Return the lines of the longest group of texts. Texts with the same keys in a list of objects are a group."""
    groups: dict[_Path, list[str]] = defaultdict(list)
    for leaf in leaves:
        groups[tuple("" if isinstance(key, int) else key for key in leaf.path[start:])].append(leaf.text)
    texts = max(groups.values(), key=_length, default=[])
    return list(dict.fromkeys(line for text in texts for line in _lines(text)))


def _lines(text: str) -> list[str]:
    if _MARKUP.search(text):
        return lines_of(parse(text.encode("utf-8", "replace"))[0])
    return list(filter(None, map(clean, without_markup(text).splitlines())))


def _length(texts: list[str]) -> int:
    return sum(map(len, texts))
