"""``khobor local``: the stack deployed to an emulator of AWS on this machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khobor.cli.terminal import errors, output
from khobor.local.project import CHECKOUT

if TYPE_CHECKING:
    from khobor.local.emulator import Emulator

app = typer.Typer(help="The stack deployed to an emulator of AWS on this machine.", no_args_is_help=True)

Folder = Annotated[Path, typer.Option(help="Where the emulator is installed and keeps its files.")]
FOLDER = (CHECKOUT or Path()) / ".emulator"
_NEEDS_CHECKOUT = (
    "khobor local up needs a checkout of khobor, from which SAM builds the functions and layers. This khobor was "
    "installed from a wheel: clone the repository and run make local there."
)


@app.command()
def up(folder: Folder = FOLDER) -> None:
    """Start the emulator unless it runs, and deploy the stack; ``make local`` installs what it needs."""
    if CHECKOUT is None:
        errors.print(_NEEDS_CHECKOUT)
        raise typer.Exit(1)
    from khobor.local.emulator import EmulatorError, deploy, running, start

    try:
        emulator = running(folder) or start(folder, folder / "venv")
        deploy(emulator, {"Contact": "mailto:operator@localhost", "AllowLoopback": "true"})
    except EmulatorError as error:
        errors.print(str(error), markup=False)
        raise typer.Exit(1) from error
    bucket = emulator.outputs()["RawBucketName"]
    output.print(f"""The stack runs at {emulator.endpoint}. Upload a page and read its article:

  .venv/bin/khobor local upload tests/sources/kalbela/page.html
  .venv/bin/khobor local articles

or with the AWS command, to which these variables name it:
""")
    for name, value in emulator.environment.items():
        output.print(f"  export {name}={value}", soft_wrap=True)
    output.print(f"  aws s3 cp tests/sources/kalbela/page.html s3://{bucket}/", soft_wrap=True)
    output.print("\nmake local-down ends it.")


@app.command()
def down(folder: Folder = FOLDER) -> None:
    """End the emulator; what it held is gone."""
    from khobor.local.emulator import running, stop

    if emulator := running(folder):
        stop(emulator)


@app.command()
def upload(files: list[Path], folder: Folder = FOLDER) -> None:
    """Upload pages to the raw bucket; the stack makes articles of them in a few seconds."""
    emulator = running_emulator(folder)
    bucket = emulator.outputs()["RawBucketName"]
    for file in files:
        emulator.client("s3").upload_file(str(file), bucket, file.name)
        output.print(f"s3://{bucket}/{file.name}", soft_wrap=True)


@app.command()
def articles(folder: Folder = FOLDER) -> None:
    """Print the articles of the archive."""
    from khobor.aws.archive import Archive
    from khobor.cli import display

    emulator = running_emulator(folder)
    archive = Archive(emulator.client("dynamodb"), emulator.outputs()["ArchiveTableName"])
    for article in archive.articles():
        display.show_summary(output, article)


def running_emulator(folder: Path) -> "Emulator":
    """Return the emulator that runs in a folder; says that none does and exits."""
    from khobor.local.emulator import running

    emulator = running(folder)
    if emulator is None:
        errors.print(f"no emulator runs in {folder}; start it in a checkout of khobor with: make local", soft_wrap=True)
        raise typer.Exit(1)
    return emulator
