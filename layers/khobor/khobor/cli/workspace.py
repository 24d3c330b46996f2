"""A local archive that a command adds to, with all that it needs for that."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from khobor.cli.place import ArchivePlace, archive_of_sources
from khobor.cli.source_files import over_bundled, what_is_left
from khobor.cli.terminal import errors

if TYPE_CHECKING:
    import typer

    from khobor.fetch.downloader import Downloader
    from khobor.local.journal import Line
    from khobor.local.stopping import Stop
    from khobor.local.workspace import Workspace
    from khobor.sources.registry import Registry


@dataclass(frozen=True, kw_only=True)
class WorkspaceOptions:
    """The options of a command that adds to a local archive.

    Attributes:
        archive: The folder of the archive, which is made if it is not there.
        contact: By which the owner of a site can reach the operator.
        log: File for the log.
        allow_loopback: Whether pages on this machine may be fetched.
        jobs: How many processes extract articles; None for one for each core.
        is_said: Whether the command has said which archive it is.
        on_line: Receives each line of the log.
        on_network: Receives whether the network is there, each time that this changes; None does not look.
    """

    archive: Path
    contact: str
    log: Path | None
    allow_loopback: bool
    jobs: int | None = None
    is_said: bool = False
    on_line: "Callable[[Line], None]" = lambda _: None
    on_network: Callable[[bool], None] | None = None


@contextmanager
def workspace(options: WorkspaceOptions, sources: "Registry", stop: "Stop | None" = None) -> "Iterator[Workspace]":
    """Open an archive to be added to, and say which one it is.

    Args:
        options: The options of the command.
        sources: The sources whose rules are used.
        stop: Says when to end; by default Ctrl-C and SIGTERM do.

    Raises:
        CommandError: The folder holds something else, or its database cannot be used.
        OSError: The folder cannot be made, or the log cannot be written.
    """
    # Here, not above: they take a while to import, and --help should not.
    from khobor.local.archive_folder import DATABASE, ArchiveFolder
    from khobor.local.journal import Journal
    from khobor.local.kept_log import KeptLog
    from khobor.local.locks import at_work
    from khobor.local.page_ingester import archive_pool
    from khobor.local.stopping import stoppable
    from khobor.local.workspace import Workspace

    with ExitStack() as until_done:
        log = until_done.enter_context(options.log.open("w", encoding="utf-8")) if options.log else None
        is_new = not (options.archive / DATABASE).exists()
        stop = stop or until_done.enter_context(stoppable())
        if not options.is_said:
            say(f"{ArchivePlace(options.archive)}{' (new)' if is_new else ''}")
        folder = until_done.enter_context(ArchiveFolder.open(options.archive, create=True, notify=say))
        kept = until_done.enter_context(closing(KeptLog(folder.path, say)))
        journal = Journal(log, options.on_line, kept)
        until_done.callback(journal.end)
        yield Workspace(
            folder=folder,
            sources=sources,
            downloader=_downloader(options),
            pool=until_done.enter_context(archive_pool(options.jobs, sources)),
            journal=journal,
            stop=stop,
            is_alone=until_done.enter_context(at_work(folder.path)),
        )


def sources_of(archive: Path, folder: Path | None = None) -> "Registry":
    """Return the sources for an archive, and say what is wrong with those of its own.

    Args:
        archive: The folder of the archive; its sources replace bundled ones.
        folder: The folder of ``--sources``, whose sources replace both; its mistakes are fatal.
    """
    from khobor.keys import SOURCES
    from khobor.local.source_folder import SourceFolder

    registry, problems = SourceFolder(archive / SOURCES).registry()
    for problem in problems:
        say(f"{problem}; {what_is_left(problem)}")
    return over_bundled(folder, registry)


def chosen_sources(context: "typer.Context", archive: Path | None, folder: Path | None = None) -> "Registry":
    """Return the sources for a command that needs no archive, and say whether those of an archive are among them.

    Args:
        context: The command.
        archive: The value of ``ArchiveOfSources``.
        folder: The folder of ``--sources``, whose sources replace all others.

    Raises:
        CommandError: The folder that is named on the command line is not there.
    """
    place = archive_of_sources(context, archive)
    if place is None:
        return over_bundled(folder)
    from khobor.sources.registry import bundled_sources

    registry = sources_of(place.folder)
    if registry.files != bundled_sources().files:
        say(f"with the sources of the {place}")
    return over_bundled(folder, registry)


def say(text: str) -> None:
    """Print a line on standard error."""
    errors.print(text, markup=False, soft_wrap=True)


def say_network(is_there: bool) -> None:
    """Say that the network is down, or back."""
    say("the network is back" if is_there else "the network is down; what waits is tried again every minute")


def _downloader(options: WorkspaceOptions) -> "Downloader":
    from khobor.fetch.downloader import Downloader, Limits
    from khobor.local.network import Network, NetworkDownloader

    if options.on_network:
        network = Network(options.on_network)
        return NetworkDownloader(network, options.contact, Limits(), allow_loopback=options.allow_loopback)
    return Downloader(options.contact, Limits(), allow_loopback=options.allow_loopback)
