"""``khobor replay``: pages of a source or a host, extracted again with today's extractor and rules."""

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from khobor.cli.completion import source_names
from khobor.cli.options import Json
from khobor.cli.place import ArchivePlace, Place
from khobor.cli.replay.following import follow_replay
from khobor.cli.replay.in_folder import replay_folder
from khobor.cli.replay.options import CONCURRENCY, Concurrency, DryRun, Follow, Here, new_name, refuse_on_archive
from khobor.cli.replay.starting import start_replay
from khobor.cli.times import read_day
from khobor.errors import PermanentError

# The command takes exactly one of three options, so that two are missing.
_MISSING = 2

SourceOption = Annotated[
    str | None,
    typer.Option("--source", help="Name of the source, even if it has no file.", autocompletion=source_names),
]
Host = Annotated[str | None, typer.Option(help="Host of the pages, such as example.org, including its subdomains.")]
First = Annotated[
    str | None, typer.Option("--from", help="First day on which the pages were fetched, in UTC; by default all days.")
]
Last = Annotated[str | None, typer.Option("--to", help="Last day; by default today.")]


def replay(
    source: SourceOption = None,
    host: Host = None,
    start: First = None,
    end: Last = None,
    dry_run: DryRun = False,
    concurrency: Concurrency = None,
    here: Here = False,
    follow: Follow = None,
    as_json: Json = None,
    *,
    place: Place,
) -> None:
    """Extract pages of a source or a host again, with today's extractor and rules, and store what that changes.

    The changes are not announced and create no revisions, because the publisher changed nothing. All pages of an
    article are read, including those of other days. The pages of a source are those fetched from its hosts, and the
    uploads that are pages of its articles. `khobor rebuild` reads every page, including uploads that have no article.

    For example:

    - `khobor replay --source kalbela --from 2026-03-01 --to 2026-03-07 --dry-run`
    - `khobor replay --host example.org --archive news`
    - `khobor replay --stack khobor --follow 20260308T090500`
    """
    refuse_on_archive(place, concurrency=concurrency, here=here, follow=follow)
    if [source, host, follow].count(None) != _MISSING:
        raise typer.BadParameter("give one of --source, --host and --follow", param_hint="--source")
    if follow is not None and not isinstance(place, ArchivePlace):
        follow_replay(follow, place.name, as_json=as_json)
        return
    from khobor.replay.run import ReplayRun

    first, last = _days(start, end)
    hosts = () if host is None else (_ascii(host),)
    run = ReplayRun(name=new_name(), source=source, hosts=hosts, start=first, end=last, is_dry_run=dry_run)
    if isinstance(place, ArchivePlace):
        replay_folder(run, place, as_json=as_json)
        return
    start_replay(run, concurrency or CONCURRENCY, place.name, here=here, as_json=as_json)


def _days(start: str | None, end: str | None) -> tuple[date | None, date | None]:
    """Return the first and the last day; twice None for all days."""
    if start is None:
        if end is not None:
            raise typer.BadParameter("--to needs --from", param_hint="--to")
        return None, None
    first, last = read_day(start, "--from"), read_day(end, "--to") or datetime.now(UTC).date()
    if first and first > last:
        raise typer.BadParameter(f"{first} is after the last day, {last}", param_hint="--from")
    return first, last


def _ascii(name: str) -> str:
    """Return a host, or the host of a URL, in ASCII as in the keys of pages."""
    from khobor.url import host

    try:
        return host(name if "://" in name else f"https://{name}/")
    except PermanentError as error:
        raise typer.BadParameter(
            f"{name!r} is not a host; give one such as example.org", param_hint="--host"
        ) from error
