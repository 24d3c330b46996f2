"""The answers as JSON, without absent values. The OpenAPI document takes its schemas from these types.

Clients see the types without ``Answer`` in their names (``openapi.py``).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from khobor.archive import headlines as lists
from khobor.article import Block, Image, Video
from khobor.query import service
from khobor.revisions import difference as differences
from khobor.revisions import text_difference, timeline
from khobor.sources.problems import Problem


class HeadlineAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An article as a row of a list.

    ``listed_at`` is the time of publication, or of the fetch if the page gives none; in lists of changes it is the
    time of the change. It has the UTC offset of the source. ``revisions`` and ``gone_at`` are present only in lists by
    source, by day, by URL and of the newest articles. In lists of changes each change is a row: ``revision`` is the
    revision that it led to, ``changes`` what it changed, ``title`` the new title, and ``title_before`` the previous
    one if it differs. ``earlier_title`` is present if it matched the words of the search and the current title did
    not. ``added_at``, the time of the first fetch, is present only in lists sorted by it.
    """

    article_id: str
    listed_at: datetime
    source: str | None = None
    title: str | None = None
    url: str | None = None
    section: str | None = None
    language: str | None = None
    revisions: int | None = None
    gone_at: datetime | None = None
    revision: int | None = None
    changes: tuple[timeline.Change, ...] = ()
    title_before: str | None = None
    earlier_title: str | None = None
    added_at: datetime | None = None


class HeadlinesAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page of a list, the newest article first.

    ``cursor`` requests the next page; the last page has none. ``notice`` explains to people why the list is empty, or
    what it contains instead.
    """

    articles: tuple[HeadlineAnswer, ...]
    cursor: str | None = None
    notice: str | None = None


class RevisionAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An article from one change to the next.

    ``changes`` is the difference from the previous revision, ``modified_at`` the date that the page states, and
    ``notices`` the number of paragraphs that announce a correction.
    """

    number: int
    first_seen_at: datetime
    last_seen_at: datetime
    changes: tuple[timeline.Change, ...]
    modified_at: datetime | None = None
    notices: int = 0


class RevisionsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The revisions of an article, the oldest first."""

    article_id: str
    revisions: tuple[RevisionAnswer, ...]


class SimilarAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An article with nearly the same text, and the estimated share of text in common, from 0 to 1."""

    headline: HeadlineAnswer
    resemblance: float


class SimilarArticlesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The articles with nearly the same text as one, the earliest first."""

    article_id: str
    articles: tuple[SimilarAnswer, ...]


class SegmentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of text: in both revisions (equal), only in the older (delete), or only in the newer (insert)."""

    kind: text_difference.SegmentKind
    text: str


class FieldAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A field that differs: its old and new value, and the segments of its text or the items of its list.

    A date is in RFC 3339 format; an image or a video is represented by its URL.
    """

    name: str
    before: str | tuple[str, ...] | None = None
    after: str | tuple[str, ...] | None = None
    segments: tuple[SegmentAnswer, ...] = ()


class ParagraphAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A block of the body in one revision or in both, with the segments of its text.

    ``before`` is the old block if it was changed or removed; ``after`` is the new block.
    """

    change: differences.ParagraphChange
    segments: tuple[SegmentAnswer, ...]
    before: Block | None = None
    after: Block | None = None


class DifferenceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The visible difference between two revisions: the fields that differ, and the whole body in order."""

    article_id: str
    before: int
    after: int
    fields: tuple[FieldAnswer, ...]
    paragraphs: tuple[ParagraphAnswer, ...]


class SourceAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A source: whether khobor looks for its new articles, and its newest headline."""

    name: str
    publisher: str
    hosts: tuple[str, ...]
    is_enabled: bool
    language: str | None = None
    newest: HeadlineAnswer | None = None


class SourcesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The sources by name, and the problems of uploaded files: file, line, key and what to do."""

    sources: tuple[SourceAnswer, ...]
    problems: tuple[str, ...]


class ProblemDetails(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no answer, in the form of RFC 9457; ``reason`` is a stable slug."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    reason: str
    detail: str


def headlines(page: lists.HeadlinePage) -> HeadlinesAnswer:
    """Return a page of a list as an answer."""
    return HeadlinesAnswer(articles=tuple(map(_headline, page.headlines)), cursor=page.cursor, notice=page.notice)


def revisions(article_id: str, article_revisions: Iterable[timeline.Revision]) -> RevisionsAnswer:
    """Return the revisions of an article as an answer.

    Args:
        article_id: The article's id.
        article_revisions: Its revisions, the oldest first.
    """
    return RevisionsAnswer(article_id=article_id, revisions=tuple(map(_revision, article_revisions)))


def similar(article_id: str, similar_articles: Iterable[lists.SimilarArticle]) -> SimilarArticlesAnswer:
    """Return articles with nearly the same text as an answer.

    Args:
        article_id: The id of the article that they are compared with.
        similar_articles: The articles, the earliest first.
    """
    articles = (
        SimilarAnswer(headline=_headline(each.headline), resemblance=each.resemblance) for each in similar_articles
    )
    return SimilarArticlesAnswer(article_id=article_id, articles=tuple(articles))


def difference(article_id: str, before: int, after: int, changed: differences.Difference) -> DifferenceAnswer:
    """Return the difference between two revisions as an answer.

    Args:
        article_id: The article's id.
        before: The number of the older revision.
        after: The number of the newer revision.
        changed: Their difference.
    """
    return DifferenceAnswer(
        article_id=article_id,
        before=before,
        after=after,
        fields=tuple(map(_field, changed.fields)),
        paragraphs=tuple(map(_paragraph, changed.paragraphs)),
    )


def sources(statuses: Iterable[service.SourceStatus], problems: Iterable[Problem]) -> SourcesAnswer:
    """Return the sources as an answer.

    Args:
        statuses: The sources by name.
        problems: The problems of uploaded source files.
    """
    return SourcesAnswer(sources=tuple(map(_source, statuses)), problems=tuple(map(str, problems)))


def _headline(headline: lists.Headline) -> HeadlineAnswer:
    return msgspec.convert(headline, HeadlineAnswer, from_attributes=True)


def _revision(revision: timeline.Revision) -> RevisionAnswer:
    return RevisionAnswer(
        number=revision.number,
        first_seen_at=revision.first_seen_at,
        last_seen_at=revision.last_seen_at,
        changes=revision.changes,
        modified_at=revision.digests.modified_at,
        notices=revision.digests.notices,
    )


def _field(change: differences.FieldChange) -> FieldAnswer:
    segments = tuple(map(_segment, change.segments))
    return FieldAnswer(name=change.name, before=_value(change.before), after=_value(change.after), segments=segments)


def _value(value: differences.Value) -> str | tuple[str, ...] | None:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return tuple(item.url if isinstance(item, Image | Video) else item for item in value)
    return value


def _paragraph(paragraph: differences.Paragraph) -> ParagraphAnswer:
    return ParagraphAnswer(
        change=paragraph.change,
        segments=tuple(map(_segment, paragraph.segments)),
        before=None if paragraph.change == "unchanged" else paragraph.before,
        after=paragraph.after,
    )


def _segment(segment: text_difference.Segment) -> SegmentAnswer:
    return SegmentAnswer(kind=segment.kind, text=segment.text)


def _source(status: service.SourceStatus) -> SourceAnswer:
    source = status.source
    return SourceAnswer(
        name=source.name,
        publisher=source.publisher,
        hosts=source.hosts,
        is_enabled=source.enabled,
        language=source.language,
        newest=_headline(status.newest) if status.newest else None,
    )
