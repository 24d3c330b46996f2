"""What the console shows: an archive with its pages and its frontier, and what goes in and fails."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol

from khobor.archive.full_text import FullTextSearch
from khobor.archive.interface import Archive, ArchiveLists
from khobor.article import RawReference
from khobor.dead_letters.message import DeadLetterMessage, RedriveResult
from khobor.frontier.interface import Hosts, KnownUrls
from khobor.page import RawPage
from khobor.pages.interface import PageReader
from khobor.query.service import QueryService
from khobor.sources.registry import Registry
from khobor.stages import Stage


class Deployment(Protocol):
    """One deployment of khobor: a stack, or a local archive."""

    @property
    def name(self) -> str:
        """The name that the console shows."""

    @property
    def longest_wait(self) -> timedelta:
        """After how long a submitted page without a result counts as failed."""

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that may have dead-letter messages, in the order of the pipeline."""

    @property
    def archive(self) -> Archive:
        """The articles."""

    @property
    def lists(self) -> ArchiveLists:
        """The lists of articles."""

    @property
    def full_text(self) -> FullTextSearch | None:
        """The search of title and text; None if there is none."""

    @property
    def pages(self) -> PageReader:
        """The stored pages."""

    @property
    def urls(self) -> KnownUrls:
        """The known URLs."""

    @property
    def hosts(self) -> Hosts:
        """The hosts."""

    @property
    def query_service(self) -> QueryService:
        """The query service."""

    @property
    def registry(self) -> Registry:
        """The sources; invalid ones are ignored, as by the parse function."""

    def fetch(self, url: str) -> Mapping[str, Any]:
        """Fetch a URL; return the ``key`` of the page, or ``reason`` and ``detail``.

        Raises:
            KhoborError: It cannot be requested.
        """

    def reference(self, key: str) -> RawReference:
        """Return the reference to a stored page by its key."""

    def upload(self, name: str, page: RawPage) -> str:
        """Store a page, so that it is parsed, and return its key.

        Args:
            name: The name of its file.
            page: The page; the body may be gzipped.

        Raises:
            PermanentError: The page cannot be decompressed, or is too large.
        """

    def run_queues(self) -> None:
        """Process what was submitted, if nothing else does."""

    def dead_letters(self, stage: Stage, most: int) -> tuple[DeadLetterMessage, ...]:
        """Return dead-letter messages of a stage, the newest first; they stay where they are.

        Args:
            stage: The stage.
            most: The most messages to return.
        """

    def count_dead_letters(self, stage: Stage) -> int:
        """Return approximately how many dead-letter messages a stage has."""

    def page_of(self, message: DeadLetterMessage) -> str | None:
        """Return the key of the page that a dead-letter message is about; None if it names none."""

    def send_back(self, stage: Stage, reason: str | None) -> RedriveResult:
        """Send dead-letter messages of a stage back.

        Args:
            stage: The stage.
            reason: The reason of the messages; None for all.
        """
