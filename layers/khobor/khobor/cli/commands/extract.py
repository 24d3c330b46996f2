"""``khobor extract``: articles of many saved pages as one table, with no archive at all."""

import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from khobor.cli.inputs import Url, input_options, not_saved, require_one_file, require_saved
from khobor.cli.options import Force, Sources
from khobor.cli.output import counted
from khobor.cli.place import ArchiveOfSources
from khobor.cli.reason_tally import ReasonTally, say_skipped
from khobor.cli.terminal import INTERRUPTED, errors, output
from khobor.cli.workspace import chosen_sources
from khobor.errors import CommandError

if TYPE_CHECKING:
    from khobor.export.rows import RowFormat
    from khobor.local.extract_output import ExtractOutput, Reject
    from khobor.local.extraction_pool import Extracted, ExtractionPool
    from khobor.pages.input_files import AnyInput
    from khobor.pages.input_page import InputOptions, InputPage, RefusedInput
    from khobor.sources.registry import Registry

# Of each file in a folder.
_ROWS_OF_FILE = 10_000
_SUFFIXES = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
_Kind: TypeAlias = Literal["parquet", "jsonl", "csv"]


@dataclass
class _Counts:
    """What became of the inputs.

    Attributes:
        articles: How many rows there are.
        failed: The inputs without a row.
        skipped: What is no page.
    """

    articles: int = 0
    failed: ReasonTally = field(default_factory=ReasonTally)
    skipped: ReasonTally = field(default_factory=ReasonTally)

    @property
    def pages(self) -> int:
        """How many inputs there were."""
        return self.articles + self.failed.total


_Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="Saved pages, folders, WARC, MHTML and zip files; - reads one of these, or a list of inputs.",
    ),
]
_Out = Annotated[
    Path | None,
    typer.Option(help="File for the rows: .parquet, .jsonl or .csv, the last two also with .gz; or a folder."),
]
_FormatOfFolder = Annotated[_Kind, typer.Option("--format", help="Format of the files in a folder.")]
_Fields = Annotated[
    str | None, typer.Option(help="Names of the columns, separated by commas; by default file and all others.")
]
_Rejects = Annotated[
    Path | None, typer.Option(help="File for the inputs without an article: name, reason, detail as JSON lines.")
]
_Hosts = Annotated[
    list[str] | None,
    typer.Option(help="Of WARC files, take only pages of this host and its subdomains; may be repeated."),
]
_Jobs = Annotated[int | None, typer.Option(min=1, help="Number of processes; by default one for each core.")]
_Again = Annotated[bool, typer.Option("--again", help="Begin anew, not where an earlier run stopped.")]


def extract(
    inputs: _Inputs,
    out: _Out = None,
    kind: _FormatOfFolder = "parquet",
    fields: _Fields = None,
    rejects: _Rejects = None,
    host: _Hosts = None,
    jobs: _Jobs = None,
    url: Url = None,
    folder: Sources = None,
    force: Force = False,
    again: _Again = False,
    archive: ArchiveOfSources = None,
    *,
    context: typer.Context,
) -> None:
    """Extract the articles of many pages with all cores: one article a row, in the order of the inputs.

    Without --out, rows are printed as JSON lines. With it, the same command continues where it was stopped; the rows so
    far are beside the output, in NAME.unfinished. The exit status is 0 only if each page has an article.

    For example:

    - `khobor extract pages/ --out articles.parquet`
    - `khobor extract crawl.warc.gz --host example.com --out articles.jsonl --rejects rejects.jsonl`
    - `khobor extract pages/ --fields file,title,published_at,body_text --out texts.csv`
    - `zcat files.gz | khobor extract - --jobs 4 --out articles/`
    """
    form = _form(out, kind, fields)
    registry = chosen_sources(context, archive, folder)
    options = _options(inputs, host or [], url)
    _check_output(out, rejects, force=force)
    target = _opened(out, form, _command(inputs, form, registry, options), again=again) if out else None
    counts = _run(inputs, options, registry, form, jobs, target, rejects)
    _say_outcome(counts, rejects)
    if not counts.pages:
        raise CommandError("no pages found: give saved pages, folders with pages, WARC, MHTML or zip files")
    if counts.failed.total:
        raise typer.Exit(1)


def _run(
    inputs: list[str],
    options: "InputOptions",
    sources: "Registry",
    form: "RowFormat",
    jobs: int | None,
    target: "ExtractOutput | None",
    rejects: Path | None,
) -> _Counts:
    """Extract all inputs, and return what became of them."""
    from khobor.local.extraction_pool import ExtractionPool
    from khobor.pages.input_files import read_inputs

    counts = _Counts()
    given = _pages(read_inputs(inputs, sys.stdin.buffer, options), counts)
    with ExtractionPool(jobs, sources=sources, write=form) as pool, _progress(counts) as show:
        try:
            if target is None:
                _print(pool, given, counts, rejects, show)
            else:
                _write(pool, given, counts, target, rejects, show)
        except KeyboardInterrupt:
            errors.print("stopped" + ("; run the same command again to continue" if target else ""))
            raise typer.Exit(INTERRUPTED) from None
    return counts


def _form(out: Path | None, kind: str, fields: str | None) -> "RowFormat":
    """Return the form of the rows, by the name of the file and the columns that are asked for."""
    from khobor.cli.suggestion import unknown
    from khobor.export.formats import Format
    from khobor.export.rows import RowFormat, field_names

    name = out.name.lower() if out else ".jsonl"
    is_gzip = name.endswith(".gz")
    found = _SUFFIXES.get(Path(name.removesuffix(".gz")).suffix if name.count(".") and out else ".jsonl")
    if out is not None and _is_folder(out):
        found, is_gzip = kind, False
    if found is None or (is_gzip and found == "parquet"):
        what = f"{out}: the name says the format; end it in .jsonl (.jsonl.gz), .csv (.csv.gz) or .parquet"
        raise typer.BadParameter(f"{what}, or in / for a folder of files", param_hint="--out")
    known = field_names(Format(found))
    names = tuple(each.strip() for each in fields.split(",") if each.strip()) if fields is not None else known
    for each in names:
        if each not in known:
            raise typer.BadParameter(unknown("column", each, known), param_hint="--fields")
    if not names:
        raise typer.BadParameter(f"give names, such as {','.join(known[:3])}", param_hint="--fields")
    return RowFormat(Format(found), tuple(dict.fromkeys(names)), is_gzip=is_gzip)


def _is_folder(out: Path) -> bool:
    # Path drops a slash at the end, so a name without a suffix means a folder.
    return out.is_dir() or not out.suffix


def _options(inputs: list[str], hosts: list[str], url: str | None) -> "InputOptions":
    require_saved(inputs, "extract")
    require_one_file(inputs, url)
    return input_options(hosts, url)


def _check_output(out: Path | None, rejects: Path | None, *, force: bool) -> None:
    """Refuse to overwrite what is there, before any work."""
    if out and not _is_folder(out) and not out.with_name(f"{out.name}.unfinished").exists():
        _check_there(out, "--out", force=force)
    if rejects and not (out and (out / ".unfinished").exists()):
        _check_there(rejects, "--rejects", force=force)
    if (
        out
        and _is_folder(out)
        and out.is_dir()
        and not force
        and not (out / ".unfinished").exists()
        and any(out.iterdir())
    ):
        raise typer.BadParameter(f"{out} holds other files; give a new folder, or use --force", param_hint="--out")


def _check_there(path: Path, option: str, *, force: bool) -> None:
    if path.is_dir():
        raise typer.BadParameter(f"{path} is a folder; give a file", param_hint=option)
    if not path.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {path.parent}", param_hint=option)
    if not force and path.is_file() and path.stat().st_size:
        raise typer.BadParameter(f"{path} already exists; use --force to overwrite it", param_hint=option)


def _command(inputs: list[str], form: "RowFormat", sources: "Registry", options: "InputOptions") -> str:
    """Return what decides about the rows, as a text."""
    from khobor import __version__
    from khobor.pages.input_files import STDIN
    from khobor.url import digest

    paths = [each if each == STDIN else str(Path(each).absolute()) for each in inputs]
    rules = digest(repr(sorted(sources.files.items())).encode())
    facts = (__version__, paths, str(form.kind), form.names, form.is_gzip, rules, options.hosts, options.url)
    return digest(repr(facts).encode())


def _opened(out: Path, form: "RowFormat", command: str, *, again: bool) -> "ExtractOutput":
    from khobor.local.extract_output import ExtractOutput

    return ExtractOutput(out, form, command, rows_of_file=_ROWS_OF_FILE if _is_folder(out) else None, begin_anew=again)


def _pages(inputs: "Iterator[AnyInput]", counts: _Counts) -> "Iterator[InputPage | RefusedInput]":
    """Yield what may have an article; count what is no page."""
    from khobor.pages.input_files import InputUrl
    from khobor.pages.input_page import RefusedInput, SkippedInput

    for each in inputs:
        if isinstance(each, SkippedInput):
            counts.skipped.add(each.reason, each.name)
        elif isinstance(each, InputUrl):
            yield RefusedInput(each.url, "not_saved", not_saved(each.url, "extract"))
        else:
            yield each


def _write(
    pool: "ExtractionPool",
    given: "Iterator[InputPage | RefusedInput]",
    counts: _Counts,
    target: "ExtractOutput",
    rejects: Path | None,
    show: Callable[[], None],
) -> None:
    """Write rows to a file or a folder, after those that an earlier run wrote."""
    with target:
        for reject in target.done(given):
            _count(counts, reject)
        for each, result in _in_order(pool, given):
            if result is not None and result.article is not None:
                target.add(each, result.article)
                counts.articles += 1
            else:
                reject = _reject(each, result)
                target.reject(each, reject.reason, reject.detail)
                _count(counts, reject)
            show()
        if counts.pages:
            target.finish(rejects)


def _print(
    pool: "ExtractionPool",
    given: "Iterator[InputPage | RefusedInput]",
    counts: _Counts,
    rejects: Path | None,
    show: Callable[[], None],
) -> None:
    """Print rows to standard output."""
    from khobor.cli.output import print_line

    with rejects.open("wb") if rejects else _nowhere() as file:
        for each, result in _in_order(pool, given):
            if result is not None and result.article is not None:
                print_line(result.article.rstrip(b"\r\n"), is_terminal=output.is_terminal)
                counts.articles += 1
            else:
                reject = _reject(each, result)
                _count(counts, reject)
                if file:
                    file.write(reject.line())
            show()


@contextmanager
def _nowhere() -> Iterator[None]:
    yield None


def _in_order(
    pool: "ExtractionPool", given: "Iterator[InputPage | RefusedInput]"
) -> "Iterator[tuple[InputPage | RefusedInput, Extracted | None]]":
    """Yield each input with what was extracted of it, None for one that cannot be read, in the order of the inputs."""
    from khobor.pages.input_page import InputPage, RefusedInput

    refused: deque[tuple[int, RefusedInput]] = deque()  # with the number of pages before
    count = 0

    def pages() -> Iterator[InputPage]:
        nonlocal count
        for each in given:
            if isinstance(each, RefusedInput):
                refused.append((count, each))
            else:
                count += 1
                yield each

    for done, result in enumerate(pool.extract(pages())):
        while refused and refused[0][0] <= done:
            yield refused.popleft()[1], None
        yield result.page, result
    yield from ((each, None) for _, each in refused)


def _reject(given: "InputPage | RefusedInput", result: "Extracted | None") -> "Reject":
    from khobor.local.extract_output import Reject
    from khobor.pages.input_page import RefusedInput

    if isinstance(given, RefusedInput):
        return Reject(given.name, given.reason, given.detail)
    error = result.error if result else None
    return Reject(given.name, error.reason, error.detail) if error else Reject(given.name, "crashed", given.name)


def _count(counts: _Counts, reject: "Reject | None") -> None:
    if reject is None:
        counts.articles += 1
    else:
        counts.failed.add(reject.reason, reject.detail)


def _say_outcome(counts: _Counts, rejects: Path | None) -> None:
    say_skipped(counts.skipped)
    for each in counts.failed:
        more = f" (and {each.count - 1:,} more)" if each.count > 1 else ""
        errors.print(f"{each.reason}: {each.example}{more}", markup=False, soft_wrap=True)
    total = f"{counted(counts.pages, 'page')}: {counted(counts.articles, 'article')}"
    failed = f", {counts.failed.total:,} failed" if counts.failed.total else ""
    where = f", see {rejects}" if failed and rejects else ""
    errors.print(total + failed + where, markup=False, soft_wrap=True)


@contextmanager
def _progress(counts: _Counts) -> Iterator[Callable[[], None]]:
    """Show on a terminal how much is done; give what is to be called after each input."""
    if not errors.is_terminal:
        # Even a disabled bar prints an empty line into a pipe.
        yield lambda: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task("reading", rate="")

        def show() -> None:
            elapsed = progress.tasks[0].elapsed or 0
            rate = f"{counts.pages / elapsed:,.0f} pages/s" if elapsed > 1 else ""
            text = f"{counted(counts.pages, 'page')}, {counted(counts.articles, 'article')}"
            progress.update(task, description=text, rate=rate)

        yield show
