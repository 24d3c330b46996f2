"""Crawls the sites of ``make sites`` with a source of five lines each, on a simulated clock."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import time_machine
from tests.benchmarks.sites_engine import Engine, Site
from tests.benchmarks.sites_server import SiteServer, resolve

from khobor.fetch.downloader import Downloader, Limits
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.crawling import Crawler
from khobor.local.journal import Journal, Line
from khobor.local.page_ingester import archive_pool
from khobor.local.stopping import Stop
from khobor.local.workspace import Workspace
from khobor.sources.registry import Registry

Way = Literal["default", "feed", "sitemap", "section"]
WAYS: tuple[Way, ...] = ("default", "feed", "sitemap", "section")
# When the sites are looked at before they change, and after: then young articles are due again, and at last those of
# which khobor wants to hear twice that they are gone.
LOOKS: Mapping[int, Sequence[timedelta]] = MappingProxyType(
    {
        look: tuple(timedelta(hours=hour) for hour in hours)
        for look, hours in {0: (0, 1, 2), 1: (4, 7, 27, 34, 52, 100)}.items()
    }
)
# What waits for longer is left to the next look.
_PATIENCE = timedelta(minutes=5)
# A look that takes longer on the simulated clock than this does not end by itself.
_LONGEST_LOOK = timedelta(hours=3)
_SOURCE = """version = 1
publisher = "{publisher}"
hosts = ["{host}"]
zone = "{zone}"
enabled = true
"""
_KEYS: Mapping[Way, str] = MappingProxyType({"feed": "feeds", "sitemap": "sitemaps", "section": "sections"})


def listing_path(engine: Engine, way: Way) -> str | None:
    """Return the path of the one listing that a source names; None if it names none or there is none."""
    paths = {"feed": engine.feed, "sitemap": engine.sitemap, "section": engine.section}
    return paths.get(way)


def sources(sites: Iterable[Site], way: Way) -> Registry:
    """Return the sources of sites: five lines, and a listing if the way is not the default."""
    files = {}
    for site in sites:
        text = _SOURCE.format(publisher=site.words.site, host=site.host, zone=site.words.zone)
        if path := listing_path(site.engine, way):
            text += f'[discovery]\n{_KEYS[way]} = ["{site.home[:-1]}{path}"]\n'
        files[f"{site.name}.toml"] = text
    return Registry(files)


class Crawl:
    """A crawl of sites into an archive of its own.

    Args:
        folder: The archive.
        sites: The sites.
        way: How articles are found.
        authority: The certificate to trust.
    """

    def __init__(self, folder: ArchiveFolder, sites: Sequence[Site], way: Way, authority: Path) -> None:
        self.folder = folder
        self._names = [site.name for site in sites]
        self._registry = sources(sites, way)
        self._authority = str(authority)
        # Pages that are no articles, and requests that failed, with the reason.
        self.lines: list[Line] = []

    def look(self, at: datetime) -> None:
        """Look for what is new, until nothing is due soon.

        Args:
            at: The time on the simulated clock.

        Raises:
            RuntimeError: It does not end by itself.
        """
        with time_machine.travel(at, tick=False) as clock, archive_pool(2, self._registry) as pool:
            stop = Stop(clock.shift)
            crawler = Crawler(
                Workspace(
                    folder=self.folder,
                    sources=self._registry,
                    downloader=self._downloader(),
                    pool=pool,
                    journal=Journal(None, self.lines.append),
                    stop=stop,
                    is_alone=True,
                ),
                self._names,
            )
            for name in self._names:
                crawler.start(name, datetime.now(UTC))
            for _ in _until_done(crawler, at + _LONGEST_LOOK):
                pass
            stop.close()

    def _downloader(self) -> Downloader:
        return Downloader(
            "mailto:sites@localhost", Limits(), allow_loopback=True, ca_certs=self._authority, resolver=resolve
        )


def _until_done(crawler: Crawler, end: datetime) -> Iterator[object]:
    while True:
        yield from crawler.step()
        next_at = crawler.next_at()
        if not crawler.is_busy and (next_at is None or next_at > datetime.now(UTC) + _PATIENCE):
            break
        if datetime.now(UTC) > end:
            raise RuntimeError("the look does not end")
        crawler.rest()
    yield from crawler.finish()


@contextmanager
def crawl(place: Path, sites: Sequence[Site], way: Way, authority: Path) -> Iterator[Crawl]:
    """Open an archive for a crawl.

    Args:
        place: The folder of the archive, which is not there yet.
        sites: The sites; those without a listing of the way are left out.
        way: How articles are found.
        authority: The certificate to trust.
    """
    of_way = [site for site in sites if way == "default" or listing_path(site.engine, way)]
    with ArchiveFolder.open(place, create=True) as folder:
        yield Crawl(folder, of_way, way, authority)


def look_at(crawled: Crawl, server: SiteServer, sites: Sequence[Site], start: datetime) -> None:
    """Serve sites as they are at a look, and crawl them as often as that look says.

    Args:
        crawled: The crawl.
        server: Serves them.
        sites: The sites, all of one look.
        start: The time of the first look.
    """
    server.show(sites)
    for after in LOOKS[sites[0].look]:
        crawled.look(start + after)
