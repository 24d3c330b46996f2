"""Elements with dates: their texts and attributes, and what kind of date they say they have."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from lxml import etree

from khobor.extract.date_labels import Kind, LabelKind, kind_of_class, kinds_of_labels
from khobor.extract.text import clean, is_large, text_of

# A longer text mentions a date, or is half of the page.
_LONGEST = 150
# A label before a date ends within so many characters.
_LONGEST_BEFORE = 40
# The label before a date is beside it, or beside one of so many elements with nothing before the date.
_MOST_AROUND_LABEL = 3
# How many elements of a box are searched for attributes with dates. An article may be a single box.
_MOST_IN_BOX = 30
# Attributes that scripts turn into dates, on any element, except those for a modification.
_DATE_ATTRIBUTE = re.compile(
    r"data-(?:(?!upd|mod|last|now|end|exp)[a-z]{1,20}-){0,3}"
    r"(?:(?:orig|origin|original|pub|publish|post|create|created|article)?(?:date|time|datetime|timestamp)"
    r"|unixtime|unix|utime|epoch|ts|pubdate|publish|published|created|posted|issued|livestamp)(?:-?(?:at|on|date|time))?"
    r"|datetime|utc|pubdate"
)
# What RDFa calls them.
_DATE_PROPERTY = re.compile(r"(?:^|[\s:/])(?:datePublished|dateCreated|date|created|issued|published|pubdate)(?:$|\s)")
# A script that writes a date is short, and passes it as a text, or in Unix time.
_MOST_SCRIPTS = 5
_LONGEST_SCRIPT = 300
_PASSED = re.compile(
    r"""\(["'](\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[^"'()]{0,20})["'][,)]|\bDate\((\d{10}|\d{13})\s?(?:\*\s?1000\s?)?\)"""
    r"""|\.write(?:ln)?\(["']([^"'<>()]{6,40})["']\)"""
)
# What a reader sees when pointing at "3 weeks ago" is short, and has a year.
_LONGEST_TITLE = 60
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# Their titles are those of other pages, or of pictures.
_WITH_OTHER_TITLES = frozenset({"a", "img", "iframe", "svg"})
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


def texts_of(element: etree._Element) -> Iterator[str]:
    """Yield the texts of an element that may be a date: its attributes, then its text."""
    yield from (value for name in _ATTRIBUTES if (value := element.get(name)))
    yield text_of(element)


def dates_in(element: etree._Element, kind: Kind) -> Iterator[str]:
    """Yield the attributes and the text of an element whose class says date, unless it is a date of another kind.

    Args:
        element: The element.
        kind: The kind of date that is wanted.
    """
    text = text_of(element)
    # An element whose class says date may contain half of the page.
    is_short = len(text) <= _LONGEST
    kinds = (kinds_of_labels(text) if is_short else []) or _kinds_before(element)
    if "other" in kinds:
        return
    is_modified = "modified" in kinds if kinds or kind == "published" else says_modified(element)
    if is_modified != (kind == "modified") or len(set(kinds)) > 1:
        return
    times = element.iter("time") if element.tag != "time" and is_short else ()
    for each in (element, *islice(times, 1)):
        yield from (value for name in _ATTRIBUTES if (value := each.get(name)))
    if is_short:
        yield text


def _kinds_before(element: etree._Element) -> list[LabelKind]:
    """Return the kind of the label directly before an element, empty if there is none."""
    for each in islice(chain([element], element.iterancestors()), _MOST_AROUND_LABEL):
        before, around = each.getprevious(), each.getparent()
        text = clean(
            around.text if before is None and around is not None else before.tail if before is not None else ""
        )
        if not text and before is not None and not is_large(before):
            text = text_of(before)
        if text:
            return kinds_of_labels(text[-_LONGEST_BEFORE:])[-1:]
        if before is not None:
            break
    return []


def says_modified(element: etree._Element) -> bool:
    """Whether the class of an element says that its date is of a modification. Some themes say so of every date."""
    return kind_of_class(element.get("class") or "") == "modified"


def dates_in_attributes(elements: Iterable[etree._Element]) -> Iterator[str]:
    """Yield the values of date attributes of each element, and of the first elements within it."""
    for element in elements:
        for each in islice(element.iter("*"), _MOST_IN_BOX):
            yield from own_dates(each)


def dates_in_calls(elements: Iterable[etree._Element]) -> Iterator[str]:
    """Yield the dates that short scripts within elements would write: ``document.write(format("2026-11-27"))``."""
    for element in elements:
        yield from dates_written_by(islice(element.iter("script"), _MOST_SCRIPTS))


def dates_written_by(scripts: Iterable[etree._Element]) -> Iterator[str]:
    """Yield the dates that those of several scripts would write that are short."""
    for script in scripts:
        if (text := script.text) and len(text) <= _LONGEST_SCRIPT:
            yield from (next(filter(None, found)) for found in _PASSED.findall(text))


def own_dates(element: etree._Element) -> Iterator[str]:
    """Yield the values of an element's own date attributes, unless they are those of a modification."""
    attributes = element.items()
    if not attributes:
        return
    # An element such as relative-time, which a script fills in.
    is_of_time = "-" in element.tag and ("time" in element.tag or "date" in element.tag)
    found = [str(value) for name, value in attributes if _may_be_date(element, str(name), str(value), is_of_time)]
    if found and not says_modified(element):
        text = "" if is_large(element) else text_of(element)
        if set(kinds_of_labels(text[:_LONGEST]) or _kinds_before(element)) <= {"published"}:
            yield from found


def _may_be_date(element: etree._Element, name: str, value: str, is_of_time: bool) -> bool:
    if name == "title":
        return len(value) <= _LONGEST_TITLE and element.tag not in _WITH_OTHER_TITLES and bool(_YEAR.search(value))
    if name == "content":
        return _DATE_PROPERTY.search(element.get("property") or "") is not None
    return is_of_time or _DATE_ATTRIBUTE.fullmatch(name) is not None
