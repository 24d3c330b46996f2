"""Full-text search: what is asked, and what is found, with the matching words marked as data.

A query has words, all of which an article must have in title or text, in any of their forms; ``"a phrase"``; and
``beginn*``. Only an archive on one machine offers it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from khobor.archive.headlines import Headline
from khobor.errors import PermanentError
from khobor.search_words import all_words, is_unspaced

# Quotation marks of other scripts mean the same.
_QUOTES = dict.fromkeys(map(ord, "“”„«»「」『』"), '"')
_PART = re.compile(r'"([^"]*)"(\*?)|([^\s"]+)')
_SHORTEST_PREFIX = 2
# Longer queries are no questions.
_MOST_TERMS = 32


@dataclass(frozen=True, kw_only=True)
class Term:
    """A part of a query: a word, or words that follow one another.

    Attributes:
        words: Its words, as they are indexed (``search_words.all_words`` with the last characters).
        is_prefix: Whether the last word is only the beginning of one.
    """

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """A part of a text.

    Attributes:
        text: The text, on one line.
        marks: Where the matching words are: the first character and the one after the last, in their order.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Match:
    """An article that a search found.

    Attributes:
        headline: Its headline.
        title: Its title with marks; None without a title.
        excerpt: The part of its text that has the most of what was asked for.
    """

    headline: Headline
    title: Excerpt | None
    excerpt: Excerpt


@dataclass(frozen=True, kw_only=True)
class MatchPage:
    """One page of what a search found, the best match first.

    Attributes:
        matches: The articles.
        cursor: The cursor of the next page; None on the last page.
    """

    matches: tuple[Match, ...]
    cursor: str | None = None


class FullTextSearch(Protocol):
    """Searches title and text of all articles as they were fetched last."""

    def search(self, text: str, *, limit: int = 20, cursor: str | None = None) -> MatchPage:
        """Return the articles that have all words of a query.

        Args:
            text: The query.
            limit: The number of articles at most.
            cursor: The cursor of the page before.

        Raises:
            PermanentError: ``no_words``, ``short_prefix`` and ``long_query`` for the query; ``bad_limit``,
                ``bad_cursor``.
        """


def read_query(text: str) -> tuple[Term, ...]:
    """Return the terms of a query.

    >>> read_query('bridge "toll plaza" pad*')[1:]
    (Term(words=('toll', 'plaza'), is_prefix=False), Term(words=('pad',), is_prefix=True))

    Raises:
        PermanentError: ``no_words`` if there is no word in it; ``short_prefix``; ``long_query``.
    """
    terms = tuple(dict.fromkeys(_terms(text.translate(_QUOTES))))
    if not terms:
        raise PermanentError("no_words", f"there is no word in {text!r} to look for")
    if len(terms) > _MOST_TERMS:
        raise PermanentError("long_query", f"a search has {_MOST_TERMS} words at most, not {len(terms)}")
    return terms


def _terms(text: str) -> Iterator[Term]:
    for phrase, star, word in _PART.findall(text):
        words = _words(phrase or word)
        is_prefix = bool(star) or word.endswith("*")
        if words and is_prefix and len(words[-1]) < _SHORTEST_PREFIX and not is_unspaced(words[-1]):
            raise PermanentError(
                "short_prefix", f"give at least {_SHORTEST_PREFIX} letters before *; {words[-1]}* begins too many words"
            )
        if words:
            yield Term(words=words, is_prefix=is_prefix)


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are indexed; what it ends with may go on in an article."""
    words = all_words(text, with_last=True)
    return tuple(words[:-1] if words and words[-1] != all_words(text)[-1] else words)
