"""The difference of two texts by word, as segments that are equal, deleted or inserted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from khobor.revisions.alignment import CommonRun, common_runs
from khobor.revisions.words import Words, has_letter_or_digit, words

SegmentKind = Literal["equal", "delete", "insert"]

# A common run must have more than a third as many words as the changes on both sides; shorter ones are chance.
_CHANCE_RATIO = 3


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A piece of text: in both revisions (equal), only in the older (delete), or only in the newer (insert)."""

    kind: SegmentKind
    text: str


def text_segments(before: str | None, after: str | None) -> tuple[Segment, ...]:
    """Return the difference of two texts by word; none if both are absent.

    >>> [(segment.kind, segment.text) for segment in text_segments("৫ জন নিহত", "৭ জন নিহত")]
    [('delete', '৫'), ('insert', '৭'), ('equal', ' জন নিহত')]

    Args:
        before: The old text.
        after: The new text.
    """
    return word_segments(words(before), words(after))


def whole_text(kind: SegmentKind, text: Words) -> tuple[Segment, ...]:
    """Return a text as one segment; none if it is empty.

    Args:
        kind: The kind of the segment.
        text: The text.
    """
    return (Segment(kind=kind, text=text.text),) if text.texts else ()


def word_segments(before: Words, after: Words) -> tuple[Segment, ...]:
    """Return the difference of two texts that are split into words.

    Args:
        before: The old text.
        after: The new text.
    """
    pieces: list[tuple[SegmentKind, str]] = []
    one = other = 0
    runs = _significant(common_runs(before.texts, after.texts), before, after)
    for run in [*runs, CommonRun(len(before.texts), len(after.texts), 0)]:
        pieces += _between(_with_spaces(before, one, run.before), _with_spaces(after, other, run.after))
        one, other = run.before + run.length, run.after + run.length
        # Take white space from the new text: a difference in white space is invisible.
        pieces.append(("equal", "".join(_with_spaces(after, run.after, other)[1:-1])))
    return tuple(_joined(pieces))


def _significant(runs: Sequence[CommonRun], before: Words, after: Words) -> Iterator[CommonRun]:
    """Leave out runs between two changes that match by chance, such as a comma, or a word between long changes."""
    one = other = 0
    for run, following in pairwise([*runs, CommonRun(len(before.texts), len(after.texts), 0)]):
        ends = run.before + run.length, run.after + run.length
        ahead = max(run.before - one, run.after - other)
        behind = max(following.before - ends[0], following.after - ends[1])
        spoken = sum(map(has_letter_or_digit, after.texts[run.after : ends[1]]))
        if not ahead or not behind or _CHANCE_RATIO * spoken > min(ahead, behind):
            yield run
            one, other = ends


def _with_spaces(text: Words, start: int, end: int) -> list[str]:
    """Return words with the white space before, between and after them, which may be empty."""
    spaces = [*text.spaces[start : end + 1], ""][: end - start + 1]
    return [piece for pair in zip(spaces, (*text.texts[start:end], ""), strict=True) for piece in pair][:-1]


def _between(removed: list[str], added: list[str]) -> Iterator[tuple[SegmentKind, str]]:
    """Yield the change between two runs; surrounding white space that both have is equal."""
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


def _joined(pieces: Iterable[tuple[SegmentKind, str]]) -> Iterator[Segment]:
    """Join adjacent segments of one kind."""
    last: SegmentKind = "equal"
    text = ""
    for kind, more in pieces:
        if more and kind != last:
            if text:
                yield Segment(kind=last, text=text)
            last, text = kind, ""
        text += more
    if text:
        yield Segment(kind=last, text=text)
