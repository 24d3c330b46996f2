"""Sentences and headings on news pages that are not part of the article."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from khobor.extract.text import comparable, start_of_words
from khobor.extract.vocabulary import comparable_words, load

_LONGEST = 400
_LONGEST_END = 60
_LONGEST_REQUEST = 200
# Such a heading may contain the title.
_LONGEST_ABOVE_COMMENTS = 300
_NUMBER = re.compile(r"\d+")
# No phrase of a request is shorter.
_SHORTEST_REQUEST = 7
_BEGINNING = 4
_COMPARED = 3
# What only a script of a page does, and how its statements begin and end.
_OF_PAGE = re.compile(r"\bdocument\.\w|\bwindow\.\w|\$\(|\bjQuery\b|adsbygoogle|googletag|_gaq|dataLayer")
_STATEMENT = re.compile(r"\b(?:var|let|const)\s+[\w$]+\s*=|\bfunction\b[^(]{0,40}\(|\)\s*;|\breturn\b|\}\s*[;)]")
_FEWEST_STATEMENTS = 3
# Words of a phrase are found by so many of their first characters.
_STEM = 5
# Signs at the beginning of some of them.
_SIGNS = "©ⓒ"


def leads_away(text: str) -> bool:
    """Whether a paragraph leads to another page, or is about the site.

    >>> leads_away("Read more: Another bridge"), leads_away("Anzeige"), leads_away("Anzeige erstatteten drei Nachbarn.")
    (True, True, False)
    """
    if len(text) > _LONGEST:
        return False
    beginnings, pattern = _away_patterns()
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()
    start = 0
    while start < len(folded) and not folded[start].isalnum() and folded[start] not in _SIGNS:
        start += 1
    # Almost no paragraph begins like one of these, so this check comes first.
    beginning = folded[start : start + _BEGINNING]
    if (beginning in beginnings or beginning[:1] in beginnings) and pattern.match(folded, start):
        return True
    return _SHORTEST_REQUEST <= len(folded) <= _LONGEST_REQUEST and _requests(folded)


def ends_article(text: str) -> bool:
    """Whether a line such as "More stories" ends the article."""
    if len(text) > _LONGEST_END:
        return False
    # Most lines begin otherwise. NFKC does not change characters of ASCII before another one.
    start = start_of_words(text)
    beginning = text[start : start + _COMPARED]
    if text[: start + _BEGINNING].isascii() and beginning.isalnum() and beginning.lower() not in _ends_begin():
        return False
    # The line may end with a number: "Comments (12)".
    return comparable(text).rstrip(" 0123456789") in comparable_words("sentences", "end")


@cache
def _ends_begin() -> frozenset[str]:
    return frozenset(line[:_COMPARED] for line in comparable_words("sentences", "end"))


def heads_comments(text: str, titles: Iterable[str] = ()) -> bool:
    """Whether a heading such as "3 comments" stands above the comments of readers.

    >>> heads_comments("3 thoughts on “Bridge opens”", ["bridge opens"])
    True

    Args:
        text: The heading.
        titles: The page's titles as ``comparable`` returns them.
    """
    if len(text) > _LONGEST_ABOVE_COMMENTS:
        return False
    plain = comparable(text)
    title = max((each for each in titles if each in plain), key=len, default="")
    if not title:
        return len(text) <= _LONGEST_END and plain.strip(" 0123456789") in comparable_words("sentences", "comments")
    beside = " ".join(_NUMBER.sub(" ", plain.replace(title, " ", 1)).split())
    return beside in comparable_words("sentences", "comments_on") or beside in comparable_words("sentences", "comments")


def claims_copyright(text: str) -> bool:
    """Whether a line behind a text begins as a notice about its copyright does.

    >>> claims_copyright("© 2026 Lindmark Courier"), claims_copyright("Copyright law protects authors.")
    (True, False)
    """
    return len(text) <= _LONGEST_REQUEST and text.lower().startswith(_copyright())


def is_script(text: str) -> bool:
    """Whether a text is the source of a script for the page, which broken markup shows as text.

    >>> is_script('var w = 300; document.write("<b>"); function f() { return w; }')
    True
    """
    # Almost no paragraph has these signs.
    if not (";" in text and "(" in text and "=" in text):
        return False
    return _OF_PAGE.search(text) is not None and len(_STATEMENT.findall(text)) >= _FEWEST_STATEMENTS


@cache
def _copyright() -> tuple[str, ...]:
    return tuple(load("sentences")["copyright"])


@cache
def _away_patterns() -> tuple[frozenset[str], re.Pattern[str]]:
    """Return the first characters, and the pattern, of what leads away. A single word must be followed by a sign."""
    starts = [unicodedata.normalize("NFKC", start) for start in load("sentences")["away"]]
    starts.sort(key=len, reverse=True)
    phrases = "|".join(re.escape(start) for start in starts if " " in start or not start[-1].isalnum())
    words = "|".join(re.escape(start) for start in starts if " " not in start)
    pattern = re.compile(rf"(?:{phrases})(?!\w)|(?:{words})\W*(?:$|[:：|»›→])")
    return frozenset(start[: _BEGINNING if len(start) >= _BEGINNING else 1] for start in starts), pattern


def _requests(folded: str) -> bool:
    """Whether a text contains a phrase such as "our newsletter"."""
    stems, with_stem, in_ascii, others = _request_phrases()
    if any(map(folded.__contains__, in_ascii)):
        return True
    if not folded.isascii() and any(map(folded.__contains__, others)):
        return True
    # One set of stems takes a third of the time of a search for each phrase.
    return not stems.isdisjoint([word[:_STEM] for word in folded.split(" ")]) and any(
        map(folded.__contains__, with_stem)
    )


@cache
def _request_phrases() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the stems of words that follow a space in phrases, the phrases with such a word, and the others.

    Those in ASCII come first, because they alone are in a text in ASCII.
    """
    with_stem: dict[str, str] = {}
    others = []
    for phrase in load("sentences")["anywhere"]:
        folded = unicodedata.normalize("NFKC", phrase)
        word = max(folded.split(" ")[1:], key=len, default="")
        if len(word) < _STEM:
            others.append(folded)
        else:
            with_stem[folded] = word[:_STEM]
    in_ascii = tuple(filter(str.isascii, others))
    return frozenset(with_stem.values()), tuple(with_stem), in_ascii, tuple(set(others).difference(in_ascii))
