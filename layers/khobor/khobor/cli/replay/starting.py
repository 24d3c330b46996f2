"""Starts a replay: on the state machine of a deployed stack, or in this process."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from khobor.cli.deployed import outputs
from khobor.cli.replay.following import follow_replay
from khobor.cli.replay.in_process import read_pages, writable_archive
from khobor.cli.replay.report import show
from khobor.cli.suggestion import unknown
from khobor.cli.terminal import errors
from khobor.errors import CommandError
from khobor.keys import SOURCES
from khobor.site import split_host

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from khobor.replay.run import ReplayRun
    from khobor.sources.registry import Registry


def start_replay(run: "ReplayRun", concurrency: int, stack: str, *, here: bool, as_json: bool | None) -> None:
    """Start a replay, and show its progress and its report.

    Args:
        run: The replay.
        concurrency: How many batches of pages are processed in parallel.
        stack: Name of the stack.
        here: Whether to read the pages in this process.
        as_json: The option ``--json``.

    Raises:
        CommandError: There are no pages to read.
    """
    import boto3

    from khobor.archive.dynamodb.lists import DynamoDBLists
    from khobor.replay.run import hosts_of, kept_pages, prefixes

    bucket, machine, table, indexes = outputs(
        stack, "RawBucketName", "ReplayStateMachineArn", "ArchiveTableName", "Indexes"
    )
    s3, registry = boto3.client("s3"), _registry(bucket)
    run = with_hosts(run, registry)
    found = prefixes(s3, bucket, run)
    pages = list(kept_pages(writable_archive(table, indexes), DynamoDBLists(boto3.client("dynamodb"), table), run))
    if not found and not pages:
        raise CommandError(nothing_to_read(run, registry, f"the bucket {bucket}", list(hosts_of(s3, bucket))))
    if here:
        show(read_pages(run, found, pages, registry, stack), is_dry_run=run.is_dry_run, as_json=as_json)
        return
    asked = json.dumps(execution_input(s3, bucket, run, found, pages) | {"concurrency": concurrency})
    boto3.client("stepfunctions").start_execution(stateMachineArn=machine, name=run.name, input=asked)
    errors.print(
        f"started as {run.name}; khobor replay --follow {run.name} shows its progress again if you stop this command"
    )
    follow_replay(run.name, stack, as_json=as_json)


def execution_input(
    s3: "S3Client", bucket: str, run: "ReplayRun", prefixes: Sequence[str], pages: Sequence[str]
) -> dict[str, object]:
    """Return the input of the state machine. A list of page keys may be long, so that it is stored in the bucket.

    Args:
        s3: The client.
        bucket: Name of the raw bucket.
        run: The replay.
        prefixes: Key prefixes of the pages, for the state machine to list.
        pages: Keys of further pages.
    """
    import msgspec

    asked = {"run": msgspec.to_builtins(run), "prefixes": list(prefixes)}
    if not pages:
        return asked
    s3.put_object(Bucket=bucket, Key=run.keys, Body=msgspec.json.encode(pages), ContentType="application/json")
    return asked | {"keys": run.keys}


def _registry(bucket: str) -> "Registry":
    import boto3

    from khobor.sources.source_bucket import SourceBucket

    registry, problems = SourceBucket(boto3.client("s3"), bucket, 0).registry()
    for problem in problems:
        errors.print(
            f"s3://{bucket}/{SOURCES}{problem} (an earlier valid version of the file is used if there is one)",
            markup=False,
            soft_wrap=True,
        )
    return registry


def with_hosts(run: "ReplayRun", registry: "Registry") -> "ReplayRun":
    """Return the replay with the hosts of its source; unchanged if it has no source or the source has no file.

    Args:
        run: The replay.
        registry: The sources.
    """
    import msgspec

    source = registry.source(run.source) if run.source else None
    if source is None:
        return run
    return msgspec.structs.replace(run, hosts=tuple(split_host(host)[0] for host in source.hosts))


def nothing_to_read(run: "ReplayRun", registry: "Registry", store: str, known: list[str]) -> str:
    """Return why a replay has no pages.

    Args:
        run: The replay.
        registry: The sources.
        store: What the store of pages is called.
        known: The hosts that have pages there.
    """
    when = f" between {run.start} and {run.end}" if run.start else ""
    if run.source and not run.hosts:
        names = [each.name for each in registry]
        return f"the archive has no page of {run.source}{when}, and {unknown('source', run.source, names)}"
    if run.source:
        return f"{run.source} has no pages{when}: none was fetched from {', '.join(run.hosts)}, and none was uploaded"
    if not run.hosts:
        return f"{store} has no pages"
    if any(map(run.is_of_hosts, known)):
        return f"no page was fetched from {run.hosts[0]}{when}; leave out --from and --to to see all"
    return f"no page was fetched from {run.hosts[0]}: {unknown('host', run.hosts[0], known)}"
