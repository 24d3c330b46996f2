"""A source: a publisher as its TOML file describes it."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from khobor.sources.entries import described, nearest, table_at
from khobor.sources.problems import Path, Problem, SourceError, problem_at

Selectors = tuple[Annotated[str, msgspec.Meta(pattern=r"\S")], ...]
Host = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+(/[^/?#\s]+)*$")]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Language = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Number = Annotated[int, msgspec.Meta(ge=1)]
Text = Annotated[str, msgspec.Meta(min_length=1)]

_File = TypeVar("_File", bound=msgspec.Struct)
_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
# As msgspec words it.
_AT = r"(?s:(?P<what>.*?)(?: - at `\$(?P<path>[^`]*)`)?)"
_PART = r"\.(?P<key>[^.\[]+)|\[(?P<position>\d+)\]"
_TYPES = {
    "`str`": "a text in quotes",
    "`int`": "a whole number",
    "`array`": "a list in square brackets",
    "`object`": "a table",
    "`bool`": "true or false",
    "`float`": "a number",
    "`date`": "a date",
    "`datetime`": "a date with a time",
}
_FIELD = r"Object (?P<how>contains unknown|missing required) field `(?P<name>.*)`"


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How articles are read where the general way needs help.

    Each is a list of candidates in order, the first that finds wins. A candidate is a CSS selector, or an XPath,
    which begins with /, ./ or (. It selects elements, or by ``::attr(name)``, ``::text``, ``/@name`` or ``/text()``
    their attributes or texts. An empty list takes back what the base or an earlier version says.

    Attributes:
        title: The headline.
        kicker: The line above the headline.
        description: The summary, or dek.
        authors: The byline.
        dates: The line with both dates, each behind its label.
        published_at: When it was published, where the date has a place of its own.
        modified_at: When it was modified, where the date has a place of its own.
        edition: The words for online or print.
        section: The section's name.
        image: The lead image, or what stands for it.
        image_caption: The lead image's caption.
        tags: Links to topics.
        related: Links to other articles.
        body: The element that holds the body.
        drop: What stands inside the body and is no part of it.
        boilerplate: Words that only sentences hold which are no part of the body; no selectors.
    """

    title: Selectors = ()
    kicker: Selectors = ()
    description: Selectors = ()
    authors: Selectors = ()
    dates: Selectors = ()
    published_at: Selectors = ()
    modified_at: Selectors = ()
    edition: Selectors = ()
    section: Selectors = ()
    image: Selectors = ()
    image_caption: Selectors = ()
    tags: Selectors = ()
    related: Selectors = ()
    body: Selectors = ()
    drop: Selectors = ()
    boilerplate: Selectors = ()


class Version(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a redesign of the site changed: pages fetched since that day are read so.

    Attributes:
        version: Its number, which no other version of the source has; counted up with each change.
        since: The first day of the new pages, such as 2026-03-01, by the clocks of the source.
        rules: Only what changed.
    """

    version: Number
    since: date
    rules: Rules


class BaseFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What sources on one publishing system share; each of them names it as its base.

    Attributes:
        version: Its number, counted up with each change.
        language: BCP 47, such as bn.
        zone: IANA name of the time zone that the clocks show, such as Asia/Dhaka.
        article_url: Regular expression that is found in the path of an article's URL and of no other page's.
        rules: How articles are read.
    """

    version: Number
    language: Language | None = None
    zone: Text | None = None
    article_url: Text | None = None
    rules: Rules = Rules()


class SourceFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A publisher: who it is, and how its articles are read. The file's name is the source's.

    Attributes:
        version: Its number, counted up with each change.
        publisher: Its name as readers know it.
        hosts: Hosts whose pages it publishes, such as example.com, subdomains included; with the beginning of a path,
            such as www.example.com/bengali, where the host is not the source's alone.
        base: Name of the file in bases/ whose entries hold where this file has none.
        language: BCP 47, such as bn.
        zone: IANA name of the time zone that its clocks show, such as Asia/Dhaka.
        article_url: Regular expression that is found in the path of an article's URL and of no other page's.
        rules: How its articles are read, where the general way or the base gets it wrong.
        versions: Redesigns of the site, the oldest first.
    """

    version: Number
    publisher: Text
    hosts: Annotated[tuple[Host, ...], msgspec.Meta(min_length=1)]
    base: Name | None = None
    language: Language | None = None
    zone: Text | None = None
    article_url: Text | None = None
    rules: Rules = Rules()
    versions: tuple[Version, ...] = ()


class Base(msgspec.Struct, frozen=True):
    """A base as it was read; ``given`` are the entries that its file has."""

    file: BaseFile
    given: Mapping[str, Any]


class DatedRules(msgspec.Struct, frozen=True, kw_only=True):
    """Rules that hold from a day on, None for ever before, and by which name an article's extraction shows them."""

    since: date | None
    reference: str
    rules: Rules


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What khobor knows of one publisher.

    Attributes:
        name: Its name in the registry, which is its file's.
        publisher: Its name as readers know it.
        hosts: Hosts whose pages it publishes, some with the beginning of a path.
        base: Name of the base that it inherits from.
        language: BCP 47.
        zone: IANA name of the time zone that its clocks show.
        article_url: Regular expression for the path of an article's URL.
        versions: How its articles are read, the oldest first; there is one at least.
    """

    name: str
    publisher: str
    hosts: tuple[str, ...]
    base: str | None
    language: str | None
    zone: str | None
    article_url: str | None
    versions: tuple[DatedRules, ...]

    def rules_on(self, when: datetime) -> Rules:
        """Return the rules for pages that were fetched at a time, aware."""
        return self._on(when).rules

    def reference_on(self, when: datetime) -> str:
        """Return name and version of these rules, such as ``daily/2``, or ``daily/2.1`` on version 1 of a base."""
        return self._on(when).reference

    def _on(self, when: datetime) -> DatedRules:
        day = when.astimezone(ZoneInfo(self.zone) if self.zone else UTC).date()
        return next(version for version in reversed(self.versions) if version.since is None or version.since <= day)


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
    file = _convert(path, text, given, SourceFile)
    base = find_base(file.base) if file.base else None
    problems = list(_problems(path, text, file))
    if file.base and base is None:
        problems.append(problem_at(path, text, ("base",), f"there is no base {file.base}; add bases/{file.base}.toml"))
    if problems:
        raise SourceError(problems)
    return _source(path, file, given, base)


def read_base(path: str, text: str) -> Base:
    """Return the base that a TOML file describes; takes and raises what ``read_source`` does."""
    given = read_toml(path, text)
    file = _convert(path, text, given, BaseFile)
    if problems := list(_problems(path, text, file)):
        raise SourceError(problems)
    return Base(file, given)


def read_toml(path: str, text: str) -> dict[str, Any]:
    """Return what stands in a TOML file; raises SourceError if it is none."""
    try:
        return tomllib.loads(text)
    # Numbers with too many digits are a ValueError of their own.
    except ValueError as error:
        what, _, place = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", place)
        number = int(line[1]) if line else len(text.splitlines()) or 1
        raise SourceError([Problem(path, number, None, f"this is no TOML: {what}; see https://toml.io")]) from error


def _source(path: str, file: SourceFile, given: Mapping[str, Any], base: Base | None) -> Source:
    name = _name(path)
    usual = base.file if base else BaseFile(version=1)
    suffix = f".{usual.version}" if base else ""
    rules = _over(usual.rules, file.rules, given.get("rules", {}))
    versions = [DatedRules(since=None, reference=f"{name}/{file.version}{suffix}", rules=rules)]
    for version, told in zip(file.versions, given.get("versions", ()), strict=True):
        rules = _over(rules, version.rules, told["rules"])
        reference = f"{name}/{version.version}{suffix}"
        versions.append(DatedRules(since=version.since, reference=reference, rules=rules))
    return Source(
        name=name,
        publisher=file.publisher,
        hosts=file.hosts,
        base=file.base,
        language=file.language or usual.language,
        zone=file.zone or usual.zone,
        article_url=file.article_url or usual.article_url,
        versions=tuple(versions),
    )


def _over(under: Rules, rules: Rules, given: Mapping[str, Any]) -> Rules:
    """Return rules with those entries over them that a file has, be they empty."""
    return msgspec.structs.replace(under, **{key: getattr(rules, key) for key in given})


def _name(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".toml")


def _convert(path: str, text: str, given: Mapping[str, Any], kind: type[_File]) -> _File:
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        match = re.fullmatch(_AT, str(error))
        what, place = (match["what"], match["path"] or "") if match else (str(error), "")
        parts = re.finditer(_PART, place)
        where: Path = tuple(int(part["position"]) if part["position"] else part["key"] for part in parts)
        raise SourceError([_mismatch(path, text, where, what, kind)]) from error


def _mismatch(path: str, text: str, where: Path, what: str, kind: type[msgspec.Struct]) -> Problem:
    table = where[:-1] if where and isinstance(where[-1], str) else where[:-2]
    if match := re.fullmatch(_FIELD, what):
        name, keys = match["name"], described(table_at(kind, where))
        if match["how"] == "missing required":
            what = f"this must be there. It is: {keys[name]}"
        else:
            what = f"there is no such key; {nearest(name, keys)}"
        return problem_at(path, text, (*where, name), what)
    what = re.sub("|".join(_TYPES), lambda match: _TYPES[match[0]], what)
    key = next(part for part in reversed(where) if isinstance(part, str))
    return problem_at(path, text, where, f"{what}. It is: {described(table_at(kind, table))[key]}")


def _problems(path: str, text: str, file: SourceFile | BaseFile) -> Iterator[Problem]:
    """Yield what the types of the entries do not tell."""
    if not re.fullmatch(_NAME, _name(path)):
        what = "the file's name is the source's, with .toml behind it: small letters, digits and - between them"
        yield Problem(path, 1, None, what)
    try:
        re.compile(file.article_url or "")
    except (re.error, OverflowError) as error:
        yield problem_at(path, text, ("article_url",), f"this is no regular expression: {error}")
    try:
        ZoneInfo(file.zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        what = f"there is no time zone {file.zone!r}; give one of the IANA database, such as Asia/Dhaka"
        yield problem_at(path, text, ("zone",), what)
    if isinstance(file, SourceFile):
        yield from _version_problems(path, text, file)


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
