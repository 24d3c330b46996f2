"""Lists of headlines: the newest, of a source, of a day, found by what they are about, and changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Literal, cast, get_args
from urllib.parse import urlencode

from khobor.asking.question import Question
from khobor.aws.archive_lists import Headline, Page
from khobor.console.installation import Installation
from khobor.console.shown import Moment, by_clocks, language_tag
from khobor.errors import PermanentError
from khobor.revisions.timeline import Change
from khobor.sources.registry import Registry

By = Literal["words", "section", "tag", "author"]
BY: dict[By, str] = {"words": "words of the title", "section": "section", "tag": "tag", "author": "author"}
CHANGES: dict[Change, str] = {
    "headline": "headline changed",
    "byline": "byline changed",
    "description": "summary changed",
    "body": "text changed",
    "stealth": "changed without saying so",
    "correction": "correction notice added",
    "gone": "taken down",
    "back": "back again",
}
_LIMIT = 40
_UNTITLED = "(no title)"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One headline.

    Attributes:
        title: Its title.
        link: The page of the article, or of what changed.
        language: Of the title; None where it is not known.
        at: When it was published or fetched, or changed.
        source: Its source, by its publisher where that is known.
        source_link: More of that.
        section: Its section.
        marks: What is to be known of it besides.
    """

    title: str
    link: str
    language: str | None
    at: Moment
    source: str | None
    source_link: str | None
    section: str | None
    marks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Day:
    """The headlines of one day."""

    name: str
    iso: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A part of a list.

    Attributes:
        days: Its headlines.
        older: The next part; None at the end.
        newest: The first part, on a later one.
    """

    days: tuple[Day, ...]
    older: str | None
    newest: str | None


@dataclass(frozen=True, kw_only=True)
class Headlines:
    """The page of headlines by source and day.

    Attributes:
        heading: What they are.
        source: The source that was asked for, else empty.
        day: The day, likewise.
        sources: Those that there are.
        before: The same of the day before.
        after: The same of the day after.
        listed: The headlines.
        notice: What is to be known of the list besides: why it is empty, or what it has instead.
    """

    heading: str
    source: str
    day: str
    sources: tuple[str, ...]
    before: str | None
    after: str | None
    listed: Listed
    notice: str | None


@dataclass(frozen=True, kw_only=True)
class Search:
    """The page that finds; nothing is listed where nothing was asked for."""

    text: str
    by: By
    options: tuple[tuple[str, str, bool], ...]
    listed: Listed | None


@dataclass(frozen=True, kw_only=True)
class Changed:
    """The page of what changed."""

    kind: str
    kinds: tuple[tuple[str, str, bool], ...]
    listed: Listed


def headlines(installation: Installation, asked: Mapping[str, str], today: date) -> Headlines:
    """Return the newest headlines, of all sources or of one, of all days or of one; raises PermanentError."""
    source, day_text = asked.get("source", "").strip(), asked.get("day", "")
    day = _day(day_text) if day_text else None
    question = Question(source=source or None, day=day, limit=_LIMIT, cursor=asked.get("cursor"))
    page = installation.librarian.headlines(question)
    name = publisher(installation.registry, source)
    return Headlines(
        heading=f"{name or 'All sources'} · {_long(day)}" if day else name or "Newest headlines",
        source=source,
        day=day_text,
        sources=tuple(each.name for each in installation.registry),
        before=_link("/", source=source, day=str(day - timedelta(days=1))) if day else None,
        after=_link("/", source=source, day=str(day + timedelta(days=1))) if day and day < today else None,
        listed=_listed(installation, "/", {"source": source, "day": day_text}, page, asked),
        notice=page.notice,
    )


def search(installation: Installation, asked: Mapping[str, str]) -> Search:
    """Return what is found by a text; raises PermanentError ``unknown_index``, and what the lists raise."""
    text, by = asked.get("q", "").strip(), asked.get("by", "words")
    if by not in BY:
        raise PermanentError("unknown_index", f"nothing is found by {by!r}; there are {', '.join(BY)}")
    listed = None
    if text:
        cursor = asked.get("cursor")
        lists = installation.lists
        page = (
            lists.by_words(text, limit=_LIMIT, cursor=cursor)
            if by == "words"
            else lists.by(by, text, limit=_LIMIT, cursor=cursor)
        )
        listed = _listed(installation, "/search", {"q": text, "by": by}, page, asked)
    options = tuple((name, label, name == by) for name, label in BY.items())
    return Search(text=text, by=by, options=options, listed=listed)


def changed(installation: Installation, asked: Mapping[str, str]) -> Changed:
    """Return what changed in one way; raises PermanentError ``unknown_change``, and what the lists raise."""
    kind = asked.get("kind", "headline")
    if kind not in get_args(Change):
        raise PermanentError("unknown_change", f"there is no change {kind!r}; there are {', '.join(CHANGES)}")
    page = installation.lists.by("change", kind, limit=_LIMIT, cursor=asked.get("cursor"))
    kinds = tuple((_link("/changes", kind=name), label, name == kind) for name, label in CHANGES.items())
    listed = _listed(installation, "/changes", {"kind": kind}, page, asked)
    return Changed(kind=CHANGES[cast("Change", kind)], kinds=kinds, listed=listed)


def _listed(
    installation: Installation, path: str, asked: Mapping[str, str], page: Page, whole: Mapping[str, str]
) -> Listed:
    row = partial(_row, installation.registry)
    by_day = groupby(page.headlines, key=lambda headline: headline.listed_at.date())
    return Listed(
        days=tuple(Day(name=_long(day), iso=str(day), rows=tuple(map(row, found))) for day, found in by_day),
        older=_link(path, **asked, cursor=page.cursor) if page.cursor else None,
        newest=_link(path, **asked) if whole.get("cursor") else None,
    )


def _row(registry: Registry, headline: Headline) -> Row:
    link = f"/articles/{headline.article_id}"
    if headline.revision is not None:
        link = f"{link}/compare?before={headline.revision - 1}&after={headline.revision}"
    return Row(
        title=headline.title or _UNTITLED,
        link=link,
        language=language_tag(headline.language),
        at=by_clocks(headline.listed_at),
        source=publisher(registry, headline.source) if headline.source else None,
        source_link=_link("/", source=headline.source) if headline.source else None,
        section=headline.section,
        marks=tuple(_marks(headline)),
    )


def publisher(registry: Registry, source: str) -> str:
    """Return how a source is called: by its publisher, or by its own name where the registry does not have it."""
    found = registry.source(source)
    return found.publisher if found else source


def _marks(headline: Headline) -> Iterator[str]:
    if headline.revisions and headline.revisions > 1:
        yield f"{headline.revisions} revisions"
    if headline.gone_at:
        yield "taken down"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PermanentError("bad_day", f"{text!r} is no day; write it as 2026-03-01") from None


def _long(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B %Y}"


def _link(path: str, **asked: str | None) -> str:
    given = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(given)}" if given else path
