"""Options that several subcommands have."""

from pathlib import Path
from typing import Annotated

import typer

from khobor.cli.completion import source_names

Contact = Annotated[
    str,
    typer.Option(envvar="KHOBOR_CONTACT", help="URL or mailto: in the user agent, for the owners of the sites."),
]
Loopback = Annotated[bool, typer.Option("--allow-loopback", help="Fetch from this machine too, for trying things out.")]
Log = Annotated[Path | None, typer.Option(help="File for what the functions log.")]
Sources = Annotated[Path | None, typer.Option("--sources", help="Folder of sources over those that khobor has.")]
SourceName = Annotated[
    str, typer.Argument(help="Name of the source; khobor sources lists them.", autocompletion=source_names)
]
Json = Annotated[
    bool | None,
    typer.Option(
        "--json/--no-json", help="JSON, one object a line, or text. A terminal gets text, a pipe or file JSON."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", help="File for the articles: .jsonl, .csv or .parquet; .jsonl and .csv may end in .gz."),
]
Force = Annotated[bool, typer.Option("--force", help="Write over the file of --out if it is there.")]
NOBODY = "mailto:operator@localhost"
