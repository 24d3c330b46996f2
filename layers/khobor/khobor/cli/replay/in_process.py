"""A replay in this process, with the user's own credentials."""

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from khobor.cli.deployed import outputs
from khobor.cli.replay.progress import progress_bar

if TYPE_CHECKING:
    from khobor.archive.dynamodb.archive import DynamoDBArchive
    from khobor.replay.report import ReplayReport
    from khobor.replay.run import ReplayRun
    from khobor.sources.registry import Registry

_OUTPUTS = ("RawBucketName", "ArchiveTableName", "CrawlTableName", "Indexes")


def read_pages(
    run: "ReplayRun", prefixes: Iterable[str], pages: Iterable[str], registry: "Registry", stack: str
) -> "ReplayReport":
    """Extract pages again and store what that changes.

    Args:
        run: The replay.
        prefixes: Key prefixes of the pages.
        pages: Keys of further pages.
        registry: The sources whose rules apply.
        stack: Name of the stack.
    """
    import boto3

    from khobor.errors import RetryableError
    from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
    from khobor.page import MAX_STORED_PAGE_BYTES
    from khobor.pages.s3 import S3PageReader
    from khobor.replay.report import ReplayReport, RereadResult
    from khobor.replay.rereading import Rereading
    from khobor.replay.run import keys
    from khobor.work_limits import LOCAL_PAGE_LIMITS

    bucket, table, crawl_table, indexes = outputs(stack, *_OUTPUTS)
    s3 = boto3.client("s3")
    urls = DynamoDBKnownUrls(boto3.client("dynamodb"), crawl_table, days=1)
    archive = writable_archive(table, indexes)
    rereading = Rereading(S3PageReader(s3), bucket, archive, urls, MAX_STORED_PAGE_BYTES, limits=LOCAL_PAGE_LIMITS)
    report = ReplayReport()
    with progress_bar() as progress:
        task = progress.add_task("pages", total=None) if progress else None
        for key in chain((key for prefix in prefixes for key in keys(s3, bucket, prefix)), pages):
            try:
                for result in rereading.read(key, run, registry):
                    report.add(result)
            except RetryableError as error:
                report.add(RereadResult(outcome="left", reason=error.reason, detail=error.detail))
            if progress and task is not None:
                progress.advance(task)
    return report


def writable_archive(table: str, indexes: str) -> "DynamoDBArchive":
    """Return an archive that maintains the indexes which the stack has enabled.

    Args:
        table: Name of the archive table.
        indexes: The stack's output ``Indexes``.
    """
    import boto3

    from khobor.archive.dynamodb.archive import DynamoDBArchive
    from khobor.archive.headlines import read_indexes

    return DynamoDBArchive(boto3.client("dynamodb"), table, read_indexes(indexes))
