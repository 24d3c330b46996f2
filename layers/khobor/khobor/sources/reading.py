"""The files of sources read: from TOML to a ``Source``, each mistake with the line on which it stands."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice, pairwise
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

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
_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
# What stands for an entry that must be there, and is wrong or missing, while the rest of its file is checked.
_PLACEHOLDERS = {"version": 1, "publisher": "-", "hosts": ["placeholder.invalid"]}


class Base(msgspec.Struct, frozen=True):
    """A base as it was read; ``given`` are the entries that its file has."""

    file: BaseFile
    given: Mapping[str, Any]


def read_source(path: str, text: str, find_base: Callable[[str], Base | None]) -> Source:
    """Return the source that a TOML file describes; its selectors are not looked at, ``checking.py`` does that.

    Args:
        path: The file's path below the folder of sources, such as ``daily.toml``.
        text: What stands in it.
        find_base: Gives the base of a name.

    Raises:
        SourceError: It is no TOML, an entry is missing, unknown or of the wrong type, or cannot be used.
    """
    given = read_toml(path, text)
    file, problems = _convert(path, text, given, SourceFile)
    base = find_base(file.base) if file.base else None
    problems += _problems(path, text, file)
    if file.base and base is None:
        problems.append(problem_at(path, text, ("base",), f"there is no base {file.base}; add bases/{file.base}.toml"))
    if problems:
        raise SourceError(problems)
    return _source(path, file, given, base)


def read_base(path: str, text: str) -> Base:
    """Return the base that a TOML file describes; takes and raises what ``read_source`` does."""
    given = read_toml(path, text)
    file, problems = _convert(path, text, given, BaseFile)
    if problems := [*problems, *_problems(path, text, file)]:
        raise SourceError(problems)
    return Base(file, given)


def _source(path: str, file: SourceFile, given: Mapping[str, Any], base: Base | None) -> Source:
    name = _name(path)
    usual = base.file if base else BaseFile(version=1)
    suffix = f".{usual.version}" if base else ""
    own = file.rules
    keys = set(given.get("rules", {}))
    versions = [
        DatedRules(since=None, reference=f"{name}/{file.version}{suffix}", rules=_before(own, keys, usual.rules))
    ]
    for version, told in zip(file.versions, given.get("versions", ()), strict=True):
        own = _over(own, version.rules, told["rules"])
        keys |= set(told["rules"])
        reference = f"{name}/{version.version}{suffix}"
        versions.append(DatedRules(since=version.since, reference=reference, rules=_before(own, keys, usual.rules)))
    return Source(
        name=name,
        publisher=file.publisher,
        hosts=file.hosts,
        enabled=file.enabled,
        base=file.base,
        language=file.language or usual.language,
        zone=file.zone or usual.zone,
        article_url=file.article_url or usual.article_url,
        versions=tuple(versions),
        discovery=_over(usual.discovery, file.discovery, given.get("discovery", {})),
        fetching=_over(usual.fetching, file.fetching, given.get("fetching", {})),
    )


def _before(own: Rules, keys: Iterable[str], base: Rules) -> Rules:
    """Return the rules of a base with a source's own before them, and in place of them where nothing is to follow.

    Args:
        own: The source's own rules.
        keys: What it has rules for; an empty list takes back what the base says.
        base: Those of its base.
    """
    values = {}
    for key in keys:
        first, then = getattr(own, key), getattr(base, key)
        values[key] = tuple(dict.fromkeys((*first, *then))) if first and key not in WITHOUT_ORDER else first
    return msgspec.structs.replace(base, **values)


def _over(under: _Table, table: _Table, given: Mapping[str, Any]) -> _Table:
    """Return a table with those entries over it that a file has, be they empty."""
    return msgspec.structs.replace(under, **{key: getattr(table, key) for key in given})


def _name(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".toml")


def _convert(path: str, text: str, given: Mapping[str, Any], kind: type[_File]) -> tuple[_File, list[Problem]]:
    """Return a file, and what its types do not allow; that is left out of it, so that the rest can be checked."""
    try:
        return msgspec.convert(given, kind), []
    except msgspec.ValidationError:
        found = list(islice(mistakes(given, kind), MOST))
    problems = [problem_at(path, text, each.path, each.text, each.value) for each in found]
    rest = without(given, [each.path for each in found])
    needed = {name: _PLACEHOLDERS[name] for name in kind.__struct_fields__ if name in _PLACEHOLDERS}
    try:
        return msgspec.convert(needed | {name: value for name, value in rest.items() if value != []}, kind), problems
    except msgspec.ValidationError as error:
        raise SourceError(problems) from error


def _problems(path: str, text: str, file: SourceFile | BaseFile) -> Iterator[Problem]:
    """Yield what the types of the entries do not tell."""
    if not re.fullmatch(_NAME, _name(path)):
        what = "the file's name is the source's, with .toml behind it: small letters, digits and - between them"
        yield Problem(path, 1, None, what)
    yield from _pattern_problems(path, text, file)
    try:
        ZoneInfo(file.zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        what = f"there is no time zone {file.zone!r}; give one of the IANA database, such as Asia/Dhaka"
        yield problem_at(path, text, ("zone",), what)
    yield from _revisit_problems(path, text, file)
    if isinstance(file, SourceFile):
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
                yield problem_at(path, text, where, f"this is no regular expression: {error}", pattern)


def _revisit_problems(path: str, text: str, file: SourceFile | BaseFile) -> Iterator[Problem]:
    for position, (one, other) in enumerate(pairwise(file.fetching.revisits), 1):
        if other.until_hours <= one.until_hours:
            what = f"{other.until_hours} hours are no more than {one.until_hours}; put the youngest first"
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
