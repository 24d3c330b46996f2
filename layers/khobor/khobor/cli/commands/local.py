"""``khobor local``: the stack deployed to an emulator of AWS on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from khobor.characters import DIRECTIONS
from khobor.cli.command import Command
from khobor.cli.local_stack import FOLDER, running_emulator
from khobor.cli.options import Json
from khobor.cli.terminal import errors, output
from khobor.embedded.project import CHECKOUT
from khobor.errors import CommandError
from khobor.keys import UPLOADS

app = typer.Typer(help="A stack on an emulator of AWS on this machine.", no_args_is_help=True)

Folder = Annotated[
    Path,
    typer.Option(help="Where the emulator is installed and keeps its files.", show_default=".emulator in the checkout"),
]
_NEEDS_CHECKOUT = (
    "khobor local up needs a checkout of khobor, from which SAM builds the functions and layers. This khobor was "
    "installed from a wheel: clone the repository and run make local there."
)


@app.command(cls=Command)
def up(folder: Folder = FOLDER) -> None:
    """Start the emulator if needed, and deploy the stack; ``make local`` installs the requirements."""
    if CHECKOUT is None:
        raise CommandError(_NEEDS_CHECKOUT)
    from khobor.embedded.emulator import deploy, running, start

    emulator = running(folder) or start(folder, folder / "venv")
    deploy(emulator, {"Contact": "mailto:operator@localhost", "AllowLoopback": "true"})
    bucket = emulator.outputs()["RawBucketName"]
    output.print(f"""The stack runs at {emulator.endpoint}. Upload a page and read its article:

  .venv/bin/khobor local upload tests/sources/kalbela/page.html
  .venv/bin/khobor local articles

or use the AWS CLI with these variables:
""")
    for name, value in emulator.environment.items():
        output.print(f"  export {name}={value}", soft_wrap=True)
    output.print(f"  aws s3 cp tests/sources/kalbela/page.html s3://{bucket}/uploads/", soft_wrap=True)
    output.print("\nmake local-down stops it.")


@app.command(cls=Command)
def down(folder: Folder = FOLDER) -> None:
    """Stop the emulator and discard its data."""
    from khobor.embedded.emulator import running, stop

    emulator = running(folder)
    if emulator is None:
        errors.print("no emulator is running: there is nothing to stop")
        return
    stop(emulator)
    output.print(f"the emulator at {emulator.endpoint} has stopped", soft_wrap=True)


@app.command(cls=Command)
def upload(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Saved pages, gzipped or not.")],
    folder: Folder = FOLDER,
) -> None:
    """Upload pages to the raw bucket; they become articles within seconds.

    For example:

    - `khobor local upload saved.html`
    """
    pages = [(file, file.read_bytes()) for file in files]
    emulator = running_emulator(folder)
    bucket = emulator.outputs()["RawBucketName"]
    for file, body in pages:
        key = f"{UPLOADS}{DIRECTIONS.sub('', file.name)}"
        emulator.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
        output.print(f"s3://{bucket}/{key}", soft_wrap=True)


@app.command(cls=Command)
def articles(as_json: Json = None, folder: Folder = FOLDER) -> None:
    """Print the articles in the archive.

    For example:

    - `khobor local articles`
    """
    from khobor.archive.dynamodb.archive import DynamoDBArchive
    from khobor.cli.output import print_articles

    emulator = running_emulator(folder)
    archive = DynamoDBArchive(emulator.client("dynamodb"), emulator.outputs()["ArchiveTableName"])
    found = list(archive.articles())
    print_articles(output, found, as_json=as_json)
    if not found:
        errors.print("the archive is empty; add a page with: khobor local upload saved.html")
