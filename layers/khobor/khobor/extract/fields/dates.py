"""When the article was published, and when it was modified. Neither is guessed from the other."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain, islice
from typing import NamedTuple

from khobor.article import Evidence, Origin
from khobor.dates.point_in_time import PointInTime
from khobor.dates.reading import parse_date, parse_day_without_year
from khobor.entry_facts import EntryFacts
from khobor.extract import dates_together, script_dates
from khobor.extract.date_choice import (
    SAME_DAY,
    Date,
    day_of_midnight,
    earliest_first,
    if_one_day,
    is_same_day,
    most_confirmed_first,
    times_first,
    with_time_of,
    with_witnesses,
    with_year_first,
)
from khobor.extract.date_elements import dates_written_by
from khobor.extract.date_labels import after_label
from khobor.extract.date_lines import datelines
from khobor.extract.declared_dates import (
    MODIFIED,
    PUBLISHED,
    DateProperties,
    DeclaredDate,
    dates_by_name,
    dates_in_microdata,
    days_in_url,
    declared_dates,
    other_publication_dates,
)
from khobor.extract.document import Document
from khobor.extract.front_matter import FrontMatter
from khobor.extract.number_order import first_moment, has_full_stops, is_swapped, numbers_in, swapped
from khobor.extract.page_clock import CLOCK, PageClock
from khobor.extract.post_marks import marks_in_text
from khobor.extract.visible_dates import VisibleDates
from khobor.sources.source import Rules, Source

_NO_ENTRY = EntryFacts()
_TWO_NUMBERS = re.compile(r"\d\D+\d|\d{6}")
_YEAR_IN_PATH = re.compile(r"/((?:19|20)\d\d)(?=[/-])")
_FOUR_DIGITS = re.compile(r"\d{4}")
# How many declared dates are read.
_MOST_DATES = 100


class _Declared(NamedTuple):
    """The dates that a page declares, the best first.

    Attributes:
        published: The dates of publication.
        modified: The dates of modification.
    """

    published: list[Date]
    modified: list[Date]


class PageDates:
    """The dates of one page.

    Args:
        document: The page. Its container must have been searched for.
        source: The source, None if it is not known. It has the rules, and the zone of times without an offset.
        language: BCP 47. It resolves ambiguous dates.
        now: When the page was fetched, aware.
        front: Its front matter.
        entry: What the feed that listed the page stated.
    """

    def __init__(  # noqa: PLR0913, PLR0917 what dates depend on
        self,
        document: Document,
        source: Source | None,
        language: str | None,
        now: datetime,
        front: FrontMatter,
        entry: EntryFacts = _NO_ENTRY,
    ) -> None:
        self._document = document
        self._rules = source.rules_on(now) if source else Rules()
        self._now = now
        self._language = language
        self._entry = entry
        self._front = front
        self._visible = VisibleDates(document, front)
        self._clock = PageClock(document, self._visible, source.zone if source else None, language, now)
        self._points: dict[str, PointInTime | None] = {}

    def published(self) -> Iterator[Date]:
        """Yield candidates for the date of publication, the best first.

        A place with a time of day comes before one that gives only the day of this time.
        """
        declared = self._declared.published
        by_rule = self._by_rule(self._rules.published_at, PUBLISHED)
        near = with_year_first(
            chain(
                self._together[:1],
                with_year_first(self._read_all("heuristic", self._visible.near("published"))),
                earliest_first(self._read_all("heuristic", self._visible.unlabelled_near())),
                self._read_all("heuristic", self._visible.attributes_near()),
                self._read_all("heuristic", dates_together.days_with_clocks(self._visible.lines_of_article)),
            )
        )
        # Of these only the times count, if the first of the others is a day.
        behind = self._read_far(self._visible.marked_behind("published"))
        best = times_first(chain(by_rule, self._earlier(), declared, near, self._by_other_names()), behind)
        listed = self._listed.published
        for date in with_time_of(listed, chain(best, self._before_last_change(self._elsewhere()))):
            yield with_witnesses(self._clock.localized(date), [*declared, *listed])

    def modified(self) -> Iterator[Date]:
        """Yield candidates for the date of the last modification, the best first."""
        declared = self._declared.modified
        by_rule = self._by_rule(self._rules.modified_at, MODIFIED)
        near = chain(
            self._read_all("heuristic", self._visible.near("modified")),
            dates_together.of_changes(self._visible.lines_of_article, self._read_visible),
            self._together[-1:],
        )
        far = self._read_far(chain(self._visible.behind("modified"), self._visible.before("modified")))
        for date in times_first(chain(by_rule, declared, near, self._listed.modified, far)):
            yield with_witnesses(self._clock.localized(date), declared)

    def _by_rule(self, selectors: tuple[str, ...], properties: DateProperties) -> Iterator[Date]:
        for selector in selectors:
            for text in self._document.select_texts(selector):
                yield from self._read_all("source rule", [text])
        for selector in self._rules.dates:
            for text in self._document.select_texts(selector):
                yield from self._read_all("source rule", after_label(text, properties.kind))

    @cached_property
    def _declared(self) -> _Declared:
        published, modified = (
            [date for each in texts if (date := self._read(each.origin, each.text, each.place))]
            for texts in map(self._declared_texts, (PUBLISHED, MODIFIED))
        )
        days = [day_of_midnight(date, self._clock.zone) for date in published]
        return _Declared(most_confirmed_first(days, self._listed.published), modified)

    @cached_property
    def _listed(self) -> _Declared:
        """The dates that the entry of a feed states."""
        texts = (self._entry.published, self._entry.modified)
        return _Declared(*(list(self._read_all("feed", [text] if text else [])) for text in texts))

    def _declared_texts(self, properties: DateProperties) -> list[DeclaredDate]:
        return list(islice(dict.fromkeys(declared_dates(self._document, properties)), _MOST_DATES))

    def _by_other_names(self) -> Iterator[Date]:
        yield from self._read_declared(other_publication_dates(self._document))
        yield from if_one_day(self._read_declared(dates_by_name(self._document)))

    def _read_declared(self, texts: Iterable[DeclaredDate]) -> Iterator[Date]:
        most = islice(texts, _MOST_DATES)
        return (date for each in most if (date := self._read(each.origin, each.text, each.place)))

    def _earlier(self) -> Iterator[Date]:
        """Yield the day of publication near the headline if it is before the one that the page declares.

        Publishing systems declare the day of the last change, or that of a move to another system. A day without a
        label counts only if no line near the headline has the declared day; and one without a class that says date
        only if the page declares one day as that of publication and of the last change.
        """
        first = next(times_first(iter(self._declared.published)), None)
        if first is None:
            return
        visible = self._visible
        texts = chain((date.evidence.text for date in self._together[:1]), visible.labelled_near())
        if not any({first.value.year, first.value.day} <= numbers_in(text) for text in visible.texts_near()):
            is_doubtful = any(is_same_day(first, date) for date in self._declared.modified)
            texts = chain(texts, visible.marked_near(), visible.unlabelled_near() if is_doubtful else ())
        for text in texts:
            if {first.value.year, first.value.day} <= numbers_in(text):
                return
            if date := self._read("heuristic", text):
                if date.value < first.value - SAME_DAY and not is_same_day(date, first):
                    yield date
                return
        yield from self._earlier_in_url(first)

    def _earlier_in_url(self, first: Date) -> Iterator[Date]:
        """Yield the day in the URL, with its times in microdata, if the page declares the time of a later change only.

        Args:
            first: The declared date of publication.
        """
        changes = (date.value for date in self._declared.modified)
        if first.evidence.precision == "minute" and first.value in changes:
            for day in self._read_all("url", days_in_url(self._document.url)):
                if day.value < first.value - SAME_DAY and not is_same_day(day, first):
                    in_microdata = self._read_declared(dates_in_microdata(self._document, PUBLISHED))
                    yield from (date for date in in_microdata if is_same_day(date, day))
                    yield day

    def _before_last_change(self, dates: Iterator[Date]) -> Iterator[Date]:
        """Yield far dates but those after the day of the last change, which are of another article, or of today."""
        first = next(dates, None)
        last = next(self.modified(), None) if first else None
        for date in chain([first] if first else [], dates):
            if last is None or date.value < last.value + SAME_DAY or is_same_day(date, last):
                yield date

    def _elsewhere(self) -> Iterator[Date]:
        """Yield the dates of publication that are farther from the headline, in a feed, and in the URL."""
        visible, read = self._visible, self._read_far
        yield from times_first(read(visible.behind("published")))
        in_url = list(self._read_all("url", days_in_url(self._document.url)))
        # Dates elsewhere may be those of other articles. A feed may state when it was made, and the URL not.
        listed = self._listed.published
        is_disputed = any(not is_same_day(day, date) for day in in_url for date in listed)
        # Some feeds state when the site was built. A time of that day which the page marks says more.
        marked = times_first(if_one_day(read(visible.marked_anywhere()))) if listed else iter(())
        times = (each for each in marked if each.evidence.precision == "minute" and is_same_day(each, listed[0]))
        yield from () if is_disputed else chain(times, listed)
        yield from times_first(self._read_all("heuristic", datelines(visible.first_lines())))
        marks = marks_in_text(self._document.layout, self._front)
        yield from times_first(self._read_all("heuristic", (mark.date for mark in marks)))
        yield from self._in_scripts()
        yield from times_first(self._not_today(read(visible.before("published"))))
        yield from times_first(read(visible.unlabelled_behind()))
        yield from times_first(read(visible.labelled()))
        yield from if_one_day(self._not_today(read(visible.marked_anywhere())))
        yield from if_one_day(self._not_today(read(visible.alone())))
        yield from times_first(self._not_today(read(visible.beside())))
        written = dates_written_by(self._document.elements("script")[:_MOST_DATES])
        yield from if_one_day(self._not_today(self._read_all("heuristic", written)))
        yield from in_url
        yield from listed if is_disputed else ()
        yield from self._without_year()

    def _without_year(self) -> Iterator[Date]:
        """Yield the dates near the headline that have no year: those marked as dates, and those with a time of day."""
        visible = self._visible
        timed = (text for text in visible.unlabelled_near() if CLOCK.search(text))
        for text in chain(visible.near("published"), timed):
            point = None if _FOUR_DIGITS.search(text) else self._last_day(text)
            if point:
                assumed = None if point.has_offset else self._clock.zone_name
                evidence = Evidence(origin="heuristic", text=text, precision=point.precision, assumed_zone=assumed)
                yield Date(point.instant, evidence, "heuristic", witness="heuristic")

    def _last_day(self, text: str) -> PointInTime | None:
        """Return the last day without a year before the fetch, or before the end of the page's own year."""
        in_url = _YEAR_IN_PATH.search(self._document.url or "")
        year = int(in_url[1]) if in_url else self._visible.last_year(self._now.year)
        # Nobody changes the year in a footer on the first of January.
        is_old = in_url is not None or (year is not None and year < self._now.year - 1)
        end = datetime(year, 12, 31, tzinfo=UTC) if year and is_old else self._now
        return parse_day_without_year(text, self._clock.zone, min(end, self._now), self._language)

    def _in_scripts(self) -> Iterator[Date]:
        """Yield the dates in the page's scripts if they are on one day, else those beside its headline."""
        scripts = script_dates.dated_scripts(self._document)
        found = list(self._read_all("heuristic", script_dates.dates_in_scripts(scripts)))
        if any(not is_same_day(found[0], date) for date in found[1:]):
            found = list(self._read_all("heuristic", script_dates.dates_beside_headline(scripts, self._document)))
        if not found:
            # Some data call the last change "date".
            changes = [date.value for date in self._declared.modified]
            plain = self._read_all("heuristic", script_dates.plain_dates_beside_headline(self._document))
            found = [date for date in plain if date.value not in changes]
        yield from times_first(day_of_midnight(date, self._clock.zone) for date in found)

    def _not_today(self, dates: Iterator[Date]) -> Iterator[Date]:
        """Yield dates but for the day of the fetch. Headers of pages show the day on which they are read."""
        today = self._now.astimezone(self._clock.zone or UTC).date()
        return (date for date in dates if date.evidence.precision == "minute" or date.value.date() != today)

    @cached_property
    def _together(self) -> list[Date]:
        return dates_together.of_publication(self._visible.lines_of_article, self._read_visible)

    def _read_visible(self, text: str) -> Date | None:
        return self._read("heuristic", text)

    def _read_all(self, origin: Origin, texts: Iterable[str]) -> Iterator[Date]:
        return (date for text in texts if (date := self._read(origin, text)))

    def _read_far(self, texts: Iterator[str]) -> Iterator[Date]:
        """Yield the dates of texts that are not near the headline, of which those with a single number have none."""
        return self._read_all("heuristic", (text for text in texts if _TWO_NUMBERS.search(text)))

    def _read(self, origin: Origin, text: str, place: str = "") -> Date | None:
        point = self._parsed(text)
        if point is None:
            return None
        instant, assumed = self._clock.in_zone(point, text)
        evidence = Evidence(origin=origin, text=text, precision=point.precision, assumed_zone=assumed)
        return Date(instant, evidence, place or origin, witness=origin)

    def _parsed(self, text: str) -> PointInTime | None:
        # Several places have the same text. Reading it again took 0.6 % of the time of an extraction.
        if text not in self._points:
            point, other = parse_date(text, self._clock.zone, self._now, self._language), swapped(text)
            self._points[text] = self._in_agreed_order(text, point, other) if other else point
        return self._points[text]

    def _in_agreed_order(self, text: str, point: PointInTime | None, other: str) -> PointInTime | None:
        """Return the date of a text, in the order of numbers that the page agrees with.

        Args:
            text: The text.
            point: Its date in the order of the language, None if that is to come.
            other: The text in the other order.
        """
        alternative = parse_date(other, self._clock.zone, self._now, self._language)
        if point is None or alternative is None:
            return point or (None if has_full_stops(text) else alternative)
        days = first_moment(point), first_moment(alternative)
        known, near = self._known_days, self._visible.texts_near()
        may_be_american = not self._clock.is_of_place and (self._language or "en").startswith("en")
        is_other = is_swapped(days, text, known, near, may_be_american=may_be_american)
        return alternative if is_other else point

    @cached_property
    def _known_days(self) -> frozenset[datetime]:
        """The days that the page and its URL state in an order that is known."""
        texts = chain(map(str, filter(None, self._clock.times)), days_in_url(self._document.url))
        points = (parse_date(text, self._clock.zone, self._now) for text in texts if not swapped(text))
        return frozenset(first_moment(point) for point in points if point)
