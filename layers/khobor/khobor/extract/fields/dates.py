"""When the article was published, and when it was modified; one is never guessed from the other."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from khobor.article import Evidence, Origin
from khobor.extract import json_ld
from khobor.extract.dates import parse_date
from khobor.extract.document import Document
from khobor.extract.found import Found
from khobor.extract.text import text_of
from khobor.sources.source import Rules

_UTC = "UTC"


class _Places(NamedTuple):
    """Where a date is looked for: behind a label in a line of dates, in JSON-LD, in meta, in markup."""

    label: re.Pattern[str]
    json_ld: tuple[str, ...]
    meta: tuple[str, ...]
    markup: tuple[str, ...]


def _label(*words: str) -> re.Pattern[str]:
    spellings = [spelling for word in words for spelling in dict.fromkeys((word, word.capitalize(), word.upper()))]
    return re.compile(rf"(?:{'|'.join(spellings)})\s*(?:on|at|am|le)?\s*[:ঃ]?\s*")


_PUBLISHED = _Places(
    label=_label("প্রকাশিত", "প্রকাশ", "published", "posted", "veröffentlicht", "publié"),
    json_ld=("datePublished", "dateCreated", "uploadDate"),
    meta=(
        "article:published_time", "article:published", "og:published_time", "og:article:published_time",
        "datepublished", "date", "publishdate", "publish-date", "pubdate", "parsely-pub-date", "sailthru.date",
        "dc.date", "dc.date.issued", "dcterms.created", "cxenseparse:recs:publishtime", "publication_date",
    ),
    markup=("[itemprop=datePublished]", "time[pubdate]", "article time", "main time", "time", ".published", ".date"),
)  # fmt: skip
_MODIFIED = _Places(
    label=_label("আপডেট", "হালনাগাদ", "updated", "modified", "aktualisiert", "mis à jour"),
    json_ld=("dateModified",),
    meta=(
        "article:modified_time", "article:modified", "og:updated_time", "datemodified", "lastmod", "dcterms.modified",
    ),
    markup=("[itemprop=dateModified]",),
)  # fmt: skip


def find_published_at(document: Document, rules: Rules, zone: str | None, now: datetime) -> Found[datetime] | None:
    """Return when the article was published.

    Args:
        document: The page.
        rules: The source's rules.
        zone: IANA name of the zone of times without an offset; UTC where it is not known.
        now: When the page was fetched.
    """
    return _find(document, rules, _PUBLISHED, zone, now)


def find_modified_at(document: Document, rules: Rules, zone: str | None, now: datetime) -> Found[datetime] | None:
    """Return when the article was modified; takes what ``find_published_at`` takes."""
    return _find(document, rules, _MODIFIED, zone, now)


def _find(document: Document, rules: Rules, places: _Places, zone: str | None, now: datetime) -> Found[datetime] | None:
    """Return the first date that is there, the first with a time of day before one without."""
    days: list[Found[datetime]] = []
    for origin, text in _candidates(document, rules, places):
        found = _read(origin, text, zone or _UTC, now)
        if found and found.evidence.precision == "minute":
            return found
        if found:
            days.append(found)
    return days[0] if days else None


def _candidates(document: Document, rules: Rules, places: _Places) -> Iterator[tuple[Origin, str]]:
    for css in rules.dates:
        for element in document.select(css):
            yield from (("source rule", text) for text in _labelled(text_of(element), places.label))
    for key in places.json_ld:
        if text := json_ld.text(document.article.get(key)):
            yield "json-ld", text
    for name in places.meta:
        yield from (("meta", text) for text in document.meta.get(name, ()))
    for css in places.markup:
        for element in document.select(css):
            yield from (("heuristic", text) for text in (element.get("datetime") or "", element.get("content") or ""))
            yield "heuristic", places.label.sub("", text_of(element))


def _labelled(line: str, label: re.Pattern[str]) -> Iterator[str]:
    """Yield what stands behind a label, up to the next label or the end of the line."""
    for match in label.finditer(line):
        rest = line[match.end() :]
        ends = [other.start() for places in (_PUBLISHED, _MODIFIED) if (other := places.label.search(rest))]
        yield rest[: min(ends, default=len(rest))].strip(" |,–-")


def _read(origin: Origin, text: str, zone: str, now: datetime) -> Found[datetime] | None:
    point = parse_date(text, ZoneInfo(zone), now)
    if point is None:
        return None
    assumed = None if point.has_offset else zone
    evidence = Evidence(origin=origin, text=text, precision=point.precision, assumed_zone=assumed)
    return Found(point.instant, evidence)
