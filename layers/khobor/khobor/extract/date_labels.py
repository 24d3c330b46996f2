"""Labels of dates: words beside a date, or in the class of its element, that say what it is the date of."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from khobor.extract.vocabulary import any_of, load

Kind = Literal["published", "modified"]
# The date of something else: of an event, of a review, of the foundation of the site.
LabelKind = Literal["published", "modified", "other"]

_PUBLISHED_NAME = re.compile(r"publi|posted|created|issued")
_KINDS: dict[str, LabelKind] = {"longer": "other", "published": "published", "modified": "modified", "other": "other"}
# What ends the date of something else.
_SEPARATOR = re.compile(r"[|•·;()\ue00a]|\s[–—-]\s")
_MODIFIED_NAME = re.compile(r"updat|modif|edited|revis")
# Bengali letters with a dot below, as two characters and as one. No normal form has the single one.
_DOTTED = {"\u09a1\u09bc": "\u09dc", "\u09a2\u09bc": "\u09dd", "\u09af\u09bc": "\u09df"}


class _Label(NamedTuple):
    """A label in a text.

    Attributes:
        kind: What it says.
        start: Where it begins.
        end: Where the text after it begins.
    """

    kind: LabelKind
    start: int
    end: int


def after_label(line: str, kind: Kind) -> Iterator[str]:
    """Yield the texts after labels of a kind, each up to the next label or the end of the line.

    Args:
        line: A line of text.
        kind: The kind of date that the labels announce.
    """
    labels = _labels(line)
    for label, following in zip(labels, (*labels[1:], None), strict=False):
        if label.kind == kind:
            yield line[label.end : following.start if following else None].strip(" |,–-·•")


def kinds_of_labels(text: str) -> list[LabelKind]:
    """Return the kinds of the labels in a text, in their order."""
    return [label.kind for label in _labels(text)]


def before_label(line: str) -> str:
    """Return the text before a label for the modification, without the dates of something else.

    >>> before_label("27 November 2026, updated 28 November"), before_label("Since 1999 | 27 November 2026")
    ('27 November 2026, ', '| 27 November 2026')
    """
    labels = _labels(line)
    if not labels:
        return line
    end = next((label.start for label in labels if label.kind == "modified"), len(line))
    kept, start = "", 0
    for label in labels:
        if label.kind == "other" and start <= label.start < end:
            kept += line[start : label.start]
            separator = _SEPARATOR.search(line, label.end, end)
            start = separator.start() if separator else end
    return kept + line[start:end]


def kind_of_label(text: str) -> LabelKind | None:
    """Return the kind of a text that is a label and nothing else, None for any other text.

    >>> kind_of_label("Last updated:"), kind_of_label("Updated by Ann Lee")
    ('modified', None)
    """
    labels = _labels(text)
    return labels[0].kind if labels and (labels[0].start, labels[0].end) == (0, len(text)) else None


@lru_cache(maxsize=1024)
def kind_of_class(names: str) -> Kind | None:
    """Return the kind of date that a class says, None if it says none or both.

    >>> kind_of_class("entry-date updated"), kind_of_class("entry-date published updated")
    ('modified', None)
    """
    lower = names.lower()
    is_published, is_modified = bool(_PUBLISHED_NAME.search(lower)), bool(_MODIFIED_NAME.search(lower))
    if is_published == is_modified:
        return None
    return "published" if is_published else "modified"


@lru_cache(maxsize=1024)
def _labels(text: str) -> tuple[_Label, ...]:
    found = _pattern().finditer(text)
    return tuple(_Label(_KINDS[match.lastgroup or ""], match.start(), match.end()) for match in found)


@cache
def _pattern() -> re.Pattern[str]:
    labels = load("labels")
    # "Fecha" is a label, and "fecha de estreno" is one of another kind.
    beginnings = tuple(f"{label} " for label in (*labels["published"], *labels["modified"]))
    longer = [label for label in labels["other"] if label.startswith(beginnings)]
    kinds = {"longer": longer, **labels}
    groups = (rf"(?P<{kind}>{_any_of(_spellings(words))})" for kind, words in kinds.items())
    return re.compile(
        rf"(?<![^\W\d_])(?:{'|'.join(groups)})(?![^\W\d_])\s*(?:on|at|am|le|il|el|em|den|:|ঃ|：)*\s*", re.IGNORECASE
    )


def _any_of(words: set[str]) -> str:
    """Return the source of a pattern for any of these words, which tries only those with the right first letter."""
    endings: dict[str, list[str]] = {}
    for word in words:
        endings.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{re.escape(first)}(?:{any_of(rest)})" for first, rest in endings.items())


def _spellings(words: list[str]) -> set[str]:
    """Return words with each of the two spellings of Bengali letters with a dot below."""
    plain = {unicodedata.normalize("NFC", word) for word in words}
    return plain | {_with_single_characters(word) for word in plain}


def _with_single_characters(word: str) -> str:
    for two, one in _DOTTED.items():
        word = word.replace(two, one)
    return word
