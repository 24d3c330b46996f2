"""``khobor crawl``: the new articles of sources into a local archive."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from khobor.cli.boundary import with_hint
from khobor.cli.completion import source_names
from khobor.cli.crawl_outcomes import CrawlOutcomes
from khobor.cli.options import NOBODY, Contact, Force, Json, Log, Loopback, Out, Sources
from khobor.cli.out_file import WriteOut, hand_over, out_file
from khobor.cli.output import counted
from khobor.cli.place import ARCHIVE, ArchiveOption
from khobor.cli.source_files import find_source
from khobor.cli.terminal import errors
from khobor.cli.workspace import WorkspaceOptions, say, say_network, sources_of, workspace

if TYPE_CHECKING:
    from khobor.article import Article
    from khobor.local.crawling import Crawler
    from khobor.local.page_ingester import PageResult
    from khobor.local.workspace import Workspace
    from khobor.sources.registry import Registry

# Hosts that are to be left alone for longer are left for a later crawl.
_PATIENCE = timedelta(minutes=5)
# Pages come one after another: more processes would have nothing to do.
JOBS = 2
SourceNames = Annotated[
    list[str],
    typer.Argument(metavar="SOURCE", help="Names of sources; khobor sources lists them.", autocompletion=source_names),
]


def crawl(
    names: SourceNames,
    archive: ArchiveOption = ARCHIVE,
    as_json: Json = None,
    out: Out = None,
    force: Force = False,
    folder: Sources = None,
    contact: Contact = NOBODY,
    allow_loopback: Loopback = False,
    log: Log = None,
) -> None:
    """Find and fetch the new articles of sources, keep them in a local archive, and print them.

    Pages are fetched as politely as on AWS: one after another from a host, with the source's delay; hosts side by side.
    A second crawl fetches only what is new or due to be looked at again. Ctrl-C stops; what was fetched is kept, and
    the same command continues. With --out the articles go to the file only. The exit status is 1 if a page failed or no
    listing had an article; pages that are missing or forbidden by robots.txt are only counted.

    For example:

    - `khobor crawl kalbela`
    - `khobor crawl kalbela prothom-alo --archive news`
    - `khobor crawl mine --sources mine/ --out articles.jsonl`
    """
    registry = sources_of(archive, folder)
    found = list(dict.fromkeys(find_source(name, registry).name for name in names))
    options = WorkspaceOptions(
        archive=archive, contact=contact, log=log, allow_loopback=allow_loopback, jobs=JOBS, on_network=say_network
    )
    with out_file(out, force=force) as write:
        _run(options, registry, found, write, as_json=as_json)


def _run(
    options: WorkspaceOptions, registry: "Registry", names: list[str], write: WriteOut | None, *, as_json: bool | None
) -> None:
    outcomes = CrawlOutcomes()
    with workspace(replace(options, on_line=outcomes.add), registry) as opened:
        hand_over(_articles(opened, names, outcomes), write, as_json=as_json)
        left = _left(opened, names)
    _say_outcome(names, outcomes, left)
    if opened.stop.is_wanted:
        say("stopped; what was fetched is kept; run the same command again to continue")
        raise typer.Exit(opened.stop.status)
    if outcomes.failed or not (outcomes.articles or outcomes.is_up_to_date):
        raise typer.Exit(1)


def _articles(opened: "Workspace", names: list[str], outcomes: CrawlOutcomes) -> "Iterator[Article]":
    """Yield the articles of sources once they are stored, each once."""
    for result in _results(opened, names, outcomes):
        yield from outcomes.new_article(result)


def _results(opened: "Workspace", names: list[str], outcomes: CrawlOutcomes) -> "Iterator[PageResult]":
    """Crawl sources, and yield what becomes of their pages."""
    # Here, not above: they take a while to import, and --help should not.
    from khobor.local.crawling import Crawler

    crawler = Crawler(opened, names)
    if opened.is_alone:
        yield from crawler.resume()
    for name in names:
        crawler.start(name, datetime.now(UTC))
    with _progress() as progress:
        while not opened.stop.is_wanted:
            yield from crawler.step()
            if progress:
                progress.update(progress.task_ids[0], description=_state(opened, outcomes))
            if _is_done(crawler):
                break
            crawler.rest()
    yield from crawler.finish()


def _is_done(crawler: "Crawler") -> bool:
    """Return whether nothing is under way, and nothing is due soon."""
    if crawler.is_busy:
        return False
    next_at = crawler.next_at()
    return next_at is None or next_at > datetime.now(UTC) + _PATIENCE


def _left(opened: "Workspace", names: list[str]) -> tuple[int, datetime | None]:
    """Return how many requests are left in the queue, and when the next one is due."""
    queue = opened.folder.fetch_queue
    return sum(each.request.source in names for each in queue.all()), queue.next_at(names)


def _state(opened: "Workspace", outcomes: CrawlOutcomes) -> str:
    return f"{len(outcomes.fetched):,} fetched, {opened.folder.fetch_queue.count():,} waiting"


def _progress() -> "Progress | nullcontext[None]":
    if not errors.is_terminal:
        return nullcontext()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    progress = Progress(*columns, console=errors, transient=True)
    progress.add_task("discover")
    return progress


def _say_outcome(names: list[str], outcomes: CrawlOutcomes, left: tuple[int, datetime | None]) -> None:
    for _, line in outcomes.without_page.values():
        say(line)
    for reason, detail in outcomes.failed.values():
        say(with_hint(reason, f"{reason}: {detail}"))
    for line in outcomes.left():
        say(line)
    count, next_at = left
    if count and next_at:
        say(f"{counted(count, 'URL')} left in the queue; the next is due at {next_at.astimezone():%H:%M:%S}")
    say(outcomes.total())
    if not outcomes.found and not outcomes.is_up_to_date:
        say(f"no listing contained an article; khobor discover {names[0]} --dry-run shows why")
