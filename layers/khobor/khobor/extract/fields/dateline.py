"""The place from which the article was filed."""

import re
from collections.abc import Iterator
from functools import cache

from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.text import comparable, plain
from khobor.extract.vocabulary import load

# How many paragraphs may begin with a dateline.
_FIRST = 3
# One to four words that begin with a capital, or that are in a script without capitals.
_WORD = r"(?:[^\W\d_a-zа-яёα-ωά-ώß-ÿ][^\s\d()\[\]:,.;=–—!?-]*|(?:St|Mt|D|S)\.)"
_PLACE = rf"(?P<place>{_WORD}(?:[ -]{_WORD}){{0,3}})"
# A month is letters with their marks: in Bengali, vowel signs are not ``\w``.
_MONTH = r"[^\s\d,.()[\]:;–—-]{2,20}\.?"
_DAY = rf"(?:,\s*(?:{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH})(?:,?\s+\d{{4}})?)?"
_DASH = r"\s*[—–-]+\s+(?=\S)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # [서울=연합뉴스], 【北京＝共同】
        r"^[\[【(（](?P<place>[^\W\d_]{1,12})\s*[=＝][^\]】)）]{1,20}[\]】)）]",
        # LONDON, Nov 3 (Reuters) —
        rf"^{_PLACE}{_DAY},?\s*[(（][^)）]{{2,30}}[)）]{_DASH}",
        # ঢাকা, ২৭ ফেব্রুয়ারি, ২০২৬ (বাসস) : what is in brackets before a colon is an agency if it is one word
        rf"^{_PLACE}{_DAY},?\s*[(（][^\s)）]{{2,15}}[)）]\s*[:ঃ]\s+(?=\S)",
        # NEW DELHI: or NEW DELHI —, in capitals
        r"^(?P<place>[A-Z][A-Z.' -]{1,30}[A-Z])(?:, [A-Z][a-z]+\.?)?(?: \d{1,2})?\s*(?:[—–-]|:)\s+(?=\S)",
        # Jepara -
        rf"^(?P<place>{_WORD}(?: {_WORD})?){_DAY}\s+[—–-]\s+(?=[^\W\da-z])",
    )
)
# টোকিও: a single word in a script without capitals.
_BEFORE_COLON = re.compile(r"^(?P<place>[^\W\d_A-Za-zА-я\u0370-\u03ff]\S{1,14}?)\s*[:ঃ]\s+(?=\S)")
_BEFORE_STOP = re.compile(rf"^(?P<place>{_WORD})\.\s+(?=[A-ZÄÖÜ])")
_IN_CAPITALS = re.compile(r"[A-Z.' -]+")


def candidates(document: Document, text: str) -> Iterator[FieldCandidate[str]]:
    """Yield the place in JSON-LD, or at the beginning of one of the first paragraphs.

    Args:
        document: The page.
        text: The paragraphs of the body, separated by empty lines.
    """
    if described := plain(json_ld.text(document.article.get("dateline"))):
        yield FieldCandidate.at(described, "json-ld", described)
    for paragraph in text.split("\n\n", _FIRST)[:_FIRST]:
        for match in _matches(document, paragraph):
            place = match["place"].strip()
            if place not in _no_places():
                yield FieldCandidate.at(
                    place.title() if _IN_CAPITALS.fullmatch(place) else place, "heuristic", match[0].strip()
                )


def _matches(document: Document, paragraph: str) -> Iterator[re.Match[str]]:
    yield from filter(None, (pattern.match(paragraph) for pattern in _PATTERNS))
    if match := _BEFORE_COLON.match(paragraph):
        yield match
    # A word with a full stop may be anything, so the page must name the place elsewhere too.
    if (match := _BEFORE_STOP.match(paragraph)) and _is_named_elsewhere(document, match["place"]):
        yield match


def _is_named_elsewhere(document: Document, place: str) -> bool:
    texts = (document.head_title, *document.headings, *document.descriptions)
    return any(comparable(place) in comparable(text).split() for text in texts)


@cache
def _no_places() -> frozenset[str]:
    return frozenset(load("dateline")["no_place"])
