"""``khobor archive``: what belongs to an archive as a whole."""

import gzip
import sys
import zlib
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
from khobor.cli.place import Place, at_a_place
from khobor.cli.terminal import errors, output
from khobor.errors import CommandError

if TYPE_CHECKING:
    from khobor.transfer.load import LoadReport

app = typer.Typer(help="An archive as a whole: back it up, move it, check it.", no_args_is_help=True)

_GZIP = ".gz"
_GZIP_MAGIC = b"\x1f\x8b"
# Lines that are not loaded are said one by one up to so many; all are counted.
_MOST_SAID = 20
_OutFile = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="File, gzipped if it ends in .gz; else standard output.")
]


def dump(out: _OutFile = None, force: Force = False, *, place: Place) -> None:
    """Write what no page tells as JSON lines: known URLs, hosts, waiting requests, gone and forgotten articles.

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
    """Load a dump into an archive; what is there already, or in a later form, stays. Load it before `khobor rebuild`.

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
        begins_as_gzip = isinstance(file, BufferedReader) and file.peek(2)[:2] == _GZIP_MAGIC
        try:
            yield cast("BinaryIO", until_done.enter_context(gzip.open(file))) if begins_as_gzip else file
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise CommandError(
                f"{path} is damaged: {error}; what comes before is loaded. Copy it again, and load that"
            ) from error


def _say(text: str) -> None:
    errors.print(text, markup=False, soft_wrap=True)
