"""``khobor health``: whether the sources of a local archive or a stack are read as well as before, and publish."""

from collections.abc import Sequence
from datetime import UTC, datetime
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from khobor.cli.archive import ArchiveParts, archive_at
from khobor.cli.completion import source_names
from khobor.cli.deployed import outputs
from khobor.cli.options import Json
from khobor.cli.output import counted, print_json, wants_json
from khobor.cli.place import ARCHIVE, ArchivePlace, Place
from khobor.cli.source_files import find_source
from khobor.cli.terminal import errors, output

if TYPE_CHECKING:
    from khobor.health.checkup import SourceHealth
    from khobor.health.message import Hints
    from khobor.sources.source import Source


def health(
    name: Annotated[str | None, typer.Option("--source", help="Only this source.", autocompletion=source_names)] = None,
    as_json: Json = None,
    *,
    place: Place,
) -> None:
    """Look for sources whose newest pages are read worse than those before, or that publish no more.

    It compares the pages of the last day with those of the two weeks before, in samples: about 200 pages of each
    source. The health function of a stack does the same every six hours. The exit status is 1 if something is wrong.

    For example:

    - `khobor health`
    - `khobor health --source kalbela`
    - `khobor health | jq -r '.source + ": " + .kind'`
    """
    found = _look(archive_at(place), name)
    for each in found:
        if each.findings:
            _show(each, place, as_json=as_json)
    if any(each.findings for each in found):
        raise typer.Exit(1)
    # Beside findings as JSON it is no data.
    said = errors if wants_json(as_json) else output
    said.print(_all_is_well(found), markup=False, soft_wrap=True)


def _look(parts: ArchiveParts, name: str | None) -> "list[SourceHealth]":
    """Return what is wrong with each source, or with the one of a name; raises CommandError if there is none."""
    # Here, not above: they take a while to import, and --help should not.
    from khobor.health.checkup import Checkup
    from khobor.health.sample import Sampler
    from khobor.local.journal import Journal

    registry, problems = parts.sources()
    for problem in problems:
        errors.print(f"{problem}; the source is left out", markup=False, soft_wrap=True)
    sources: list[Source] = [find_source(name, registry)] if name is not None else list(registry)
    sampler = Sampler(parts.lists, parts.archive, parts.urls)
    checkup = Checkup(sampler, lambda: registry, Journal().telemetry("health"))
    return checkup.look(sources, datetime.now(UTC))


def _show(found: "SourceHealth", place: Place, *, as_json: bool | None) -> None:
    from khobor.health.checkup import finding_facts
    from khobor.health.message import of_source

    if wants_json(as_json):
        print_json(*map(finding_facts, found.findings))
    else:
        output.print(f"{of_source(found.findings, _hints(place))}\n", markup=False, soft_wrap=True)


def _all_is_well(found: "Sequence[SourceHealth]") -> str:
    """Return that nothing is wrong, and of how many sources this is not known."""
    from khobor.health.significance import FEWEST_BEFORE, FEWEST_NOW

    fewest = FEWEST_BEFORE + FEWEST_NOW
    young = sum(each.pages < fewest for each in found)
    few = f"; {young:,} of them {'has' if young == 1 else 'have'} fewer than {fewest} pages, too few to compare"
    return f"nothing is wrong with {counted(len(found), 'source')}{few if young else ''}"


def _hints(place: Place) -> "Hints":
    """Return the commands that help at a place."""
    from khobor.health.message import StackHints

    if isinstance(place, ArchivePlace):
        return _FolderHints(place)
    (bucket,) = outputs(place.name, "RawBucketName")
    return StackHints(bucket)


class _FolderHints:
    """The commands for a local archive; ``Hints``."""

    def __init__(self, place: ArchivePlace) -> None:
        self._folder = place.folder
        self._option = "" if place.folder == ARCHIVE else f" --archive {quote(str(place.folder))}"

    def read(self, key: str) -> Sequence[str]:
        sources = self._folder / "sources"
        # Without any file of its own, the bundled sources are used.
        own = f" --sources {quote(str(sources))}" if any(sources.glob("*.toml")) else ""
        return (f"khobor parse {quote(str(self._folder / key))} --explain{own}",)

    def correct(self, source: str) -> Sequence[str]:
        return (f"khobor sources check {quote(str(self._folder / 'sources' / f'{source}.toml'))}",)

    def trace(self, url: str) -> str:
        return f"khobor trace {quote(url)}{self._option}"

    def discover(self, source: str) -> str:
        return f"khobor discover {source} --dry-run{self._option}"
