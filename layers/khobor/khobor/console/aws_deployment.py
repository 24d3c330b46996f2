"""A deployment on AWS, on an emulator, or in this process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.lists import DynamoDBLists
from khobor.article import RawReference
from khobor.dead_letters.message import DeadLetterMessage, RedriveResult
from khobor.dead_letters.messages import count, page_key, peek
from khobor.dead_letters.redriving import Send, redrive
from khobor.frontier.dynamodb.hosts import DynamoDBHosts
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.keys import UPLOADS
from khobor.page import RawPage, to_metadata
from khobor.pages.s3 import S3PageReader
from khobor.query.service import QueryService
from khobor.sources.registry import Registry
from khobor.sources.source_bucket import SourceBucket
from khobor.stages import STAGES, Stage
from khobor.url import digest

# The outputs of the template that the console needs.
OUTPUTS = (
    *("ArchiveTableName", "CrawlTableName", "RawBucketName", "FetchFunctionName"),
    *(stage.dead_letter_output for stage in STAGES if not stage.parameter),
)
# The outputs that it uses if the stack has them.
OPTIONAL_OUTPUTS = tuple(stage.dead_letter_output for stage in STAGES if stage.parameter)
_SOURCES_SECONDS = 30.0

# Fetches a URL; returns what the fetch function returns: the ``key`` of the page, or ``reason`` and ``detail``.
Fetch = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class AwsClients:
    """The boto3 clients of a deployment."""

    s3: Any
    sqs: Any
    dynamodb: Any


@dataclass(frozen=True, kw_only=True)
class AwsDeployment:
    """A deployed stack; a ``Deployment``.

    Attributes:
        name: The name that the console shows.
        clients: The clients.
        outputs: The outputs of the template: all of ``OUTPUTS``, and those of ``OPTIONAL_OUTPUTS`` that the stack has.
        fetcher: Fetches a URL.
        runner: Processes the messages of the queues, if nothing else does.
        sender: Returns the function that sends back the dead-letter messages of a stage.
        longest_wait: After how long a submitted page without a result counts as failed.
        full_text: There is no search of texts on AWS.
    """

    name: str
    clients: AwsClients
    outputs: Mapping[str, str]
    fetcher: Fetch
    runner: Callable[[], object]
    sender: Callable[[Stage], Send]
    longest_wait: timedelta = timedelta(minutes=15)
    full_text: None = None

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages of this deployment, in the order of the pipeline."""
        return tuple(stage for stage in STAGES if stage.dead_letter_output in self.outputs)

    @cached_property
    def archive(self) -> DynamoDBArchive:
        """The articles."""
        return DynamoDBArchive(self.clients.dynamodb, self.outputs["ArchiveTableName"])

    @cached_property
    def pages(self) -> S3PageReader:
        """The stored pages."""
        return S3PageReader(self.clients.s3)

    @cached_property
    def lists(self) -> DynamoDBLists:
        """The lists of articles."""
        return DynamoDBLists(self.clients.dynamodb, self.outputs["ArchiveTableName"])

    @cached_property
    def urls(self) -> DynamoDBKnownUrls:
        """The known URLs. The console only reads them, so the number of days does not matter."""
        return DynamoDBKnownUrls(self.clients.dynamodb, self.outputs["CrawlTableName"], days=0)

    @cached_property
    def hosts(self) -> DynamoDBHosts:
        """The hosts."""
        return DynamoDBHosts(self.clients.dynamodb, self.outputs["CrawlTableName"])

    @cached_property
    def query_service(self) -> QueryService:
        """The query service."""
        return QueryService(self.archive, self.lists, lambda: (self.registry, ()))

    @property
    def registry(self) -> Registry:
        """The uploaded sources over the bundled ones; invalid ones are ignored, as by the parse function."""
        return self._source_bucket.registry()[0]

    @cached_property
    def _source_bucket(self) -> SourceBucket:
        return SourceBucket(self.clients.s3, self.outputs["RawBucketName"], _SOURCES_SECONDS)

    def fetch(self, url: str) -> Mapping[str, Any]:
        """Fetch a URL; see ``Deployment``."""
        return self.fetcher(url)

    def reference(self, key: str) -> RawReference:
        """Return the reference to a stored page; see ``Deployment``."""
        return RawReference(bucket=self.outputs["RawBucketName"], key=key)

    def upload(self, name: str, page: RawPage) -> str:
        """Store a page, so that it is parsed; see ``Deployment``."""
        suffix = ".html.gz" if name.lower().endswith(".gz") else ".html"
        key = f"{UPLOADS}console/{page.fetched_at:%Y-%m-%d/%H%M%S.%fZ}-{digest(page.body)[:12]}{suffix}"
        bucket = self.outputs["RawBucketName"]
        self.clients.s3.put_object(Bucket=bucket, Key=key, Body=page.body, Metadata=to_metadata(page))
        return key

    def run_queues(self) -> None:
        """Process what was submitted; see ``Deployment``."""
        self.runner()

    def dead_letters(self, stage: Stage, most: int) -> tuple[DeadLetterMessage, ...]:
        """Return dead-letter messages of a stage; see ``Deployment``."""
        return peek(self.clients.sqs, self.outputs[stage.dead_letter_output], most)

    def count_dead_letters(self, stage: Stage) -> int:
        """Return how many dead-letter messages a stage has; see ``Deployment``."""
        return count(self.clients.sqs, self.outputs[stage.dead_letter_output])

    def page_of(self, message: DeadLetterMessage) -> str | None:
        """Return the key of the page of a dead-letter message; see ``Deployment``."""
        return page_key(self.clients.s3, message.body)

    def send_back(self, stage: Stage, reason: str | None) -> RedriveResult:
        """Send dead-letter messages of a stage back; see ``Deployment``."""
        url = self.outputs[stage.dead_letter_output]
        return redrive(self.clients.sqs, url, reason, self.sender(stage))
