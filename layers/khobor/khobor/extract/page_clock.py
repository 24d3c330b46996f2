"""The clock that the times of one page follow: the zone of those without an offset, and how its readers see the others.

The zone is that of the source, else that of the country in the host's name. Of other pages, the zone that the data in
their scripts name says more than a country with several zones, or the language.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timezone, tzinfo
from functools import cached_property
from itertools import chain
from zoneinfo import ZoneInfo

from khobor.dates.point_in_time import PointInTime
from khobor.dates.reading import parse_date
from khobor.dates.zones import is_in_use
from khobor.extract.date_choice import Date
from khobor.extract.declared_dates import MODIFIED, PUBLISHED, declared_text
from khobor.extract.document import Document
from khobor.extract.number_order import numbers_in
from khobor.extract.page_zone import (
    NO_ZONE,
    assumed_zone,
    country_zone,
    has_offset,
    in_local_time,
    shown_offset,
    zone_in_scripts,
    zone_of_form,
)
from khobor.extract.visible_dates import VisibleDates

# A time of day.
CLOCK = re.compile(r"\d[:.h]\d\d")
# How many elements with times are read.
_MOST_DATES = 100


class PageClock:
    """The zone of a page's times.

    Args:
        document: The page.
        visible: The texts with dates that it shows.
        source_zone: The zone of its source, None if it is not known.
        language: BCP 47.
        now: When it was fetched, aware.

    Attributes:
        zone: The zone of times without an offset, None if nothing says which it is.
        zone_name: Its name, UTC if it is None.
        is_of_place: Whether it is that of the source or of the country in the host's name.
    """

    def __init__(
        self,
        document: Document,
        visible: VisibleDates,
        source_zone: str | None,
        language: str | None,
        now: datetime,
    ) -> None:
        self._document = document
        self._visible = visible
        self._language = language
        self._now = now
        self._is_known = source_zone is not None
        self.zone: tzinfo | None
        self.zone_name: str
        self.zone, self.zone_name = assumed_zone(source_zone, document.host, language)
        self.is_of_place = self._is_known or country_zone(document.host) is not None

    def in_zone(self, point: PointInTime, text: str) -> tuple[datetime, str | None]:
        """Return the time of a date, and the name of the zone that was assumed for it; None if it has an offset.

        Args:
            point: The date.
            text: Its text.
        """
        if point.has_offset:
            return point.instant, None
        if point.precision == "day" and not self.is_of_place:
            # A zone that only the language tells must not turn a day into the day before.
            return point.instant.replace(tzinfo=UTC), NO_ZONE
        if self._offset and self._offset.utcoffset(None) != point.instant.utcoffset():
            # Other times on the page show its zone better than its host name.
            return point.instant.replace(tzinfo=self._offset), str(self._offset)
        name = None if self.is_of_place or self._offset else self._declared or self._zone_of_form(point, text)
        return (point.instant.replace(tzinfo=ZoneInfo(name)), name) if name else (point.instant, self.zone_name)

    def localized(self, date: Date) -> Date:
        """Return a date with the offset that the page shows, so that its day is the one that its readers see."""
        if self._is_known or date.evidence.precision == "day":
            return date
        if date.evidence.assumed_zone:
            return self._with_visible_offset(date)
        if date.value.utcoffset():
            return date
        local = in_local_time(date.value, self.times)
        if local is date.value:
            offset = self._offset or self._offset_from_utc(date.value) or self._offset_of_zone(date.value)
            local = date.value.astimezone(offset) if offset else local
        return replace(date, value=local)

    @cached_property
    def times(self) -> list[str | None]:
        """The texts of the page that may be a time with an offset, the best first."""
        article = self._document.article
        texts = [declared_text(article.get(key)) for each in (PUBLISHED, MODIFIED) for key in each.json_ld]
        texts += [text for name in PUBLISHED.meta + MODIFIED.meta for text in self._document.plain_meta.get(name, ())]
        texts += [element.get("datetime") for element in self._visible.elements]
        texts += [element.get("datetime") for element in self._document.elements("time")[:_MOST_DATES]]
        return texts

    @cached_property
    def _offset(self) -> timezone | None:
        """The offset of other times on the page, unless the zone is known. UTC does not count.

        The other times may be of another season, in which the zone of the page's country has another offset.
        """
        offset = None if self._is_known else shown_offset(self.times)
        return None if offset and has_offset(self.zone, offset) else offset

    @cached_property
    def _declared(self) -> str | None:
        return zone_in_scripts(self._document)

    def _zone_of_form(self, point: PointInTime, text: str) -> str | None:
        """Return the zone that the form of a time tells, or that of the same time near the headline."""
        if self.zone is not None:
            return None
        local = point.instant.replace(tzinfo=UTC, second=0)
        near = (each for each in self._visible.texts_near() if zone_of_form(each, self._language))
        times = ((each, parse_date(each, None, self._now, self._language)) for each in near)
        same = (each for each, time in times if time and time.instant.replace(second=0) == local)
        names = (zone_of_form(each, self._language) for each in chain([text], same))
        return next(filter(None, names), None)

    def _offset_of_zone(self, instant: datetime) -> timezone | None:
        """Return the offset of the page's zone at a time in UTC; None if the page shows that time's day in UTC.

        Midnight in UTC is a day for which somebody wrote no time.
        """
        if (instant.hour, instant.minute, instant.second) == (0, 0, 0) or self._shows_day(instant):
            return None
        name = None if self.is_of_place else self._declared
        zone = ZoneInfo(name) if name else self.zone
        offset = instant.astimezone(zone).utcoffset() if zone else None
        return timezone(offset) if offset else None

    def _shows_day(self, moment: datetime) -> bool:
        return any({moment.year, moment.day} <= numbers_in(text) for text in self._visible.texts_near())

    def _with_visible_offset(self, date: Date) -> Date:
        """Return a time without an offset with that of the same time near the headline, if it has one there."""
        local = date.value.replace(tzinfo=UTC, second=0, microsecond=0)
        for point in self._visible_times():
            offset = point.instant.utcoffset()
            if point.has_offset and offset is not None and point.instant.replace(tzinfo=UTC, second=0) == local:
                zone = timezone(offset)
                evidence = replace(date.evidence, assumed_zone=str(zone))
                return replace(date, value=date.value.replace(tzinfo=zone), evidence=evidence)
        return date

    def _offset_from_utc(self, instant: datetime) -> timezone | None:
        """Return the offset with which a time near the headline that has none is the same as one in UTC."""
        for point in self._visible_times():
            ahead = point.instant - instant.replace(second=point.instant.second, microsecond=0)
            if ahead and is_in_use(ahead) and not point.has_offset:
                return timezone(ahead)
        return None

    def _visible_times(self) -> Iterator[PointInTime]:
        """Yield the times near the headline; in UTC those that have no offset."""
        texts = (text for text in self._visible.texts_near() if CLOCK.search(text))
        points = (parse_date(text, None, self._now, self._language) for text in texts)
        return (point for point in points if point and point.precision == "minute")
