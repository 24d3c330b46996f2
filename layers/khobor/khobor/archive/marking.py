"""Where in a text the words of a search are, and the part of the text that shows the most of them."""

import re
import unicodedata
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

from khobor.archive.full_text import Excerpt, Term
from khobor.search_words import all_words, bases, folded, is_unspaced, search_key

# A word with its place in the text.
Located = tuple[str, int, int]
Place = tuple[int, int]

_CHUNK = re.compile(r"\S+")
_LONGEST_EXCERPT, _BEFORE = 240, 60
# Enough to find a good part of a long text.
_MOST_PLACES = 200


class Marker:
    """Finds the places of the terms of a query in texts.

    Args:
        terms: The terms.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms
        self._words = [(number, term, _Matches(term)) for number, term in enumerate(terms) if len(term.words) == 1]
        self._phrases = [(number, _Phrase(term)) for number, term in enumerate(terms) if len(term.words) > 1]
        # A word that matches begins with one of these.
        self._beginnings = {each.beginning for _, _, each in self._words} | {each.key for _, each in self._phrases}
        self._known: set[str] = set()
        self._chunks: dict[str, _Chunk] = {}

    def places(self, text: str) -> list[list[Place]]:
        """Return the places of each term in a text."""
        found: list[list[Place]] = [[] for _ in self._terms]
        # Texts share most of their words, and few of these matter.
        chunks = set(text.split())
        self._look_at(chunks - self._known)
        for chunk in chunks & self._chunks.keys():
            places, phrases = self._chunks[chunk]
            for at in _occurrences(text, chunk):
                for number, (start, end) in places:
                    found[number].append((start + at, end + at))
                for number, phrase in phrases:
                    found[number].extend(phrase.places(text, at, at + len(chunk)))
        for each in found:
            each.sort()
        return found

    def _look_at(self, chunks: Collection[str]) -> None:
        """Remember which parts of a text without white space may have a term."""
        if not chunks:
            return
        self._known.update(chunks)
        # All folded at once, which leaves the line ends as they are.
        texts = folded("\n".join(chunks)).split("\n")
        for beginning in self._beginnings:
            for chunk in [chunk for chunk, text in zip(chunks, texts, strict=True) if beginning in text]:
                found = self._in_chunk(chunk)
                if found != _NOTHING:
                    self._chunks[chunk] = found

    def _in_chunk(self, chunk: str) -> "_Chunk":
        """Return what a part of a text without white space has of the terms."""
        words = _located(chunk)
        keys = {search_key_of(word) for word, _, _ in words} if self._phrases else set()
        phrases = tuple((number, phrase) for number, phrase in self._phrases if phrase.key in keys)
        return tuple(self._places_in(words)), phrases

    def _places_in(self, words: Iterable[Located]) -> Iterator[tuple[int, Place]]:
        """Yield the places of terms of one word, each with the number of the term."""
        for word, start, end in words:
            for number, term, matches in self._words:
                if matches[word]:
                    # Every character of a script without spaces begins a word.
                    is_character = len(term.words[0]) == 1 and is_unspaced(term.words[0])
                    yield number, (start, start + 1 if is_character else end)


class _Phrase:
    """Finds a term of several words.

    Attributes:
        key: The key of the first one, with which every word that has this key begins.
    """

    def __init__(self, term: Term) -> None:
        self.key, *self._rest = map(search_key_of, term.words)
        self._prefix = term.words[-1] if term.is_prefix else None

    def places(self, text: str, begin: int, end: int) -> Iterator[Place]:
        """Yield the places that begin within a part of a text without white space.

        Args:
            text: The text.
            begin: Where the part begins.
            end: Where it ends.
        """
        words = _words_from(text, begin)
        ahead: deque[Located] = deque()
        while True:
            ahead.extend(islice(words, len(self._rest) + 1 - len(ahead)))
            if len(ahead) <= len(self._rest) or ahead[0][1] >= end:
                return
            first, *following = ahead
            if search_key_of(first[0]) == self.key and _follows(following, self._rest, self._prefix):
                yield first[1], following[-1][2]
            ahead.popleft()


# The places of terms of one word in a part of a text, and the phrases that may begin in it, each with its number.
_Chunk: TypeAlias = tuple[tuple[tuple[int, Place], ...], tuple[tuple[int, _Phrase], ...]]
_NOTHING: _Chunk = ((), ())


def _words_from(text: str, begin: int) -> Iterator[Located]:
    """Yield the words of a text from a place on."""
    for chunk in _CHUNK.finditer(text, begin):
        yield from ((word, start + chunk.start(), end + chunk.start()) for word, start, end in _located(chunk[0]))


def _occurrences(text: str, chunk: str) -> Iterator[int]:
    """Yield where a part of a text stands between white space."""
    at = text.find(chunk)
    while at >= 0:
        end = at + len(chunk)
        if (at == 0 or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield at
        # A part that repeats itself may begin within itself.
        at = text.find(chunk, at + 1)


def _follows(words: Sequence[Located], keys: Sequence[str], prefix: str | None) -> bool:
    """Return whether words follow the first one of a phrase; of the last one the prefix may be enough."""
    if prefix is not None:
        *words, last = words
        keys = keys[:-1]
        if not last[0].startswith(prefix):
            return False
    return [search_key_of(word) for word, _, _ in words] == [*keys]


class _Matches(dict[str, bool]):
    """Says of a word whether it is that of a term, in any form."""

    def __init__(self, term: Term) -> None:
        super().__init__()
        self._word, self._is_prefix = term.words[-1], term.is_prefix
        self._bases = bases(self._word)
        # The forms of a word differ at its end.
        self.beginning = self._word if self._is_prefix else min(self._bases, key=len)

    def __missing__(self, word: str) -> bool:
        is_begun = (self._is_prefix or (len(self._word) == 1 and is_unspaced(self._word))) and word.startswith(
            self._word
        )
        found = self[word] = is_begun or word == self._word or not self._bases.isdisjoint(bases(word))
        return found


def marked(text: str, found: Iterable[Sequence[Place]]) -> Excerpt:
    """Return a whole text, such as a title, with the places of all terms marked.

    Args:
        text: The text.
        found: The places of each term in it.
    """
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
    origins = [(part, at) for at, char in enumerate(chunk) for part in unicodedata.normalize("NFKC", char).casefold()]
    text = "".join(part for part, _ in origins)
    found: list[Located] = []
    begin = 0
    for word in words:
        at = text.find(word, begin)
        if at < 0:
            continue
        # Words of scripts without spaces overlap.
        begin = at + 1
        found.append((word, origins[at][1], origins[at + len(word) - 1][1] + 1))
    return tuple(found)


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
