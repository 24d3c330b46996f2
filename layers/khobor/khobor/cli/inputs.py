"""Arguments and options that name pages."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khobor.errors import PermanentError
from khobor.page import LONGEST_URL
from khobor.url import absolute_url, host, is_url

if TYPE_CHECKING:
    from khobor.pages.input_page import InputOptions


def input_options(hosts: Sequence[str], url: str | None) -> "InputOptions":
    """Return how inputs are read.

    Args:
        hosts: The values of ``--host``; one that is no host is a usage error.
        url: The value of ``--url``.

    Raises:
        typer.BadParameter: A value of ``--host`` is no host.
    """
    # Here, not above: it takes a while to import, and --help should not.
    from khobor.pages.input_page import InputOptions

    try:
        names = tuple(host(each if is_url(each) else f"https://{each}") for each in hosts)
    except PermanentError as error:
        raise typer.BadParameter(error.detail, param_hint="--host") from error
    return InputOptions(now=datetime.now(UTC), hosts=names, url=url)


def require_saved(inputs: Sequence[str], command: str) -> None:
    """Make sure that inputs are saved pages; a URL or an empty name is a usage error.

    Args:
        inputs: The arguments.
        command: The name of the subcommand.

    Raises:
        typer.BadParameter: One is a URL, or empty.
    """
    for each in inputs:
        if not each.strip():
            raise typer.BadParameter("a name is empty; give files, or . for this folder")
        if is_url(each):
            raise typer.BadParameter(not_saved(each, command))


def require_one_file(inputs: Sequence[str], url: str | None) -> None:
    """Make sure that ``--url`` is given with one file.

    Args:
        inputs: The arguments.
        url: The value of ``--url``.

    Raises:
        typer.BadParameter: There are several files, or a folder.
    """
    if url and (len(inputs) != 1 or Path(inputs[0]).is_dir()):
        raise typer.BadParameter("it is for one file", param_hint="--url")


def not_saved(url: str, command: str) -> str:
    """Return why a URL is no input of a subcommand that reads saved pages.

    Args:
        url: The URL.
        command: The name of the subcommand.
    """
    return f"{url} is a URL, and {command} reads saved pages; fetch it with khobor ingest"


def _saved_from(url: str | None) -> str | None:
    """Return the URL that a file was saved from, in ASCII; anything else is a usage error."""
    if url is None:
        return None
    try:
        found = absolute_url(url)
    except PermanentError as error:
        raise typer.BadParameter(error.detail) from error
    if len(found) > LONGEST_URL:
        raise typer.BadParameter(f"the URL has {len(found):,} characters; at most {LONGEST_URL:,} are allowed")
    return found


Url = Annotated[str | None, typer.Option(help="The URL that the file was saved from.", callback=_saved_from)]
