"""The sources that a command uses: those of a folder over the bundled ones."""

from pathlib import Path

import msgspec

from khobor.cli.suggestion import unknown
from khobor.cli.terminal import errors
from khobor.errors import CommandError
from khobor.sources.problems import Problem, SourceError
from khobor.sources.registry import Registry, bundled_sources, read_folder
from khobor.sources.source import Source


def over_bundled(folder: Path | None, bundled: Registry | None = None) -> Registry:
    """Return the sources of a folder and those that they do not replace.

    Args:
        folder: The folder; None for none.
        bundled: The sources that they replace; None takes those that come with khobor.

    A host that two files have is left to the first one, which is said on standard error.

    Raises:
        SourceError: The folder has other mistakes.
    """
    bundled = bundled or bundled_sources()
    if folder is None:
        return bundled
    # Imported here because the parser takes long to import, and --help should not wait for it.
    from khobor.sources.checking import load_sources

    registry, problems = load_sources(read_sources(folder), bundled)
    if any(not problem.is_of_host for problem in problems):
        raise SourceError(below(problem, folder) for problem in problems)
    for problem in problems:
        errors.print(f"{below(problem, folder)}; {what_is_left(problem)}", markup=False, soft_wrap=True)
    return registry


def what_is_left(problem: Problem) -> str:
    """Return what becomes of a source with a problem that does not stop a command."""
    return "the host is left to the other file" if problem.is_of_host else "the source is left out"


def find_source(name: str, registry: Registry) -> Source:
    """Return a source by its name; raises CommandError if there is none.

    Args:
        name: The name.
        registry: The sources.
    """
    source = registry.source(name)
    if source is None:
        raise CommandError(unknown("source", name, (each.name for each in registry)))
    return source


def files(folder: Path | None) -> dict[str, bytes]:
    """Return the content of each file in a folder of sources; nothing without a folder."""
    return read_sources(folder) if folder else {}


def read_sources(folder: Path) -> dict[str, bytes]:
    """Return the content of each file in a folder of sources; raises CommandError if there is none."""
    try:
        files = read_folder(folder)
    except SourceError as error:
        raise SourceError(below(problem, folder) for problem in error.problems) from error
    if not files:
        if folder.is_file():
            raise CommandError(f"{folder}: this is a file; give the folder that holds the sources")
        if not folder.is_dir():
            raise CommandError(f"{folder}: there is no such folder")
        raise CommandError(f"{folder}: the folder holds no sources; their files end in .toml")
    return files


def below(problem: Problem, folder: Path) -> Problem:
    """Return a problem that names its file with the folder.

    Args:
        problem: A problem that names its file within the folder.
        folder: The folder.
    """
    return msgspec.structs.replace(problem, file=str(folder / problem.file))
