"""What the console shows: one deployment of khobor, on AWS, on an emulator, or in this process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.lists import DynamoDBLists
from khobor.dead_letters.redriving import Send
from khobor.frontier.dynamodb.hosts import DynamoDBHosts
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.pages.s3 import S3PageReader
from khobor.query.service import QueryService
from khobor.sources.registry import Registry
from khobor.sources.source_bucket import SourceBucket
from khobor.stages import STAGES, Stage

# The outputs of the template that the console needs.
OUTPUTS = (
    *("ArchiveTableName", "CrawlTableName", "RawBucketName", "FetchFunctionName"),
    *(stage.dead_letter_output for stage in STAGES if not stage.parameter),
)
# Those that it shows where the stack has them.
OPTIONAL_OUTPUTS = tuple(stage.dead_letter_output for stage in STAGES if stage.parameter)
_SOURCES_SECONDS = 30.0

# Fetches a URL and answers as the fetch function does: with the ``key`` of its page, or with ``reason`` and ``detail``.
Fetch = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class AwsClients:
    """AwsClients of AWS's services."""

    s3: Any
    sqs: Any
    dynamodb: Any


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """One deployment.

    Attributes:
        name: What a reader knows it by.
        clients: By which it is reached.
        outputs: The outputs of its template: all of ``OUTPUTS``, and of ``OPTIONAL_OUTPUTS`` those that it has.
        fetch: Has a URL fetched; raises KhoborError where that cannot be had.
        move: Moves what waits in the queues, where nobody else does so.
        sender: Returns what sends dead-letter messages of a stage back.
        patience: For how long a page may be on its way before a reader is told that nothing came of it.
    """

    name: str
    clients: AwsClients
    outputs: Mapping[str, str]
    fetch: Fetch
    move: Callable[[], object]
    sender: Callable[[Stage], Send]
    patience: timedelta = timedelta(minutes=15)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that this deployment has, in the order of the pipeline."""
        return tuple(stage for stage in STAGES if stage.dead_letter_output in self.outputs)

    @cached_property
    def archive(self) -> DynamoDBArchive:
        """The articles."""
        return DynamoDBArchive(self.clients.dynamodb, self.outputs["ArchiveTableName"])

    @cached_property
    def pages(self) -> S3PageReader:
        """The pages as they came."""
        return S3PageReader(self.clients.s3)

    @cached_property
    def lists(self) -> DynamoDBLists:
        """Lists of them."""
        return DynamoDBLists(self.clients.dynamodb, self.outputs["ArchiveTableName"])

    @cached_property
    def urls(self) -> DynamoDBKnownUrls:
        """The URLs that are known; nothing is written there, so that it does not matter how long they are kept."""
        return DynamoDBKnownUrls(self.clients.dynamodb, self.outputs["CrawlTableName"], days=0)

    @cached_property
    def hosts(self) -> DynamoDBHosts:
        """The hosts that are asked."""
        return DynamoDBHosts(self.clients.dynamodb, self.outputs["CrawlTableName"])

    @cached_property
    def query_service(self) -> QueryService:
        """Who answers what is asked of them."""
        return QueryService(self.archive, self.lists, lambda: (self.registry, ()))

    @property
    def registry(self) -> Registry:
        """The uploaded sources over the bundled ones; those that cannot be used are left out, as parse does."""
        return self._source_bucket.registry()[0]

    @cached_property
    def _source_bucket(self) -> SourceBucket:
        return SourceBucket(self.clients.s3, self.outputs["RawBucketName"], _SOURCES_SECONDS)
