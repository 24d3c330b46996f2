"""The headline, and the page's other titles."""

import re
from collections.abc import Iterator

from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.found import Found
from khobor.extract.text import clean, comparable, text_of
from khobor.sources.source import Rules

_SEPARATOR = re.compile(r"\s+[|–—·•»«:/~-]+\s+|\s*\|\s*|\s*::\s*")
# Of the words of two titles that are one headline in two wordings, so many are the same.
_ALIKE = 0.6
_MOST_WORDS_OF_SITE = 4


def find_title(document: Document, rules: Rules) -> Found[str] | None:
    """Return the headline that a reader sees: the page's heading that its own titles confirm, else one of these."""
    for css in rules.title:
        if text := document.first_text(css):
            return Found.at(text, "source rule", text)
    declared = list(_declared(document))
    headings = [text for heading in document.root.iter("h1") if (text := text_of(heading))]
    for heading in headings:
        if any(_alike(heading, title.value) for title in declared):
            return Found.at(heading, "heuristic", heading)
    if declared:
        return declared[0]
    return Found.at(headings[0], "heuristic", headings[0]) if headings else None


def find_alternative_titles(document: Document, title: str | None) -> tuple[str, ...]:
    """Return the page's other titles, each once."""
    seen = {comparable(title)}
    found: list[str] = []
    for other in _declared(document):
        if comparable(other.value) not in seen:
            seen.add(comparable(other.value))
            found.append(other.value)
    return tuple(found)


def _declared(document: Document) -> Iterator[Found[str]]:
    for name in ("headline", "alternativeHeadline", "name"):
        if text := clean(json_ld.text(document.article.get(name))):
            yield Found.at(text, "json-ld", text)
    site = document.first_meta("og:site_name")
    for name in ("og:title", "twitter:title", "dc.title", "title"):
        if declared := document.first_meta(name):
            yield Found.at(_without_site(declared, site), "meta", declared)
    if declared := document.first_text("head title"):
        yield Found.at(_without_site(declared, site), "heuristic", declared)


def _without_site(title: str, site: str | None) -> str:
    """Return a title without the site's name, which stands at its end or at its beginning."""
    parts = list(_SEPARATOR.finditer(title))
    if not parts:
        return title
    first, last = parts[0], parts[-1]
    if site and comparable(title[: first.start()]) == comparable(site):
        return title[first.end() :]
    tail = title[last.end() :]
    is_short = len(tail.split()) <= _MOST_WORDS_OF_SITE and len(tail) < last.start()
    return title[: last.start()] if is_short or comparable(tail) == comparable(site) else title


def _alike(heading: str, title: str) -> bool:
    one, other = set(comparable(heading).split()), set(comparable(title).split())
    return bool(one and other) and len(one & other) >= _ALIKE * min(len(one), len(other)) and len(one) > 1
