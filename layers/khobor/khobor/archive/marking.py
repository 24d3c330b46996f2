"""Where in a text the words of a search are, and the part of the text that shows the most of them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from khobor.archive.full_text import Excerpt, Term
from khobor.search_words import all_words, bases, is_unspaced, search_key

# A word with its place in the text.
Located = tuple[str, int, int]
Place = tuple[int, int]

_CHUNK = re.compile(r"\S+")
_LONGEST_EXCERPT, _BEFORE = 240, 60
# Enough to find a good part of a long text.
_MOST_PLACES = 200


def places(text: str, terms: Sequence[Term]) -> list[list[Place]]:
    """Return the places of each term in a text.

    Args:
        text: The text.
        terms: The terms of a query.
    """
    words = [word for chunk in _CHUNK.finditer(text) for word in _moved(_located(chunk[0]), chunk.start())]
    return [list(_places_of(term, words)) for term in terms]


def marked(text: str, found: Iterable[Sequence[Place]]) -> Excerpt:
    """Return a whole text, such as a title, with the places of all terms marked."""
    return Excerpt(text=_on_one_line(text), marks=_joined(place for each in found for place in each))


def excerpt(text: str, found: Sequence[Sequence[Place]]) -> Excerpt:
    """Return the part of a text that has the most terms.

    Args:
        text: The text.
        found: The places of each term.
    """
    flat = sorted((place, number) for number, each in enumerate(found) for place in each[:_MOST_PLACES])
    best = max(range(len(flat)), key=lambda at: (_terms_from(flat, at), -at), default=None)
    first = max(0, flat[best][0][0] - _BEFORE) if best is not None else 0
    first = min(first, max(0, len(text) - _LONGEST_EXCERPT))
    if first:
        # Begin with a whole word.
        space = text.find(" ", first, first + _BEFORE)
        first = space + 1 if space >= 0 else first
    last = min(len(text), first + _LONGEST_EXCERPT)
    if last < len(text):
        space = text.rfind(" ", first + _LONGEST_EXCERPT - _BEFORE, last)
        last = space if space >= 0 else last
    shown = (place for place, _ in flat if first <= place[0] and place[1] <= last)
    return Excerpt(
        text=_on_one_line(text[first:last]), marks=_joined((start - first, end - first) for start, end in shown)
    )


def _terms_from(flat: Sequence[tuple[Place, int]], at: int) -> int:
    """Return how many terms are in an excerpt that begins with a place."""
    end = flat[at][0][0] + _LONGEST_EXCERPT - 2 * _BEFORE
    numbers = set()
    for place, number in flat[at : at + _MOST_PLACES]:
        if place[1] > end:
            break
        numbers.add(number)
    return len(numbers)


def _places_of(term: Term, words: Sequence[Located]) -> Iterator[Place]:
    size = len(term.words)
    if size == 1 and len(term.words[0]) == 1 and is_unspaced(term.words[0]):
        # Every character of such a script begins a word.
        yield from ((start, start + 1) for word, start, _ in words if word.startswith(term.words[0]))
        return
    for at in range(len(words) - size + 1):
        if all(_matches(term, number, words[at + number][0]) for number in range(size)):
            yield words[at][1], words[at + size - 1][2]


def _matches(term: Term, number: int, word: str) -> bool:
    wanted = term.words[number]
    if len(term.words) > 1:
        is_last = term.is_prefix and number == len(term.words) - 1
        return word.startswith(wanted) if is_last else search_key_of(word) == search_key_of(wanted)
    is_begun = term.is_prefix and word.startswith(wanted)
    return is_begun or word == wanted or not bases(wanted).isdisjoint(bases(word))


search_key_of = lru_cache(maxsize=100_000)(search_key)


@lru_cache(maxsize=50_000)
def _located(chunk: str) -> tuple[Located, ...]:
    """Return the words of a text without white space, each with its place in it."""
    words = all_words(chunk, with_last=True)
    if len(words) == 1:
        start, end = 0, len(chunk)
        while end > start and not _is_part(chunk[end - 1]):
            end -= 1
        while start < end and not _is_part(chunk[start]):
            start += 1
        return ((words[0], start, end),)
    # Each character after folding, with the place of the one it comes from.
    folded = [(part, at) for at, char in enumerate(chunk) for part in unicodedata.normalize("NFKC", char).casefold()]
    text = "".join(part for part, _ in folded)
    found: list[Located] = []
    begin = 0
    for word in words:
        at = text.find(word, begin)
        if at < 0:
            continue
        # Words of scripts without spaces overlap.
        begin = at + 1
        found.append((word, folded[at][1], folded[at + len(word) - 1][1] + 1))
    return tuple(found)


def _moved(words: Iterable[Located], by: int) -> Iterator[Located]:
    return ((word, start + by, end + by) for word, start, end in words)


def _is_part(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


def _joined(found: Iterable[Place]) -> tuple[Place, ...]:
    """Return places in their order, those that overlap or touch as one."""
    joined: list[Place] = []
    for start, end in sorted(set(found)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _on_one_line(text: str) -> str:
    return text.replace("\n", " ")
