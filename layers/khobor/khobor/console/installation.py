"""What the console shows: one installation of khobor, on AWS, on an emulator, or in this process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from khobor.aws.archive import Archive
from khobor.aws.archive_lists import ArchiveLists
from khobor.aws.hosts import Hosts
from khobor.aws.known_urls import KnownUrls
from khobor.aws.source_bucket import SourceBucket
from khobor.sources.registry import Registry

# In the order of the pipeline: what each holds, by the template's output for its URL.
DEAD_LETTER_QUEUES = {
    "DiscoverDeadLetterQueueUrl": "Discover: listings that could not be read",
    "FetchDeadLetterQueueUrl": "Fetch: URLs that could not be fetched",
    "ParseDeadLetterQueueUrl": "Parse: pages that hold no article",
    "StoreDeadLetterQueueUrl": "Store: articles that could not be stored",
}
# The outputs of the template that the console needs.
OUTPUTS = ("ArchiveTableName", "CrawlTableName", "RawBucketName", "FetchFunctionName", *DEAD_LETTER_QUEUES)
_SOURCES_SECONDS = 30.0

# Fetches a URL and answers as the fetch function does: with the ``key`` of its page, or with ``reason`` and ``detail``.
Fetch = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Clients:
    """Clients of AWS's services."""

    s3: Any
    sqs: Any
    dynamodb: Any


@dataclass(frozen=True, kw_only=True)
class Installation:
    """One installation.

    Attributes:
        name: What a reader knows it by.
        clients: By which it is reached.
        outputs: The outputs of its template, all of ``OUTPUTS`` among them.
        fetch: Has a URL fetched; raises KhoborError where that cannot be had.
        move: Moves what waits in the queues, where nobody else does so.
    """

    name: str
    clients: Clients
    outputs: Mapping[str, str]
    fetch: Fetch
    move: Callable[[], object]

    @cached_property
    def archive(self) -> Archive:
        """The articles."""
        return Archive(self.clients.dynamodb, self.outputs["ArchiveTableName"])

    @cached_property
    def lists(self) -> ArchiveLists:
        """Lists of them."""
        return ArchiveLists(self.clients.dynamodb, self.outputs["ArchiveTableName"])

    @cached_property
    def urls(self) -> KnownUrls:
        """The URLs that are known; nothing is written there, so that it does not matter how long they are kept."""
        return KnownUrls(self.clients.dynamodb, self.outputs["CrawlTableName"], days=0)

    @cached_property
    def hosts(self) -> Hosts:
        """The hosts that are asked."""
        return Hosts(self.clients.dynamodb, self.outputs["CrawlTableName"])

    @property
    def registry(self) -> Registry:
        """The uploaded sources over the bundled ones; those that cannot be used are left out, as parse does."""
        return self._source_bucket.registry()[0]

    @cached_property
    def _source_bucket(self) -> SourceBucket:
        return SourceBucket(self.clients.s3, self.outputs["RawBucketName"], _SOURCES_SECONDS)
