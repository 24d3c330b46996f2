"""What a command works with that adds to a local archive."""

from dataclasses import dataclass

from khobor.fetch.downloader import Downloader
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.extraction_pool import ExtractionPool
from khobor.local.journal import Journal
from khobor.local.stopping import Stop
from khobor.sources.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """An archive that is open to be added to.

    Attributes:
        folder: The archive.
        sources: The sources.
        downloader: Sends requests.
        pool: Extracts articles.
        journal: Logs and counts.
        stop: Says when to end.
        is_alone: Whether no other process adds to the archive.
    """

    folder: ArchiveFolder
    sources: Registry
    downloader: Downloader
    pool: ExtractionPool
    journal: Journal
    stop: Stop
    is_alone: bool
