"""The headline, and the page's other titles."""

import re
from collections.abc import Iterator

from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.text import UNSPACED_SCRIPTS, comparable, plain, text_of
from khobor.sources.source import Rules

_SEPARATOR = re.compile(r"\s[|–—·•»«:/~-]+\s|\s?[|｜]\s?|\s?::\s?|\s(?=&laquo;)")
# Two titles with so large a share of common words are the same headline.
_ALIKE = 0.6
_MOST_WORDS_OF_SITE = 4
# These separate a kicker from its headline more often than a site's name.
_WITHIN = frozenset({"/", ":"})
# A longer text is not a title, and splitting it would take too long.
_LONGEST = 1000
# In scripts without spaces, a shorter text is the name of a section.
_SHORTEST_UNSPACED = 6
# A kicker is not a larger share of its heading than this.
_LARGEST_KICKER = 0.5


def candidates(document: Document, rules: Rules, declared: list[FieldCandidate[str]]) -> Iterator[FieldCandidate[str]]:
    """Yield the headings of the page that its declared titles confirm, then the declared titles, then all headings.

    Args:
        document: The page.
        rules: The source's rules.
        declared: The titles that the page declares.
    """
    for selector in rules.title:
        if text := document.first_text(selector):
            yield FieldCandidate.at(text, "source rule", text)
    for heading in document.headings:
        if any(_alike(heading, title.value) for title in declared):
            yield FieldCandidate.at(_without_kicker(heading, declared), "heuristic", heading)
    yield from declared
    yield from (FieldCandidate.at(heading, "heuristic", heading) for heading in document.headings)


def alternatives(declared: list[FieldCandidate[str]], title: str | None) -> tuple[str, ...]:
    """Return the titles that a page declares beside the chosen one, without duplicates.

    Args:
        declared: The titles that the page declares.
        title: The chosen title.
    """
    seen = {comparable(title)}
    others: list[str] = []
    for other in declared:
        if comparable(other.value) not in seen:
            seen.add(comparable(other.value))
            others.append(other.value)
    return tuple(others)


def declared_titles(document: Document) -> Iterator[FieldCandidate[str]]:
    """Yield the titles in JSON-LD, microdata, meta elements and the title element, without the site's name."""
    for name in ("headline", "alternativeHeadline", "name"):
        if text := plain(json_ld.text(document.article.get(name))):
            yield FieldCandidate.at(text, "json-ld", text)
    for each in () if document.article else document.microdata("headline"):
        if text := plain(each.attrib.get("content")) or text_of(each.root):
            yield FieldCandidate.at(text, "microdata", text)
    yield from _of_page(document)


def _of_page(document: Document) -> Iterator[FieldCandidate[str]]:
    for name in ("og:title", "twitter:title", "dc.title", "title"):
        if text := plain(document.first_meta(name)):
            yield FieldCandidate.at(_without_site(text, document), "meta", text)
    if declared := document.head_title:
        yield FieldCandidate.at(_without_site(declared, document), "heuristic", declared)


def _without_site(title: str, document: Document) -> str:
    """Return a title without the name of the site at its end or beginning, and without sections."""
    parts = list(_SEPARATOR.finditer(title)) if len(title) <= _LONGEST else []
    if not parts:
        return title
    site = comparable(document.first_meta("og:site_name"))
    head, rest = title[: parts[0].start()], title[parts[0].end() :]
    if site and comparable(head) == site:
        return rest
    last = parts[-1]
    ends = [title[: last.start()]] if _is_label(title[last.end() :], title[: last.start()], site) else []
    # Bars separate sections from the site's name too. A dash may belong to the headline.
    bars = [title[: part.start()] for part in parts if ends and "|" in part[0]]
    kept = next((bar for bar in [*bars, *ends] if 2 * len(bar) > len(title)), ends[0] if ends else title)
    may_be_site = not site and _is_short(head) and not _is_short(rest) and parts[0][0].strip() not in _WITHIN
    # If it is not clear which end is the site's name, the headline is the part that the page shows.
    return rest if may_be_site and _is_on_page(rest, document) and not _is_on_page(kept, document) else kept


def _is_short(text: str) -> bool:
    return len(text.split()) <= _MOST_WORDS_OF_SITE


def _is_label(tail: str, before: str, site: str) -> bool:
    return comparable(tail) == site or (_is_short(tail) and len(tail) < len(before))


def _is_on_page(text: str, document: Document) -> bool:
    return text in "\n".join([piece.text for piece in document.layout.pieces])


def _without_kicker(heading: str, declared: list[FieldCandidate[str]]) -> str:
    """Return a heading without its kicker, if the rest is a title that the page declares."""
    whole = comparable(heading)
    for title in declared:
        other = comparable(title.value)
        if whole != other and whole.endswith(other) and len(whole) - len(other) <= _LARGEST_KICKER * len(whole):
            return title.value
    return heading


def _alike(heading: str, title: str) -> bool:
    one, other = comparable(heading), comparable(title)
    if " " not in one:
        return len(one) >= _SHORTEST_UNSPACED and UNSPACED_SCRIPTS.match(one) is not None and one in other
    words, others = set(one.split()), set(other.split())
    return bool(others) and len(words & others) >= _ALIKE * min(len(words), len(others)) and len(words) > 1
