"""``khobor archive``: what belongs to an archive as a whole."""

import gzip
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, cast
from uuid import uuid4

import typer

from khobor.cli.archive import transfer_place
from khobor.cli.command import Command
from khobor.cli.options import Force, Json
from khobor.cli.output import counted, print_json, wants_json
from khobor.cli.place import ARCHIVE, ArchiveOption, ArchivePlace, Place, at_a_place
from khobor.cli.replay.in_folder import reread
from khobor.cli.terminal import errors, output
from khobor.cli.workspace import sources_of
from khobor.errors import CommandError
from khobor.page import GZIP_MAGIC

if TYPE_CHECKING:
    from khobor.local.archive_folder import ArchiveFolder
    from khobor.sources.registry import Registry
    from khobor.transfer.load import LoadReport

app = typer.Typer(help="An archive as a whole: back it up, move it, check it.", no_args_is_help=True)

_GZIP = ".gz"
# Lines that are not loaded are said one by one up to so many; all are counted.
_MOST_SAID = 20
_OutFile = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="File, gzipped if it ends in .gz; else standard output.")
]


def dump(out: _OutFile = None, force: Force = False, *, place: Place) -> None:
    """Write what pages do not contain as JSON lines: known URLs, hosts, waiting requests, gone and forgotten articles.

    Copy the pages as files, and load the dump where they go, before `khobor rebuild` makes the articles of them.

    For example:

    - `khobor archive dump --out news.jsonl.gz`
    - `khobor archive dump --stack khobor | gzip > khobor.jsonl.gz`
    """
    from khobor.transfer.dump import dump as lines_of

    if force and out is None:
        raise typer.BadParameter("it is for the file of --out; give both", param_hint="--force")
    count = 0
    with transfer_place(place, _say) as opened, _written(out, force=force) as file:
        for line in lines_of(opened, datetime.now(UTC)):
            file.write(line)
            count += 1
    # Without the first and the last line.
    _say(f"{counted(count - 2, 'record')} written{f' to {out}' if out else ''}")


def load(
    file: Annotated[Path, typer.Argument(help="File that khobor archive dump wrote; - reads standard input.")],
    as_json: Json = None,
    *,
    place: Place,
) -> None:
    """Load a dump into an archive, which keeps what it has, or has in a later form. Do so before `khobor rebuild`.

    For example:

    - `khobor archive load news.jsonl.gz --stack khobor`
    - `khobor archive load news.jsonl.gz --archive copy`
    """
    from khobor.transfer.load import load as load_lines

    problems = 0

    def on_problem(number: int, reason: str) -> None:
        nonlocal problems
        problems += 1
        if problems <= _MOST_SAID:
            _say(f"line {number}: {reason}")

    with _read(file) as opened, transfer_place(place, _say, create=True) as target:
        report = load_lines(opened, target, on_problem)
    if problems > _MOST_SAID:
        _say(f"and {problems - _MOST_SAID:,} more lines")
    _show_loaded(report, as_json=as_json)
    if report.problems or not report.is_complete:
        raise typer.Exit(1)


def info(archive: ArchiveOption = ARCHIVE, as_json: Json = None) -> None:
    """Show what is in a local archive: its size, articles, sources, their first and last times, and who wrote it.

    For example:

    - `khobor archive info`
    - `khobor archive info --archive news --json`
    """
    from khobor.local.upkeep import counts_of, sizes_of

    with _opened(archive) as folder:
        counts, sizes = counts_of(folder), sizes_of(archive)
        facts = {
            "folder": str(archive),
            "schema_version": folder.database.version,
            "khobor": folder.written_by(),
            **vars(sizes),
            **vars(counts),
            "unread": folder.unread.count(),
            "failures": folder.failures.count(),
        }
    sources = {name or "": count for name, count in counts.sources.items()}
    if wants_json(as_json):
        print_json(facts | {"sources": sources})
        return
    for name, value in (facts | {"sources": len(sources)}).items():
        shown = f"{value:,}" if isinstance(value, int) else "-" if value is None else str(value)
        output.print(f"{name.replace('_', ' '):16}{shown}", markup=False, soft_wrap=True)
    for name, count in sorted(sources.items(), key=lambda each: -each[1]):
        output.print(f"{count:>16,} {name or '(no source)'}", markup=False, soft_wrap=True)


def check(
    fix: Annotated[bool, typer.Option("--fix", help="Repair what articles and pages allow.")] = False,
    archive: ArchiveOption = ARCHIVE,
    as_json: Json = None,
) -> None:
    """Check that database, indexes and pages of a local archive are whole and agree; this reads all of it.

    With --fix, problems are repaired, and those that are left are printed. It rewrites indexes, changes and words,
    reads pages again if no article has them, and deletes files that killed processes left half written an hour ago or
    earlier. It may be stopped at any time. The exit status is 0 only if nothing is wrong in the end.

    For example:

    - `khobor archive check`
    - `khobor archive check --fix`
    """
    from khobor.local.checking import problems_of

    sources = sources_of(archive)
    kinds: Counter[str] = Counter()
    with _opened(archive) as folder:
        if fix:
            _repair(folder, sources)
        for each in problems_of(folder, sources):
            kinds[each.kind] += 1
            if wants_json(as_json):
                print_json(vars(each))
            else:
                output.print(f"{each.kind}: {each.detail}", markup=False, soft_wrap=True)
    if not wants_json(as_json):
        output.print(counted(kinds.total(), "problem") if kinds else "all is in order")
    _say_what_to_do(archive, kinds, is_fixed=fix)
    if kinds:
        raise typer.Exit(1)


def _repair(folder: "ArchiveFolder", sources: "Registry") -> None:
    from khobor.local.repairing import Repair

    def read_again(keys: Iterator[str]) -> None:
        report = reread(folder, sources, keys)
        changed = {name: count for name, count in report.outcomes.items() if name in {"new", "changed", "joined"}}
        what = ", ".join(f"{count:,} {name}" for name, count in changed.items()) or "no article changed"
        _say(f"{counted(report.pages, 'page')} read again: {what}")

    found = Repair(folder, sources, read_again).run()
    if found:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(found.items()))
        _say(f"{counted(found.total(), 'problem')} found ({kinds}); what is left follows")


def _say_what_to_do(archive: Path, kinds: Counter[str], *, is_fixed: bool) -> None:
    from khobor.local.checking import REPAIRABLE

    if kinds["database"] and is_fixed:
        _say(f"move {archive / 'archive.db'} away, and make it again from a dump and the pages with khobor rebuild")
    elif not is_fixed and REPAIRABLE & kinds.keys():
        _say("khobor archive check --fix repairs what articles and pages allow")
    if kinds.keys() & {"page_missing", "page_damaged"}:
        _say("a page that is missing or damaged comes back from a backup or a bucket only; its article stays as it is")


def vacuum(archive: ArchiveOption = ARCHIVE) -> None:
    """Write the database of a local archive anew without unused space; this needs free disk of twice its size."""
    from khobor.local.upkeep import sizes_of
    from khobor.local.upkeep import vacuum as write_anew

    with _opened(archive) as folder:
        before = sizes_of(archive).database
        write_anew(folder)
        after = sizes_of(archive).database
    output.print(f"database: {before:,} bytes before, {after:,} after")


@contextmanager
def _opened(path: Path) -> "Iterator[ArchiveFolder]":
    from khobor.local.archive_folder import ArchiveFolder

    place = ArchivePlace(path)
    _say(str(place))
    with ArchiveFolder.open(path, notify=_say) as folder:
        yield folder


app.command(cls=Command)(info)
app.command(cls=Command)(check)
app.command(cls=Command)(vacuum)
app.command(cls=Command)(at_a_place(dump))
app.command(cls=Command)(at_a_place(load))


def _show_loaded(report: "LoadReport", *, as_json: bool | None) -> None:
    if wants_json(as_json):
        print_json(vars(report))
        return
    loaded = ", ".join(f"{count:,} {kind}" for kind, count in sorted(report.loaded.items()))
    parts = [f"{counted(report.loaded.total(), 'record')} loaded{f' ({loaded})' if loaded else ''}"]
    parts += [f"{report.kept.total():,} there already"] if report.kept else []
    parts += [f"{report.problems:,} not loaded"] if report.problems else []
    output.print("; ".join(parts), markup=False, soft_wrap=True)


@contextmanager
def _written(path: Path | None, *, force: bool) -> Iterator[BinaryIO]:
    """Yield a file to write to, which has its name once it is complete."""
    if path is None:
        yield sys.stdout.buffer
        return
    if path.exists() and not force and path.stat().st_size:
        raise typer.BadParameter(f"{path} already exists; use --force to overwrite it", param_hint="--out")
    target = path.resolve()
    unfinished = target.with_name(f".{uuid4().hex}{target.suffix}")
    try:
        with gzip.open(unfinished, "wb") if path.suffix == _GZIP else unfinished.open("wb") as file:
            yield cast("BinaryIO", file)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _read(path: Path) -> Iterator[BinaryIO]:
    """Yield the lines of a dump, gzipped or not, whatever its name."""
    with ExitStack() as until_done:
        file = sys.stdin.buffer if str(path) == "-" else until_done.enter_context(path.open("rb"))
        begins_as_gzip = isinstance(file, BufferedReader) and file.peek(2)[:2] == GZIP_MAGIC
        try:
            yield cast("BinaryIO", until_done.enter_context(gzip.open(file))) if begins_as_gzip else file
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise CommandError(
                f"{path} is damaged: {error}; what comes before is loaded. Copy it again, and load that"
            ) from error


def _say(text: str) -> None:
    errors.print(text, markup=False, soft_wrap=True)
