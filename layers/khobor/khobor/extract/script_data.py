"""The article in the data of a page that scripts would fill: it came with the page, in a script.

Frameworks put what they show into a script, as JSON or as JavaScript that assigns JSON. Each site names and nests it in
its own way, so nothing is known but the headline: the text is the longest that stands beside it.
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

# What is assigned, or given to a function such as JSON.parse.
_BEGINNING = re.compile(r"""[=(]\s{0,9}(?=[{\["])""")
_MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|ul|blockquote|figure|section)\b", re.IGNORECASE)
# Values of a script that are tried: each may be read in vain.
_MOST_TRIES = 20
_DEEPEST = 30
# The headline may stand in an object of its own, and the text beside that: {"headlines": {"basic": …}, "content": […]}.
_MOST_LEVELS = 3
_MOST_HEADLINES = 10
_LONGEST_HEADLINE = 300
# Shorter is no article, but what announces one.
_SHORTEST = 200
_SHORTEST_PART = 20
_ADDRESS = re.compile(r"[!-~]+")
# What announces an article, or stands beside it, is named so.
_OTHER = re.compile(
    r"desc|summary|excerpt|teaser|dek|intro|subtitle|caption|^alt|abstract|bio|seo|meta|related|recommend|comment",
    re.IGNORECASE,
)
# What has one of these is a thing of its own, such as another article.
_NAMES = frozenset({"title", "headline", "headlines", "name"})

_Path = tuple[str | int, ...]


class _Leaf(NamedTuple):
    """A text of the data, and where it stands."""

    path: _Path
    text: str


def article_lines(scripts: list[str], titles: frozenset[str]) -> list[str]:
    """Return the lines of the text that stands beside the page's headline in its scripts; none where there is none.

    Args:
        scripts: The texts of the page's scripts.
        titles: The page's titles as ``comparable`` gives them.
    """
    values = (value for script in scripts if len(script) >= _SHORTEST for value in _values(script.strip()))
    return max((_beside_headline(value, titles) for value in values), key=_length, default=[])


def _values(script: str) -> Iterator[Any]:
    """Yield what a script holds as JSON: the whole of it, else what it assigns, or what a string in it holds."""
    decoder = json.JSONDecoder(strict=False)
    script = without_half_surrogates(script)
    position = 0
    for tried in range(_MOST_TRIES):
        if tried or script[:1] not in ("{", "["):
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
    """Return the longest text that stands in one place beside a headline of the page, in lines."""
    leaves = [*_leaves(value, ())]
    short = (leaf for leaf in leaves if len(leaf.text) <= _LONGEST_HEADLINE)
    headlines = [leaf.path for leaf in short if comparable(leaf.text) in titles][:_MOST_HEADLINES]
    named = {leaf.path[:-1] for leaf in leaves if leaf.path and leaf.path[-1] in _NAMES}
    around = dict.fromkeys(path[: len(path) - level] for level in range(1, _MOST_LEVELS + 1) for path in headlines)
    for place in around:
        lines = _longest([leaf for leaf in leaves if _is_text_of(leaf, place, named)], len(place))
        found = [line for line in lines if comparable(line) not in titles]
        if _length(found) >= _SHORTEST:
            return found
    return []


def _leaves(value: Any, path: _Path) -> Iterator[_Leaf]:
    if isinstance(value, str):
        yield _Leaf(path, value)
    elif len(path) < _DEEPEST and isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(inner, (*path, key))


def _is_text_of(leaf: _Leaf, place: _Path, named: set[_Path]) -> bool:
    """Whether a text below a place is of what stands there: not of another thing within, and no teaser."""
    path = leaf.path
    if len(leaf.text) < _SHORTEST_PART or path[: len(place)] != place or _ADDRESS.fullmatch(leaf.text):
        return False
    if any(isinstance(key, str) and _OTHER.search(key) for key in path[len(place) :]):
        return False
    return not any(path[:end] in named for end in range(len(place) + 1, len(path)))


def _longest(leaves: list[_Leaf], start: int) -> list[str]:
    """Return the lines of those texts that have the longest text together, of each list of things the same part."""
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
