"""The archive at a place: of a stack or in a folder, as commands read and change it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from khobor.cli.deployed import outputs, parameter_if_any
from khobor.cli.place import ArchivePlace, Place, StackPlace

if TYPE_CHECKING:
    from khobor.archive.forgetting import OtherTraces
    from khobor.archive.full_text import FullTextSearch
    from khobor.archive.interface import Archive, ArchiveLists
    from khobor.export.reading import ExportReader
    from khobor.frontier.interface import KnownUrls
    from khobor.pages.interface import PageStore
    from khobor.query.service import QueryService
    from khobor.sources.problems import Problem
    from khobor.sources.registry import Registry
    from khobor.transfer import place as transfer

# Commands are over before uploaded sources are looked at again.
_SOURCES_SECONDS = 60.0
# What the command calls the parts of a query.
OPTIONS = {
    **{name: f"--{name}" for name in ("source", "section", "tag", "author", "change", "day")},
    "since": "--from",
    "until": "--to",
    "order": "--added",
    "combinations": (
        "ask by at most one of --source, --section, --tag, --author and --change, with --day, or with --from and --to; "
        "--added goes with --from and --to only"
    ),
}


@dataclass(frozen=True, kw_only=True)
class ArchiveParts:
    """An archive with what belongs to it.

    Attributes:
        archive: The articles.
        lists: Lists of their headlines.
        pages: The pages as they came.
        urls: The known URLs.
        full_text: Searches title and text; None on a stack, which searches titles.
        sources: Returns the sources, and the problems of those that cannot be used.
        other_traces: Where else a forgotten article is known; None on a stack, whose logs are not reached.
    """

    archive: "Archive"
    lists: "ArchiveLists"
    pages: "PageStore"
    urls: "KnownUrls"
    full_text: "FullTextSearch | None" = None
    sources: "Callable[[], tuple[Registry, tuple[Problem, ...]]]"
    other_traces: "OtherTraces | None" = None

    @property
    def export_reader(self) -> "ExportReader":
        """Reads what is exported."""
        from khobor.export.reading import ArchiveExportReader

        return ArchiveExportReader(self.archive, self.lists, self.pages)

    @property
    def query_service(self) -> "QueryService":
        """Answers queries; its errors name the options of the command."""
        from khobor.query.service import QueryService

        return QueryService(self.archive, self.lists, self.sources, OPTIONS)


def archive_at(place: Place) -> ArchiveParts:
    """Return the archive at a place.

    Args:
        place: A stack or a local archive.

    Raises:
        CommandError: There is no archive in the folder, or the stack lacks an output.
        BotoCoreError: AWS cannot be reached; ClientError if it refuses, or there is no such stack.
    """
    return _in_folder(place) if isinstance(place, ArchivePlace) else _of_stack(place)


def _in_folder(place: ArchivePlace) -> ArchiveParts:
    from khobor.archive.sqlite.full_text import SQLiteFullText
    from khobor.local.archive_folder import ArchiveFolder
    from khobor.local.other_traces import LocalTraces

    found = place.until_done.enter_context(ArchiveFolder.open(place.folder))
    return ArchiveParts(
        archive=found.archive,
        lists=found.lists,
        pages=found.pages,
        urls=found.frontier.urls,
        full_text=SQLiteFullText(found.database),
        sources=found.source_folder.registry,
        other_traces=LocalTraces(found),
    )


def _of_stack(place: StackPlace) -> ArchiveParts:
    # Here, not above: it takes a second to import, and --help should not.
    import boto3

    from khobor.archive.dynamodb.archive import DynamoDBArchive
    from khobor.archive.dynamodb.lists import DynamoDBLists
    from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
    from khobor.pages.s3 import S3Pages
    from khobor.sources.source_bucket import SourceBucket

    table, crawl_table, bucket = outputs(place.name, "ArchiveTableName", "CrawlTableName", "RawBucketName")
    dynamodb, s3 = boto3.client("dynamodb"), boto3.client("s3")
    return ArchiveParts(
        archive=DynamoDBArchive(dynamodb, table),
        lists=DynamoDBLists(dynamodb, table),
        pages=S3Pages(s3, bucket),
        # The days count for URLs that are added; commands add none.
        urls=DynamoDBKnownUrls(dynamodb, crawl_table, days=1),
        sources=SourceBucket(s3, bucket, _SOURCES_SECONDS).registry,
    )


@contextmanager
def transfer_place(place: Place, notify: Callable[[str], None], *, create: bool = False) -> "Iterator[transfer.Place]":
    """Open the archive at a place for a dump.

    Args:
        place: A stack or a local archive.
        notify: Takes a sentence that says what a dump lacks, or what is waited for.
        create: Whether to make a local archive if there is none.

    Raises:
        CommandError: There is no archive in the folder, or the stack lacks an output.
        BotoCoreError: AWS cannot be reached; ClientError if it refuses, or there is no such stack.
    """
    from khobor.cli.transfer_places import local_place, stack_place
    from khobor.local.archive_folder import KNOWN_DAYS, ArchiveFolder

    if isinstance(place, ArchivePlace):
        with ArchiveFolder.open(place.folder, create=create, of_copy=True, notify=notify) as found:
            yield local_place(found.archive, found.frontier, found.fetch_queue, found.failures, found.database)
        return
    import boto3

    days = int(parameter_if_any(place.name, "KnownDays") or KNOWN_DAYS)
    clients = boto3.client("dynamodb"), boto3.client("sqs")
    yield stack_place(*clients, lambda *names: outputs(place.name, *names), days, notify)
