"""When the article was published, and when it was modified. Neither is guessed from the other."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, cached_property
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from lxml import etree

from khobor.article import Candidate, Evidence, Origin
from khobor.dates.reading import parse_date
from khobor.extract import json_ld
from khobor.extract.class_names import DATE
from khobor.extract.document import Document
from khobor.extract.field_candidate import FieldCandidate
from khobor.extract.layout import Box
from khobor.extract.text import is_large, text_of
from khobor.extract.vocabulary import any_of, load
from khobor.sources.source import Rules, Source

_UTC = "UTC"
# A longer visible line is not a line of dates.
_LONGEST_LINE = 160
# Dates that are farther apart than this differ.
_SAME = timedelta(minutes=1)
_SAME_DAY = timedelta(days=1)
_DIGIT = re.compile(r"\d")
_OFFSET = re.compile(r"\d(?P<sign>[+-])(?P<hours>0\d|1[0-4]):?(?P<minutes>[0-5]\d)$")
# A date above the headline belongs to it if one of so many boxes around the date contains both.
_NEAR = 3
_AROUND_ALL = frozenset({"html", "body"})
# Attributes that scripts turn into dates, on any element, except those for a modification.
_DATE_ATTRIBUTE = re.compile(
    r"data-(?:(?!upd|mod|last|now|end|exp)[a-z]{1,20}-){0,3}"
    r"(?:date|time|datetime|timestamp|unixtime|unix|utime|epoch|ts|pubdate|publish|published)(?:-?(?:at|on|date|time))?"
)
# How many declared dates, and how many visible ones, are read.
_MOST_DATES = 100
# How many elements of a box are searched for these attributes. An article may be a single box.
_MOST_ELEMENTS = 30
_ATTRIBUTES = (
    "datetime",
    "content",
    "data-datetime",
    "data-timestamp",
    "data-time",
    "data-date",
    "data-published",
    "data-unixtime",
    "data-unix",
    "data-utime",
    "data-epoch",
    "data-ts",
    "data-livestamp",
    "data-date-time",
    "title",
)


class _DateProperties(NamedTuple):
    """The properties that declare a date.

    Attributes:
        kind: The kind of date, as in vocabulary/labels.toml.
        json_ld: The properties in JSON-LD.
        microdata: The property in microdata.
        meta: The names of meta elements, without separators.
    """

    kind: str
    json_ld: tuple[str, ...]
    microdata: str
    meta: tuple[str, ...]


_PUBLISHED = _DateProperties(
    kind="published",
    json_ld=("datePublished", "dateCreated", "uploadDate"),
    microdata="datePublished",
    meta=(
        "articlepublishedtime", "articlepublished", "ogpublishedtime", "ogarticlepublishedtime", "ogpubdate",
        "datepublished", "publishedat", "publisheddate", "publishdate", "publishtime", "pubdate", "parselypubdate",
        "sailthrudate", "articlepublishdate", "dcdateissued", "dctermsissued", "dctermscreated",
        "dcdatecreated", "dctermsdate", "dcdate", "cxenseparserecspublishtime", "publicationdate",
        "articledateoriginal", "originalpublicationdate", "rnewsdatepublished", "releasedate", "date", "created",
    ),
)  # fmt: skip
_MODIFIED = _DateProperties(
    kind="modified",
    json_ld=("dateModified",),
    microdata="dateModified",
    meta=(
        "articlemodifiedtime", "articlemodified", "ogupdatedtime", "datemodified", "lastmod", "lastmodified",
        "dctermsmodified", "dcdatemodified", "revised", "updatedtime", "articleupdatedtime", "rnewsdatemodified",
    ),
)  # fmt: skip


class PageDates:
    """The dates of one page.

    Args:
        document: The page. Its container must have been searched for.
        source: The source, None if it is not known. It has the rules, and the zone of times without an offset.
        language: BCP 47. It resolves ambiguous dates.
        now: When the page was fetched, aware.
        front: The indexes of the front matter's pieces in the layout.
    """

    def __init__(
        self,
        document: Document,
        source: Source | None,
        language: str | None,
        now: datetime,
        front: range,
    ) -> None:
        self._document = document
        self._rules = source.rules_on(now) if source else Rules()
        zone = source.zone if source else None
        self._now = now
        self._language = language
        self._front = front
        self._zone: tzinfo | None
        self._zone_name: str
        self._zone, self._zone_name = self._assumed_zone(zone)
        self._is_zone_known = zone is not None

    def published(self) -> Iterator[FieldCandidate[datetime]]:
        """Yield candidates for the date of publication, those with a time of day first."""
        return self._candidates(_PUBLISHED, self._rules.published_at)

    def modified(self) -> Iterator[FieldCandidate[datetime]]:
        """Yield candidates for the date of the last modification, those with a time of day first."""
        return self._candidates(_MODIFIED, self._rules.modified_at)

    def _candidates(
        self, properties: _DateProperties, selectors: tuple[str, ...]
    ) -> Iterator[FieldCandidate[datetime]]:
        days = []
        texts = islice(dict.fromkeys(self._declared(properties)), _MOST_DATES)
        declared = [date for origin, text in texts if (date := self._read(origin, text))]
        for date in self._all(properties, selectors, declared):
            candidate = _with_disagreeing(date, declared)
            if date.evidence.precision == "minute":
                yield candidate
            else:
                days.append(candidate)
        yield from days

    def _all(
        self, properties: _DateProperties, selectors: tuple[str, ...], declared: list[FieldCandidate[datetime]]
    ) -> Iterator[FieldCandidate[datetime]]:
        for selector in selectors:
            for text in self._document.select_texts(selector):
                yield from self._read_all("source rule", [text])
        for selector in self._rules.dates:
            for text in self._document.select_texts(selector):
                yield from self._read_all("source rule", _after_label(text, properties.kind))
        yield from declared
        yield from self._read_all("heuristic", self._visible(properties.kind))

    def _declared(self, properties: _DateProperties) -> Iterator[tuple[Origin, str]]:
        article = self._document.article or self._document.thing("VideoObject")
        for key in properties.json_ld:
            if text := _declared_text(article.get(key)):
                yield "json-ld", text
        for name in properties.meta:
            if texts := self._document.plain_meta.get(name):
                yield from (("meta", text) for text in texts)
        for each in self._document.microdata(properties.microdata) if not article else ():
            yield from (("microdata", text) for text in _texts(each.root))

    def _visible(self, kind: str) -> Iterator[str]:
        """Yield the visible dates near the headline: after a label, then in elements whose class says date."""
        layout = self._document.layout
        pieces = [layout.pieces[position] for position in self._front if position < len(layout.pieces)]
        near = [piece for piece in pieces if self._is_near(piece.box)]
        lines = [piece.text for piece in near]
        lines = [line for line in lines if len(line) <= _LONGEST_LINE and _DIGIT.search(line)]
        for line in lines:
            yield from _after_label(line, kind)
        if kind == "modified":
            return
        for element in self._date_elements():
            texts = [value for name in _ATTRIBUTES if (value := element.get(name))]
            text = text_of(element)
            # An element whose class says date may contain half of the page.
            if len(text) <= _LONGEST_LINE:
                texts.append(text)
            if texts and not _has_label(text, "modified"):
                yield from texts
        yield from filter(None, map(_before_label, lines))
        yield from _data_attributes({id(piece.box): piece.box for piece in near}.values())

    def _is_near(self, box: Box | None) -> bool:
        """Whether a box is beside or after the headline. The header of a page often shows today's date."""
        headline = self._headline
        if headline is None or box is None or box.start >= headline:
            return not _is_in_header(box)
        for _ in range(_NEAR):
            if box is None or box.tag in _AROUND_ALL:
                return False
            if box.start <= headline < box.end:
                return True
            box = box.parent
        return False

    @cached_property
    def _headline(self) -> int | None:
        """The index of the front matter's headline in the layout's pieces, None if there is none."""
        pieces = self._document.layout.pieces
        positions = [position for position in self._front if position < len(pieces)]
        return next((at for at in reversed(positions) if pieces[at].box.tag in ("h1", "h2")), None)

    @cached_property
    def _offset(self) -> timezone | None:
        """The offset of other times on the page, unless the source's zone is known. UTC does not count."""
        if self._is_zone_known:
            return None
        article = self._document.article
        texts = [_declared_text(article.get(key)) for each in (_PUBLISHED, _MODIFIED) for key in each.json_ld]
        texts += [text for name in _PUBLISHED.meta + _MODIFIED.meta for text in self._document.plain_meta.get(name, ())]
        texts += [element.get("datetime") for element in self._date_elements()]
        offsets = (match for text in texts if text and (match := _OFFSET.search(text)))
        return next((offset for match in offsets if (offset := _offset(match)) != UTC), None)

    def _date_elements(self) -> Iterator[etree._Element]:
        """Yield the elements of the front matter whose class says date."""
        named = [
            named
            for named in self._document.layout.named
            if named.meaning & DATE and not named.box.is_unrelated and named.position >= self._front.start
        ]
        elements = (each.element for each in named if each.position in self._front and self._is_near(each.box))
        yield from islice((element for element in elements if not is_large(element)), _MOST_DATES)

    def _read_all(self, origin: Origin, texts: Iterator[str] | list[str]) -> Iterator[FieldCandidate[datetime]]:
        return (date for text in texts if (date := self._read(origin, text)))

    def _read(self, origin: Origin, text: str) -> FieldCandidate[datetime] | None:
        point = parse_date(text, self._zone, self._now, self._language)
        if point is None:
            return None
        instant, assumed = point.instant, None if point.has_offset else self._zone_name
        if assumed and self._offset and self._offset.utcoffset(None) != instant.utcoffset():
            # Other times on the page show its zone better than its host name.
            instant, assumed = instant.replace(tzinfo=self._offset), str(self._offset)
        if point.precision == "day" and not point.has_offset and not self._is_zone_known:
            # An assumed zone must not turn a day into the day before.
            instant, assumed = instant.replace(tzinfo=UTC), _UTC
        evidence = Evidence(origin=origin, text=text, precision=point.precision, assumed_zone=assumed)
        return FieldCandidate(instant, evidence)

    def _assumed_zone(self, zone: str | None) -> tuple[tzinfo | None, str]:
        """Return the zone of times without an offset, and its name: the source's, its country's, or None and UTC."""
        if zone:
            return ZoneInfo(zone), zone
        host = self._document.host or ""
        name: str | None = load("zones")["zones"].get(host.rpartition(".")[2])
        if name:
            return ZoneInfo(name), name
        return None, _UTC


def _declared_text(value: Any) -> str | None:
    """Return the text of a date in JSON-LD, which may be Unix time as a number; None if there is none."""
    if isinstance(value, Mapping):
        value = value.get("@value") or value.get("name")
    elif isinstance(value, list):
        value = next(iter(value), None)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else json_ld.text(value)


def _with_disagreeing(
    date: FieldCandidate[datetime], declared: list[FieldCandidate[datetime]]
) -> FieldCandidate[datetime]:
    """Return a date whose evidence names the declared dates that differ. A day does not differ from a time on it."""
    others = []
    for other in declared:
        is_day = "day" in {date.evidence.precision, other.evidence.precision}
        if abs(other.value - date.value) >= (_SAME_DAY if is_day else _SAME):
            others.append(Candidate(origin=other.evidence.origin, text=other.evidence.text))
    if not others:
        return date
    return FieldCandidate(date.value, replace(date.evidence, disputed_by=tuple(dict.fromkeys(others))))


def _data_attributes(boxes: Iterable[Box]) -> Iterator[str]:
    """Yield the values of date attributes in the first elements of each box."""
    for box in boxes:
        for element in islice(box.element.iter("*"), _MOST_ELEMENTS):
            yield from (str(value) for name, value in element.items() if _DATE_ATTRIBUTE.fullmatch(str(name)))


def _texts(element: etree._Element) -> Iterator[str]:
    yield from (value for name in _ATTRIBUTES if (value := element.get(name)))
    yield text_of(element)


def _after_label(line: str, kind: str) -> Iterator[str]:
    """Yield the texts after labels of a kind, each up to the next label or the end of the line."""
    matches = list(_label().finditer(line))
    for match, following in zip(matches, [*matches[1:], None], strict=False):
        if match.lastgroup == kind:
            yield line[match.end() : following.start() if following else None].strip(" |,–-·•")


def _has_label(line: str, kind: str) -> bool:
    return any(match.lastgroup == kind for match in _label().finditer(line))


def _before_label(line: str) -> str:
    """Return the text before a label for the modification."""
    match = next((match for match in _label().finditer(line) if match.lastgroup == "modified"), None)
    return line[: match.start()] if match else line


def _is_in_header(box: Box | None) -> bool:
    while box is not None:
        if box.tag == "header" and box.is_outside:
            return True
        box = box.parent
    return False


def _offset(match: re.Match[str]) -> timezone:
    minutes = int(match["hours"]) * 60 + int(match["minutes"])
    return timezone(timedelta(minutes=-minutes if match["sign"] == "-" else minutes))


@cache
def _label() -> re.Pattern[str]:
    labels = load("labels")
    groups = (rf"(?P<{kind}>{any_of(labels[kind])})" for kind in labels)
    return re.compile(
        rf"(?<![^\W\d_])(?:{'|'.join(groups)})(?![^\W\d_])\s*(?:on|at|am|le|il|el|em|den|:|ঃ|：)*\s*", re.IGNORECASE
    )
