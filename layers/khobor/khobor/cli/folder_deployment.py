"""A local archive as the console needs it; a ``Deployment``."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from khobor.archive.sqlite.full_text import SQLiteFullText
from khobor.article import RawReference
from khobor.cli.dead_letters import as_message, redrive_result
from khobor.dead_letters.message import DeadLetterMessage, RedriveResult
from khobor.fetch.on_demand import fetch_on_demand
from khobor.local.crawling import Crawler
from khobor.local.retrying import retry_all
from khobor.page import MAX_PAGE_BYTES, RawPage, decompress
from khobor.query.service import QueryService
from khobor.stages import DISCOVER, FETCH, PARSE, Stage

if TYPE_CHECKING:
    from khobor.archive.interface import Archive, ArchiveLists
    from khobor.frontier.interface import Hosts, KnownUrls
    from khobor.local.workspace import Workspace
    from khobor.pages.folder import FolderPages
    from khobor.sources.registry import Registry


class FolderDeployment:
    """A local archive that is open to be added to.

    Args:
        workspace: The archive, and what pages are fetched and read with.
    """

    # A page is read as soon as it is kept, so that no result is to be expected later.
    longest_wait = timedelta(0)
    stages = (DISCOVER, FETCH, PARSE)

    def __init__(self, workspace: "Workspace") -> None:
        self._folder = workspace.folder
        # Pages are fetched on demand; those in the queue are left to crawl and watch.
        self._crawler = Crawler(workspace, names=())
        self._lock = Lock()
        self.name = f"The archive in {self._folder.path}"
        self.full_text = SQLiteFullText(self._folder.database)
        self.query_service = QueryService(self.archive, self.lists, lambda: (self.registry, ()))

    @property
    def archive(self) -> "Archive":
        """The articles."""
        return self._folder.archive

    @property
    def lists(self) -> "ArchiveLists":
        """The lists of articles."""
        return self._folder.lists

    @property
    def pages(self) -> "FolderPages":
        """The stored pages."""
        return self._folder.pages

    @property
    def urls(self) -> "KnownUrls":
        """The known URLs."""
        return self._folder.frontier.urls

    @property
    def hosts(self) -> "Hosts":
        """The hosts."""
        return self._folder.frontier.hosts

    @property
    def registry(self) -> "Registry":
        """The sources of the folder over the bundled ones."""
        return self._folder.sources()

    def fetch(self, url: str) -> Mapping[str, Any]:
        """Fetch a URL; see ``Deployment``."""
        (result,) = fetch_on_demand({"url": url}, self._crawler.fetcher)
        return result

    def reference(self, key: str) -> RawReference:
        """Return the reference to a stored page; see ``Deployment``."""
        return RawReference(key=key)

    def upload(self, name: str, page: RawPage) -> str:
        """Store a page, so that it is read; see ``Deployment``."""
        body = decompress(page.body, name, MAX_PAGE_BYTES)
        key = self._folder.pages.put_upload(replace(page, body=body))
        self._folder.unread.add([(key, None)])
        self._crawler.add(key)
        return key

    def run_queues(self) -> None:
        """Read the pages that were submitted; see ``Deployment``."""
        with self._lock:
            for _ in self._crawler.step():
                pass

    def dead_letters(self, stage: Stage, most: int) -> tuple[DeadLetterMessage, ...]:
        """Return failures of a stage; see ``Deployment``."""
        newest = sorted(self._folder.failures.all(stage.name), key=lambda failure: failure.at, reverse=True)
        return tuple(map(as_message, newest[:most]))

    def count_dead_letters(self, stage: Stage) -> int:
        """Return how many failures a stage has; see ``Deployment``."""
        return self._folder.failures.count(stage.name)

    def page_of(self, message: DeadLetterMessage) -> str | None:
        """Return the key of the page of a failure; see ``Deployment``."""
        return None if message.body.startswith("{") else message.body

    def send_back(self, stage: Stage, reason: str | None) -> RedriveResult:
        """Put failures of a stage back to where they failed; see ``Deployment``."""
        retried, kept = retry_all(self._folder, stage.name, reason, datetime.now(UTC))
        if stage is not FETCH:
            for failure in retried:
                self._crawler.add(failure.body)
        return redrive_result(retried, kept)
