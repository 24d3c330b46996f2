"""A replay of a local archive, with all cores of this machine."""

from typing import TYPE_CHECKING

from khobor.cli.place import ArchivePlace
from khobor.cli.replay.options import new_name
from khobor.cli.replay.progress import progress_bar
from khobor.cli.replay.report import show
from khobor.cli.replay.starting import nothing_to_read, with_hosts
from khobor.cli.terminal import INTERRUPTED, errors
from khobor.cli.workspace import sources_of
from khobor.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from khobor.local.archive_folder import ArchiveFolder
    from khobor.replay.report import ReplayReport
    from khobor.replay.run import ReplayRun
    from khobor.sources.registry import Registry


def replay_folder(run: "ReplayRun", place: ArchivePlace, *, as_json: bool | None) -> None:
    """Read pages of a local archive again, and show the report.

    Args:
        run: The replay.
        place: The archive.
        as_json: The option ``--json``.

    Raises:
        CommandError: There is no archive, or it has no pages to read.
    """
    import typer

    from khobor.local.archive_folder import ArchiveFolder
    from khobor.replay.report import ReplayReport

    registry = sources_of(place.folder)
    report = ReplayReport()
    with ArchiveFolder.open(place.folder, notify=_say) as folder:
        try:
            _read(folder, with_hosts(run, registry), registry, report)
        except KeyboardInterrupt:
            _say("stopped; what was read again is kept; run the same command again to continue")
            raise typer.Exit(INTERRUPTED) from None
        finally:
            if report.pages:
                show(report, is_dry_run=run.is_dry_run, as_json=as_json)


def rebuild_folder(place: ArchivePlace, *, is_dry_run: bool, as_json: bool | None) -> None:
    """Make the articles of a local archive again from all its pages, and show the report.

    Args:
        place: The archive; without a database one is made.
        is_dry_run: Whether to change nothing.
        as_json: The option ``--json``.

    Raises:
        CommandError: The folder has no pages; or it has no database, and nothing may be changed.
    """
    from khobor.local.archive_folder import DATABASE, ArchiveFolder
    from khobor.replay.run import ReplayRun

    if not (place.folder / DATABASE).exists():
        _require_pages(place, is_dry_run=is_dry_run)
        ArchiveFolder.open(place.folder, create=True, of_copy=True).database.close()
        _say(f"{place.folder / DATABASE} is new: it is made from the pages in the folder")
    replay_folder(ReplayRun(name=new_name(), is_dry_run=is_dry_run), place, as_json=as_json)


def reread(folder: "ArchiveFolder", sources: "Registry", keys: "Iterator[str]") -> "ReplayReport":
    """Read some pages of a local archive again, and return the report.

    Args:
        folder: The archive.
        sources: The sources whose rules are used.
        keys: The keys of the pages.
    """
    from khobor.replay.report import ReplayReport
    from khobor.replay.run import ReplayRun

    report = ReplayReport()
    _read(folder, ReplayRun(name=new_name()), sources, report, keys)
    return report


def _require_pages(place: ArchivePlace, *, is_dry_run: bool) -> None:
    from khobor.pages.folder import FolderPages

    if not next(FolderPages(place.folder).page_keys(), None):
        raise CommandError(
            f"{place.folder} has neither an archive nor pages: name the folder with --archive, or copy pages there "
            "first (aws s3 sync s3://BUCKET/pages FOLDER/pages)"
        )
    if is_dry_run:
        raise CommandError(
            f"{place.folder} has pages and no archive, which --dry-run may not make: without it, all pages are read"
        )


def _read(
    folder: "ArchiveFolder",
    run: "ReplayRun",
    registry: "Registry",
    report: "ReplayReport",
    keys: "Iterator[str] | None" = None,
) -> None:
    """Read the pages of a replay again, or those with some keys."""
    from khobor.local.extraction_pool import ExtractionPool
    from khobor.local.replaying import FolderReplay

    with ExtractionPool(sources=registry) as pool, progress_bar() as progress:
        replay = FolderReplay(folder, registry, pool)
        if run.is_of_all and not run.is_dry_run:
            replay.forbid_forgotten()
        task = progress.add_task("pages", total=None) if progress else None
        is_empty = keys is None
        for results in replay.read(run, replay.keys(run) if keys is None else keys):
            is_empty = False
            for each in results:
                report.add(each)
            if progress and task is not None:
                progress.advance(task)
    if is_empty:
        raise CommandError(nothing_to_read(run, registry, f"the archive in {folder.path}", folder.pages.hosts()))


def _say(text: str) -> None:
    errors.print(text, markup=False, soft_wrap=True)
