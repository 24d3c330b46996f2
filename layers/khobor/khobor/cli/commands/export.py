"""``khobor export``: the archive, or a part of it, taken away as files."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from khobor.cli.archive import archive_at
from khobor.cli.completion import source_names
from khobor.cli.options import Json
from khobor.cli.output import counted, print_json, wants_json
from khobor.cli.place import Place
from khobor.cli.terminal import INTERRUPTED, errors, output
from khobor.cli.times import read_span
from khobor.export.formats import Format
from khobor.export.rights import MEANINGS, Reservation

if TYPE_CHECKING:
    from khobor.export.exporting import Export, Summary
    from khobor.export.selection import Selection
    from khobor.query.service import QueryService


_RESPECT = "Leave out what was reserved so when it was fetched; may be repeated. " + "; ".join(
    f"{each}: {meaning}" for each, meaning in MEANINGS.items()
)


def export(
    folder: Annotated[Path, typer.Argument(help="A folder for these files only; they are SOURCE/DAY.FORMAT.")],
    kind: Annotated[Format, typer.Option("--format", help="Format of the files.")] = Format.PARQUET,
    source: Annotated[
        list[str] | None,
        typer.Option(help="Name of a source; may be repeated; by default all.", autocompletion=source_names),
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day or time, of publication, else fetch.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day; or a time, which is excluded.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Language, such as bn; may be repeated.")] = None,
    respect: Annotated[list[Reservation] | None, typer.Option(help=_RESPECT)] = None,
    compressed: Annotated[bool, typer.Option("--gzip", help="Compress jsonl and csv.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also rewrite files that are finished.")] = False,
    as_json: Json = None,
    *,
    place: Place,
) -> None:
    """Export articles to files, one for each source and day in the source's time zone.

    Run again with the same folder, it continues where it stopped: it writes unfinished files and days whose articles
    changed since, and deletes the files of days that have no articles left. `khobor columns` describes the contents.

    For example:

    - `khobor export out --source kalbela --from 2026-03-01 --to 2026-03-31`
    - `khobor export pages --format warc --from 2026-03-01 --respect noarchive`
    - `khobor export corpus --format jsonl --gzip --from 2026-01-01 --language bn --respect tdm --respect noai`
    """
    from khobor.export.exporting import Export, ExportTarget

    if compressed and not kind.is_text:
        raise typer.BadParameter(f"{kind} is already compressed; --gzip is for jsonl and csv", param_hint="--gzip")
    selection = _selection(source or [], start, end, language or [], respect or [])
    parts = archive_at(place)
    _say_empty(selection, parts.query_service)
    with _progress() as on_article:
        target = ExportTarget(root=folder, kind=kind, compressed=compressed)
        begin = partial(Export, parts.export_reader, target, selection, on_article=on_article, on_problem=_say_problem)
        summary = _run(begin, again=again)
    _show(summary, folder, as_json=as_json)


def _selection(
    sources: list[str], start: str | None, end: str | None, languages: list[str], respected: list[Reservation]
) -> "Selection":
    from khobor.export.selection import Selection

    starts_at, ends_at = read_span(start, end)
    if not sources and not starts_at:
        raise typer.BadParameter(
            "give --source or --from: without a source, the archive is read day by day",
            param_hint="--from",
        )
    return Selection(
        sources=tuple(sources), start=starts_at, end=ends_at, languages=tuple(languages), respected=tuple(respected)
    )


def _say_empty(selection: "Selection", query_service: "QueryService") -> None:
    """Say for each source without any article in the selection why that is, such as a misspelt name."""
    from khobor.query.article_query import ArticleQuery

    for source in selection.sources:
        asked = ArticleQuery(source=source, since=selection.start, until=selection.end, limit=1)
        page = query_service.headlines(asked)
        if not page.headlines and page.notice:
            _say_problem(page.notice)


def _run(begin: "Callable[[], Export]", *, again: bool) -> "Summary":
    try:
        return begin().run(datetime.now(UTC), again=again)
    except KeyboardInterrupt:
        errors.print("stopped; run the same command again to continue")
        raise typer.Exit(INTERRUPTED) from None


def _say_problem(problem: str) -> None:
    errors.print(problem, markup=False, soft_wrap=True)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is written; give what is to be told of each article."""
    if not errors.is_terminal:
        # Even a disabled bar prints an empty line into a pipe.
        yield lambda _: None
        return
    count = Counter[str]()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task("reading the lists")

        def show(path: str) -> None:
            count.update(["articles"])
            progress.update(task, description=f"{path}, {counted(count['articles'], 'article')}")

        yield show


def _show(summary: "Summary", folder: Path, *, as_json: bool | None) -> None:
    reasons = [f"{count:,} by {name}" for name, count in sorted(summary.left_out.items())]
    if summary.without_page:
        reasons.append(f"{summary.without_page:,} without a page")
    left_out = f"; left out: {', '.join(reasons)}" if reasons else ""
    if not summary.articles:
        message = f"no selected article remains{left_out}" if reasons else "no article matches"
        errors.print(f"{message}; see --source, --from, --to, --language and --respect", soft_wrap=True)
        raise typer.Exit(1)
    if wants_json(as_json):
        print_json({"folder": str(folder), **vars(summary)})
        return
    changes = [f"{summary.written:,} written", f"{summary.kept:,} unchanged"]
    if summary.removed:
        changes.append(f"{summary.removed:,} deleted because their articles are gone")
    output.print(f"{counted(summary.articles, 'article')} in {folder}{left_out}", markup=False, soft_wrap=True)
    output.print(f"files: {', '.join(changes)}", soft_wrap=True)
