"""``khobor replay`` and ``khobor rebuild``: pages read again, by the state machine of a deployed stack or from here."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from khobor.cli.completion import source_names
from khobor.cli.deployed import STACK, Stack, outputs
from khobor.cli.options import Json
from khobor.cli.output import counted, print_json, wants_json
from khobor.cli.suggestion import unknown
from khobor.cli.terminal import errors, output
from khobor.errors import CommandError, PermanentError
from khobor.keys import SOURCES

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from khobor.archive.dynamodb.archive import Archive
    from khobor.replay.report import ReplayReport
    from khobor.replay.run import ReplayRun
    from khobor.sources.registry import Registry

_OUTPUTS = ("RawBucketName", "ArchiveTableName", "CrawlTableName", "Indexes")
# The largest that the parameter MaxPageBytes may be: what is in the bucket can be read.
_MAX_PAGE_BYTES = 104_857_600
_POLL_SECONDS = 2.0
# Of the three ways to say what is to be read again, one is given.
_OTHERS = 2
_ENDED = {"FAILED", "TIMED_OUT", "ABORTED"}

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")]
Concurrency = Annotated[int, typer.Option(min=1, max=1000, help="How many batches of 20 pages are read in parallel.")]
Here = Annotated[bool, typer.Option("--here", help="Read them in this process, with your own credentials.")]
Follow = Annotated[str | None, typer.Option(help="Name of a started replay: show its progress, or resume it.")]


SourceOption = Annotated[
    str | None,
    typer.Option("--source", help="Name of the source, with or without a file.", autocompletion=source_names),
]
Host = Annotated[str | None, typer.Option(help="Host of the pages, such as example.org; subdomains included.")]
First = Annotated[str | None, typer.Option("--from", help="First day on which they were fetched, UTC; by default all.")]
Last = Annotated[str | None, typer.Option("--to", help="Last day; by default today.")]


def replay(
    source: SourceOption = None,
    host: Host = None,
    start: First = None,
    end: Last = None,
    dry_run: DryRun = False,
    concurrency: Concurrency = 10,
    here: Here = False,
    follow: Follow = None,
    as_json: Json = None,
    stack: Stack = STACK,
) -> None:
    """Read pages of a source or a host again, with today's extractor and rules, and store what that changes.

    The changes are no revisions, as the publisher changed nothing, and are not announced. An article is read again with
    all its pages, also those of other days. The pages of a source are those fetched from its hosts, and the uploads
    that became its articles. `khobor rebuild` reads every page, including uploads that became no article.

    For example:

    - `khobor replay --source kalbela --from 2026-03-01 --to 2026-03-07 --dry-run`
    - `khobor replay --host example.org`
    - `khobor replay --follow 20260308T090500`
    """
    if [source, host, follow].count(None) != _OTHERS:
        raise typer.BadParameter("give one of --source, --host and --follow", param_hint="--source")
    if follow is not None:
        _follow(follow, stack, as_json=as_json)
        return
    from khobor.replay.run import ReplayRun

    first, last = _days(start, end)
    hosts = () if host is None else (_ascii(host),)
    run = ReplayRun(name=_name(), source=source, hosts=hosts, start=first, end=last, is_dry_run=dry_run)
    _start(run, concurrency, stack, here=here, as_json=as_json)


def rebuild(
    restored: Annotated[
        str | None, typer.Option(help="Table restored by point-in-time recovery, which is copied first.")
    ] = None,
    dry_run: DryRun = False,
    concurrency: Concurrency = 10,
    here: Here = False,
    follow: Follow = None,
    as_json: Json = None,
    stack: Stack = STACK,
) -> None:
    """Fill an archive table that is empty or incomplete from every page of the raw bucket.

    Forgotten articles do not come back. What no page says, such as that an article disappeared from its site, comes
    back from a table that point-in-time recovery restored.

    For example:

    - `khobor rebuild --dry-run`
    - `khobor rebuild --restored khobor-of-yesterday`
    """
    if follow is not None:
        if restored is not None:
            raise typer.BadParameter(
                "--follow goes on with what was started; --restored starts anew", param_hint="--follow"
            )
        _follow(follow, stack, as_json=as_json)
        return
    from khobor.replay.run import ReplayRun

    run = ReplayRun(name=_name(), is_dry_run=dry_run)
    if not dry_run:
        _prepare(restored, stack)
    _start(run, concurrency, stack, here=here, as_json=as_json)


def _start(run: "ReplayRun", concurrency: int, stack: str, *, here: bool, as_json: bool | None) -> None:
    import boto3

    from khobor.archive.dynamodb.lists import ArchiveLists
    from khobor.replay.run import kept_pages, prefixes

    bucket, machine, table, indexes = outputs(
        stack, "RawBucketName", "ReplayStateMachineArn", "ArchiveTableName", "Indexes"
    )
    s3, registry = boto3.client("s3"), _registry(bucket)
    run = _with_hosts(run, registry)
    found = prefixes(s3, bucket, run)
    pages = list(kept_pages(_archive(table, indexes), ArchiveLists(boto3.client("dynamodb"), table), run))
    if not found and not pages:
        raise CommandError(_nothing(run, bucket, registry))
    if here:
        show(_read_here(run, found, pages, registry, stack), is_dry_run=run.is_dry_run, as_json=as_json)
        return
    asked = json.dumps(execution_input(s3, bucket, run, found, pages) | {"concurrency": concurrency})
    boto3.client("stepfunctions").start_execution(stateMachineArn=machine, name=run.name, input=asked)
    errors.print(f"started as {run.name}; khobor replay --follow {run.name} goes on where this is stopped")
    _follow(run.name, stack, as_json=as_json)


def execution_input(
    s3: "S3Client", bucket: str, run: "ReplayRun", prefixes: Sequence[str], pages: Sequence[str]
) -> dict[str, object]:
    """Return what the state machine is started with; the keys of pages lie in the bucket, as they may be many.

    Args:
        s3: The client.
        bucket: Name of the raw bucket.
        run: The replay.
        prefixes: How keys begin that are to be listed.
        pages: Keys of pages besides those.
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
            f"s3://{bucket}/{SOURCES}{problem} (a version before it is used, where there is one)",
            markup=False,
            soft_wrap=True,
        )
    return registry


def _with_hosts(run: "ReplayRun", registry: "Registry") -> "ReplayRun":
    """Return a replay of a source with the hosts that its file names, where it has one."""
    import msgspec

    source = registry.source(run.source) if run.source else None
    if source is None:
        return run
    return msgspec.structs.replace(run, hosts=tuple(host.partition("/")[0] for host in source.hosts))


def _nothing(run: "ReplayRun", bucket: str, registry: "Registry") -> str:
    """Return why there is nothing to read again."""
    import boto3

    from khobor.replay.run import hosts_of

    when = f" of {run.start} to {run.end}" if run.start else ""
    if run.source and not run.hosts:
        names = [each.name for each in registry]
        return (
            f"the archive has no article of {run.source} with a page{when}, and {unknown('source', run.source, names)}"
        )
    if run.source:
        return f"{run.source} has no pages{when}: none fetched from {', '.join(run.hosts)}, and no upload"
    if not run.hosts:
        return f"the bucket {bucket} has no pages"
    known = list(hosts_of(boto3.client("s3"), bucket))
    if any(map(run.is_of_hosts, known)):
        return f"there are no pages of {run.hosts[0]}{when}"
    return f"no page was fetched from {run.hosts[0]}: {unknown('host', run.hosts[0], known)}"


def _read_here(
    run: "ReplayRun", prefixes: Iterable[str], pages: Iterable[str], registry: "Registry", stack: str
) -> "ReplayReport":
    import boto3

    from khobor.errors import RetryableError
    from khobor.frontier.dynamodb.known_urls import KnownUrls
    from khobor.replay.report import PageResult, ReplayReport
    from khobor.replay.rereading import Rereading
    from khobor.replay.run import keys

    bucket, table, crawl_table, indexes = outputs(stack, *_OUTPUTS)
    s3 = boto3.client("s3")
    urls = KnownUrls(boto3.client("dynamodb"), crawl_table, days=1)
    rereading = Rereading(s3, bucket, _archive(table, indexes), urls, _MAX_PAGE_BYTES)
    report = ReplayReport()
    with _progress() as progress:
        task = progress.add_task("pages", total=None) if progress else None
        for key in chain((key for prefix in prefixes for key in keys(s3, bucket, prefix)), pages):
            try:
                for result in rereading.read(key, run, registry):
                    report.add(result)
            except RetryableError as error:
                report.add(PageResult(outcome="left", reason=error.reason, detail=error.detail))
            if progress and task is not None:
                progress.advance(task)
    return report


def _prepare(restored: str | None, stack: str) -> None:
    """Bring back what no page tells: what a restored table has, and which articles are never to come."""
    import boto3

    from khobor.frontier.dynamodb.known_urls import KnownUrls

    crawl_table, table, indexes = outputs(stack, "CrawlTableName", "ArchiveTableName", "Indexes")
    dynamodb = boto3.client("dynamodb")
    archive = _archive(table, indexes)
    forgotten = dict(KnownUrls(dynamodb, crawl_table, days=1).all_forgotten())
    for article_id, at in forgotten.items():
        archive.forbid(article_id, at)
    if restored:
        errors.print(f"{archive.copy_from(restored, forgotten.keys())} items copied from {restored}")


def _archive(table: str, indexes: str) -> "Archive":
    import boto3

    from khobor.archive.dynamodb.archive import Archive
    from khobor.archive.dynamodb.postings import read_indexes

    return Archive(boto3.client("dynamodb"), table, read_indexes(indexes))


def _follow(name: str, stack: str, *, as_json: bool | None) -> None:
    """Show how far a replay is until it has ended, and then what came of it."""
    import boto3

    bucket, machine = outputs(stack, "RawBucketName", "ReplayStateMachineArn")
    arn = f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
    states = boto3.client("stepfunctions")
    with _progress() as progress:
        execution: Any = _execution(states, arn, name, stack)
        if execution["status"] in _ENDED:
            states.redrive_execution(executionArn=arn)
        task = progress.add_task("batches", total=None) if progress else None
        while (execution := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
            if progress and task is not None:
                done, total = _counts(states, arn)
                progress.update(task, completed=done, total=total or None)
            time.sleep(_POLL_SECONDS)
        report = _gathered(bucket, name)
    show(report, is_dry_run=json.loads(execution["input"])["run"].get("is_dry_run", False), as_json=as_json)
    if execution["status"] != "SUCCEEDED":
        what = execution.get("cause") or execution.get("error") or ""
        errors.print(f"{execution['status']}: {what}; --follow {name} goes on with it", markup=False, soft_wrap=True)
        raise typer.Exit(1)
    _tell_failed(states, arn)


def _execution(states: Any, arn: str, name: str, stack: str) -> dict[str, Any]:
    """Return how far an execution is; raises CommandError where there is none."""
    try:
        found: dict[str, Any] = states.describe_execution(executionArn=arn)
    except (states.exceptions.ExecutionDoesNotExist, states.exceptions.InvalidArn) as error:
        hint = "its name was printed when it was started, and Step Functions forgets it after 90 days"
        raise CommandError(f"the stack {stack} has no replay {name}: {hint}") from error
    return found


def _counts(states: Any, arn: str) -> tuple[int, int]:
    """Return how many batches of a replay are done with, and how many there are so far."""
    counts = [_map_run(states, each["mapRunArn"]) for each in _map_runs(states, arn)]
    ended = ("succeeded", "failed", "timedOut", "aborted")
    return sum(sum(each[name] for name in ended) for each in counts), sum(each["total"] for each in counts)


def _map_runs(states: Any, arn: str) -> Iterator[dict[str, Any]]:
    for page in states.get_paginator("list_map_runs").paginate(executionArn=arn):
        yield from page["mapRuns"]


def _map_run(states: Any, arn: str) -> dict[str, int]:
    counts: dict[str, int] = states.describe_map_run(mapRunArn=arn)["executionCounts"]
    return counts


def _tell_failed(states: Any, arn: str) -> None:
    failed = sum(_map_run(states, each["mapRunArn"])["failed"] for each in _map_runs(states, arn))
    if failed:
        what = f"{failed} batches of pages could not be read; the function's log says why. Start it again: "
        errors.print(f"{what}what is done is not done twice", soft_wrap=True)
        raise typer.Exit(1)


def _gathered(bucket: str, name: str) -> "ReplayReport":
    import boto3

    from khobor.replay.report import ReplayReport, decode
    from khobor.replay.run import ReplayRun, keys

    s3 = boto3.client("s3")
    report = ReplayReport()
    for key in keys(s3, bucket, ReplayRun(name=name).reports):
        report.merge(decode(s3.get_object(Bucket=bucket, Key=key)["Body"].read()))
    return report


def show(report: "ReplayReport", *, is_dry_run: bool, as_json: bool | None) -> None:
    """Print what a replay changed, or would change."""
    import msgspec

    if wants_json(as_json):
        print_json({"is_dry_run": is_dry_run, **msgspec.to_builtins(report)})
        return
    of = report.outcomes
    outcomes = f"{of.get('new', 0)} new, {of.get('changed', 0)} changed, {of.get('same', 0)} as they were"
    left = sum(report.reasons.values())
    output.print(f"{counted(report.pages, 'page')}; articles: {outcomes}, {left} left alone")
    if joined := of.get("joined", 0):
        output.print(f"pages that joined these or others: {joined}")
    if report.fields:
        _show_fields(report)
    for reason, count in sorted(report.reasons.items(), key=lambda each: -each[1]):
        output.print(f"left alone: {count} {reason}, for example: {report.problems[reason][0]}", soft_wrap=True)
    if is_dry_run:
        output.print("nothing was changed: this was a dry run")


def _show_fields(report: "ReplayReport") -> None:
    table = Table(expand=False)
    table.add_column("field", no_wrap=True)
    table.add_column("articles", justify="right")
    table.add_column("for example", overflow="fold")
    for field, count in sorted(report.fields.items(), key=lambda each: -each[1]):
        example = report.examples[field][0]
        text = Text(example.before or "(none)", "red") + Text(" → ") + Text(example.after or "(none)", "green")
        table.add_row(field, str(count), text + Text(f"\n{example.article}", "dim"))
    output.print(table)


@contextmanager
def _progress() -> Iterator[Progress | None]:
    # Even a disabled bar prints an empty line into a pipe.
    if not errors.is_terminal:
        yield None
        return
    with Progress(console=errors, transient=True) as progress:
        yield progress


def _name() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"


def _days(start: str | None, end: str | None) -> tuple[date | None, date | None]:
    """Return the first and the last day; None twice for all."""
    if start is None:
        if end is not None:
            raise typer.BadParameter("--to needs --from", param_hint="--to")
        return None, None
    first, last = _day(start, "--from"), _day(end, "--to") if end else datetime.now(UTC).date()
    if first > last:
        raise typer.BadParameter(f"{first} is after {last}", param_hint="--from")
    return first, last


def _ascii(name: str) -> str:
    """Return a host as keys have it; a URL of the host will do, too."""
    from khobor.url import host

    try:
        return host(name if "://" in name else f"https://{name}/")
    except PermanentError as error:
        raise typer.BadParameter(f"{name!r} is no host such as example.org", param_hint="--host") from error


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day such as 2026-03-01", param_hint=option) from error
