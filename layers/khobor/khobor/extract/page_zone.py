"""The time zone of a page's times that have no offset, and the offset in which its readers see the others."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from khobor.dates.reading import parse_date
from khobor.extract.document import Document
from khobor.extract.vocabulary import load

NO_ZONE = "UTC"
_OFFSET = re.compile(r"\d(?P<sign>[+-])(?P<hours>0\d|1[0-4]):?(?P<minutes>[0-5]\d)$")
_SAME = timedelta(minutes=1)
# The zone of a site in the data of a page: "publicationTimezone": "Europe\/London". Its name has one of these.
_STEMS = ("imezone", "imeZone", "ime_zone")
_NAMED_ZONE = re.compile(
    r"""ime[_-]?zone(?:_?(?:string|name|id|code)|Id|Name|String)?\\?["']?\s{0,3}[:=,]\s{0,3}\\?["']"""
    r"""(?P<place>(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)(?:\\?/[A-Z][A-Za-z_-]{1,30}){1,2})\\?["']""",
    re.IGNORECASE,
)
_MOST_SCRIPTS = 200
# "November 27, 2026 2:24 pm": English with the month first and a clock of twelve hours.
_AMERICAN_TIME = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s{1,3}\d{1,2}(?:st|nd|rd|th)?,?\s{1,3}\d{4}\b"
    r".{0,12}?\b\d{1,2}(?::\d\d){0,2}\s?[ap]\.?\s?m?\b",
    re.IGNORECASE,
)
_AMERICAN_LANGUAGES = frozenset({None, "en", "en-US", "en-us", "en_US"})
_WINTER, _SUMMER = datetime(2024, 1, 1), datetime(2024, 7, 1)  # noqa: DTZ001 local times


@lru_cache(maxsize=1024)
def assumed_zone(source_zone: str | None, host: str | None, language: str | None) -> tuple[tzinfo | None, str]:
    """Return the zone of times without an offset, and its name; None and UTC if nothing says which it is.

    Args:
        source_zone: The zone of the source, None if it is not known.
        host: The host of the page. Its top-level domain may be that of a country.
        language: The language of the article, BCP 47. It may be that of one zone.
    """
    if source_zone:
        return ZoneInfo(source_zone), source_zone
    zones = load("zones")
    languages = zones["languages"]
    name = country_zone(host) or zones["widest"].get((host or "").rpartition(".")[2])
    name = name or languages.get(language or "") or languages.get((language or "").partition("-")[0])
    return (ZoneInfo(name), name) if name else (None, NO_ZONE)


def country_zone(host: str | None) -> str | None:
    """Return the zone of the country in a host's name, None if it names none, or one with several zones."""
    name: str | None = load("zones")["zones"].get((host or "").rpartition(".")[2])
    return name


def zone_of_form(text: str, language: str | None) -> str | None:
    """Return the zone of most people who write a time in this form, None if people in many zones do.

    Args:
        text: A text with a day and a time without an offset.
        language: The language of the article, BCP 47.
    """
    is_american = language in _AMERICAN_LANGUAGES and _AMERICAN_TIME.search(text)
    name: str | None = load("zones")["widest"]["us"] if is_american else None
    return name


def zone_in_scripts(document: Document) -> str | None:
    """Return the name of the one zone that the data in a page's scripts state, None if they state none or several."""
    texts = (script.text for script in document.elements("script")[:_MOST_SCRIPTS])
    dated = (text for text in texts if text and any(map(text.__contains__, _STEMS)))
    names = {match["place"].replace("\\", "") for text in dated for match in _NAMED_ZONE.finditer(text)}
    return next((name for name in names if _is_zone(name)), None) if len(names) == 1 else None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def has_offset(zone: tzinfo | None, offset: timezone) -> bool:
    """Whether a zone has an offset in winter or in summer.

    Args:
        zone: The zone; one that is unknown has no offset.
        offset: The offset.
    """
    offsets = (zone.utcoffset(moment) for moment in (_WINTER, _SUMMER)) if zone else ()
    return offset.utcoffset(None) in offsets


def shown_offset(texts: Iterable[str | None]) -> timezone | None:
    """Return the first offset in these dates that is not UTC's, None if there is none."""
    offsets = (match for text in texts if text and (match := _OFFSET.search(text)))
    return next((offset for match in offsets if (offset := _offset(match)) != UTC), None)


def in_local_time(instant: datetime, texts: Iterable[str | None]) -> datetime:
    """Return a time in UTC with the offset of another date that gives the same time, else as it is.

    Args:
        instant: The time.
        texts: The other dates.
    """
    for text in texts:
        if text and (match := _OFFSET.search(text)) and (offset := _offset(match)) != UTC:
            point = parse_date(text)
            if point and abs(point.instant - instant) < _SAME:
                return instant.astimezone(offset)
    return instant


def _offset(match: re.Match[str]) -> timezone:
    minutes = int(match["hours"]) * 60 + int(match["minutes"])
    return timezone(timedelta(minutes=-minutes if match["sign"] == "-" else minutes))
