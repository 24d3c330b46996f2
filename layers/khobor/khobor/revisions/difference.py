"""The difference of two revisions of an article, as a reader sees it: by field, by paragraph and by word.

Two spellings of one text are no difference: composed and decomposed letters, other white space, characters that show
nothing. Tags have no order. What is nowhere on the page to be read, such as an address or a hash, is not compared.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal

from khobor.article import Article, Block, Image, Video
from khobor.fields import COMPARED, as_text
from khobor.revisions.alignment import CommonRun, common_runs, most_similar
from khobor.revisions.words import Words, as_shown, is_spoken, words

SegmentKind = Literal["equal", "delete", "insert"]
ParagraphChange = Literal["unchanged", "changed", "removed", "added"]
Value = str | datetime | tuple[str, ...] | tuple[Image, ...] | tuple[Video, ...] | None

# Blocks with fewer words may be within a longer one by chance.
_TELLING_WORDS = 5
# So may words be in two texts, of which there are so many times more in the changes on both sides.
_TELLING_SHARE = 3


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of a text: in both revisions, only in that before (delete), or only in that after (insert)."""

    kind: SegmentKind
    text: str


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """A field that differs.

    Attributes:
        name: The field's name in Article.
        before: What it was: a text, a date, a list of names or of media; None or empty if it was absent.
        after: What it is, in the same form.
        segments: Of a text its stretches, which joined give the text; of a list its items, each a segment; of a date
            none.
    """

    name: str
    before: Value
    after: Value
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A block of the body in one revision or in both.

    Attributes:
        change: What happened to it; one that moved was removed in one place and added in another.
        before: The block before; None if it was added.
        after: The block after; None if it was removed.
        segments: The stretches of its text. The equal and inserted ones joined give the text after, the equal and
            deleted ones that before, but for white space. All are equal in a block that changed only in its kind or in
            the address of its media.
    """

    change: ParagraphChange
    before: Block | None
    after: Block | None
    segments: tuple[Segment, ...]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What differs between two revisions.

    Attributes:
        fields: The fields that differ, in a reader's order.
        paragraphs: The whole body: the blocks of both revisions in order, the unchanged too.
    """

    fields: tuple[FieldChange, ...]
    paragraphs: tuple[Paragraph, ...]

    @property
    def is_empty(self) -> bool:
        """Whether a reader sees no difference."""
        return not self.fields and all(paragraph.change == "unchanged" for paragraph in self.paragraphs)


@dataclass(frozen=True)
class _Part:
    """A block, and what it is compared by."""

    block: Block
    words: Words
    url: str | None
    features: frozenset[str]

    @property
    def key(self) -> tuple[str, str | None, tuple[str, ...]]:
        return self.block.kind, self.url, self.words.texts


def difference(before: Article, after: Article) -> Difference:
    """Return what a reader sees differ between two revisions of an article.

    Two bodies of 5,000 words each take less than a second, however much repeats in them. Where more than 16,000 words
    in a row differ within a block, they are shown as replaced; where more than 200 blocks in a row do, each is shown
    as removed or added.

    Args:
        before: The earlier revision.
        after: The later one.
    """
    return Difference(fields=tuple(_field_changes(before, after)), paragraphs=tuple(_paragraphs(before, after)))


def text_segments(before: str | None, after: str | None) -> tuple[Segment, ...]:
    """Return the stretches of two texts by word; none if both are absent.

    >>> [(segment.kind, segment.text) for segment in text_segments("৫ জন নিহত", "৭ জন নিহত")]
    [('delete', '৫'), ('insert', '৭'), ('equal', ' জন নিহত')]
    """
    return _segments(words(before), words(after))


def _field_changes(before: Article, after: Article) -> Iterator[FieldChange]:
    old = _fields(before)
    for name, new in _fields(after).items():
        change = _field_change(name, old[name], new)
        if change:
            yield change


def _fields(article: Article) -> dict[str, Value]:
    """Return what a reader sees beside the body, in the order in which it is read."""
    values = {field.name: _value(getattr(article, field.name)) for field in COMPARED}
    return values | {"tags": tuple(sorted(article.tags, key=as_shown))}


def _value(value: Any) -> Any:
    """Return a field's value as it is compared: what has a name as its name."""
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
    found: list[Segment] = []
    one = other = 0
    for run in [*common_runs(old, new), CommonRun(len(old), len(new), 0)]:
        found += (Segment(kind="delete", text=text) for text in old[one : run.before])
        found += (Segment(kind="insert", text=text) for text in new[other : run.after])
        one, other = run.before + run.length, run.after + run.length
        found += (Segment(kind="equal", text=text) for text in new[run.after : other])
    return tuple(found)


def _item(item: str | Image | Video) -> str:
    if isinstance(item, str):
        return as_shown(item)
    credit = item.credit if isinstance(item, Image) else None
    return " — ".join(filter(None, [as_shown(item.caption), as_shown(credit), item.url]))


def _paragraphs(before: Article, after: Article) -> Iterator[Paragraph]:
    old, new = [_part(block) for block in before.body], [_part(block) for block in after.body]
    one = other = 0
    for run in [*common_runs([part.key for part in old], [part.key for part in new]), CommonRun(len(old), len(new), 0)]:
        yield from _changed(old[one : run.before], new[other : run.after])
        one, other = run.before + run.length, run.after + run.length
        for was, now in zip(old[run.before : one], new[run.after : other], strict=True):
            segments = _whole("equal", now.words)
            yield Paragraph(change="unchanged", before=was.block, after=now.block, segments=segments)


def _changed(old: Sequence[_Part], new: Sequence[_Part]) -> Iterator[Paragraph]:
    """Tell what became of blocks that stand between the same two unchanged ones."""
    one = other = 0
    pairs = most_similar(len(old), len(new), lambda was, now: _similarity(old[was], new[now]))
    for was, now in [*pairs, (len(old), len(new))]:
        for part in old[one:was]:
            yield Paragraph(change="removed", before=part.block, after=None, segments=_whole("delete", part.words))
        for part in new[other:now]:
            yield Paragraph(change="added", before=None, after=part.block, segments=_whole("insert", part.words))
        if was < len(old):
            segments = _segments(old[was].words, new[now].words)
            yield Paragraph(change="changed", before=old[was].block, after=new[now].block, segments=segments)
        one, other = was + 1, now + 1


def _part(block: Block) -> _Part:
    found = words(block.text)
    url = block.image.url if block.image else block.url
    return _Part(block=block, words=found, url=url, features=frozenset(_features(found)))


def _features(text: Words) -> Iterator[str]:
    """Tell by what a text is known: its words; where these are only clusters, each with the one before it."""
    last = ""
    for word, space in zip(text.texts, text.spaces, strict=True):
        if not is_spoken(word):
            last = ""
            continue
        yield word if space else last + word
        last = word


def _similarity(was: _Part, now: _Part) -> float:
    """Return how alike two blocks are, from 0 to 1; a block that grew is like what it was."""
    if was.url and was.url == now.url:
        return 1.0
    shared = len(was.features & now.features)
    if not shared or _is_media(was) != _is_media(now):
        return 0.0
    smaller, larger = sorted((len(was.features), len(now.features)))
    dice = 2 * shared / (smaller + larger)
    return (dice + shared / smaller) / 2 if smaller >= _TELLING_WORDS else dice


def _is_media(part: _Part) -> bool:
    return part.block.kind in {"image", "embed"}


def _segments(before: Words, after: Words) -> tuple[Segment, ...]:
    found: list[tuple[SegmentKind, str]] = []
    one = other = 0
    runs = _telling(common_runs(before.texts, after.texts), before, after)
    for run in [*runs, CommonRun(len(before.texts), len(after.texts), 0)]:
        found += _between(_stretch(before, one, run.before), _stretch(after, other, run.after))
        one, other = run.before + run.length, run.after + run.length
        # White space that is only in one of both is none that a reader sees.
        found.append(("equal", "".join(_stretch(after, run.after, other)[1:-1])))
    return tuple(_joined(found))


def _telling(runs: Sequence[CommonRun], before: Words, after: Words) -> Iterator[CommonRun]:
    """Leave out runs that two changes have between them by chance: a comma, or a word between long ones."""
    one = other = 0
    for run, following in pairwise([*runs, CommonRun(len(before.texts), len(after.texts), 0)]):
        ends = run.before + run.length, run.after + run.length
        ahead = max(run.before - one, run.after - other)
        behind = max(following.before - ends[0], following.after - ends[1])
        spoken = sum(map(is_spoken, after.texts[run.after : ends[1]]))
        if not ahead or not behind or _TELLING_SHARE * spoken > min(ahead, behind):
            yield run
            one, other = ends


def _stretch(text: Words, start: int, end: int) -> list[str]:
    """Return words with the white space before, between and behind them; empty where there is none."""
    spaces = [*text.spaces[start : end + 1], ""][: end - start + 1]
    return [piece for pair in zip(spaces, (*text.texts[start:end], ""), strict=True) for piece in pair][:-1]


def _between(removed: list[str], added: list[str]) -> Iterator[tuple[SegmentKind, str]]:
    """Tell what stands between two runs; white space that both have around it is equal."""
    if removed[0] and added[0]:
        yield "equal", added[0]
        removed, added = removed[1:], added[1:]
    trail = ""
    if removed and added and removed[-1] and added[-1]:
        trail = added[-1]
        removed, added = removed[:-1], added[:-1]
    yield "delete", "".join(removed)
    yield "insert", "".join(added)
    yield "equal", trail


def _joined(found: Iterable[tuple[SegmentKind, str]]) -> Iterator[Segment]:
    """Join neighbours of one kind."""
    last: SegmentKind = "equal"
    text = ""
    for kind, more in found:
        if more and kind != last:
            if text:
                yield Segment(kind=last, text=text)
            last, text = kind, ""
        text += more
    if text:
        yield Segment(kind=last, text=text)


def _whole(kind: SegmentKind, text: Words) -> tuple[Segment, ...]:
    return (Segment(kind=kind, text=text.text),) if text.texts else ()
