"""``khobor discover``: new articles of a source looked for, by the deployed stack or as a trial here."""

import json
from typing import Annotated

import typer

from khobor.cli.deployed import STACK, Stack, outputs
from khobor.cli.options import NOBODY, Contact, Loopback, Sources
from khobor.cli.sources import named
from khobor.cli.terminal import errors, output


def discover(
    source: Annotated[str, typer.Argument(help="Name of the source; khobor sources lists them.")],
    dry_run: Annotated[bool, typer.Option(help="Only show what would be fetched, and why not the rest.")] = False,
    stack: Stack = STACK,
    folder: Sources = None,
    contact: Contact = NOBODY,
    allow_loopback: Loopback = False,
) -> None:
    """Look for new articles of a source: have the deployed stack do so now, or try it here with --dry-run.

    For example:

    - `khobor discover kalbela --dry-run`
    - `khobor discover mine --dry-run --sources mine/`
    - `khobor discover kalbela --stack mine`
    """
    if not dry_run:
        output.print_json(data=invoke(stack, source))
        return
    # Here, not above: they take long to import, and --help should not.
    from khobor.cli.dry_run import show_dry_run
    from khobor.fetching.downloader import Downloader, Limits

    found = named(source, folder)
    downloader = Downloader(contact, Limits(), allow_loopback=allow_loopback)
    if not show_dry_run(output, found, downloader):
        raise typer.Exit(1)


def invoke(stack: str, source: str) -> dict[str, object]:
    """Have a deployed stack look for new articles of a source; returns what it asks for. Says what fails and exits."""
    # Here, not above: it takes a second to import, and --help should not.
    import boto3
    from botocore.config import Config

    (function,) = outputs(stack, "DiscoverFunctionName")
    # Longer than the function may take, so that it is not asked twice.
    functions = boto3.client("lambda", config=Config(read_timeout=150, retries={"max_attempts": 0}))
    answer = functions.invoke(FunctionName=function, Payload=json.dumps({"source": source}).encode())
    told: dict[str, object] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        errors.print(f"{source}: {told.get('errorMessage', told)}", markup=False, soft_wrap=True)
        raise typer.Exit(1)
    return told
