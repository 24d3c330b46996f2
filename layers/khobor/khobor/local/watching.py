"""The schedule of a local archive in the foreground: every source on its interval, until the process is to end."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from khobor.local.crawling import Crawler
from khobor.local.page_ingester import PageResult, archive_pool
from khobor.local.workspace import Workspace
from khobor.sources.registry import Registry
from khobor.sources.source import Source

# So often the sources are looked at, which the user may change meanwhile.
_LOOK = timedelta(seconds=15)
_DAY = timedelta(days=1)


class Watch:
    """Watches sources.

    Args:
        workspace: The archive, and what pages are fetched with.
        sources: Returns the sources as they are now.
        names: The sources to watch; empty for all that are enabled.
    """

    def __init__(self, workspace: Workspace, sources: Callable[[], Registry], names: Collection[str] = ()) -> None:
        self._workspace = workspace
        self._sources = sources
        self._names = names
        self._crawler = Crawler(workspace)
        self._tidied_at: datetime | None = None

    def run(self) -> Iterator[PageResult]:
        """Watch until the work is to end, and yield what becomes of pages.

        Raises:
            CommandError: The archive cannot be written.
        """
        given = self._workspace.pool
        try:
            yield from self._run()
        finally:
            # The caller closes the one that it gave.
            if self._workspace.pool is not given:
                self._workspace.pool.close()

    def _run(self) -> Iterator[PageResult]:
        if self._workspace.is_alone:
            yield from self._crawler.resume()
        while not self._workspace.stop.is_wanted:
            now = datetime.now(UTC)
            self._take_up(self._sources())
            self._tidy(now)
            for source in self.due(now):
                self._crawler.start(source.name, now)
            yield from self._crawler.step()
            self._crawler.rest(now + _LOOK)
        yield from self._crawler.finish()

    def due(self, now: datetime) -> list[Source]:
        """Return the sources that are to be started.

        Args:
            now: The time.
        """
        last = self._workspace.folder.runs.last
        return [source for source in self.watched() if is_due(source, last(source.name), now)]

    def watched(self) -> list[Source]:
        """Return the sources that are watched."""
        return watched_sources(self._workspace.sources, self._names)

    def _take_up(self, sources: Registry) -> None:
        """Go on with other sources if they have changed."""
        before = self._workspace
        if sources is before.sources:
            return
        # The processes of a pool know the sources that it was made with.
        self._workspace = replace(before, sources=sources, pool=archive_pool(before.pool.jobs, sources))
        self._crawler.use(self._workspace)
        before.pool.close()

    def _tidy(self, now: datetime) -> None:
        """Once a day, delete what of the frontier has expired."""
        if self._tidied_at is None or not timedelta() <= now - self._tidied_at < _DAY:
            self._tidied_at = now
            self._workspace.folder.delete_expired(now)


def watched_sources(sources: Registry, names: Collection[str]) -> list[Source]:
    """Return the sources that have one of the names; all that are enabled without any name.

    Args:
        sources: The sources of the archive.
        names: The names that were given.
    """
    return [each for each in sources if each.name in names or (each.enabled and not names)]


def is_due(source: Source, last: datetime | None, now: datetime) -> bool:
    """Return whether a source is to be started: its interval is over, be it in a sleep of the machine.

    Args:
        source: The source.
        last: When it was started last; None for never. A time to come is that of a clock that was wrong.
        now: The time.
    """
    return last is None or not timedelta() <= now - last < timedelta(minutes=source.discovery.interval_minutes)
