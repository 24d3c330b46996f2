"""The draft of a source's file from pages of its site: what is sure as entries, the rest as comments."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml import etree

from khobor import fields
from khobor.article import Article
from khobor.cli import display
from khobor.cli.explain import short
from khobor.extract.document import Document
from khobor.extract.text import text_of
from khobor.sources.source import Rules

_BY_RULE = {field.rule: field for field in fields.FIELDS if field.rule}
# The fields that a rule can find, by its key, in the order of the file.
FIELDS = {key: _BY_RULE[key] for key in Rules.__struct_fields__ if key in _BY_RULE}
# Regular expressions for the paths of articles, the narrow ones first.
_PATHS = (
    r"/\d{4}/\d{1,2}/\d{1,2}/[^/]+/?$",
    r"/\d+/?$",
    r"/\d+/[^/]+/?$",
    r"[-_]\d{4,}/?$",
    r"[-_/][a-z]?\d{4,}\.html?$",
    r"/[0-9a-f]{10,}/?$",
    r"/(?=[a-z]*\d)[a-z0-9]{8,}/?$",
    r"/[^/]+\.html?$",
    r"/[^/-]+(?:-[^/-]+){3,}/?$",
)
# Fields whose elements are links.
_LINKS = frozenset({"tags", "related"})
# Elements that hold a field, and class names that need no escape in a selector.
_TAGS = ("a", "div", "figure", "h2", "h3", "li", "p", "section", "small", "span", "strong", "time", "ul")
_PLAIN = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
# Domains of countries that sites of any country take.
_SOLD_ANYWHERE = frozenset({"AI", "CC", "CO", "FM", "IO", "LA", "LY", "ME", "SH", "TO", "TV", "WS"})
_REGION = re.compile(r"[-_]([A-Z]{2})\b")
_MOST_CANDIDATES = 3
_LONGEST_SAMPLE = 60
_LONGEST_SHORT_TEXT = 200


@dataclass(frozen=True)
class SamplePage:
    """A page with the article that the general way finds in it, no rules in use."""

    body: bytes
    document: Document
    article: Article


@dataclass(frozen=True)
class SelectorCandidate:
    """A selector that may select a field, and what it selects on the first page that has it."""

    selector: str
    sample: str


@dataclass(frozen=True)
class FieldSummary:
    """What is found of one field.

    Attributes:
        key: Of its rule.
        count: On how many pages the general way finds it.
        origin: Where, on most of these.
        sample: What, on the first of these.
        candidates: Where else it may stand, if it is not found on every page.
    """

    key: str
    count: int
    origin: str
    sample: str
    candidates: tuple[SelectorCandidate, ...]


def summaries(pages: Sequence[SamplePage]) -> list[FieldSummary]:
    """Return what the general way finds of each field on pages of one site."""
    return [_summary(key, pages) for key in FIELDS]


def draft(pages: Sequence[SamplePage], host: str, found: Iterable[FieldSummary]) -> str:
    """Return the text of a source's file.

    Args:
        pages: Of one site, one at least.
        host: Theirs, with the port if it is not the usual one.
        found: What the general way finds there.
    """
    publisher = _most(page.article.publisher.name for page in pages if page.article.publisher) or host
    lines = [
        "#:schema ./source.schema.json",
        f"# Draft from {len(pages)} of the pages of {host}. Correct it, and delete what you do not need.",
        "version = 1",
        f"publisher = {_quoted(publisher)}",
        f"hosts = [{_quoted(host)}]",
        _language(pages),
        _zone(pages, host),
        *_article_url(pages),
        "",
        "# Write a rule only for fields that are extracted wrongly: a list of CSS selectors, XPaths, JMESPaths.",
        "[rules]",
    ]
    for summary in found:
        lines += _rule(summary, len(pages))
    return "\n".join(lines) + "\n"


def _rule(summary: FieldSummary, pages: int) -> Iterator[str]:
    place = f" ({summary.origin})" if summary.origin else ""
    said = f"found on {summary.count} of {pages}{place}: {_quoted(summary.sample)}" if summary.count else "not found"
    yield f"# {summary.key}: {said}"
    for candidate in summary.candidates:
        yield f"# {summary.key} = [{_quoted(candidate.selector)}]  # {_quoted(candidate.sample)}"


def _summary(key: str, pages: Sequence[SamplePage]) -> FieldSummary:
    field = FIELDS[key].name
    articles = [page.article for page in pages]
    values = [display.values(article)[field] for article in articles if getattr(article, field)]
    evidence = [article.extraction.fields[field] for article in articles if field in article.extraction.fields]
    is_sure = len(values) == len(pages) and all(each.precision != "day" for each in evidence)
    return FieldSummary(
        key=key,
        count=len(values),
        origin=_most(each.origin for each in evidence) or "",
        sample=short(values[0] or "", _LONGEST_SAMPLE) if values else "",
        candidates=() if is_sure else tuple(_candidates(key, FIELDS[key].class_words, pages)),
    )


def _candidates(key: str, words: tuple[str, ...], pages: Sequence[SamplePage]) -> list[SelectorCandidate]:
    """Return selectors by class or id that name a field in their words: those on most pages and with the least text."""
    counts = Counter(selector for page in pages for selector in _named(words, page.document.root))
    behind = " a" if key in _LINKS else ""
    samples = {f"{selector}{behind}": _sample(f"{selector}{behind}", pages) for selector in counts}
    good = [selector for selector, sample in samples.items() if 0 < len(sample) <= _LONGEST_SHORT_TEXT]
    good.sort(key=lambda selector: (-counts[selector.removesuffix(behind)], len(samples[selector]), selector))
    return [SelectorCandidate(each, short(samples[each], _LONGEST_SAMPLE)) for each in good[:_MOST_CANDIDATES]]


def _named(words: tuple[str, ...], root: etree._Element) -> set[str]:
    found = set()
    for element in root.iter(*_TAGS):
        names = [(".", name) for name in (element.get("class") or "").split()] + [("#", element.get("id") or "")]
        for sign, name in names:
            if any(word in name.lower() for word in words) and _PLAIN.fullmatch(name):
                found.add(f"{element.tag}{sign}{name}")
    return found


def _sample(selector: str, pages: Sequence[SamplePage]) -> str:
    selected = (each for page in pages for each in page.document.select_all(selector))
    return next(filter(None, (text_of(each) for each in selected if not isinstance(each, str))), "")


def _article_url(pages: Sequence[SamplePage]) -> Iterator[str]:
    paths = [urlsplit(page.article.canonical_url or "").path for page in pages]
    pattern = next((each for each in _PATHS if all(re.search(each, path) for path in paths)), None)
    if pattern is None:
        yield f"# article_url = ''  # a regular expression for paths such as {_quoted(paths[0])}"
        return
    links = {urlsplit(link.url).path for page in pages for link in page.article.related}
    matching = sum(bool(re.search(pattern, path)) for path in links)
    yield f"# This pattern matches {matching} of {len(links)} other articles that the pages link to."
    yield f"article_url = '{pattern}'"


def _language(pages: Sequence[SamplePage]) -> str:
    language = _most(page.article.language for page in pages)
    return f"language = {_quoted(language)}" if language else '# language = ""  # BCP 47, such as bn'


def _zone(pages: Sequence[SamplePage], host: str) -> str:
    """Return the entry for the zone, a comment unless it is sure."""
    offsets = {offset for page in pages if (offset := _offset(page))}
    zones = [zone for region in _regions(pages, host, has_offsets=bool(offsets)) for zone in _zones_of(region)]
    agreeing = [zone for zone in zones if all(_agrees(zone, page) for page in pages)]
    if len(agreeing) == 1:
        return f'zone = "{agreeing[0]}"'
    seen = f"dates on its pages have the offset {', '.join(map(_hours, sorted(offsets)))}; " if offsets else ""
    return f'# zone = "{", ".join(agreeing[:_MOST_CANDIDATES])}"  # {seen}IANA name of its time zone'


def _offset(page: SamplePage) -> timedelta | None:
    """Return the offset that a page itself gives its date; one of nothing says nothing of where its clocks are."""
    evidence = page.article.extraction.fields.get("published_at")
    if page.article.published_at is None or evidence is None or evidence.assumed_zone:
        return None
    return page.article.published_at.utcoffset()


def _agrees(zone: str, page: SamplePage) -> bool:
    offset, published = _offset(page), page.article.published_at
    return not offset or published is None or published.astimezone(ZoneInfo(zone)).utcoffset() == offset


def _regions(pages: Sequence[SamplePage], host: str, *, has_offsets: bool) -> list[str]:
    """Return the countries that the host's end names and, where dates can gainsay them, the pages' locales."""
    end = host.partition(":")[0].rpartition(".")[2].upper()
    told = [end] if len(end) == len("BD") and end not in _SOLD_ANYWHERE else []
    # A locale alone is often what the publishing system came with.
    for page in pages if has_offsets else ():
        locale = page.document.first_meta("og:locale") or ""
        told += _REGION.findall(f"{locale} {page.document.root.get('lang') or ''}")
    return list(dict.fromkeys(told))


def _zones_of(region: str) -> list[str]:
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return [row[2] for row in rows if row[0] == {"UK": "GB"}.get(region, region)]


def _hours(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _most(values: Iterable[str | None]) -> str | None:
    counts = Counter(filter(None, values))
    return counts.most_common(1)[0][0] if counts else None


def _quoted(text: str) -> str:
    # A text of JSON is one of TOML, but for this character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
