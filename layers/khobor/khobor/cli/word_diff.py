"""The difference of two revisions for reading in a terminal, as ``git diff --word-diff`` shows one."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from khobor.article import Block
from khobor.cli import display
from khobor.cli.terminal import reading_width
from khobor.revisions.difference import Difference, FieldChange, Paragraph
from khobor.revisions.text_difference import Segment

_SIGNS = {"changed": "~", "removed": "-", "added": "+"}
_STYLES = {"equal": "", "delete": "red strike", "insert": "green"}
# What marks the words where there is no colour.
_MARKS = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
_ONE_A_LINE = {"images", "videos"}


def show_difference(console: Console, difference: Difference) -> None:
    """Print the fields that differ, then the body; paragraphs that did not change are only counted.

    What was removed is red and struck through, what was added is green; on a console without colour, the one stands in
    ``[-…-]`` and the other in ``{+…+}``.

    Args:
        console: Where to print.
        difference: The difference of two revisions.
    """
    if difference.is_empty:
        console.print("No difference that a reader sees.")
        return
    is_coloured = console.color_system is not None and not console.no_color
    fields = [(change.name, _field(change, is_coloured=is_coloured)) for change in difference.fields]
    grids = [_grid(fields, gap=2)] if fields else []
    grids += [_grid([row], gap=1) for row in _body(difference.paragraphs, is_coloured=is_coloured)]
    for number, grid in enumerate(grids):
        if number:
            console.print()
        console.print(grid, width=reading_width(console, display.WIDTH))


def _grid(rows: Sequence[tuple[str, Text]], gap: int) -> Table:
    table = Table.grid(padding=(0, gap))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def _field(change: FieldChange, *, is_coloured: bool) -> Text:
    segments = change.segments or tuple(_dates(change))
    separator = ""
    if isinstance(change.after, tuple):
        separator = "\n" if change.name in _ONE_A_LINE else ", "
    return _marked(segments, separator, is_coloured=is_coloured)


def _dates(change: FieldChange) -> Iterator[Segment]:
    if isinstance(change.before, datetime):
        yield Segment(kind="delete", text=change.before.isoformat())
    if isinstance(change.after, datetime):
        yield Segment(kind="insert", text=change.after.isoformat())


def _body(paragraphs: Sequence[Paragraph], *, is_coloured: bool) -> Iterator[tuple[str, Text]]:
    for is_unchanged, stretch in groupby(paragraphs, key=lambda paragraph: paragraph.change == "unchanged"):
        if is_unchanged:
            count = len(list(stretch))
            yield " ", Text(f"… {count} paragraph{'s' if count > 1 else ''} unchanged", style="dim")
            continue
        for paragraph in stretch:
            marked = (_marked(part, is_coloured=is_coloured) for part in _parts(paragraph) if part)
            yield _SIGNS[paragraph.change], Text(" ").join(marked)


def _parts(paragraph: Paragraph) -> Iterator[tuple[Segment, ...]]:
    """Give the kind of a block if that changed, its text, and the address of its media."""
    before, after = paragraph.before, paragraph.after
    if before and after and before.kind != after.kind:
        yield _replaced(before.kind, after.kind)
    yield paragraph.segments
    yield _replaced(_address(before), _address(after))


def _address(block: Block | None) -> str | None:
    if not block:
        return None
    return block.image.url if block.image else block.url


def _replaced(before: str | None, after: str | None) -> tuple[Segment, ...]:
    if before and before == after:
        return (Segment(kind="equal", text=before),)
    removed = (Segment(kind="delete", text=before),) if before else ()
    return removed + ((Segment(kind="insert", text=after),) if after else ())


def _marked(segments: Sequence[Segment], separator: str = "", *, is_coloured: bool) -> Text:
    texts = (
        Text(segment.text, style=_STYLES[segment.kind])
        if is_coloured
        else Text(_MARKS[segment.kind].format(segment.text))
        for segment in segments
    )
    return Text(separator).join(texts)
