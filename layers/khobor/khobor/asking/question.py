"""Which list of the archive answers a question for articles: one index, or none and an error, and never a scan."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

from khobor.aws.archive_lists import ALWAYS, ArchiveLists, Page, Span
from khobor.aws.postings import Index
from khobor.errors import PermanentError
from khobor.revisions.timeline import Change

# Each is answered by an index of its own, in which a span of time is one stretch.
_IN_TIME = ("source", "section", "tag", "author", "change")
# These are answered without a time.
_TIMELESS = ("words", "url")
COMBINATIONS = (
    f"ask by at most one of {', '.join((*_IN_TIME, *_TIMELESS))}; day, or since and until, go with one of "
    f"{', '.join(_IN_TIME)}; day may stand alone"
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What articles are asked for; nothing asks for the newest of all sources.

    Attributes:
        source: Name of their source.
        section: Their section, however it is written; so are tag and author.
        tag: One of their tags.
        author: One of their authors.
        words: What their title has all words of.
        change: What a revision of them changed; they are listed by when it did.
        day: A day of UTC.
        url: Their address, or what they were fetched by.
        since: Listed then or later, aware.
        until: Listed before then, aware.
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
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 50
    cursor: str | None = None


def headlines(question: Question, lists: ArchiveLists, find: Callable[[str], str | None]) -> Page:
    """Return what a question asks for.

    Args:
        question: The question.
        lists: The lists of the archive.
        find: Gives the id of the article at a URL, as ``Archive.find`` does.

    Raises:
        PermanentError: ``bad_combination``, ``bad_span``, ``bad_cursor``, ``bad_limit``, ``no_words``, ``bad_url``.
    """
    span = _span(question)
    given = [name for name in (*_IN_TIME, *_TIMELESS) if getattr(question, name) is not None]
    if len(given) > 1 or (span is not None and given and given[0] in _TIMELESS):
        raise _bad_combination(question)
    limit, cursor = question.limit, question.cursor
    if question.url is not None:
        return _at(question.url, lists, find, cursor)
    if question.words is not None:
        return lists.by_words(question.words, limit=limit, cursor=cursor)
    if question.source is not None:
        return lists.by_source(question.source, span=span or ALWAYS, limit=limit, cursor=cursor)
    if given:
        value = getattr(question, given[0])
        return lists.by(cast("Index", given[0]), value, span=span or ALWAYS, limit=limit, cursor=cursor)
    if question.since or question.until:
        raise _bad_combination(question)
    if question.day:
        return lists.by_day(question.day, limit=limit, cursor=cursor)
    return lists.newest(today=datetime.now(UTC).date(), limit=limit, cursor=cursor)


def _at(url: str, lists: ArchiveLists, find: Callable[[str], str | None], cursor: str | None) -> Page:
    if cursor is not None:
        raise PermanentError("bad_cursor", "a URL has one article at most, on one page; leave the cursor out")
    article_id = find(url)
    headline = lists.headline(article_id) if article_id else None
    return Page(headlines=(headline,) if headline else ())


def _span(question: Question) -> Span | None:
    """Return the time that a question is about, None for all time."""
    since, until = question.since, question.until
    if question.day is None:
        if since is not None and until is not None and since >= until:
            raise PermanentError("bad_span", f"until, {until.isoformat()}, is not after since, {since.isoformat()}")
        span = Span(since=since or ALWAYS.since, until=until or ALWAYS.until)
        return span if since or until else None
    if since or until:
        raise _bad_combination(question)
    start = datetime.combine(question.day, time(), UTC)
    return Span(since=start, until=start + timedelta(days=1))


def _bad_combination(question: Question) -> PermanentError:
    asked = [each.name for each in fields(question) if each.name not in {"limit", "cursor"}]
    given = ", ".join(name for name in asked if getattr(question, name) is not None)
    return PermanentError("bad_combination", f"no index of the archive answers {given} together: {COMBINATIONS}")
