"""The two places where a simulated time passes: the stack of AWS on moto, and an archive in a folder."""

import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import time_machine
from tests.benchmarks.day_sites import Sites, Stored
from tests.benchmarks.moto_at_scale import moto_at_scale

from khobor.archive.headlines import MAX_PAGE_SIZE, Headline, all_headlines
from khobor.archive.interface import ArchiveLists
from khobor.embedded.stack import EmbeddedStack
from khobor.fetch.downloader import Downloader, Limits
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.journal import Journal
from khobor.local.page_ingester import archive_pool
from khobor.local.stopping import Stop
from khobor.local.watching import Watch
from khobor.local.workspace import Workspace
from khobor.sources.registry import bundled_sources

_TICK = timedelta(minutes=5)
_CONTACT = "mailto:day@localhost"


@dataclass(frozen=True)
class Simulation:
    """A time that passes.

    Attributes:
        sites: The sites; their figures receive what a place holds at the end.
        clock: The clock.
        end: When it is over.
        on_time: Is called whenever time has passed.
    """

    sites: Sites
    clock: time_machine.Traveller
    end: datetime
    on_time: Callable[[], None]


def on_stack(simulation: Simulation) -> None:
    """Let the time pass on the embedded stack."""
    sites, clock, figures = simulation.sites, simulation.clock, simulation.sites.figures
    parameters = {"Contact": _CONTACT, "AllowLoopback": "true"}
    count = figures.calls.update
    with (
        moto_at_scale(),
        EmbeddedStack(parameters, log=_Nowhere(), sleep=clock.shift, on_call=lambda call: count([call])) as stack,
    ):
        for name, text in _source_files(sites).items():
            stack.upload(f"sources/{name}", text.encode())
        while (now := datetime.now(UTC)) < simulation.end:
            stack.tick(now)
            stack.run((now + _TICK - datetime.now(UTC)).total_seconds())
            clock.move_to(max(now + _TICK, datetime.now(UTC)))
            simulation.on_time()
        stack.run()
        figures.stored = _stored(stack.lists, sites)
        figures.dead = len(stack.dead_letters())


def on_archive(simulation: Simulation) -> None:
    """Let the time pass on a local archive that is watched."""
    sites, figures = simulation.sites, simulation.sites.figures

    def sleep(seconds: float) -> None:
        simulation.clock.shift(seconds)
        simulation.on_time()
        if datetime.now(UTC) >= simulation.end:
            stop.want(signal.SIGTERM)

    stop = Stop(sleep)
    sources = bundled_sources().overlay(_source_files(sites))
    with (
        tempfile.TemporaryDirectory() as place,
        ArchiveFolder.open(Path(place) / "archive", create=True) as folder,
        archive_pool(1, sources) as pool,
    ):
        workspace = Workspace(
            folder=folder,
            sources=sources,
            downloader=Downloader(_CONTACT, Limits(), allow_loopback=True),
            pool=pool,
            journal=Journal(),
            stop=stop,
            is_alone=True,
        )
        for _ in Watch(workspace, lambda: sources).run():
            pass
        figures.stored = _stored(folder.lists, sites)
        figures.dead = len(list(folder.failures.all()))
    stop.close()


class _Nowhere(StringIO):
    """Forgets what is written: a day of logs is large."""

    def write(self, text: str) -> int:
        return len(text)


def _source_files(sites: Sites) -> dict[str, str]:
    # Nobody else's site is asked.
    others = bundled_sources().files["kalbela.toml"].replace("enabled = true", "enabled = false")
    return {"kalbela.toml": others, **sites.source_files()}


def _stored(lists: ArchiveLists, sites: Sites) -> dict[str, Stored]:
    """Return what is stored of the sites' articles, by the path of the URL."""
    published = set(sites.urls())
    return {
        each.url.partition("/news/")[2]: Stored(each.title, each.revisions, each.gone_at is not None)
        for number in range(len(sites.hosts))
        for each in _headlines(lists, f"site-{number}")
        if each.url and each.url in published
    }


def _headlines(lists: ArchiveLists, source: str) -> Iterator[Headline]:
    return all_headlines(lambda cursor: lists.by_source(source, limit=MAX_PAGE_SIZE, cursor=cursor))
