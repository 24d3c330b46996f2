"""Dates of feeds and sitemaps: every form that ``dates`` reads, and a year or a month alone.

Sitemaps follow https://www.w3.org/TR/NOTE-datetime, which allows a year or a month alone.
"""

import re
from datetime import UTC, datetime, tzinfo

from khobor.dates.point_in_time import PointInTime
from khobor.dates.reading import parse_date
from khobor.discover.plain_text import plain_text

# Feeds of Drupal contain <time datetime="2026-11-27T10:00:00+06:00">Fri, 27/11/2026 - 10:00</time>, escaped.
_DATETIME = re.compile(r"""<time\b[^<>]{0,99}?\bdatetime=["']([^"'<>]{1,60})""", re.IGNORECASE)
_YEAR_OR_MONTH = re.compile(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?", re.ASCII)
# A time that was never set, as programs write it: 1 January of the year 1. Two digits of it would be read as 2001.
_UNSET = re.compile(r"(?<![\d+:.-])000[01](?!\d)", re.ASCII)


def read_listing_date(text: str | None, zone: tzinfo | None = None, language: str | None = None) -> datetime | None:
    """Return the time that a text states; None if it states none or an impossible one.

    >>> read_listing_date("Tue, 10 Mar 2026 09:01:00 GMT+6").isoformat()
    '2026-03-10T09:01:00+06:00'
    >>> read_listing_date("mer, 02 dic 2026 08:15 PM", language="it").isoformat()
    '2026-12-02T20:15:00+00:00'

    Args:
        text: The text.
        zone: The zone of a time without an offset; None if unknown. ``parse_date`` says how it is used.
        language: The BCP 47 tag of the text's language; None if unknown.
    """
    text = (text or "").strip()
    if match := _YEAR_OR_MONTH.fullmatch(text):
        return datetime(int(match[1]), int(match[2] or 1), 1, tzinfo=zone or UTC)
    point = read_listing_point(text, zone, language)
    return point.instant if point else None


def read_listing_point(text: str | None, zone: tzinfo | None = None, language: str | None = None) -> PointInTime | None:
    """Return the point in time that a text states; None if it states none, an impossible one, or a month or a year.

    Args:
        text: The text.
        zone: As for ``read_listing_date``.
        language: As for ``read_listing_date``.
    """
    text = (text or "").strip()
    if _YEAR_OR_MONTH.fullmatch(text):
        return None
    if "<" in text:
        match = _DATETIME.search(text)
        text = match[1] if match else plain_text(text) or ""
    return None if _UNSET.search(text) else parse_date(text, zone, None, language)


def stated_time(point: PointInTime | None) -> str | None:
    """Return a point in time in ISO 8601, as precise as it was stated: a day, or a time with its offset if it had one.

    >>> stated_time(read_listing_point("Tue, 10 Mar 2026 09:01:00 +0600"))
    '2026-03-10T09:01:00+06:00'
    """
    if point is None:
        return None
    if point.precision == "day":
        return point.instant.date().isoformat()
    time = point.instant.replace(microsecond=0)
    return (time if point.has_offset else time.replace(tzinfo=None)).isoformat()


def stated_change(published: PointInTime | None, modified: PointInTime | None) -> str | None:
    """Return when an article was changed, as ``stated_time`` does; None if that was not after its publication.

    Atom demands the time of a change; that of publication takes its place if there was none.

    Args:
        published: The time of publication, if it is stated.
        modified: The time of the last change, if it is stated.
    """
    has_changed = modified and (published is None or modified.instant > published.instant)
    return stated_time(modified) if has_changed else None
