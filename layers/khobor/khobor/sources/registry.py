"""The registry: which source publishes a page."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import structs

from khobor.sources.problems import Problem, SourceError
from khobor.sources.reading import Base, read_base, read_source
from khobor.sources.source import Source
from khobor.sources.toml import read_toml

BASES = "bases/"
BUNDLED_FOLDER = Path(__file__).parent
MAX_BYTES = 65_536

_HOSTS = re.compile(r"^hosts\s*=\s*\[[^\]]*\]", re.MULTILINE)


class Registry:
    """Sources by their hosts; each is read when it is first needed.

    Args:
        files: The content of each file of a source or base, by its path below the folder of sources. Of files with the
            same host, the last one has it; a file without any host of its own is left out.
        below: The registry for everything that the files do not define; the files have precedence.

    Raises:
        SourceError: The hosts of a file cannot be read.
    """

    def __init__(self, files: Mapping[str, str], below: "Registry | None" = None) -> None:
        kept = {path: text for path, text in (below.files if below else {}).items() if path not in files}
        self.files: Mapping[str, str] = {**kept, **files}
        self.claims: dict[str, dict[str, str]] = {}
        # The hosts that a file names and another one has.
        self.lost: dict[str, set[str]] = {
            path: hosts for path, hosts in (below.lost if below else {}).items() if path not in files
        }
        self._sources: dict[str, Source] = {}
        self._bases: dict[str, Base] = {}
        for domain, prefixes in (below.claims if below else {}).items():
            self.claims[domain] = {prefix: path for prefix, path in prefixes.items() if path not in files}
        self._claim_all(files)

    def __iter__(self) -> Iterator[Source]:
        """Yield every source, in the order of their names; raises SourceError if one is invalid."""
        return (self._source(path) for path in sorted(self.files) if not path.startswith(BASES))

    def find(self, location: str) -> Source | None:
        """Return the source of a page; None if it has none.

        Args:
            location: The URL of the page, or only its host.

        Raises:
            SourceError: The file of the source is invalid.
        """
        parts = urlsplit(location if "://" in location else f"//{location}")
        labels = (parts.hostname or "").removesuffix(".").split(".")
        port = parts.netloc.rpartition("@")[2].partition(":")[2]
        for start in range(len(labels)):
            domain = ".".join(labels[start:])
            for name in (f"{domain}:{port}", domain) if port else (domain,):
                prefixes = self.claims.get(name, {})
                # The longest path prefix first.
                for prefix in sorted(prefixes, key=len, reverse=True):
                    if f"{parts.path}/".startswith(f"{prefix}/"):
                        return self._source(prefixes[prefix])
        return None

    def source(self, name: str) -> Source | None:
        """Return the source with a name; None if there is none, raises SourceError if it is invalid."""
        path = f"{name}.toml"
        return self._source(path) if path in self.files else None

    def base(self, name: str) -> Base | None:
        """Return the base with a name; None if there is none, raises SourceError if it is invalid."""
        path = f"{BASES}{name}.toml"
        if path in self.files and name not in self._bases:
            self._bases[name] = read_base(path, self.files[path])
        return self._bases.get(name)

    def overlay(self, files: Mapping[str, str]) -> "Registry":
        """Return a registry with files over this one; raises what the class raises."""
        return Registry(files, self)

    def _source(self, path: str) -> Source:
        if path not in self._sources:
            source = read_source(path, self.files[path], self.base)
            hosts = tuple(host for host in source.hosts if host not in self.lost.get(path, ()))
            self._sources[path] = structs.replace(source, hosts=hosts)
        return self._sources[path]

    def _claim_all(self, files: Mapping[str, str]) -> None:
        for path, text in files.items():
            for host in () if path.startswith(BASES) else self._hosts(path, text):
                domain, slash, rest = host.partition("/")
                prefixes = self.claims.setdefault(domain, {})
                other = prefixes.get(slash + rest)
                if other is not None and other in files:
                    self.lost.setdefault(other, set()).add(host)
                prefixes[slash + rest] = path
        claimed = {path for prefixes in self.claims.values() for path in prefixes.values()}
        left_out = {path for path in self.lost if path not in claimed}
        self.files = {path: text for path, text in self.files.items() if path not in left_out}

    def _hosts(self, path: str, text: str) -> tuple[str, ...]:
        """Return the hosts of a file, if possible from their lines alone, which takes a tenth of the time."""
        try:
            hosts = [host for lines in _HOSTS.findall(text) for host in read_toml(path, lines)["hosts"]]
        except SourceError:
            hosts = []
        return tuple(hosts) if hosts and all(isinstance(host, str) for host in hosts) else self._source(path).hosts


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the content of each file of a folder of sources, by its path below the folder.

    Raises:
        OSError: A file cannot be read.
        SourceError: A path with the name of a source is a pipe, a device or a folder, which might never end.
    """
    paths = sorted((*folder.glob("*.toml"), *folder.glob(f"{BASES}*.toml")))
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    if odd := [name for name, path in names.items() if not path.is_file()]:
        raise SourceError(Problem(name, 1, None, "this is not a regular file; remove or rename it") for name in odd)
    return {name: _beginning(path) for name, path in names.items()}


def _beginning(path: Path) -> bytes:
    """Return the content of a file; of one that is too large for a source, only enough to notice that."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def decode(path: str, content: bytes) -> str:
    """Return the text of a file.

    Args:
        path: The file's path below the folder of sources.
        content: Its content.

    Raises:
        SourceError: The file is not in UTF-8, or too large for a source.
    """
    if len(content) > MAX_BYTES:
        raise SourceError([Problem(path, 1, None, f"this has over {MAX_BYTES:,} bytes; no source needs so many")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError([Problem(path, line, None, "this is not in UTF-8; save the file in UTF-8")]) from error


@cache
def bundled_sources() -> Registry:
    """Return the registry of the sources that are part of khobor."""
    return Registry({path: decode(path, content) for path, content in read_folder(BUNDLED_FOLDER).items()})
