"""Dates of publication in a page's scripts: in what they count, in the data that they show, in JSON-LD with errors.

The names of such values differ from site to site. A date whose name says that it is of publication counts if no other
one in the scripts is of another day, or if it is beside the page's headline.
"""

import re
from collections.abc import Iterator
from itertools import islice

from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.script_values import Path, leaves, values
from khobor.extract.text import comparable

# A part of the name of each such value. Searching for plain text takes a tenth of the time of a pattern.
_STEMS = ("ublish", "ublicat", "ubDate", "ubdate", "ub_date", "ub-date", "ubTime", "ub_time", "UBLISH", "atePosted")
# A name has so many characters before that part. So many such parts are looked at in a script.
_BEFORE = 30
_MOST_PARTS = 2_000
_OF_NAME = re.compile(r"[\w.-]*")
# The rest of a name, and a value in quotes, which may be those of a script within a string; or Unix time.
_REST = re.compile(
    r"""([\w.-]{2,40})\\?["']?\s{0,3}[:=]\s{0,3}(?:\\?["']([^"'\\<>{}\n]{6,40})\\?["']|(\d{10}|\d{13})(?!\d))"""
)
_NAME = re.compile(
    r"(?:article|first|orig|original|content|page|post|story|news|meta|item|asset|entry|display)*"
    r"(?:(?:date|time|datetime)(?:of)?(?:first)?(?:published|publication|publish|posted)"
    r"|(?:publish|published|publication|pub)(?:date|time|datetime|at|on|timestamp|day)|published)"
    r"(?:time|iso|iso8601|utc|gmt|string|formatted)?"
)
_SEPARATORS = str.maketrans("", "", "._-")
_MOST_ENTRIES = 200
_LONGEST_HEADLINE = 300
# The headline may be in an object of its own, beside the date or below it.
_MOST_LEVELS = 3


def dates_in_scripts(document: Document) -> list[str]:
    """Return the texts of all dates of publication in the scripts, each once.

    JSON-LD without errors is left out: what it describes as published may be a comment or a picture.
    """
    found = (text for script in _scripts(document) for text in _entries(script))
    return list(dict.fromkeys(islice(found, _MOST_ENTRIES)))


def dates_beside_headline(document: Document) -> Iterator[str]:
    """Yield the texts of those that belong to the page's headline."""
    texts = [document.first_meta("og:title"), document.head_title, *document.headings[:1]]
    titles = frozenset(map(comparable, filter(None, texts))) - {""}
    for value in values(_scripts(document)):
        yield from _beside(list(leaves(value)), titles)


def _scripts(document: Document) -> Iterator[str]:
    for element in document.elements("script"):
        text = element.text
        if not text or not any(stem in text for stem in _STEMS):
            continue
        if not (json_ld.is_json_ld(element) and json_ld.values([text])):
            yield text
    yield from document.meta.get("parsely-page", ())


def _entries(script: str) -> Iterator[str]:
    """Yield the dates in a script."""
    for stem in _STEMS:
        for at in islice(_positions(script, stem), _MOST_PARTS):
            rest = _REST.match(script, at)
            if rest and _is_of_publication(_before(script, at) + rest[1]):
                yield rest[2] or rest[3]


def _positions(script: str, stem: str) -> Iterator[int]:
    at = script.find(stem)
    while at >= 0:
        yield at
        at = script.find(stem, at + len(stem))


def _before(script: str, at: int) -> str:
    """Return the beginning of a name."""
    backwards = _OF_NAME.match(script[max(0, at - _BEFORE) : at][::-1])
    return backwards[0][::-1] if backwards else ""


def _is_of_publication(name: str) -> bool:
    return _NAME.fullmatch(name.translate(_SEPARATORS).lower()) is not None


def _beside(found: list[tuple[Path, str]], titles: frozenset[str]) -> Iterator[str]:
    """Yield the dates in the objects around the headline, the innermost first, but none in a list."""
    short = ((path, text) for path, text in found if len(text) <= _LONGEST_HEADLINE)
    headlines = [path for path, text in short if comparable(text) in titles]
    dates = [(path, text) for path, text in found if path and _is_of_publication(str(path[-1]))]
    for level in range(1, _MOST_LEVELS + 1):
        places = {path[:-level] for path in headlines if len(path) >= level}
        yield from (text for path, text in dates if _around(path) & places)


def _around(path: Path) -> set[Path]:
    """Return the path of the object around a value, and of that around it unless it is in a list."""
    inner = path[:-1]
    return {inner, inner[:-1]} if inner and isinstance(inner[-1], str) else {inner}
