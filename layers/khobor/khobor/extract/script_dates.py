"""Dates of publication in a page's scripts: in what they count, in the data that they show, in JSON-LD with errors.

The names of such values differ from site to site. A date whose name says that it is of publication counts if no other
one in the scripts is of another day, or if it is beside the page's headline.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from khobor.extract.document import Document
from khobor.extract.script_values import Path, leaves, strings, values
from khobor.extract.text import comparable, is_one_of

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
# Names that say less count in the object of the headline alone.
_PLAIN_STEMS = ('"date', "reated", "reation", '"time', "osted", '"ctime', "imestamp")
_PLAIN_NAME = re.compile(
    r"(?:date|datetime|time|timestamp|ctime|(?:date|time)?(?:created|creation|posted|added)(?:date|time|at|on)?)"
)
_SEPARATORS = str.maketrans("", "", "._-")
_MOST_ENTRIES = 200
_LONGEST_HEADLINE = 300
# The headline may be in an object of its own, beside the date or below it.
_MOST_LEVELS = 3


def dated_scripts(document: Document) -> list[str]:
    """Return the scripts of a page that may have dates of publication.

    JSON-LD without errors is left out: what it describes as published may be a comment or a picture.
    """
    return [*_scripts_with(document, _STEMS), *document.meta.get("parsely-page", ())]


def _scripts_with(document: Document, stems: Iterable[str]) -> list[str]:
    """Return the scripts that have one of several texts, without JSON-LD."""
    scripts = (script for script in document.elements("script") if not document.has_json_ld_in(script))
    texts = (script.text or "" for script in scripts)
    return [text for text in texts if any(map(text.__contains__, stems))]


def dates_in_scripts(scripts: Iterable[str]) -> list[str]:
    """Return the texts of all dates of publication in scripts, each once.

    Args:
        scripts: As ``dated_scripts`` returns them.
    """
    found = (text for script in scripts for text in _entries(script))
    return list(dict.fromkeys(islice(found, _MOST_ENTRIES)))


def dates_beside_headline(scripts: Iterable[str], document: Document) -> Iterator[str]:
    """Yield the texts of those that belong to the page's headline.

    Args:
        scripts: As ``dated_scripts`` returns them.
        document: The page.
    """
    titles = _titles(document)
    for found in _with_headline(scripts, titles):
        yield from _beside(found, titles)


def plain_dates_beside_headline(document: Document) -> Iterator[str]:
    """Yield the texts whose names say no more than that they are dates, in the object with the page's headline."""
    titles = _titles(document)
    for found in _with_headline(_scripts_with(document, _PLAIN_STEMS), titles):
        objects = {path[:-1] for path, text in found if len(text) <= _LONGEST_HEADLINE and is_one_of(text, titles)}
        yield from (text for path, text in found if path[:-1] in objects and _is_plain_name(str(path[-1])))


def _titles(document: Document) -> frozenset[str]:
    texts = [document.first_meta("og:title"), document.head_title, *document.headings[:1]]
    return frozenset(map(comparable, filter(None, texts))) - {""}


def _with_headline(scripts: Iterable[str], titles: frozenset[str]) -> Iterator[list[tuple[Path, str]]]:
    """Yield the strings of each value in scripts that has the page's headline, with their paths."""
    for value in values(scripts):
        # Most of a page's data is about something else.
        if any(is_one_of(text, titles) for text in strings(value) if len(text) <= _LONGEST_HEADLINE):
            yield leaves(value)


def _is_plain_name(name: str) -> bool:
    return _PLAIN_NAME.fullmatch(name.translate(_SEPARATORS).lower()) is not None


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


@lru_cache(maxsize=1024)
def _is_of_publication(name: str) -> bool:
    # The data of a page has few different names, each many times.
    return _NAME.fullmatch(name.translate(_SEPARATORS).lower()) is not None


def _beside(found: list[tuple[Path, str]], titles: frozenset[str]) -> Iterator[str]:
    """Yield the dates in the objects around the headline, the innermost first, but none in a list."""
    short = ((path, text) for path, text in found if len(text) <= _LONGEST_HEADLINE)
    headlines = [path for path, text in short if is_one_of(text, titles)]
    dates = [(path, text) for path, text in found if path and _is_of_publication(str(path[-1]))]
    for level in range(1, _MOST_LEVELS + 1):
        places = {path[:-level] for path in headlines if len(path) >= level}
        yield from (text for path, text in dates if _around(path) & places)


def _around(path: Path) -> set[Path]:
    """Return the path of the object around a value, and of that around it unless it is in a list."""
    inner = path[:-1]
    return {inner, inner[:-1]} if inner and isinstance(inner[-1], str) else {inner}
