"""Sentences and headings that stand on pages of news and are no part of the article."""

import re
import unicodedata
from functools import cache

from khobor.extract.text import comparable
from khobor.extract.vocabulary import comparable_words, load

_LONGEST = 400
_LONGEST_END = 60
_LONGEST_REQUEST = 200
_BEGINNING = 4
# Signs with which some of them begin.
_SIGNS = "©ⓒ"


def leads_away(text: str) -> bool:
    """Whether a paragraph leads away from the article, or speaks of the site.

    >>> leads_away("Read more: Another bridge"), leads_away("Anzeige"), leads_away("Anzeige erstatteten drei Nachbarn.")
    (True, True, False)
    """
    if len(text) > _LONGEST:
        return False
    beginnings, pattern = _away()
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()
    start = 0
    while start < len(folded) and not folded[start].isalnum() and folded[start] not in _SIGNS:
        start += 1
    # Nearly no paragraph begins as one of these: that is found out first.
    beginning = folded[start : start + _BEGINNING]
    if (beginning in beginnings or beginning[:1] in beginnings) and pattern.match(folded, start):
        return True
    return len(folded) <= _LONGEST_REQUEST and any(map(folded.__contains__, _requests()))


def ends_article(text: str) -> bool:
    """Whether behind a line such as "More stories" nothing of the article comes any more."""
    # A number tells how many there are: "Comments (12)".
    return len(text) <= _LONGEST_END and comparable(text).rstrip(" 0123456789") in comparable_words("sentences", "end")


@cache
def _away() -> tuple[frozenset[str], re.Pattern[str]]:
    """Return beginnings and the pattern of what leads away; a single word must stand for itself."""
    said = [unicodedata.normalize("NFKC", start) for start in load("sentences")["away"]]
    said.sort(key=len, reverse=True)
    phrases = "|".join(re.escape(start) for start in said if " " in start or not start[-1].isalnum())
    words = "|".join(re.escape(start) for start in said if " " not in start)
    pattern = re.compile(rf"(?:{phrases})(?!\w)|(?:{words})\W*(?:$|[:：|»›→])")
    return frozenset(start[: _BEGINNING if len(start) >= _BEGINNING else 1] for start in said), pattern


@cache
def _requests() -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFKC", said) for said in load("sentences")["anywhere"])
