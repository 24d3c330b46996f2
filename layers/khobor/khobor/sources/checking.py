"""Checks the files of sources before they are used: an invalid one is reported and ignored."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import structs

from khobor.sources.jmespaths import is_jmespath, jmespath_of
from khobor.sources.mistakes import MOST
from khobor.sources.problems import Path, Problem, SourceError, problem_at
from khobor.sources.reading import read_base, read_source
from khobor.sources.registry import BASES, Registry, decode
from khobor.sources.selectors import BadSelectorError, compile_selector
from khobor.sources.source import LONGEST_SELECTOR, OF_ELEMENTS
from khobor.sources.toml import read_toml

# How many selectors a file may have, in all versions of its rules. The bundled sources have up to 25.
_MOST_SELECTORS = 500


def load_sources(files: Mapping[str, bytes], below: Registry) -> tuple[Registry, list[Problem]]:
    """Return a registry with the valid files over another registry, and the problems of the invalid files.

    Of files with the same host, the first by name has it. The others go on with the hosts that are theirs alone.

    Args:
        files: The content of each file by its path below the folder of sources.
        below: The registry for everything that the files do not define.
    """
    problems: list[Problem] = []
    # Bases first, because sources refer to them.
    bases = _valid_files({path: files[path] for path in files if path.startswith(BASES)}, below, problems)
    registry = below.overlay(bases)
    sources = _valid_files({path: files[path] for path in files if not path.startswith(BASES)}, registry, problems)
    # Of files with the same host, the last one in a registry has it.
    return registry.overlay(dict(reversed(sources.items()))), problems


def _valid_files(files: Mapping[str, bytes], registry: Registry, problems: list[Problem]) -> dict[str, str]:
    valid: dict[str, str] = {}
    claimed: dict[str, str] = {}
    for path in sorted(files):
        try:
            text = decode(path, files[path])
            hosts = _check(path, text, registry)
            valid[path] = text
        except SourceError as error:
            problems.extend(error.problems)
        else:
            problems.extend(_claim(path, text, hosts, claimed))
    return valid


def _check(path: str, text: str, registry: Registry) -> tuple[str, ...]:
    """Return the hosts of a file; raises SourceError if the file is invalid."""
    entries = read_toml(path, text)
    problems: list[Problem] = []
    hosts: tuple[str, ...] = ()
    try:
        if path.startswith(BASES):
            read_base(path, text)
        else:
            hosts = read_source(path, text, registry.base).hosts
    except SourceError as error:
        problems += error.problems
    if problems := [*problems, *_selector_problems(path, text, entries)]:
        raise SourceError(sorted(problems[:MOST], key=lambda problem: problem.line))
    return hosts


def _claim(path: str, text: str, hosts: tuple[str, ...], claimed: dict[str, str]) -> Iterator[Problem]:
    """Note whose a file's hosts are; yield a problem for each that another file has."""
    for host in hosts:
        if (other := claimed.setdefault(host, path)) != path:
            what = f"{host} is a host of {other} too; leave it to one of them"
            yield structs.replace(problem_at(path, text, ("hosts",), what, host), is_of_host=True)


def _selector_problems(path: str, text: str, entries: Mapping[str, Any]) -> Iterator[Problem]:
    selectors = list(_selectors(entries))
    if len(selectors) > _MOST_SELECTORS:
        what = f"the rules have {len(selectors):,} selectors; at most {_MOST_SELECTORS:,} are allowed in a file"
        yield problem_at(path, text, ("rules",), what)
        return
    for where, expression in selectors:
        try:
            _check_rule(str(where[-1]), expression)
        except BadSelectorError as error:
            yield problem_at(path, text, where, str(error), expression)


def _check_rule(key: str, rule: str) -> None:
    if not is_jmespath(rule):
        compile_selector(rule)
        return
    jmespath_of(rule)
    if key in OF_ELEMENTS:
        what = f"{key} takes elements of the page, but a JMESPath selects values of its JSON-LD"
        raise BadSelectorError(f"{rule!r}: {what}; write a CSS selector or an XPath")


def _selectors(entries: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield the selectors of a file with their paths; values of a wrong type are reported elsewhere."""
    tables: list[tuple[Path, Any]] = [(("rules",), entries.get("rules"))]
    versions = entries.get("versions")
    for position, version in enumerate(versions if isinstance(versions, list) else ()):
        tables.append((("versions", position, "rules"), version.get("rules") if isinstance(version, Mapping) else None))
    for place, rules in tables:
        for key, candidates in rules.items() if isinstance(rules, Mapping) else ():
            if key != "boilerplate" and isinstance(candidates, list):
                yield from (((*place, key), each) for each in candidates if _can_be_selector(each))


def _can_be_selector(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST_SELECTOR
