"""Reads the files of sources: from TOML to a ``Source``, reporting each mistake with its line."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice, pairwise
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from khobor.site import split_host
from khobor.sources.mistakes import MOST, mistakes, without
from khobor.sources.patterns import BadPatternError, compile_pattern
from khobor.sources.problems import Path, Problem, SourceError, problem_at
from khobor.sources.source import (
    WITHOUT_ORDER,
    BaseFile,
    DatedRules,
    DiscoveryOptions,
    FetchingOptions,
    Rules,
    Source,
    SourceFile,
)
from khobor.sources.toml import read_toml

_File = TypeVar("_File", bound=msgspec.Struct)
_Table = TypeVar("_Table", Rules, DiscoveryOptions, FetchingOptions)
_LAST_PORT = 65_535
_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
# Values for required entries that are invalid or missing, so that the rest of the file can be checked.
_PLACEHOLDERS = {"version": 1, "publisher": "-", "hosts": ["placeholder.invalid"]}


class Base(msgspec.Struct, frozen=True):
    """A base; ``entries`` are those that its file has."""

    file: BaseFile
    entries: Mapping[str, Any]


def read_source(path: str, text: str, find_base: Callable[[str], Base | None]) -> Source:
    """Return the source that a TOML file describes. Selectors are checked in ``checking.py``, not here.

    Args:
        path: The file's path below the folder of sources, such as ``daily.toml``.
        text: The content of the file.
        find_base: Returns the base with a name.

    Raises:
        SourceError: The file is not TOML, or an entry is missing, unknown, of the wrong type or otherwise invalid.
    """
    entries = read_toml(path, text)
    file, problems = _convert(path, text, entries, SourceFile)
    base = find_base(file.base) if file.base else None
    problems += _problems(path, text, file)
    if file.base and base is None:
        problems.append(problem_at(path, text, ("base",), f"there is no base {file.base}; add bases/{file.base}.toml"))
    if problems:
        raise SourceError(problems)
    return _source(path, file, entries, base)


def read_base(path: str, text: str) -> Base:
    """Return the base that a TOML file describes.

    Args:
        path: The file's path below the folder of sources, such as ``bases/arc.toml``.
        text: The content of the file.

    Raises:
        SourceError: As in ``read_source``.
    """
    entries = read_toml(path, text)
    file, problems = _convert(path, text, entries, BaseFile)
    if problems := [*problems, *_problems(path, text, file)]:
        raise SourceError(problems)
    return Base(file, entries)


def _source(path: str, file: SourceFile, entries: Mapping[str, Any], base: Base | None) -> Source:
    name = _name(path)
    defaults = base.file if base else BaseFile(version=1)
    suffix = f".{defaults.version}" if base else ""
    own = file.rules
    keys = set(entries.get("rules", {}))
    versions = [
        DatedRules(since=None, reference=f"{name}/{file.version}{suffix}", rules=_before(own, keys, defaults.rules))
    ]
    for version, table in zip(file.versions, entries.get("versions", ()), strict=True):
        own = _over(own, version.rules, table["rules"])
        keys |= set(table["rules"])
        reference = f"{name}/{version.version}{suffix}"
        versions.append(DatedRules(since=version.since, reference=reference, rules=_before(own, keys, defaults.rules)))
    return Source(
        name=name,
        publisher=file.publisher,
        hosts=file.hosts,
        enabled=file.enabled,
        base=file.base,
        language=file.language or defaults.language,
        zone=file.zone or defaults.zone,
        article_url=file.article_url or defaults.article_url,
        versions=tuple(versions),
        discovery=_over(defaults.discovery, file.discovery, entries.get("discovery", {})),
        fetching=_with_ports(_over(defaults.fetching, file.fetching, entries.get("fetching", {})), file.hosts),
    )


def _with_ports(fetching: FetchingOptions, hosts: Iterable[str]) -> FetchingOptions:
    """Return options that allow the ports of a source's hosts too."""
    ports = (port for _, port, _ in map(split_host, hosts) if port)
    return msgspec.structs.replace(fetching, ports=tuple(dict.fromkeys((*fetching.ports, *ports))))


def _before(own: Rules, keys: Iterable[str], base: Rules) -> Rules:
    """Return a source's own rules followed by those of its base; rules without an order replace those of the base.

    Args:
        own: The source's own rules.
        keys: The keys that the source has; an empty list removes the rules of the base.
        base: The rules of its base.
    """
    values = {}
    for key in keys:
        first, then = getattr(own, key), getattr(base, key)
        values[key] = tuple(dict.fromkeys((*first, *then))) if first and key not in WITHOUT_ORDER else first
    return msgspec.structs.replace(base, **values)


def _over(under: _Table, table: _Table, keys: Iterable[str]) -> _Table:
    """Return a table in which the entries with some keys, even empty ones, are replaced by those of another table."""
    return msgspec.structs.replace(under, **{key: getattr(table, key) for key in keys})


def _name(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".toml")


def _convert(path: str, text: str, entries: Mapping[str, Any], kind: type[_File]) -> tuple[_File, list[Problem]]:
    """Return a file, and its mistakes; these entries are left out of the file, so that the rest can be checked."""
    try:
        return msgspec.convert(entries, kind), []
    except msgspec.ValidationError:
        of_file = list(islice(mistakes(entries, kind), MOST))
    problems = [problem_at(path, text, each.path, each.text, each.value) for each in of_file]
    rest = without(entries, [each.path for each in of_file])
    required = {name: _PLACEHOLDERS[name] for name in kind.__struct_fields__ if name in _PLACEHOLDERS}
    try:
        return msgspec.convert(required | {name: value for name, value in rest.items() if value != []}, kind), problems
    except msgspec.ValidationError as error:
        raise SourceError(problems) from error


def _problems(path: str, text: str, file: SourceFile | BaseFile) -> Iterator[Problem]:
    """Yield the problems that the types of the entries do not detect."""
    if not re.fullmatch(_NAME, _name(path)):
        what = "the file's name is the source's: use lower-case letters, digits, and - between them"
        yield Problem(path, 1, None, what)
    yield from _pattern_problems(path, text, file)
    try:
        ZoneInfo(file.zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        what = f"there is no time zone {file.zone!r}; give one of the IANA database, such as Asia/Dhaka"
        yield problem_at(path, text, ("zone",), what)
    yield from _revisit_problems(path, text, file)
    if isinstance(file, SourceFile):
        for host in file.hosts:
            if (port := split_host(host)[1]) and port > _LAST_PORT:
                yield problem_at(path, text, ("hosts",), f"there is no port {port}; the last one is {_LAST_PORT}", host)
        yield from _version_problems(path, text, file)


def _pattern_problems(path: str, text: str, file: SourceFile | BaseFile) -> Iterator[Problem]:
    places: list[tuple[Path, tuple[str, ...]]] = [
        (("article_url",), (file.article_url or "",)),
        (("discovery", "include"), file.discovery.include),
        (("discovery", "exclude"), file.discovery.exclude),
    ]
    for where, patterns in places:
        for pattern in patterns:
            try:
                compile_pattern(pattern)
            except BadPatternError as error:
                yield problem_at(path, text, where, f"this is not a valid regular expression: {error}", pattern)


def _revisit_problems(path: str, text: str, file: SourceFile | BaseFile) -> Iterator[Problem]:
    for position, (one, other) in enumerate(pairwise(file.fetching.revisits), 1):
        if other.until_hours <= one.until_hours:
            what = f"{other.until_hours} hours are not more than {one.until_hours}; put the youngest first"
            yield problem_at(path, text, ("fetching", "revisits", position, "until_hours"), what)


def _version_problems(path: str, text: str, file: SourceFile) -> Iterator[Problem]:
    numbers = [file.version, *(version.version for version in file.versions)]
    for position, number in enumerate(numbers[1:]):
        if number in numbers[: position + 1]:
            what = f"{number} is the number of an earlier version; count up"
            yield problem_at(path, text, ("versions", position, "version"), what)
    for position, (one, other) in enumerate(pairwise(file.versions), 1):
        if other.since <= one.since:
            what = f"{other.since} is not after {one.since}; put the versions in order, the oldest first"
            yield problem_at(path, text, ("versions", position, "since"), what)
