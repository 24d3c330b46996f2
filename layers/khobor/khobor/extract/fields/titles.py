"""The headline, and the page's other titles."""

import re
from collections.abc import Iterator

from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.text import comparable, plain, text_of
from khobor.sources.source import Rules

_SEPARATOR = re.compile(r"\s[|–—·•»«:/~-]+\s|\s?[|｜]\s?|\s?::\s?|\s(?=&laquo;)")
# Of the words of two titles that are one headline in two wordings, so many are the same.
_ALIKE = 0.6
_MOST_WORDS_OF_SITE = 4
# These part a kicker from its headline more often than a site's name.
_WITHIN = frozenset({"/", ":"})
# What is longer is no title; taken apart, it would take time without end.
_LONGEST = 1000
# Chinese, Japanese, Thai, Lao, Burmese, Khmer: a headline without spaces is longer than the name of a section.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_SHORTEST_UNSPACED = 6
# A kicker within the heading is no more of it than this.
_LARGEST_KICKER = 0.5


def candidates(document: Document, rules: Rules, declared: list[FieldCandidate[str]]) -> Iterator[FieldCandidate[str]]:
    """Yield the headline that a reader sees: the page's heading that its own titles confirm; then these.

    Args:
        document: The page.
        rules: The source's rules.
        declared: The page's own titles.
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
    """Return the titles that a page declares beside the one that was taken, each once."""
    seen = {comparable(title)}
    found: list[str] = []
    for other in declared:
        if comparable(other.value) not in seen:
            seen.add(comparable(other.value))
            found.append(other.value)
    return tuple(found)


def declared_titles(document: Document) -> Iterator[FieldCandidate[str]]:
    """Yield the titles that a page declares, without the site's name: of JSON-LD, microdata, meta and its head."""
    for name in ("headline", "alternativeHeadline", "name"):
        if text := plain(json_ld.text(document.article.get(name))):
            yield FieldCandidate.at(text, "json-ld", text)
    for element in () if document.article else document.microdata("headline"):
        if text := plain(element.get("content")) or text_of(element):
            yield FieldCandidate.at(text, "microdata", text)
    yield from _of_page(document)


def _of_page(document: Document) -> Iterator[FieldCandidate[str]]:
    for name in ("og:title", "twitter:title", "dc.title", "title"):
        if text := plain(document.first_meta(name)):
            yield FieldCandidate.at(_without_site(text, document), "meta", text)
    if declared := document.head_title:
        yield FieldCandidate.at(_without_site(declared, document), "heuristic", declared)


def _without_site(title: str, document: Document) -> str:
    """Return a title without the site's name, which stands at its end or at its beginning, and without sections."""
    parts = list(_SEPARATOR.finditer(title)) if len(title) <= _LONGEST else []
    if not parts:
        return title
    site = comparable(document.first_meta("og:site_name"))
    head, rest = title[: parts[0].start()], title[parts[0].end() :]
    if site and comparable(head) == site:
        return rest
    last = parts[-1]
    ends = [title[: last.start()]] if _is_label(title[last.end() :], title[: last.start()], site) else []
    # A bar parts the section from the site's name as well; what a dash parts may be the headline's own.
    bars = [title[: part.start()] for part in parts if ends and "|" in part[0]]
    kept = next((bar for bar in [*bars, *ends] if 2 * len(bar) > len(title)), ends[0] if ends else title)
    may_be_site = not site and _is_short(head) and not _is_short(rest) and parts[0][0].strip() not in _WITHIN
    # Where nothing says which end is the site's, the headline is what stands on the page.
    return rest if may_be_site and _is_on_page(rest, document) and not _is_on_page(kept, document) else kept


def _is_short(text: str) -> bool:
    return len(text.split()) <= _MOST_WORDS_OF_SITE


def _is_label(tail: str, before: str, site: str) -> bool:
    return comparable(tail) == site or (_is_short(tail) and len(tail) < len(before))


def _is_on_page(text: str, document: Document) -> bool:
    return text in "\n".join([piece.text for piece in document.layout.pieces])


def _without_kicker(heading: str, declared: list[FieldCandidate[str]]) -> str:
    """Return a heading without the line above it, where it ends with a title that the page declares."""
    said = comparable(heading)
    for title in declared:
        other = comparable(title.value)
        if said != other and said.endswith(other) and len(said) - len(other) <= _LARGEST_KICKER * len(said):
            return title.value
    return heading


def _alike(heading: str, title: str) -> bool:
    said, known = comparable(heading), comparable(title)
    if " " not in said:
        return len(said) >= _SHORTEST_UNSPACED and _UNSPACED.match(said) is not None and said in known
    one, other = set(said.split()), set(known.split())
    return bool(other) and len(one & other) >= _ALIKE * min(len(one), len(other)) and len(one) > 1
