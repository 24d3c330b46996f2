"""The difference of two revisions of an article as readers see it: by field, by paragraph and by word.

Invisible differences are ignored: Unicode normalization, white space, invisible characters, and the order of tags.
Fields that a page does not show, such as an id or a hash, are not compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from khobor.article import Article, Block, Image, Video
from khobor.field_orders import COMPARED
from khobor.fields import as_text
from khobor.revisions.alignment import CommonRun, common_runs, most_similar
from khobor.revisions.text_difference import Segment, text_segments, whole_text, word_segments
from khobor.revisions.words import Words, has_letter_or_digit, visible_text, words

ParagraphChange = Literal["unchanged", "changed", "removed", "added"]
Value = str | datetime | tuple[str, ...] | tuple[Image, ...] | tuple[Video, ...] | None

# Shorter blocks may be contained in a longer one by chance.
_FEWEST_WORDS = 5


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """A field that differs.

    Attributes:
        name: The field's name in Article.
        before: Its old value: a text, a date, a list of names or of media; None or empty if it was absent.
        after: Its new value, in the same form.
        segments: The segments of a text, which joined give the text, or the items of a list; none for a date.
    """

    name: str
    before: Value
    after: Value
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A block of the body in one revision or in both.

    Attributes:
        change: What happened to it; a block that moved is removed in one place and added in another.
        before: The old block; None if it was added.
        after: The new block; None if it was removed.
        segments: The segments of its text. Equal and inserted ones joined give the new text, equal and deleted ones
            the old text except for white space. All are equal if only the kind or the URL of the media changed.
    """

    change: ParagraphChange
    before: Block | None
    after: Block | None
    segments: tuple[Segment, ...]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What differs between two revisions.

    Attributes:
        fields: The fields that differ, in reading order.
        paragraphs: The whole body: the blocks of both revisions in order, with the unchanged ones.
    """

    fields: tuple[FieldChange, ...]
    paragraphs: tuple[Paragraph, ...]

    @property
    def is_empty(self) -> bool:
        """Whether readers see no difference."""
        return not self.fields and all(paragraph.change == "unchanged" for paragraph in self.paragraphs)


@dataclass(frozen=True)
class _ComparedBlock:
    """A block with what it is compared by."""

    block: Block
    words: Words
    url: str | None
    features: frozenset[str]

    @property
    def key(self) -> tuple[str, str | None, tuple[str, ...]]:
        return self.block.kind, self.url, self.words.texts


def difference(before: Article, after: Article) -> Difference:
    """Return the difference of two revisions of an article as readers see it.

    Two bodies of 5,000 words each take less than a second, however much repeats in them. A stretch of more than 16,000
    different words within a block is shown as replaced; in a stretch of more than 200 different blocks each is shown as
    removed or added.

    Args:
        before: The earlier revision.
        after: The later one.
    """
    return Difference(fields=tuple(_field_changes(before, after)), paragraphs=tuple(_paragraphs(before, after)))


def _field_changes(before: Article, after: Article) -> Iterator[FieldChange]:
    old = _fields(before)
    for name, new in _fields(after).items():
        change = _field_change(name, old[name], new)
        if change:
            yield change


def _fields(article: Article) -> dict[str, Value]:
    """Return the fields that readers see besides the body, in reading order."""
    values = {field.name: _value(getattr(article, field.name)) for field in COMPARED}
    return values | {"tags": tuple(sorted(article.tags, key=visible_text))}


def _value(value: Any) -> Any:
    """Return the value of a field as it is compared; an author, for example, as a name."""
    if value is None or isinstance(value, str | datetime):
        return value
    if not isinstance(value, tuple):
        return as_text(value)
    return tuple(item if isinstance(item, Image | Video) else as_text(item) for item in value)


def _field_change(name: str, before: Value, after: Value) -> FieldChange | None:
    if isinstance(before, datetime) or isinstance(after, datetime):
        return FieldChange(name=name, before=before, after=after) if before != after else None
    if isinstance(before, tuple) and isinstance(after, tuple):
        segments = _item_segments(before, after)
    else:
        segments = text_segments(_text(before), _text(after))
    if all(segment.kind == "equal" for segment in segments):
        return None
    return FieldChange(name=name, before=before, after=after, segments=segments)


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _item_segments(before: Sequence[str | Image | Video], after: Sequence[str | Image | Video]) -> tuple[Segment, ...]:
    old, new = [_item(item) for item in before], [_item(item) for item in after]
    segments: list[Segment] = []
    one = other = 0
    for run in [*common_runs(old, new), CommonRun(len(old), len(new), 0)]:
        segments += (Segment(kind="delete", text=text) for text in old[one : run.before])
        segments += (Segment(kind="insert", text=text) for text in new[other : run.after])
        one, other = run.before + run.length, run.after + run.length
        segments += (Segment(kind="equal", text=text) for text in new[run.after : other])
    return tuple(segments)


def _item(item: str | Image | Video) -> str:
    if isinstance(item, str):
        return visible_text(item)
    credit = item.credit if isinstance(item, Image) else None
    return " — ".join(filter(None, [visible_text(item.caption), visible_text(credit), item.url]))


def _paragraphs(before: Article, after: Article) -> Iterator[Paragraph]:
    old, new = [_compared(block) for block in before.body], [_compared(block) for block in after.body]
    one = other = 0
    for run in [*common_runs([part.key for part in old], [part.key for part in new]), CommonRun(len(old), len(new), 0)]:
        yield from _changed(old[one : run.before], new[other : run.after])
        one, other = run.before + run.length, run.after + run.length
        for was, now in zip(old[run.before : one], new[run.after : other], strict=True):
            segments = whole_text("equal", now.words)
            yield Paragraph(change="unchanged", before=was.block, after=now.block, segments=segments)


def _changed(old: Sequence[_ComparedBlock], new: Sequence[_ComparedBlock]) -> Iterator[Paragraph]:
    """Yield what happened to the blocks between two unchanged ones."""
    one = other = 0
    pairs = most_similar(len(old), len(new), lambda was, now: _similarity(old[was], new[now]))
    for was, now in [*pairs, (len(old), len(new))]:
        for part in old[one:was]:
            yield Paragraph(change="removed", before=part.block, after=None, segments=whole_text("delete", part.words))
        for part in new[other:now]:
            yield Paragraph(change="added", before=None, after=part.block, segments=whole_text("insert", part.words))
        if was < len(old):
            segments = word_segments(old[was].words, new[now].words)
            yield Paragraph(change="changed", before=old[was].block, after=new[now].block, segments=segments)
        one, other = was + 1, now + 1


def _compared(block: Block) -> _ComparedBlock:
    found = words(block.text)
    url = block.image.url if block.image else block.url
    return _ComparedBlock(block=block, words=found, url=url, features=frozenset(_features(found)))


def _features(text: Words) -> Iterator[str]:
    """Yield what identifies a text: its words, or pairs of adjacent clusters in scripts without spaces."""
    last = ""
    for word, space in zip(text.texts, text.spaces, strict=True):
        if not has_letter_or_digit(word):
            last = ""
            continue
        yield word if space else last + word
        last = word


def _similarity(was: _ComparedBlock, now: _ComparedBlock) -> float:
    """Return the similarity of two blocks, from 0 to 1; a block that only grew remains similar."""
    if was.url and was.url == now.url:
        return 1.0
    shared = len(was.features & now.features)
    if not shared or _is_media(was) != _is_media(now):
        return 0.0
    smaller, larger = sorted((len(was.features), len(now.features)))
    dice = 2 * shared / (smaller + larger)
    return (dice + shared / smaller) / 2 if smaller >= _FEWEST_WORDS else dice


def _is_media(part: _ComparedBlock) -> bool:
    return part.block.kind in {"image", "embed"}
