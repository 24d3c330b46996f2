"""``khobor columns``: what the files of an export contain."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from khobor.cli.options import Json
from khobor.cli.output import print_json, wants_json
from khobor.cli.terminal import output
from khobor.export.formats import Format


def columns(
    kind: Annotated[Format, typer.Option("--format", help="Format of the files.")] = Format.PARQUET,
    as_json: Json = None,
) -> None:
    """Print what the files of an export contain.

    For example:

    - `khobor columns`
    - `khobor columns --format csv`
    """
    from khobor.export import column_docs

    if wants_json(as_json):
        for name, type_, meaning in column_docs.columns(kind):
            print_json({"name": name, "type": type_ or None, "meaning": meaning})
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, type_, meaning in column_docs.columns(kind):
        table.add_row(name, Text(meaning) + Text(f"\n{type_}" if type_ else "", style="dim"))
    output.print(table)
    output.print(column_docs.about(kind), markup=False)
