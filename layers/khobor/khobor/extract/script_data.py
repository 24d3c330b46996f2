"""The article in the data that a page's scripts would show.

Frameworks put this data into a script, as JSON or as JavaScript that assigns JSON. Each site has its own structure, so
only the headline identifies the article: its text is the longest one beside the headline.
"""

import re
from collections import defaultdict
from itertools import takewhile
from typing import Any, NamedTuple

from khobor.extract.script_values import Path, leaves, literals, values
from khobor.extract.text import clean, comparable, lines_of
from khobor.html.markup import without_markup
from khobor.html.tree import parse

_MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|ul|blockquote|figure|section)\b", re.IGNORECASE)
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


class _Leaf(NamedTuple):
    """A text in the data, and its path."""

    path: Path
    text: str


def article_lines(scripts: list[str], titles: frozenset[str]) -> list[str]:
    """Return the lines of the text beside the page's headline in its scripts; none if there is no such text.

    Args:
        scripts: The texts of the page's scripts.
        titles: The page's titles as ``comparable`` returns them.
    """
    lines = max((_beside_headline(value, titles) for value in values(scripts)), key=_length, default=[])
    return lines or max((_near_headline(script, titles) for script in scripts), key=_length, default=[])


def _beside_headline(value: Any, titles: frozenset[str]) -> list[str]:
    """Return the lines of the longest text beside a headline of the page."""
    found = [_Leaf(path, text) for path, text in leaves(value)]
    short = (leaf for leaf in found if len(leaf.text) <= _LONGEST_HEADLINE)
    headlines = [leaf.path for leaf in short if comparable(leaf.text) in titles][:_MOST_HEADLINES]
    named = {leaf.path[:-1] for leaf in found if leaf.path and leaf.path[-1] in _NAME_KEYS}
    places = dict.fromkeys(path[: len(path) - level] for level in range(1, _MOST_LEVELS + 1) for path in headlines)
    for place in places:
        lines = _longest([leaf for leaf in found if _is_text_of(leaf, place, named)], len(place))
        text = [line for line in lines if comparable(line) not in titles]
        if _length(text) >= _SHORTEST:
            return text
    return []


def _has_headline(value: Any, titles: frozenset[str]) -> bool:
    return any(len(text) <= _LONGEST_HEADLINE and comparable(text) in titles for _, text in leaves(value))


def _near_headline(script: str, titles: frozenset[str]) -> list[str]:
    """Return the lines of the longest string near a headline of the page, in a script that has it not as JSON."""
    found = literals(script, _SHORTEST)
    if not found or any(_has_headline(value, titles) for value in values([script])):
        return []
    short = (at for at, (_, text) in enumerate(found) if len(text) <= _LONGEST_HEADLINE and comparable(text) in titles)
    headline = next(short, None)
    if headline is None:
        return []
    after = takewhile(lambda literal: literal[0] not in _NAME_KEYS, found[headline + 1 :])
    before = takewhile(lambda literal: literal[0] not in _NAME_KEYS, reversed(found[:headline]))
    texts = (text for key, text in (*after, *before) if len(text) >= _SHORTEST and not _OTHER.search(key))
    return _lines(max((text for text in texts if " " in text), key=len, default=""))


def _is_text_of(leaf: _Leaf, place: Path, named: set[Path]) -> bool:
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
    groups: dict[Path, list[str]] = defaultdict(list)
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
