"""Which list of the archive answers a question for articles: one index, or none and an error, and never a scan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Literal, cast, get_args

from khobor.archive.cursors import list_of
from khobor.archive.dynamodb.lists import ArchiveLists, Page
from khobor.archive.dynamodb.postings import ADDED, Index
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
# The names of a front end for the parts of a question, where it has others.
Names = Mapping[str, str]
AS_THEY_ARE: Names = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Question:
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
    question: Question, lists: ArchiveLists, find: Callable[[str], str | None], names: Names = AS_THEY_ARE
) -> Page:
    """Return what a question asks for.

    Args:
        question: The question.
        lists: The lists of the archive.
        find: Gives the id of the article at a URL, as ``Archive.find`` does.
        names: What the front end calls the parts of a question.

    Raises:
        PermanentError: ``bad_combination``, ``bad_source`` and the like where it is empty, ``bad_span``,
            ``bad_cursor``, ``bad_limit``, ``no_words``, ``bad_url``.
    """
    _check(question, names)
    _check_values(question, names)
    span, limit, cursor = _span(question, names), question.limit, question.cursor
    if question.url is not None:
        return _at(question.url, lists, find, cursor)
    if question.words is not None:
        return lists.by_words(question.words, limit=limit, cursor=cursor)
    if (subject := question.subject) is None:
        return _of_all(question, lists, span)
    if question.source is not None:
        return lists.by_source(question.source, span=span, limit=limit, cursor=cursor)
    value = getattr(question, subject)
    return lists.by(cast("Index", subject), value, span=span, limit=limit, cursor=cursor)


def _of_all(question: Question, lists: ArchiveLists, span: Span) -> Page:
    """Return headlines of all sources."""
    limit, cursor = question.limit, question.cursor
    if question.order == "added":
        return lists.added(span=span, limit=limit, cursor=cursor)
    if question.day:
        return lists.by_day(question.day, limit=limit, cursor=cursor)
    return _newest(question, lists, span)


def _newest(question: Question, lists: ArchiveLists, span: Span) -> Page:
    """Return the newest headlines; where nothing is recent, those that were added last."""
    limit, cursor = question.limit, question.cursor
    if cursor and list_of(cursor) == ADDED:
        return lists.added(limit=limit, cursor=cursor)
    page = lists.newest(now=datetime.now(UTC), span=span, limit=limit, cursor=cursor)
    if page.headlines or cursor or question.is_in_time:
        return page
    added = lists.added(limit=limit)
    if not added.headlines:
        return page
    return replace(added, notice=_QUIET)


def _at(url: str, lists: ArchiveLists, find: Callable[[str], str | None], cursor: str | None) -> Page:
    if cursor is not None:
        raise PermanentError("bad_cursor", "a URL has one article at most, on one page; leave the cursor out")
    article_id = find(url)
    headline = lists.headline(article_id) if article_id else None
    return Page(headlines=(headline,) if headline else ())


def _check(question: Question, names: Names) -> None:
    """Raise PermanentError ``bad_combination`` where no index answers all parts of a question together."""
    given = [name for name in (*IN_TIME, *_TIMELESS) if getattr(question, name) is not None]
    is_added = question.order == "added"
    if len(given) > 1 or (given and is_added) or (is_added and question.day):
        raise _bad_combination(question, names)
    if question.is_in_time and question.subject in _TIMELESS:
        raise _bad_combination(question, names)
    if question.day and (question.since or question.until):
        raise _bad_combination(question, names)


def _check_values(question: Question, names: Names) -> None:
    """Raise PermanentError ``bad_<name>`` where what is asked by is empty: nothing has an empty name."""
    for name in IN_TIME:
        if getattr(question, name) is not None and not getattr(question, name).strip():
            raise PermanentError(f"bad_{name}", f"{names.get(name, name)} is empty; give a value, or leave it out")


def _span(question: Question, names: Names) -> Span:
    """Return the time that a question is about."""
    if question.day is not None:
        return one_day(question.day)
    since, until = question.since, question.until
    span = Span(since=since or ALWAYS.since, until=until or ALWAYS.until)
    if span.is_backwards:
        called = {name: names.get(name, name) for name in ("since", "until")}
        message = f"{called['until']}, {until and until.isoformat()}, is not after {called['since']}, "
        raise PermanentError("bad_span", f"{message}{since and since.isoformat()}")
    return span


def _bad_combination(question: Question, names: Names) -> PermanentError:
    usual = Question()
    asked = [each.name for each in fields(question) if each.name not in {"limit", "cursor"}]
    given = ", ".join(names.get(name, name) for name in asked if getattr(question, name) != getattr(usual, name))
    others = names.get("combinations", COMBINATIONS)
    return PermanentError("bad_combination", f"no index of the archive answers {given} together: {others}")
