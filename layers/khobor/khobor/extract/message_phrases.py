"""The phrases by which messages are known, such as a request for consent."""

from functools import cache

from khobor.extract.text import UNSPACED_SCRIPTS, comparable
from khobor.extract.vocabulary import load

# What asks for consent does so at the beginning.
_LONGEST_BEGINNING = 300


def has_words_of(text: str, kind: str) -> bool:
    """Whether words of a text begin with a phrase of a kind, as inflected ones do; "senha" is no part of "desenha".

    Args:
        text: The text as ``comparable`` returns it.
        kind: The kind of message, as the vocabulary calls it.
    """
    spaced, unspaced = _beginnings_and_parts(kind)
    return any(map(f" {text}".__contains__, spaced)) or any(map(text.__contains__, unspaced))


def asks_for_consent(text: str) -> bool:
    """Whether a text begins with a request for consent to cookies. Within an article such a request is that of a video.

    >>> asks_for_consent("We and our partners use cookies."), asks_for_consent("The bridge opens again.")
    (True, False)
    """
    return has_words_of(comparable(text[:_LONGEST_BEGINNING]), "consent_text")


@cache
def phrases_of(kind: str) -> tuple[str, ...]:
    """Return the phrases of a kind as ``comparable`` returns them."""
    return tuple(dict.fromkeys(map(comparable, load("no_article")[kind])))


@cache
def _beginnings_and_parts(kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the phrases with a space before them, and those of scripts without spaces, which may be within a word."""
    phrases = phrases_of(kind)
    return tuple(f" {phrase}" for phrase in phrases), tuple(filter(UNSPACED_SCRIPTS.search, phrases))
