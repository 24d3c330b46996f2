"""The user's sources: the folder ``sources/`` of a local archive, over those that come with khobor."""

from collections.abc import Collection
from pathlib import Path
from typing import TypeAlias

from msgspec.structs import replace

from khobor.sources.checking import load_sources
from khobor.sources.problems import Problem, SourceError
from khobor.sources.registry import BASES, MAX_BYTES, Registry, bundled_sources

# What shows that a file was changed: when, and its size.
_Signature: TypeAlias = tuple[int, int]


class SourceFolder:
    """The sources of a folder, read again when a file has changed.

    A file that cannot be used is reported and left out. If an earlier content of it was used by this process, that
    stays in use.

    Args:
        folder: The folder; it need not exist.
        below: The sources that the folder's replace; None takes those that come with khobor.

    Attributes:
        problems: What is wrong with the files that were found last.
    """

    def __init__(self, folder: Path, below: Registry | None = None) -> None:
        self._folder = folder
        self._below = below
        self._signatures: dict[str, _Signature] | None = None
        self._used: dict[str, bytes] = {}
        self._registry = below or bundled_sources()
        self.problems: tuple[Problem, ...] = ()

    def registry(self) -> tuple[Registry, tuple[Problem, ...]]:
        """Return the sources, and what is wrong with files that were read now."""
        signatures = self._found()
        if signatures == self._signatures:
            return self._registry, ()
        self._signatures = signatures
        self._registry = self._read(signatures)
        return self._registry, self.problems

    def _found(self) -> dict[str, _Signature]:
        paths = sorted(path for pattern in ("*.toml", f"{BASES}*.toml") for path in self._folder.glob(pattern))
        return {path.relative_to(self._folder).as_posix(): _signature(path) for path in paths}

    def _read(self, names: Collection[str]) -> Registry:
        """Return the sources of these files; those that cannot be used become ``problems``."""
        below = self._below or bundled_sources()
        files: dict[str, bytes] = {}
        problems: list[Problem] = []
        for name in names:
            try:
                files[name] = _content(self._folder, name)
            except SourceError as error:
                problems += error.problems
        registry, refused = load_sources(files, below)
        problems += refused
        self.problems = tuple(replace(each, file=str(self._folder / each.file)) for each in problems)
        unusable = {each.file for each in problems if not each.is_of_host}
        if earlier := {file: self._used[file] for file in unusable & self._used.keys()}:
            registry, _ = load_sources(files | earlier, below)
        self._used = {name: content for name, content in (files | earlier).items() if _is_used(registry, name, content)}
        return registry


def _signature(path: Path) -> _Signature:
    try:
        status = path.stat()
    except OSError:
        # It was removed a moment ago, or is a link that leads nowhere. Reading it tells.
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _content(folder: Path, name: str) -> bytes:
    """Return the content of a file, of one that is too long no more than shows that; raises SourceError."""
    path = folder / name
    try:
        if path.is_file():
            with path.open("rb") as file:
                return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError([Problem(name, 1, None, f"this file cannot be read: {error.strerror}")]) from error
    raise SourceError([Problem(name, 1, None, "this is not a regular file; remove or rename it")])


def _is_used(registry: Registry, name: str, content: bytes) -> bool:
    return registry.files.get(name) == content.decode("utf-8-sig", errors="replace")
