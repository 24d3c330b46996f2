"""Two revisions of an article side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from khobor.article import Block
from khobor.console.deployment import Deployment
from khobor.console.formatting import language_tag, local_moment
from khobor.console.pages.article import RevisionEntry, revision_entries
from khobor.revisions.difference import Difference, FieldChange, Paragraph, difference
from khobor.revisions.text_difference import Segment

# The labels of fields whose name is not the usual word.
_FIELDS = {"title": "headline", "description": "summary", "published_at": "published", "modified_at": "modified"}


@dataclass(frozen=True, kw_only=True)
class Side:
    """The text of one of two revisions: stretches, each with whether the other revision lacks it."""

    stretches: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A field or a part of the body, in both revisions or in one of them.

    Attributes:
        name: The name of the field; None for a part of the body.
        is_same: Whether both revisions are the same.
        before: The earlier revision; None if it lacks this part.
        after: The later revision; None if it lacks this part.
    """

    name: str | None
    is_same: bool
    before: Side | None
    after: Side | None


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Consecutive parts of the body, all changed or all unchanged."""

    is_same: bool
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The page that compares two revisions."""

    article_id: str
    title: str
    language: str | None
    before: RevisionEntry
    after: RevisionEntry
    revisions: tuple[RevisionEntry, ...]
    fields: tuple[Pair, ...]
    body: tuple[Stretch, ...]
    is_same: bool


def comparison(deployment: Deployment, article_id: str, before: int, after: int) -> Comparison | None:
    """Return the comparison of two revisions; None if the archive lacks one of them.

    Args:
        deployment: The deployment.
        article_id: The id of the article.
        before: The number of the earlier revision.
        after: The number of the later revision.
    """
    archive = deployment.archive
    entries = {each.number: each for each in revision_entries(article_id, archive.revisions(article_id))}
    old, new = archive.revision(article_id, before), archive.revision(article_id, after)
    if old is None or new is None:
        return None
    changes = difference(old, new)
    return Comparison(
        article_id=article_id,
        title=new.title or "(no title)",
        language=language_tag(new.language),
        before=entries[before],
        after=entries[after],
        revisions=tuple(entries.values()),
        fields=tuple(map(_field, changes.fields)),
        body=tuple(_body(changes)),
        is_same=changes.is_empty,
    )


def _field(change: FieldChange) -> Pair:
    name = _FIELDS.get(change.name, change.name)
    if isinstance(change.after, tuple) or isinstance(change.before, tuple):
        stretches = _on_own_lines(change.segments)
    else:
        stretches = change.segments or tuple(_dates(change))
    return Pair(name=name, is_same=False, before=_side(stretches, "delete"), after=_side(stretches, "insert"))


def _on_own_lines(items: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Return the items of a list, each on its own line."""
    return tuple(Segment(kind=item.kind, text=f"{item.text}\n") for item in items)


def _dates(change: FieldChange) -> Iterator[Segment]:
    if isinstance(change.before, datetime):
        yield Segment(kind="delete", text=local_moment(change.before).text)
    if isinstance(change.after, datetime):
        yield Segment(kind="insert", text=local_moment(change.after).text)


def _body(changes: Difference) -> Iterator[Stretch]:
    for is_same, paragraphs in groupby(changes.paragraphs, key=lambda paragraph: paragraph.change == "unchanged"):
        yield Stretch(is_same=is_same, pairs=tuple(map(_pair, paragraphs)))


def _pair(paragraph: Paragraph) -> Pair:
    return Pair(
        name=None,
        is_same=paragraph.change == "unchanged",
        before=_block(paragraph.before, paragraph.segments, "delete"),
        after=_block(paragraph.after, paragraph.segments, "insert"),
    )


def _block(block: Block | None, segments: tuple[Segment, ...], own: str) -> Side | None:
    if block is None:
        return None
    address = block.image.url if block.image else block.url
    side = _side(segments, own)
    # Only the URL of media may have changed.
    return side if side or not address else Side(stretches=((address, False),))


def _side(segments: tuple[Segment, ...], own: str) -> Side | None:
    stretches = tuple((each.text, each.kind == own) for each in segments if each.kind in {"equal", own})
    return Side(stretches=stretches) if stretches else None
