"""Lists of headlines: the newest, of a source, of a day, found by what they are about, and changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Literal, cast, get_args
from urllib.parse import urlencode

from khobor.archive.headlines import Headline, HeadlinePage
from khobor.console.deployment import Deployment
from khobor.console.formatting import Moment, by_clocks, language_tag, long_day, sentence, shortened
from khobor.errors import PermanentError
from khobor.query.article_query import ORDERS, ArticleQuery, Order
from khobor.query.parameters import day as day_parameter
from khobor.revisions.text_difference import text_segments
from khobor.revisions.timeline import Change
from khobor.sources.registry import Registry

By = Literal["words", "section", "tag", "author"]
BY: dict[By, str] = {"words": "words of the title", "section": "section", "tag": "tag", "author": "author"}
CHANGES: dict[Change, str] = {
    "headline": "headline changed",
    "byline": "byline changed",
    "description": "summary changed",
    "body": "text changed",
    "stealth": "changed silently",
    "correction": "correction notice added",
    "gone": "taken down",
    "back": "restored",
}
# Stretches of a text, each with whether only this one of two texts has it.
Stretches = tuple[tuple[str, bool], ...]
# A link and its text.
Way = tuple[str, str]
_LIMIT = 40
_UNTITLED = "(no title)"
_EMPTY = "There are no headlines yet. Add a page, or enable a source."
_DAY = timedelta(days=1)
_DAY_ASKED = day_parameter("day", "By the clocks of each source")


@dataclass(frozen=True, kw_only=True)
class HeadlineRow:
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
        was: The title before a change, as stretches of text, each with whether only this title has it; else empty.
        became: The title after that change, likewise.
        earlier: The earlier title that has the words that were looked for, where the title lacks them.
    """

    title: str
    link: str
    language: str | None
    at: Moment
    source: str | None
    source_link: str | None
    section: str | None
    marks: tuple[str, ...]
    was: Stretches = ()
    became: Stretches = ()
    earlier: str | None = None


@dataclass(frozen=True, kw_only=True)
class HeadlineDay:
    """The headlines of one day."""

    name: str
    iso: str
    rows: tuple[HeadlineRow, ...]


@dataclass(frozen=True, kw_only=True)
class HeadlineList:
    """A part of a list.

    Attributes:
        days: Its headlines.
        older: The next part; None at the end.
        newest: The first part, on a later one.
    """

    days: tuple[HeadlineDay, ...]
    older: str | None
    newest: str | None


@dataclass(frozen=True, kw_only=True)
class HeadlinesPage:
    """The page of headlines by source and day.

    Attributes:
        heading: What they are.
        source: The source that was asked for, else empty.
        day: The day, likewise.
        sources: Those that there are.
        before: The same of the day before.
        after: The same of the day after.
        headline_list: The headlines.
        notice: What is to be known of the list besides: why it is empty, or what it has instead.
        ways: Where an empty list leads on to.
        is_by_added: Whether it is by when articles were added.
    """

    heading: str
    source: str
    day: str
    sources: tuple[str, ...]
    before: str | None
    after: str | None
    headline_list: HeadlineList
    notice: str
    ways: tuple[Way, ...]
    is_by_added: bool


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """The page that finds; nothing is headline_list where nothing was asked for."""

    text: str
    by: By
    options: tuple[tuple[str, str, bool], ...]
    headline_list: HeadlineList | None
    notice: str


@dataclass(frozen=True, kw_only=True)
class ChangesPage:
    """The page of what changed."""

    kind: str
    kinds: tuple[tuple[str, str, bool], ...]
    headline_list: HeadlineList
    notice: str


def headlines(deployment: Deployment, asked: Mapping[str, str], today: date) -> HeadlinesPage:
    """Return the newest headlines, of all sources or of one, of all days or of one; raises PermanentError."""
    source, day_text = asked.get("source", "").strip(), asked.get("day", "").strip()
    order = _order(asked.get("order", ORDERS[0]))
    day = _day(day_text) if day_text else None
    query = ArticleQuery(source=source or None, day=day, order=order, limit=_LIMIT, cursor=asked.get("cursor"))
    page = deployment.query_service.headlines(query)
    is_empty = not (page.headlines or asked.get("cursor"))
    filters = {"source": source, "day": day_text, "order": order if order != ORDERS[0] else ""}
    return HeadlinesPage(
        heading=_heading(deployment, query, is_unknown=page.is_unknown),
        source=source,
        day=day_text,
        sources=tuple(each.name for each in deployment.registry),
        before=_link("/", source=source, day=str(day - _DAY)) if day and day > date.min else None,
        # Where clocks are ahead of UTC the next day has begun.
        after=_link("/", source=source, day=str(day + _DAY)) if day and day <= today else None,
        headline_list=_headline_list(deployment, "/", filters, page, asked),
        notice=sentence(page.notice or (_EMPTY if is_empty else "")),
        ways=tuple(_ways(deployment, query, page)) if is_empty else (),
        is_by_added=order == "added",
    )


def search(deployment: Deployment, asked: Mapping[str, str]) -> SearchPage:
    """Return what is found by a text; raises PermanentError ``unknown_index``, and what the lists raise."""
    text, by = asked.get("q", "").strip(), asked.get("by", "words")
    if by not in BY:
        raise PermanentError("unknown_index", f"cannot search by {by!r}; search by one of {', '.join(BY)}")
    headline_list, notice = None, ""
    if text:
        given = {name: text if name == by else None for name in BY}
        page = deployment.query_service.headlines(
            ArticleQuery(
                words=given["words"],
                section=given["section"],
                tag=given["tag"],
                author=given["author"],
                limit=_LIMIT,
                cursor=asked.get("cursor"),
            )
        )
        headline_list = _headline_list(deployment, "/search", {"q": text, "by": by}, page, asked)
        notice = sentence(page.notice or "")
    options = tuple((name, label, name == by) for name, label in BY.items())
    return SearchPage(text=text, by=by, options=options, headline_list=headline_list, notice=notice)


def changes(deployment: Deployment, asked: Mapping[str, str]) -> ChangesPage:
    """Return what changed in one way; raises PermanentError ``unknown_change``, and what the lists raise."""
    kind = asked.get("kind", "headline")
    if kind not in get_args(Change):
        raise PermanentError("unknown_change", f"there is no change {kind!r}; choose one of {', '.join(CHANGES)}")
    query = ArticleQuery(change=cast("Change", kind), limit=_LIMIT, cursor=asked.get("cursor"))
    page = deployment.query_service.headlines(query)
    kinds = tuple((_link("/changes", kind=name), label, name == kind) for name, label in CHANGES.items())
    return ChangesPage(
        kind=CHANGES[cast("Change", kind)],
        kinds=kinds,
        headline_list=_headline_list(deployment, "/changes", {"kind": kind}, page, asked),
        notice=sentence(page.notice or ""),
    )


def _heading(deployment: Deployment, query: ArticleQuery, *, is_unknown: bool) -> str:
    if is_unknown:
        return "There is no such source"
    if query.order == "added":
        return "Recently added"
    name = publisher(deployment.registry, query.source) if query.source else ""
    if query.day:
        return f"{name or 'All sources'} · {long_day(query.day)}"
    return name or "Newest headlines"


def _ways(deployment: Deployment, query: ArticleQuery, page: HeadlinePage) -> Iterator[Way]:
    """Yield where an empty list leads on to."""
    if page.is_unknown:
        for source in deployment.registry:
            yield _link("/", source=source.name), source.publisher
    elif query.day:
        # Without an article before that day, the newest is as near as any that is cheap to find.
        for until in (query.day, None):
            nearest = deployment.query_service.headlines(ArticleQuery(source=query.source, until=until, limit=1))
            if nearest.headlines:
                day = nearest.headlines[0].listed_at.date()
                yield _link("/", source=query.source, day=str(day)), f"Headlines of {long_day(day)}"
                return
    elif not query.source:
        yield "/add", "Add a page"
        yield "/sources", "Sources"


def _headline_list(
    deployment: Deployment,
    path: str,
    asked: Mapping[str, str],
    page: HeadlinePage,
    whole: Mapping[str, str],
) -> HeadlineList:
    row = partial(_row, deployment.registry, asked.get("kind"))
    by_day = groupby(page.headlines, key=lambda headline: _at(headline).date())
    return HeadlineList(
        days=tuple(HeadlineDay(name=long_day(day), iso=str(day), rows=tuple(map(row, found))) for day, found in by_day),
        older=_link(path, **asked, cursor=page.cursor) if page.cursor else None,
        newest=_link(path, **asked) if whole.get("cursor") else None,
    )


def _row(registry: Registry, kind: str | None, headline: Headline) -> HeadlineRow:
    link = f"/articles/{headline.article_id}"
    if headline.revision is not None:
        link = f"{link}/compare?before={headline.revision - 1}&after={headline.revision}"
    segments = text_segments(headline.title_before, headline.title) if headline.title_before else ()
    return HeadlineRow(
        title=headline.title or _UNTITLED,
        link=link,
        language=language_tag(headline.language),
        at=by_clocks(_at(headline)),
        source=publisher(registry, headline.source) if headline.source else None,
        source_link=_link("/", source=headline.source) if headline.source else None,
        section=headline.section,
        marks=tuple(_marks(headline, kind)),
        was=tuple((each.text, each.kind == "delete") for each in segments if each.kind != "insert"),
        became=tuple((each.text, each.kind == "insert") for each in segments if each.kind != "delete"),
        earlier=headline.earlier_title,
    )


def _at(headline: Headline) -> datetime:
    """Return by when a headline is headline_list."""
    return headline.added_at.astimezone(UTC) if headline.added_at else headline.listed_at


def publisher(registry: Registry, source: str) -> str:
    """Return how a source is called: by its publisher, or by its own name where the registry does not have it."""
    found = registry.source(source)
    return found.publisher if found else source


def _marks(headline: Headline, kind: str | None) -> Iterator[str]:
    """Yield what is to be known of a headline; of a change what else changed besides the kind that is headline_list."""
    if headline.added_at:
        yield f"published {headline.listed_at.day} {headline.listed_at:%B %Y}"
    if headline.revisions and headline.revisions > 1:
        yield f"{headline.revisions} revisions"
    if headline.gone_at:
        yield "taken down"
    yield from (label for change, label in CHANGES.items() if change in headline.changes and change != kind)


def _order(text: str) -> Order:
    for order in ORDERS:
        if order == text:
            return order
    raise PermanentError("unknown_order", f"there is no order {text!r}; choose one of {', '.join(ORDERS)}")


def _day(text: str) -> date:
    try:
        found: date = _DAY_ASKED.read(text)
    except ValueError:
        message = f"{shortened(text)!r} is not a day; give one such as 2026-03-01, with a year from 1900 to 2999"
        raise PermanentError("bad_day", message) from None
    return found


def _link(path: str, **asked: str | None) -> str:
    given = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(given)}" if given else path
