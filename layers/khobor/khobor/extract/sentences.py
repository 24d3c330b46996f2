"""Sentences and headings that stand on pages of news and are no part of the article."""

import re
import unicodedata
from functools import cache

from khobor.extract.text import comparable
from khobor.extract.vocabulary import load

_LONGEST = 400
_LONGEST_END = 60


def leads_away(text: str) -> bool:
    """Whether a paragraph leads away from the article, or speaks of the site.

    >>> leads_away("Read more: Another bridge"), leads_away("Anzeige"), leads_away("Anzeige erstatteten drei Nachbarn.")
    (True, True, False)
    """
    return len(text) <= _LONGEST and bool(_away().match(unicodedata.normalize("NFKC", text).lower()))


def ends_article(text: str) -> bool:
    """Whether behind a line such as "More stories" nothing of the article comes any more."""
    return len(text) <= _LONGEST_END and comparable(text) in _ends()


@cache
def _away() -> re.Pattern[str]:
    """Return the pattern of what begins with words that lead away; a single word must stand for itself."""
    starts = sorted((unicodedata.normalize("NFKC", start) for start in load("sentences")["away"]), key=len, reverse=True)
    phrases = "|".join(re.escape(start) for start in starts if " " in start or not start[-1].isalnum())
    words = "|".join(re.escape(start) for start in starts if " " not in start)
    return re.compile(rf"\W*(?:(?:{phrases})(?!\w)|(?:{words})\W*(?:$|[:：|»›→]))")


@cache
def _ends() -> frozenset[str]:
    return frozenset(map(comparable, load("sentences")["end"]))
