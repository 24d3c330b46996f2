"""The agencies that the article names as its source."""

import re
from collections.abc import Iterator
from functools import cache

from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.front_matter import FrontMatter
from khobor.extract.text import clean, comparable
from khobor.extract.vocabulary import any_of, comparable_words, load

# খবর আলজাজিরার। The agency in the genitive, at the end of a paragraph.
_GENITIVE = re.compile(r"(?:^|[।.!?]\s?)খবর\s(?P<name>[^।.,]{2,60}?)\s?।?$")
# … (БТК) at the end of a paragraph.
_IN_BRACKETS = re.compile(r"[(（\[](?P<name>[^()（）\[\]]{2,40})[)）\]]\s?[.।]?$")
# LONDON (Reuters) – at the beginning of a paragraph.
_IN_DATELINE = re.compile(r"^[^()（）]{2,60}?[(（](?P<name>[^()（）]{2,40})[)）]\s?[—–:-]")
_BEFORE_EQUALS = re.compile(r"^[\[【(（][^\]】=＝]{1,12}[=＝](?P<name>[^\]】)）]{2,20})[\]】)）]")
_LONGEST_END = 120
_LONGEST_PLACE = 62
_NEWS = "খবর"
_AFTER_LABEL = re.compile("[:ঃ：–-]")
_OPENING = re.compile("[([【（]")
_CLOSING = (")", "）", "]", ").", "）.", "].", ")।", "）。", ")。")
_BETWEEN = re.compile(r"\s?[,،、/]\s?|\s(?:ও|এবং|and|und|y|et|e|и)\s")
_VOWEL_SIGNS = "ািীুূৃেৈোৌ"


def candidates(
    document: Document, paragraphs: list[str], front_matter: FrontMatter
) -> Iterator[FieldCandidate[tuple[str, ...]]]:
    """Yield the agencies that the article names as its source, without duplicates and without the site itself.

    Args:
        document: The page.
        paragraphs: The paragraphs of the body.
        front_matter: The page's front matter, which may name a source too.
    """
    names: dict[str, str] = {}
    lines = [text for line in (*front_matter.lines, *front_matter.closing) for text in line.parts or (line.text,)]
    for name, text in (*_in_text(paragraphs), *_labelled(lines, is_line=True)):
        if comparable(name).replace(" ", "") not in document.site_names:
            names.setdefault(name, text)
    if names:
        yield FieldCandidate.at(tuple(names), "heuristic", " … ".join(dict.fromkeys(names.values())))


def _in_text(paragraphs: list[str]) -> Iterator[tuple[str, str]]:
    agencies = comparable_words("agencies", "names")
    for paragraph in paragraphs:
        # A source is named at the end or at the beginning.
        end = max(0, len(paragraph) - _LONGEST_END)
        if _NEWS in paragraph and (match := _GENITIVE.search(paragraph, end)):
            yield from ((_nominative(name), clean(match[0])) for name in _BETWEEN.split(match["name"]))
        for match in _in_brackets(paragraph, end):
            if match:
                names = [clean(name) for name in _BETWEEN.split(match["name"])]
                yield from ((name, clean(match[0])) for name in names if comparable(name) in agencies)
        yield from _labelled([paragraph], is_line=False)


def _in_brackets(paragraph: str, end: int) -> Iterator[re.Match[str] | None]:
    if paragraph.endswith(_CLOSING):
        yield _IN_BRACKETS.search(paragraph, end)
    # Few paragraphs have an opening bracket near the beginning.
    if _OPENING.search(paragraph, 0, _LONGEST_PLACE):
        yield _IN_DATELINE.search(paragraph)
        yield _BEFORE_EQUALS.search(paragraph)


def _labelled(texts: list[str], *, is_line: bool) -> Iterator[tuple[str, str]]:
    """Yield the sources after a label, in a line of their own or at the end of a paragraph, each with its text."""
    for text in texts:
        start = 0 if is_line else max(0, len(text) - _LONGEST_END)
        # The sign after a label is found faster than the label.
        if _AFTER_LABEL.search(text, start) and (match := _label(is_line=is_line).search(text, start)):
            yield from ((clean(name), clean(match[0])) for name in _BETWEEN.split(match["name"]))


def _nominative(name: str) -> str:
    """Return a Bengali name without the ending of the genitive: -র after a vowel, -ের after a consonant.

    >>> _nominative("আলজাজিরার"), _nominative("রয়টার্সের")
    ('আলজাজিরা', 'রয়টার্স')
    """
    name = clean(name)
    if name.endswith("ের"):
        return name.removesuffix("ের").rstrip("-'’")
    stem = name.removesuffix("র").rstrip("-'’")
    return stem if stem != name and stem.endswith((*_VOWEL_SIGNS, "ই", "ও", "উ")) else name


@cache
def _label(*, is_line: bool) -> re.Pattern[str]:
    words = any_of(load("agencies")["labels"])
    before = r"^" if is_line else r"(?:^|[।.!?。(]\s?)"
    return re.compile(rf"{before}(?:{words})\s?[:ঃ：–-]\s?(?P<name>[^।().。]{{2,60}}?)\s?[.।)]?$", re.IGNORECASE)
