"""The dates that a page declares for machines: in JSON-LD, meta elements and microdata, and in its URL."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from khobor.article import Origin
from khobor.extract import json_ld
from khobor.extract.date_elements import texts_of
from khobor.extract.date_labels import Kind, kind_of_label
from khobor.extract.document import Document

# Names of meta elements that are not listed below, without separators.
_PUBLISHED_META = re.compile(
    r"(?:publi(?:sh|c)|pub|post|creat|issue|release|citation|online|original)[a-z]{0,12}(?:date|time|day|on|at)"
    r"(?:iso|gmt|utc|unix|original)?"
)
_OTHER_META = re.compile(
    r"expir|modif|mod(?:date|time)|chang|upd|revis|embargo|archiv|event|start|end|last|music|book|movie"
)
# Those that say no more than that they are a date, and those of dates that are none of the article.
_DATE_META = re.compile(
    r"date|[a-z]{0,30}(?:date|published|ptime)(?:time|iso|gmt|utc)?|timestamp"
    r"|(?:article|content|document|entry|page|post|story)?(?:date)?created(?:at|on|time)?"
)
_NO_ARTICLES_META = re.compile(
    r"valid|build|built|generat|thumb|crawl|review|birth|deadline|sitemap|check|due|renew|verif|cach|index|fetch"
    r"|current|today|now|close|copyright|site|app"
)
# What a page may be of beside an article.
_WORKS = (
    "WebPage", "ItemPage", "FAQPage", "CreativeWork", "Recipe", "HowTo", "PodcastEpisode", "Episode", "AudioObject",
)  # fmt: skip
# Cards of Twitter have pairs of a label and its value.
_CARD_LABELS = ("twitterlabel1", "twitterlabel2")
_CARD_VALUES = ("twitterdata1", "twitterdata2")
# Year, month and day in the path of a URL, with separators or without. The month may be a word.
_DAY_IN_PATH = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<sign>[/_-]?)"
    r"(?P<month>0[1-9]|1[0-2]|(?<=[/_-])[1-9](?=\D)|(?<=[/_-])[a-z]{3,9}(?=[/_-]))(?P=sign)"
    r"(?P<day>0[1-9]|[12]\d|3[01]|(?<=[/_-])[1-9])(?!\d)",
    re.IGNORECASE,
)
# The year last, without a sign, in an order that only one day has: 25082021, 08252021.
_YEAR_LAST_IN_PATH = re.compile(
    r"(?<!\d)(?:(?P<day>1[3-9]|2\d|3[01])(?P<month>0[1-9]|1[0-2])|(?P<first>0[1-9]|1[0-2])(?P<second>1[3-9]|2\d|3[01]))"
    r"(?P<year>20[0-4]\d)(?!\d)"
)
# The same in two digits each, with a separator at one place only, or with the time of day at once; and the day first.
_DIGITS_IN_PATH = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[/_-]?(?P<month>0[1-9]|1[0-2]|(?<=[/_-])[1-9](?=[/_-]))"
    r"[/_-]?(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:(?:[01]\d|2[0-3])[0-5]\d{1,14})?(?!\d)(?!(?:[a-z]{2}_)?/https?:)"
)
_DAY_FIRST_IN_PATH = re.compile(
    r"(?<!\d)(?P<day>0[1-9]|[12]\d|3[01])(?P<sign>[./_-])(?P<month>0[1-9]|1[0-2])(?P=sign)(?P<year>(?:19|20)\d\d)(?!\d)"
)


class DateProperties(NamedTuple):
    """The properties that declare a date.

    Attributes:
        kind: The kind of date, as in vocabulary/labels.toml.
        json_ld: The properties in JSON-LD.
        microdata: The property in microdata.
        meta: The names of meta elements, without separators.
    """

    kind: Kind
    json_ld: tuple[str, ...]
    microdata: str
    meta: tuple[str, ...]


PUBLISHED = DateProperties(
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
MODIFIED = DateProperties(
    kind="modified",
    json_ld=("dateModified",),
    microdata="dateModified",
    meta=(
        "articlemodifiedtime", "articlemodified", "ogupdatedtime", "datemodified", "lastmod", "lastmodified",
        "dctermsmodified", "dcdatemodified", "revised", "updatedtime", "articleupdatedtime", "rnewsdatemodified",
        "updated", "updatedat", "updateddate", "updatedate", "dateupdated", "lastupdated", "lastupdate", "modified",
        "modifiedat", "modifieddate", "modifiedtime", "lastmodifieddate", "lastmodifiedtime", "articleupdated",
        "articlemodifieddate", "articleupdateddate", "articledateupdated", "articlelastmodified", "btmoddate",
    ),
)  # fmt: skip


class DeclaredDate(NamedTuple):
    """A text that declares a date.

    Attributes:
        origin: The kind of its place.
        place: The name of its place.
        text: The text.
    """

    origin: Origin
    place: str
    text: str


def declared_dates(document: Document, properties: DateProperties) -> Iterator[DeclaredDate]:
    """Yield the texts that declare a date, the best first.

    Args:
        document: The page.
        properties: The properties that declare the date.
    """
    article = document.article or document.thing("VideoObject")
    yield from _in_thing(article, "", properties)
    for name in properties.meta:
        for text in document.plain_meta.get(name, ()):
            yield DeclaredDate("meta", name, text)
    if not article:
        yield from dates_in_microdata(document, properties)
    # Plugins describe the page with a date, and the article without one.
    for kind in _WORKS:
        if thing := document.thing(kind):
            yield from _in_thing(thing, f"{kind}.", properties)


def dates_in_microdata(document: Document, properties: DateProperties) -> Iterator[DeclaredDate]:
    """Yield the texts of microdata that declare a date.

    Args:
        document: The page.
        properties: The properties that declare dates of the kind that is wanted.
    """
    for each in document.microdata(properties.microdata):
        for text in texts_of(each.root):
            yield DeclaredDate("microdata", properties.microdata, text)


def _in_thing(thing: json_ld.Thing, prefix: str, properties: DateProperties) -> Iterator[DeclaredDate]:
    for key in properties.json_ld:
        if text := declared_text(thing.get(key)):
            yield DeclaredDate("json-ld", f"{prefix}{key}", text)


def other_publication_dates(document: Document) -> Iterator[DeclaredDate]:
    """Yield the texts of meta elements whose names, though not known, say that they are when a thing was published."""
    for name, texts in document.plain_meta.items():
        if _PUBLISHED_META.search(name) and not _OTHER_META.search(name):
            yield from (DeclaredDate("meta", name, text) for text in texts)
    for label, value in zip(_CARD_LABELS, _CARD_VALUES, strict=True):
        labels, texts = document.plain_meta.get(label, ()), document.plain_meta.get(value, ())
        if any(kind_of_label(each) == "published" for each in labels):
            yield from (DeclaredDate("meta", value, text) for text in texts)


def dates_by_name(document: Document) -> Iterator[DeclaredDate]:
    """Yield the texts of meta elements whose names say that they are dates, but not of what."""
    for name, texts in document.plain_meta.items():
        is_date = _DATE_META.fullmatch(name) and not (_OTHER_META.search(name) or _NO_ARTICLES_META.search(name))
        if is_date:
            yield from (DeclaredDate("meta", name, text) for text in texts)


def days_in_url(url: str | None) -> Iterator[str]:
    """Yield the days in the path of a URL.

    >>> list(days_in_url("https://news.example/2026/11/28/bridge-20261127.html"))
    ['2026-11-28', '2026-11-27']
    >>> list(days_in_url("https://news.example/2026/nov/28/bridge"))
    ['2026 nov 28']
    >>> list(days_in_url("https://news.example/2026/1128/c90000-12345.html"))
    ['2026-11-28']
    """
    path = urlsplit(url or "").path
    found = False
    for match in _DAY_IN_PATH.finditer(path):
        year, month, day = match["year"], match["month"], match["day"]
        yield f"{year} {month} {day}" if month.isalpha() else f"{year}-{month:0>2}-{day:0>2}"
        found = True
    if found:
        return
    for match in _DIGITS_IN_PATH.finditer(path):
        yield f"{match['year']}-{match['month']}-{match['day']}"
    for match in _DAY_FIRST_IN_PATH.finditer(path):
        # Which of the two numbers is the month depends on the language.
        sign = "." if match["sign"] == "." else "/"
        yield sign.join((match["day"], match["month"], match["year"]))
    for match in _YEAR_LAST_IN_PATH.finditer(path):
        yield f"{match['year']}-{match['month'] or match['first']}-{match['day'] or match['second']}"


def declared_text(value: Any) -> str | None:
    """Return the text of a date in JSON-LD, which may be Unix time as a number; None if there is none."""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    elif isinstance(value, list):
        value = next(iter(value), None)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else json_ld.text(value)
