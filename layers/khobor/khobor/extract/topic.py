"""Whether a text is about what a page's title or description says.

A text that the page does not show as its article needs such a confirmation. Languages inflect words, so only their
beginnings are compared.
"""

from collections.abc import Iterable, Iterator

from khobor.extract.text import UNSPACED_SCRIPTS, comparable

# Shorter words say little about the topic: those of the first length count in a title that has hardly any longer ones.
_SHORTEST_WORD = 4
_STEM = 5
# Characters of scripts without spaces are compared in pairs.
_PAIR = 2
# A text is about a title if it has so many of its words, and so large a share.
_FEWEST_SHARED = 2
_LEAST_SHARE = 0.4
# So much of a description's beginning identifies it.
_PREFIX = 40
# The topic of a text is known from its beginning.
_LONGEST = 10_000


def is_about(text: str, titles: Iterable[str], descriptions: Iterable[str]) -> bool:
    """Whether a text contains the words of a title, or a description.

    >>> is_about("The quay of Lindmark will stay closed.", ["lindmark s quay closed until may"], [])
    True

    Args:
        text: The text.
        titles: Titles as ``comparable`` returns them.
        descriptions: Descriptions in the same form.
    """
    plain = comparable(text[:_LONGEST])
    if any(len(description) >= _PREFIX and description[:_PREFIX] in plain for description in descriptions):
        return True
    stems = frozenset(_stems(plain))
    return any(_is_shared(frozenset(_stems(title)), stems) for title in titles)


def _is_shared(title: frozenset[str], text: frozenset[str]) -> bool:
    long = frozenset(stem for stem in title if len(stem) != _SHORTEST_WORD)
    if len(long) >= _FEWEST_SHARED:
        title = long
    shared = len(title & text)
    return shared >= _FEWEST_SHARED and shared >= _LEAST_SHARE * len(title)


def _stems(text: str) -> Iterator[str]:
    """Yield the beginnings of a text's longer words, and the pairs of characters of scripts without spaces."""
    for word in text.split():
        if UNSPACED_SCRIPTS.search(word):
            yield from (word[at : at + _PAIR] for at in range(len(word) - 1))
        elif len(word) >= _SHORTEST_WORD:
            yield word[:_STEM]
