"""``khobor discover``: new articles of a source looked for, by the deployed stack or as a trial here."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from khobor.cli.deployed import STACK, Stack, outputs
from khobor.cli.options import NOBODY, Contact, Json, Loopback, SourceName, Sources
from khobor.cli.output import print_json, wants_json
from khobor.cli.place import ARCHIVE, ARCHIVE_VARIABLE
from khobor.cli.source_files import find_source
from khobor.cli.terminal import output
from khobor.cli.workspace import sources_of
from khobor.errors import CommandError

_Archive = Annotated[
    Path | None, typer.Option("--archive", metavar="DIR", help="With --dry-run: a local archive with sources.")
]


def discover(
    source: SourceName,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be fetched, and why the rest would not.")
    ] = False,
    as_json: Json = None,
    stack: Stack = STACK,
    archive: _Archive = None,
    folder: Sources = None,
    contact: Contact = NOBODY,
    allow_loopback: Loopback = False,
) -> None:
    """Look for new articles of a source now, on the deployed stack, or with --dry-run here.

    A dry run knows the sources of the local archive, too. khobor crawl looks for articles for a local archive.

    For example:

    - `khobor discover kalbela --dry-run`
    - `khobor discover mine --dry-run --sources mine/`
    - `khobor discover kalbela --stack mine`
    """
    if not dry_run:
        _require_no_archive(archive)
        _show_started(invoke(stack, source), as_json=as_json)
        return
    # Here, not above: they take long to import, and --help should not.
    from khobor.cli.dry_run import show_dry_run
    from khobor.fetch.downloader import Downloader, Limits

    found = find_source(source, sources_of(archive or Path(os.environ.get(ARCHIVE_VARIABLE) or ARCHIVE), folder))
    downloader = Downloader(contact, Limits(), allow_loopback=allow_loopback)
    if not show_dry_run(output, found, downloader, as_json=as_json):
        raise typer.Exit(1)


def _require_no_archive(archive: Path | None) -> None:
    if archive:
        raise typer.BadParameter(
            "it goes with --dry-run; khobor crawl SOURCE fetches new articles into a local archive",
            param_hint="--archive",
        )


def _show_started(started: dict[str, object], *, as_json: bool | None) -> None:
    if wants_json(as_json):
        print_json(started)
        return
    for name, value in started.items():
        output.print(f"{name}: {value}", markup=False, soft_wrap=True)


def invoke(stack: str, source: str) -> dict[str, object]:
    """Let a deployed stack look for new articles of a source, and return what it asks for; raises CommandError.

    Args:
        stack: The name of the stack.
        source: The name of the source.
    """
    # Here, not above: it takes a second to import, and --help should not.
    import boto3
    from botocore.config import Config

    (function,) = outputs(stack, "DiscoverFunctionName")
    # Longer than the function may take, so that it is not asked twice.
    functions = boto3.client("lambda", config=Config(read_timeout=150, retries={"max_attempts": 0}))
    answer = functions.invoke(FunctionName=function, Payload=json.dumps({"source": source}).encode())
    told: dict[str, object] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise CommandError(f"{source}: {told.get('errorMessage', told)}")
    return told
