"""The answers as JSON: what is absent is left out. The OpenAPI document has its schemas from these same types."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from khobor.archive import headlines as lists
from khobor.article import Block, Image, Video
from khobor.query import service
from khobor.revisions import difference as differences
from khobor.revisions import timeline
from khobor.sources.problems import Problem


class HeadlineAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a list shows of an article.

    It is listed by when it was published, else when it was fetched; in lists of changes, by when it changed: its day
    and time are by the clocks of its source. How many revisions there are, and when its site had it no more, stand
    only in lists by source, by day, by URL and of the newest. In lists of changes each change is a row of its own:
    which revision the article became, all that this changed, the title as it became, and the title before where that
    was another. An earlier title stands where it has the words that were looked for and the title lacks them. When it
    was added, that is, first fetched, stands only in lists of what was added last.
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
    """A page of a list, the newest first; with its cursor the next is asked for, and the last has none.

    A notice says, in words for people, what is to be known of the list: why it is empty, or what it has instead.
    """

    articles: tuple[HeadlineAnswer, ...]
    cursor: str | None = None
    notice: str | None = None


class RevisionAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An article from one change to the next.

    It says when it was seen first and last, what changed from the revision before, when the page said that it was
    modified, and how many paragraphs tell of a correction.
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
    """An article with nearly the same text, and how much of the two texts is the same, from 0 to 1, about."""

    headline: HeadlineAnswer
    resemblance: float


class SimilarArticlesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The articles that have nearly the same text as one, the one that was listed first coming first."""

    article_id: str
    articles: tuple[SimilarAnswer, ...]


class SegmentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a text: in both revisions, only in that before (delete), or only in that after (insert)."""

    kind: differences.SegmentKind
    text: str


class FieldAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A field that differs: what it was, what it is, and the stretches of its text, or the items of its list.

    A date is in RFC 3339; an image or a video is its address.
    """

    name: str
    before: str | tuple[str, ...] | None = None
    after: str | tuple[str, ...] | None = None
    segments: tuple[SegmentAnswer, ...] = ()


class ParagraphAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A block of the body in one revision or in both, with the stretches of its text.

    Before is the block as it was, where it is another now or there no more; after is the block as it is.
    """

    change: differences.ParagraphChange
    segments: tuple[SegmentAnswer, ...]
    before: Block | None = None
    after: Block | None = None


class DifferenceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader sees differ between two revisions: the fields that differ, and the whole body in order."""

    article_id: str
    before: int
    after: int
    fields: tuple[FieldAnswer, ...]
    paragraphs: tuple[ParagraphAnswer, ...]


class SourceAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A source: whether its new articles are looked for, and the headline that is listed first of it."""

    name: str
    publisher: str
    hosts: tuple[str, ...]
    is_enabled: bool
    language: str | None = None
    newest: HeadlineAnswer | None = None


class SourcesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The sources by name, and what is wrong with files that were uploaded, as file, line, key and what to do."""

    sources: tuple[SourceAnswer, ...]
    problems: tuple[str, ...]


class ProblemDetails(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no answer, as RFC 9457 has it; ``reason`` is a stable slug."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    reason: str
    detail: str


def headlines(page: lists.HeadlinePage) -> HeadlinesAnswer:
    """Return a page of a list."""
    return HeadlinesAnswer(articles=tuple(map(_headline, page.headlines)), cursor=page.cursor, notice=page.notice)


def revisions(article_id: str, found: Iterable[timeline.Revision]) -> RevisionsAnswer:
    """Return the revisions of an article."""
    return RevisionsAnswer(article_id=article_id, revisions=tuple(map(_revision, found)))


def similar(article_id: str, found: Iterable[lists.SimilarArticle]) -> SimilarArticlesAnswer:
    """Return what has nearly the same text as an article."""
    articles = (SimilarAnswer(headline=_headline(each.headline), resemblance=each.resemblance) for each in found)
    return SimilarArticlesAnswer(article_id=article_id, articles=tuple(articles))


def difference(article_id: str, before: int, after: int, found: differences.Difference) -> DifferenceAnswer:
    """Return the difference of two revisions, whose numbers are given."""
    return DifferenceAnswer(
        article_id=article_id,
        before=before,
        after=after,
        fields=tuple(map(_field, found.fields)),
        paragraphs=tuple(map(_paragraph, found.paragraphs)),
    )


def sources(found: Iterable[service.SourceStatus], problems: Iterable[Problem]) -> SourcesAnswer:
    """Return the sources."""
    return SourcesAnswer(sources=tuple(map(_source, found)), problems=tuple(map(str, problems)))


def _headline(found: lists.Headline) -> HeadlineAnswer:
    return msgspec.convert(found, HeadlineAnswer, from_attributes=True)


def _revision(found: timeline.Revision) -> RevisionAnswer:
    return RevisionAnswer(
        number=found.number,
        first_seen_at=found.first_seen_at,
        last_seen_at=found.last_seen_at,
        changes=found.changes,
        modified_at=found.digests.modified_at,
        notices=found.digests.notices,
    )


def _field(found: differences.FieldChange) -> FieldAnswer:
    segments = tuple(map(_segment, found.segments))
    return FieldAnswer(name=found.name, before=_value(found.before), after=_value(found.after), segments=segments)


def _value(value: differences.Value) -> str | tuple[str, ...] | None:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return tuple(item.url if isinstance(item, Image | Video) else item for item in value)
    return value


def _paragraph(found: differences.Paragraph) -> ParagraphAnswer:
    return ParagraphAnswer(
        change=found.change,
        segments=tuple(map(_segment, found.segments)),
        before=None if found.change == "unchanged" else found.before,
        after=found.after,
    )


def _segment(found: differences.Segment) -> SegmentAnswer:
    return SegmentAnswer(kind=found.kind, text=found.text)


def _source(found: service.SourceStatus) -> SourceAnswer:
    source = found.source
    return SourceAnswer(
        name=source.name,
        publisher=source.publisher,
        hosts=source.hosts,
        is_enabled=source.enabled,
        language=source.language,
        newest=_headline(found.newest) if found.newest else None,
    )
