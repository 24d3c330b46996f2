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

# What a reader calls the fields that have no name of one word.
_FIELDS = {"title": "headline", "description": "summary", "published_at": "published", "modified_at": "modified"}


@dataclass(frozen=True, kw_only=True)
class Side:
    """What stands in one of two revisions: stretches of text, each with whether only this one has it."""

    stretches: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Something in both revisions, or in one of them.

    Attributes:
        name: Of a field; None of a part of the body.
        is_same: Whether it is the same in both.
        before: In the earlier one; None where it was not there.
        after: In the later one; None where it is not there any more.
    """

    name: str | None
    is_same: bool
    before: Side | None
    after: Side | None


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Parts of the body that follow one another, all changed or none."""

    is_same: bool
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The page of two revisions."""

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
    """Return what differs between two revisions; None where the archive has none of these numbers."""
    archive = deployment.archive
    listed = {each.number: each for each in revision_entries(article_id, archive.revisions(article_id))}
    old, new = archive.revision(article_id, before), archive.revision(article_id, after)
    if old is None or new is None:
        return None
    found = difference(old, new)
    return Comparison(
        article_id=article_id,
        title=new.title or "(no title)",
        language=language_tag(new.language),
        before=listed[before],
        after=listed[after],
        revisions=tuple(listed.values()),
        fields=tuple(map(_field, found.fields)),
        body=tuple(_body(found)),
        is_same=found.is_empty,
    )


def _field(change: FieldChange) -> Pair:
    name = _FIELDS.get(change.name, change.name)
    if isinstance(change.after, tuple) or isinstance(change.before, tuple):
        stretches = _with_commas(change.segments)
    else:
        stretches = change.segments or tuple(_dates(change))
    return Pair(name=name, is_same=False, before=_side(stretches, "delete"), after=_side(stretches, "insert"))


def _with_commas(items: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Return the items of a list such that their texts, one after another, can be read."""
    return tuple(Segment(kind=item.kind, text=f"{item.text}\n") for item in items)


def _dates(change: FieldChange) -> Iterator[Segment]:
    if isinstance(change.before, datetime):
        yield Segment(kind="delete", text=local_moment(change.before).text)
    if isinstance(change.after, datetime):
        yield Segment(kind="insert", text=local_moment(change.after).text)


def _body(found: Difference) -> Iterator[Stretch]:
    for is_same, paragraphs in groupby(found.paragraphs, key=lambda paragraph: paragraph.change == "unchanged"):
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
    # Of media its address is all that may have changed.
    return side if side or not address else Side(stretches=((address, False),))


def _side(segments: tuple[Segment, ...], own: str) -> Side | None:
    stretches = tuple((each.text, each.kind == own) for each in segments if each.kind in {"equal", own})
    return Side(stretches=stretches) if stretches else None
