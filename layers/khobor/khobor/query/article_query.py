"""Chooses the index that answers a query for articles; a query that no index answers is an error, never a scan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Literal, cast, get_args

from khobor.archive.headlines import HeadlinePage, Index
from khobor.archive.interface import ArchiveLists
from khobor.archive.spans import ALWAYS, Bound, Span, one_day
from khobor.errors import PermanentError
from khobor.revisions.timeline import Change

Order = Literal["listed", "added"]
ORDERS: tuple[Order, ...] = get_args(Order)
# Each has an index of its own, sorted by time.
IN_TIME = ("source", "section", "tag", "author", "change")
# These cannot be combined with a time.
_TIMELESS = ("words", "url")
COMBINATIONS = (
    f"ask by at most one of {', '.join((*IN_TIME, *_TIMELESS))}; day, or since and until, go with one of "
    f"{', '.join(IN_TIME)}, or stand alone; order=added goes with since and until only"
)
_QUIET = "Nothing was published within the last days. These are the articles that were added last."
# The front end's names for the parts of a query, where they differ.
Names = Mapping[str, str]
DEFAULT_NAMES: Names = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class ArticleQuery:
    """A query for articles; an empty one asks for the newest articles of all sources.

    A day is a day in the time zone of each article's source.

    Attributes:
        source: Name of the source.
        section: The section; case, spacing and punctuation do not matter, here and in tag and author.
        tag: One of the tags.
        author: One of the authors.
        words: Words that must all be in the title, or in an earlier one.
        change: What a revision changed; articles are listed by the time of that revision.
        day: A day.
        url: The article's address, or the URL that was fetched.
        since: Listed on this day, at this time (aware) or later.
        until: Listed before this day, or this time.
        order: ``listed``, or ``added``: by the first fetch; ``since`` and ``until`` then refer to that time.
        limit: The most headlines to return, up to 100.
        cursor: The cursor of the previous page.
    """

    source: str | None = None
    section: str | None = None
    tag: str | None = None
    author: str | None = None
    words: str | None = None
    change: Change | None = None
    day: date | None = None
    url: str | None = None
    since: Bound | None = None
    until: Bound | None = None
    order: Order = "listed"
    limit: int = 50
    cursor: str | None = None

    @property
    def subject(self) -> str | None:
        """The name of the part that selects an index; None for all articles."""
        return next((name for name in (*IN_TIME, *_TIMELESS) if getattr(self, name) is not None), None)

    @property
    def is_in_time(self) -> bool:
        """Whether the query is limited to a span of time."""
        return not (self.day is None and self.since is None and self.until is None)


def headlines(
    query: ArticleQuery, lists: ArchiveLists, find: Callable[[str], str | None], names: Names = DEFAULT_NAMES
) -> HeadlinePage:
    """Return a page of the headlines that match a query.

    Args:
        query: The query.
        lists: The lists of the archive.
        find: Returns the id of the article at a URL, as ``Archive.find`` does.
        names: The front end's names for the parts of a query.

    Raises:
        PermanentError: ``bad_combination``; ``bad_source`` and the like if a value is empty; ``bad_span``,
            ``bad_cursor``, ``bad_limit``, ``no_words``, ``bad_url``.
    """
    _check(query, names)
    _check_values(query, names)
    span, limit, cursor = _span(query, names), query.limit, query.cursor
    if query.url is not None:
        return _at(query.url, lists, find, cursor)
    if query.words is not None:
        return lists.by_words(query.words, limit=limit, cursor=cursor)
    if (subject := query.subject) is None:
        return _of_all(query, lists, span)
    if query.source is not None:
        return lists.by_source(query.source, span=span, limit=limit, cursor=cursor)
    value = getattr(query, subject)
    return lists.by(cast("Index", subject), value, span=span, limit=limit, cursor=cursor)


def _of_all(query: ArticleQuery, lists: ArchiveLists, span: Span) -> HeadlinePage:
    """Return headlines of all sources."""
    limit, cursor = query.limit, query.cursor
    if query.order == "added":
        return lists.added(span=span, limit=limit, cursor=cursor)
    if query.day:
        return lists.by_day(query.day, limit=limit, cursor=cursor)
    return _newest(query, lists, span)


def _newest(query: ArticleQuery, lists: ArchiveLists, span: Span) -> HeadlinePage:
    """Return the newest headlines; if none is recent, the articles that were added last."""
    limit, cursor = query.limit, query.cursor
    if cursor and lists.is_list_of_added(cursor):
        return lists.added(limit=limit, cursor=cursor)
    page = lists.newest(now=datetime.now(UTC), span=span, limit=limit, cursor=cursor)
    if page.headlines or cursor or query.is_in_time:
        return page
    added = lists.added(limit=limit)
    if not added.headlines:
        return page
    return replace(added, notice=_QUIET)


def _at(url: str, lists: ArchiveLists, find: Callable[[str], str | None], cursor: str | None) -> HeadlinePage:
    if cursor is not None:
        raise PermanentError(
            "bad_cursor", "a URL has one article at most, so there is no next page; leave the cursor out"
        )
    article_id = find(url)
    headline = lists.headline(article_id) if article_id else None
    return HeadlinePage(headlines=(headline,) if headline else ())


def _check(query: ArticleQuery, names: Names) -> None:
    """Raise PermanentError ``bad_combination`` if no index answers all parts of a query together."""
    subjects = [name for name in (*IN_TIME, *_TIMELESS) if getattr(query, name) is not None]
    is_added = query.order == "added"
    if len(subjects) > 1 or (subjects and is_added) or (is_added and query.day):
        raise _bad_combination(query, names)
    if query.is_in_time and query.subject in _TIMELESS:
        raise _bad_combination(query, names)
    if query.day and (query.since or query.until):
        raise _bad_combination(query, names)


def _check_values(query: ArticleQuery, names: Names) -> None:
    """Raise PermanentError ``bad_<name>`` if a value is empty: nothing has an empty name."""
    for name in IN_TIME:
        if getattr(query, name) is not None and not getattr(query, name).strip():
            raise PermanentError(f"bad_{name}", f"{names.get(name, name)} is empty; give a value, or leave it out")


def _span(query: ArticleQuery, names: Names) -> Span:
    """Return the span of time of a query."""
    if query.day is not None:
        return one_day(query.day)
    since, until = query.since, query.until
    span = Span(since=since or ALWAYS.since, until=until or ALWAYS.until)
    if span.is_backwards:
        called = {name: names.get(name, name) for name in ("since", "until")}
        message = f"{called['until']}, {until and until.isoformat()}, is not after {called['since']}, "
        raise PermanentError("bad_span", f"{message}{since and since.isoformat()}")
    return span


def _bad_combination(query: ArticleQuery, names: Names) -> PermanentError:
    usual = ArticleQuery()
    selecting = [each.name for each in fields(query) if each.name not in {"limit", "cursor"}]
    parts = ", ".join(names.get(name, name) for name in selecting if getattr(query, name) != getattr(usual, name))
    others = names.get("combinations", COMBINATIONS)
    return PermanentError("bad_combination", f"no index of the archive answers {parts} together: {others}")
