"""``khobor sources``: whose pages are read by rules of their own, and whether a file of rules is right."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table
from rich.text import Text

from khobor.cli.command import Command
from khobor.cli.options import NOBODY, Contact, Loopback
from khobor.cli.suggestion import unknown
from khobor.cli.terminal import errors, output
from khobor.errors import CommandError
from khobor.sources.problems import Problem
from khobor.sources.registry import BASES, Registry, bundled, read_folder
from khobor.sources.source import Source

app = typer.Typer(help="The sources: publishers whose pages are read by rules of their own.")

Folder = Annotated[Path | None, typer.Option(help="Folder of sources over khobor's own.")]


@app.callback(invoke_without_command=True)
def list_sources(context: typer.Context, folder: Folder = None) -> None:
    """List the sources: publishers whose pages are read by rules of their own.

    For example:

    - `khobor sources`
    - `khobor sources --folder mine/`
    - `khobor sources check mine/daily.toml`
    """
    if context.invoked_subcommand is None:
        output.print(_listed(over_bundled(folder), folder))


@app.command(cls=Command)
def check(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE", help="Files of sources or of bases, or folders.")],
    dry_run: Annotated[bool, typer.Option(help="Fetch the listings too, and show what would be fetched.")] = False,
    contact: Contact = NOBODY,
    allow_loopback: Loopback = False,
) -> None:
    """Check files of sources; tell what is wrong with file, line and key.

    For example:

    - `khobor sources check mine/daily.toml`
    - `khobor sources check mine/daily.toml --dry-run`
    """
    problems = [problem for path in paths for problem in _problems(path)]
    for problem in dict.fromkeys(problems):
        output.print(str(problem), markup=False, soft_wrap=True)
    if problems or (dry_run and not _listings_tell(paths, contact, allow_loopback=allow_loopback)):
        raise typer.Exit(1)


def over_bundled(folder: Path | None) -> Registry:
    """Return the sources of a folder over those that khobor has; says what is wrong with them and exits."""
    if folder is None:
        return bundled()
    # Here, not above: a parser takes long to import, and --help should not.
    from khobor.sources.checking import usable

    registry, problems = usable(_read(folder), bundled())
    for problem in problems:
        errors.print(str(_below(problem, folder)), markup=False, soft_wrap=True)
    if problems:
        raise typer.Exit(1)
    return registry


def named(name: str, folder: Path | None) -> Source:
    """Return the source of a name, from a folder or of those that khobor has; raises CommandError if there is none."""
    registry = over_bundled(folder)
    source = registry.source(name)
    if source is None:
        raise CommandError(unknown("source", name, (each.name for each in registry)))
    return source


def files(folder: Path | None) -> dict[str, bytes]:
    """Return what stands in each file of a folder of sources, nothing without a folder."""
    return _read(folder) if folder else {}


def _listings_tell(paths: list[Path], contact: str, *, allow_loopback: bool) -> bool:
    """Show what the listings of the sources in some files tell; return whether each told of something."""
    # Here, not above: they take long to import, and --help should not.
    from khobor.cli.dry_run import show_dry_run
    from khobor.fetching.downloader import Downloader, Limits

    files = [each for path in paths for each in (sorted(path.glob("*.toml")) if path.is_dir() else [path])]
    downloader = Downloader(contact, Limits(), allow_loopback=allow_loopback)
    found = [source for file in files if (source := over_bundled(file.parent).source(file.stem))]
    # Every one is shown, also behind one that tells nothing.
    told = [show_dry_run(output, source, downloader) for source in found]
    return all(told)


def _problems(path: Path) -> Iterator[Problem]:
    from khobor.sources.checking import usable

    folder = path if path.is_dir() else path.parent
    folder = folder.parent if f"{folder.name}/" == BASES else folder
    if not path.exists() or (path.is_file() and path.suffix != ".toml"):
        yield Problem(str(path), 1, None, "there is no such file, or its name does not end in .toml")
        return
    for problem in usable(_read(folder), bundled())[1]:
        if path.is_dir() or path == folder / problem.file:
            yield _below(problem, folder)


def _read(folder: Path) -> dict[str, bytes]:
    files = read_folder(folder)
    if not files:
        errors.print(f"{folder}: there is no source here; their files end in .toml", markup=False, soft_wrap=True)
        raise typer.Exit(1)
    return files


def _below(problem: Problem, folder: Path) -> Problem:
    return msgspec.structs.replace(problem, file=str(folder / problem.file))


def _listed(registry: Registry, folder: Path | None) -> Table:
    own = _read(folder) if folder else {}
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    now = datetime.now(UTC)
    for source in registry:
        path = f"{source.name}.toml"
        version = source.reference_on(now).rpartition("/")[2]
        place = str(folder / path) if folder and path in own else "bundled"
        facts = (source.publisher, ", ".join(source.hosts), source.language, f"version {version}", place)
        table.add_row(source.name, Text(" · ".join(filter(None, facts))))
        table.add_row("", Text(_rules(source, now), style="dim"))
    return table


def _rules(source: Source, now: datetime) -> str:
    given = [key for key, candidates in msgspec.structs.asdict(source.rules_on(now)).items() if candidates]
    base = f" (on {source.base})" if source.base else ""
    return f"rules{base}: {', '.join(given) or 'none'}"
