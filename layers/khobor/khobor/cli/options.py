"""Options that several subcommands have."""

from pathlib import Path
from typing import Annotated

import typer

from khobor.cli.completion import source_names

Contact = Annotated[
    str,
    typer.Option(envvar="KHOBOR_CONTACT", help="URL or mailto: in the user agent, for the owners of the sites."),
]
Loopback = Annotated[bool, typer.Option("--allow-loopback", help="Also fetch from this machine, to try things out.")]
Log = Annotated[Path | None, typer.Option(help="File for the log of the functions.")]
Sources = Annotated[
    Path | None,
    typer.Option("--sources", help="Folder of sources, which replace bundled ones."),
]
SourceName = Annotated[
    str, typer.Argument(help="Name of the source; khobor sources lists them.", autocompletion=source_names)
]
Json = Annotated[
    bool | None,
    typer.Option(
        "--json/--no-json", help="JSON, one object a line, or text. Default: text on a terminal, JSON in a pipe."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", help="File for the articles: .jsonl, .csv or .parquet; .jsonl and .csv may end in .gz."),
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the file of --out if it exists.")]
NOBODY = "mailto:operator@localhost"
