"""Lists of headlines: the newest ones, those of a source or a day, and changed articles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import cast, get_args
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
# The stretches of a text, each with whether the other of two texts lacks it.
Stretches = tuple[tuple[str, bool], ...]
# The path and the text of a link.
TextLink = tuple[str, str]
LIMIT = 40
UNTITLED = "(no title)"
_EMPTY = "There are no headlines yet. Add a page, or enable a source."
_DAY = timedelta(days=1)
_DAY_PARAMETER = day_parameter("day", "By the clocks of each source")


@dataclass(frozen=True, kw_only=True)
class HeadlineRow:
    """One headline.

    Attributes:
        title: The title.
        link: The path of the article, or of the page that shows the change.
        language: The language of the title; None if unknown.
        at: When the article was published, fetched or changed.
        source: The publisher of the source if known, otherwise the name of the source.
        source_link: The path of the source's headlines.
        section: The section.
        marks: Further facts in a few words each.
        was: The title before the change; empty if the title did not change.
        became: The title after the change; empty if the title did not change.
        earlier: The earlier title that matches the search, if the title does not.
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
class ListPart:
    """A part of a list.

    Attributes:
        further: The path of the next part; None at the end.
        first: The path of the first part; None on the first part.
    """

    further: str | None
    first: str | None


@dataclass(frozen=True, kw_only=True)
class HeadlineList(ListPart):
    """A part of a list of headlines.

    Attributes:
        days: The headlines by day.
    """

    days: tuple[HeadlineDay, ...]


@dataclass(frozen=True, kw_only=True)
class HeadlinesPage:
    """The page of headlines by source and day.

    Attributes:
        heading: The heading.
        source: The value of the source filter; empty for all sources.
        day: The value of the day filter; empty for all days.
        sources: The names of all sources.
        before: The path of the same page for the day before.
        after: The path of the same page for the day after.
        headline_list: The headlines.
        notice: A message about the list, such as why it is empty.
        ways: Links to continue from an empty list.
        is_by_added: Whether the list is ordered by when articles were added.
    """

    heading: str
    source: str
    day: str
    sources: tuple[str, ...]
    before: str | None
    after: str | None
    headline_list: HeadlineList
    notice: str
    ways: tuple[TextLink, ...]
    is_by_added: bool


@dataclass(frozen=True, kw_only=True)
class ChangesPage:
    """The page of changed articles."""

    kind: str
    kinds: tuple[tuple[str, str, bool], ...]
    headline_list: HeadlineList
    notice: str


def headlines(deployment: Deployment, parameters: Mapping[str, str], today: date) -> HeadlinesPage:
    """Return the page of the newest headlines, of all sources and days or of one.

    Args:
        deployment: The deployment.
        parameters: The query parameters of the request.
        today: The current day in UTC.

    Raises:
        PermanentError: ``unknown_order`` or ``bad_day``, or what the query service raises.
    """
    source, day_text = parameters.get("source", "").strip(), parameters.get("day", "").strip()
    order = _order(parameters.get("order", ORDERS[0]))
    day = _day(day_text) if day_text else None
    query = ArticleQuery(source=source or None, day=day, order=order, limit=LIMIT, cursor=parameters.get("cursor"))
    page = deployment.query_service.headlines(query)
    is_empty = not (page.headlines or parameters.get("cursor"))
    filters = {"source": source, "day": day_text, "order": order if order != ORDERS[0] else ""}
    return HeadlinesPage(
        heading=_heading(deployment, query, is_unknown=page.is_unknown),
        source=source,
        day=day_text,
        sources=tuple(each.name for each in deployment.registry),
        before=path_with("/", source=source, day=str(day - _DAY)) if day and day > date.min else None,
        # The next day has begun where clocks are ahead of UTC.
        after=path_with("/", source=source, day=str(day + _DAY)) if day and day <= today else None,
        headline_list=headline_list(deployment, "/", filters, page, parameters),
        notice=sentence(page.notice or (_EMPTY if is_empty else "")),
        ways=tuple(_ways(deployment, query, page)) if is_empty else (),
        is_by_added=order == "added",
    )


def changes(deployment: Deployment, parameters: Mapping[str, str]) -> ChangesPage:
    """Return the page of articles with one kind of change.

    Args:
        deployment: The deployment.
        parameters: The query parameters of the request.

    Raises:
        PermanentError: ``unknown_change``, or what the query service raises.
    """
    kind = parameters.get("kind", "headline")
    if kind not in get_args(Change):
        raise PermanentError("unknown_change", f"there is no change {kind!r}; choose one of {', '.join(CHANGES)}")
    query = ArticleQuery(change=cast("Change", kind), limit=LIMIT, cursor=parameters.get("cursor"))
    page = deployment.query_service.headlines(query)
    kinds = tuple((path_with("/changes", kind=name), label, name == kind) for name, label in CHANGES.items())
    return ChangesPage(
        kind=CHANGES[cast("Change", kind)],
        kinds=kinds,
        headline_list=headline_list(deployment, "/changes", {"kind": kind}, page, parameters),
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


def _ways(deployment: Deployment, query: ArticleQuery, page: HeadlinePage) -> Iterator[TextLink]:
    """Yield links to continue from an empty list."""
    if page.is_unknown:
        for source in deployment.registry:
            yield path_with("/", source=source.name), source.publisher
    elif query.day:
        # If there is no article before that day, the newest one is the nearest that is cheap to find.
        for until in (query.day, None):
            nearest = deployment.query_service.headlines(ArticleQuery(source=query.source, until=until, limit=1))
            if nearest.headlines:
                day = nearest.headlines[0].listed_at.date()
                yield path_with("/", source=query.source, day=str(day)), f"Headlines of {long_day(day)}"
                return
    elif not query.source:
        yield "/add", "Add a page"
        yield "/sources", "Sources"


def headline_list(
    deployment: Deployment,
    path: str,
    filters: Mapping[str, str],
    page: HeadlinePage,
    parameters: Mapping[str, str],
) -> HeadlineList:
    """Return a page of headlines by day.

    Args:
        deployment: The deployment.
        path: The path of the list.
        filters: The query parameters that choose what is in it.
        page: The headlines.
        parameters: The query parameters of the request.
    """
    row = partial(headline_row, deployment.registry, filters.get("kind"))
    by_day = groupby(page.headlines, key=lambda headline: _at(headline).date())
    return HeadlineList(
        days=tuple(
            HeadlineDay(name=long_day(day), iso=str(day), rows=tuple(map(row, of_day))) for day, of_day in by_day
        ),
        **turns(path, filters, page.cursor, parameters),
    )


def turns(
    path: str, filters: Mapping[str, str], cursor: str | None, parameters: Mapping[str, str]
) -> dict[str, str | None]:
    """Return the paths of the next and of the first part of a list, as the arguments of ``ListPart``.

    Args:
        path: The path of the list.
        filters: The query parameters that choose what is in it.
        cursor: The cursor of the next part; None at the end.
        parameters: The query parameters of the request.
    """
    return {
        "further": path_with(path, **filters, cursor=cursor) if cursor else None,
        "first": path_with(path, **filters) if parameters.get("cursor") else None,
    }


def headline_row(registry: Registry, kind: str | None, headline: Headline) -> HeadlineRow:
    """Return a headline as lists show it.

    Args:
        registry: The sources.
        kind: The kind of change that is listed; None if articles are.
        headline: The headline.
    """
    link = f"/articles/{headline.article_id}"
    if headline.revision is not None:
        link = f"{link}/compare?before={headline.revision - 1}&after={headline.revision}"
    segments = text_segments(headline.title_before, headline.title) if headline.title_before else ()
    return HeadlineRow(
        title=headline.title or UNTITLED,
        link=link,
        language=language_tag(headline.language),
        at=by_clocks(_at(headline)),
        source=publisher(registry, headline.source) if headline.source else None,
        source_link=path_with("/", source=headline.source) if headline.source else None,
        section=headline.section,
        marks=tuple(_marks(headline, kind)),
        was=tuple((each.text, each.kind == "delete") for each in segments if each.kind != "insert"),
        became=tuple((each.text, each.kind == "insert") for each in segments if each.kind != "delete"),
        earlier=headline.earlier_title,
    )


def _at(headline: Headline) -> datetime:
    """Return the time by which a headline is listed."""
    return headline.added_at.astimezone(UTC) if headline.added_at else headline.listed_at


def publisher(registry: Registry, source: str) -> str:
    """Return the publisher of a source, or the name of the source if the registry does not have it.

    Args:
        registry: The registry.
        source: The name of the source.
    """
    in_registry = registry.source(source)
    return in_registry.publisher if in_registry else source


def _marks(headline: Headline, kind: str | None) -> Iterator[str]:
    """Yield further facts about a headline; in a list of changes, the other changes of the same revision."""
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
        day: date = _DAY_PARAMETER.read(text)
    except ValueError:
        message = f"{shortened(text)!r} is not a day; give one such as 2026-03-01, with a year from 1900 to 2999"
        raise PermanentError("bad_day", message) from None
    return day


def path_with(path: str, **parameters: str | None) -> str:
    """Return a path with query parameters, without those that have no value.

    Args:
        path: The path.
        parameters: The parameters by name.
    """
    present = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(present)}" if present else path
