"""Options that several subcommands have."""

from pathlib import Path
from typing import Annotated

import typer

Contact = Annotated[
    str,
    typer.Option(envvar="KHOBOR_CONTACT", help="URL or mailto: in the user agent, for the owners of the sites."),
]
Loopback = Annotated[bool, typer.Option(help="Fetch from this machine too, for trying things out.")]
Log = Annotated[Path | None, typer.Option(help="File for what the functions log.")]
Sources = Annotated[Path | None, typer.Option("--sources", help="Folder of sources over those that khobor has.")]
Json = Annotated[bool, typer.Option("--json", help="One a line as JSON; always so into a pipe or a file.")]
NOBODY = "mailto:operator@localhost"
