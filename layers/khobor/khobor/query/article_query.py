"""Which list of the archive answers a query for articles: one index, or none and an error, and never a scan."""

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
# Each is answered by an index of its own, in which a span of time is one stretch.
IN_TIME = ("source", "section", "tag", "author", "change")
# These are answered without a time.
_TIMELESS = ("words", "url")
COMBINATIONS = (
    f"ask by at most one of {', '.join((*IN_TIME, *_TIMELESS))}; day, or since and until, go with one of "
    f"{', '.join(IN_TIME)}, or stand alone; order=added goes with since and until only"
)
_QUIET = "Nothing was published within the last days. These are the articles that were added last."
# The names of a front end for the parts of a query, where it has others.
Names = Mapping[str, str]
DEFAULT_NAMES: Names = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class ArticleQuery:
    """What articles are asked for; nothing asks for the newest of all sources.

    A day is a day by the clocks of each article's source.

    Attributes:
        source: Name of their source.
        section: Their section, however it is written; so are tag and author.
        tag: One of their tags.
        author: One of their authors.
        words: What their title, or an earlier one, has all words of.
        change: What a revision of them changed; they are listed by when it did.
        day: A day.
        url: Their address, or what they were fetched by.
        since: Listed on this day, at this time (aware) or later.
        until: Listed before this day, or this time.
        order: ``listed``, or ``added``: by when they were first fetched, to which since and until apply then.
        limit: At most so many, up to 100.
        cursor: Of the page before.
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
        """The name of what is asked by; None for all articles."""
        return next((name for name in (*IN_TIME, *_TIMELESS) if getattr(self, name) is not None), None)

    @property
    def is_in_time(self) -> bool:
        """Whether it is about a part of all time."""
        return not (self.day is None and self.since is None and self.until is None)


def headlines(
    query: ArticleQuery, lists: ArchiveLists, find: Callable[[str], str | None], names: Names = DEFAULT_NAMES
) -> HeadlinePage:
    """Return what a query asks for.

    Args:
        query: The query.
        lists: The lists of the archive.
        find: Gives the id of the article at a URL, as ``Archive.find`` does.
        names: What the front end calls the parts of a query.

    Raises:
        PermanentError: ``bad_combination``, ``bad_source`` and the like where it is empty, ``bad_span``,
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
    """Return the newest headlines; where nothing is recent, those that were added last."""
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
        raise PermanentError("bad_cursor", "a URL has one article at most, on one page; leave the cursor out")
    article_id = find(url)
    headline = lists.headline(article_id) if article_id else None
    return HeadlinePage(headlines=(headline,) if headline else ())


def _check(query: ArticleQuery, names: Names) -> None:
    """Raise PermanentError ``bad_combination`` where no index answers all parts of a query together."""
    given = [name for name in (*IN_TIME, *_TIMELESS) if getattr(query, name) is not None]
    is_added = query.order == "added"
    if len(given) > 1 or (given and is_added) or (is_added and query.day):
        raise _bad_combination(query, names)
    if query.is_in_time and query.subject in _TIMELESS:
        raise _bad_combination(query, names)
    if query.day and (query.since or query.until):
        raise _bad_combination(query, names)


def _check_values(query: ArticleQuery, names: Names) -> None:
    """Raise PermanentError ``bad_<name>`` where what is asked by is empty: nothing has an empty name."""
    for name in IN_TIME:
        if getattr(query, name) is not None and not getattr(query, name).strip():
            raise PermanentError(f"bad_{name}", f"{names.get(name, name)} is empty; give a value, or leave it out")


def _span(query: ArticleQuery, names: Names) -> Span:
    """Return the time that a query is about."""
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
    asked = [each.name for each in fields(query) if each.name not in {"limit", "cursor"}]
    given = ", ".join(names.get(name, name) for name in asked if getattr(query, name) != getattr(usual, name))
    others = names.get("combinations", COMBINATIONS)
    return PermanentError("bad_combination", f"no index of the archive answers {given} together: {others}")
