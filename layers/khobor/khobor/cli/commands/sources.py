"""``khobor sources``: whose pages are read by rules of their own, and whether a file of rules is right."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table
from rich.text import Text

from khobor.cli.command import Command
from khobor.cli.options import NOBODY, Contact, Json, Loopback, Sources
from khobor.cli.output import print_json, wants_json
from khobor.cli.place import ARCHIVE, ArchiveOption
from khobor.cli.source_files import below, over_bundled, read_sources
from khobor.cli.terminal import errors, output
from khobor.cli.workspace import sources_of
from khobor.errors import CommandError
from khobor.keys import SOURCES
from khobor.sources.problems import Problem
from khobor.sources.registry import BASES, Registry, bundled_sources

app = typer.Typer()


@app.callback(invoke_without_command=True)
def list_sources(
    context: typer.Context, archive: ArchiveOption = ARCHIVE, folder: Sources = None, as_json: Json = None
) -> None:
    """List the sources, and which of them are enabled.

    Those of the local archive replace bundled ones, and those of --sources replace both.

    For example:

    - `khobor sources`
    - `khobor sources --sources mine/`
    - `khobor sources | jq -r 'select(.is_enabled) | .name'`
    - `khobor sources check mine/daily.toml`
    """
    if context.invoked_subcommand is not None:
        return
    entries = _entries(sources_of(archive, folder), [archive / SOURCES, *([folder] if folder else [])])
    if wants_json(as_json):
        print_json(*entries)
    else:
        output.print(_table(entries))


@app.command(cls=Command)
def check(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE", help="Source or base files, or folders of them.")],
    dry_run: Annotated[bool, typer.Option(help="Also fetch the listings, and show what would be fetched.")] = False,
    as_json: Json = None,
    contact: Contact = NOBODY,
    allow_loopback: Loopback = False,
) -> None:
    """Check source files: print each mistake with file, line and key to standard error.

    For example:

    - `khobor sources check mine/daily.toml`
    - `khobor sources check mine/daily.toml --dry-run`
    """
    problems: list[Problem] = []
    # Beside what a dry run prints as JSON it is no data.
    said = errors if dry_run and wants_json(as_json) else output
    for path in paths:
        found = list(_problems(path))
        problems += found
        if not found:
            said.print(f"{path}: no mistakes", markup=False, soft_wrap=True)
    for problem in dict.fromkeys(problems):
        errors.print(str(problem), markup=False, soft_wrap=True)
    if problems or (dry_run and not _listings_tell(paths, contact, allow_loopback=allow_loopback, as_json=as_json)):
        raise typer.Exit(1)


class SourceEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A source as the list shows it.

    Attributes:
        name: Its name.
        publisher: Whose it is.
        hosts: Its hosts.
        is_enabled: Whether its new articles are looked for.
        version: Of the rules that hold today.
        rules: The fields that have a rule.
        file: Where it comes from; None where khobor brings it.
        base: Its base.
        language: BCP 47.
    """

    name: str
    publisher: str
    hosts: tuple[str, ...]
    is_enabled: bool
    version: str
    rules: tuple[str, ...]
    file: str | None = None
    base: str | None = None
    language: str | None = None


def _listings_tell(paths: list[Path], contact: str, *, allow_loopback: bool, as_json: bool | None) -> bool:
    """Show what the listings of the sources in some files tell; return whether each told of something."""
    # Here, not above: they take long to import, and --help should not.
    from khobor.cli.dry_run import show_dry_run
    from khobor.fetch.downloader import Downloader, Limits

    files = [each for path in paths for each in (sorted(path.glob("*.toml")) if path.is_dir() else [path])]
    downloader = Downloader(contact, Limits(), allow_loopback=allow_loopback)
    found = [source for file in files if (source := over_bundled(file.parent).source(file.stem))]
    # Every one is shown, also behind one that tells nothing.
    told = [show_dry_run(output, source, downloader, as_json=as_json) for source in found]
    return all(told)


def _problems(path: Path) -> Iterator[Problem]:
    from khobor.sources.checking import load_sources

    folder = path if path.is_dir() else path.parent
    folder = folder.parent if f"{folder.name}/" == BASES else folder
    if not path.exists():
        raise CommandError(f"{path}: no such file or folder")
    if path.is_file() and path.suffix != ".toml":
        raise CommandError(f"{path}: a source's file ends in .toml, and its name is the source's: daily.toml")
    for problem in load_sources(read_sources(folder), bundled_sources())[1]:
        if path.is_dir() or path == folder / problem.file:
            yield below(problem, folder)


def _entries(registry: Registry, folders: Sequence[Path]) -> list[SourceEntry]:
    """Return the entries of sources.

    Args:
        registry: The sources.
        folders: The folders that they may come from; the last one that has a source counts.
    """
    now = datetime.now(UTC)
    return [
        SourceEntry(
            name=source.name,
            publisher=source.publisher,
            hosts=source.hosts,
            is_enabled=source.enabled,
            version=source.reference_on(now).rpartition("/")[2],
            file=_file(registry, source.name, folders),
            rules=tuple(key for key, each in msgspec.structs.asdict(source.rules_on(now)).items() if each),
            base=source.base,
            language=source.language,
        )
        for source in registry
    ]


def _file(registry: Registry, name: str, folders: Sequence[Path]) -> str | None:
    """Return the file that a source comes from; None if it comes with khobor."""
    file = f"{name}.toml"
    if registry.files[file] == bundled_sources().files.get(file):
        return None
    return next((str(folder / file) for folder in reversed(folders) if (folder / file).exists()), None)


def _table(entries: list[SourceEntry]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for each in entries:
        is_enabled = "enabled" if each.is_enabled else "not enabled"
        hosts, version, place = ", ".join(each.hosts), f"version {each.version}", each.file or "bundled"
        facts = (each.publisher, hosts, each.language, is_enabled, version, place)
        base = f" (on {each.base})" if each.base else ""
        table.add_row(each.name, Text(" · ".join(filter(None, facts)), style="" if each.is_enabled else "dim"))
        table.add_row("", Text(f"rules{base}: {', '.join(each.rules) or 'none'}", style="dim"))
    return table
