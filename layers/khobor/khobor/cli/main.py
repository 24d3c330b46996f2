"""The command ``khobor``: its subcommands, options and exit status."""

from typing import Annotated

import typer

from khobor.cli.command import Command, Group, Khobor, on_a_stack
from khobor.cli.commands import archive, local, sources
from khobor.cli.commands.columns import columns
from khobor.cli.commands.console import console
from khobor.cli.commands.crawl import crawl
from khobor.cli.commands.demo import demo
from khobor.cli.commands.diff import diff
from khobor.cli.commands.discover import discover
from khobor.cli.commands.export import export
from khobor.cli.commands.extract import extract
from khobor.cli.commands.forget import forget
from khobor.cli.commands.get import get
from khobor.cli.commands.health import health
from khobor.cli.commands.ingest import ingest
from khobor.cli.commands.invoke import invoke
from khobor.cli.commands.list import list_
from khobor.cli.commands.new_source import new_source
from khobor.cli.commands.parse import parse
from khobor.cli.commands.rebuild import rebuild
from khobor.cli.commands.redrive import redrive
from khobor.cli.commands.replay import replay
from khobor.cli.commands.search import search
from khobor.cli.commands.tail import tail
from khobor.cli.commands.trace import trace
from khobor.cli.commands.version import version
from khobor.cli.commands.watch import watch
from khobor.cli.place import at_a_place

app = typer.Typer(
    name="khobor",
    no_args_is_help=True,
    cls=Khobor,
    # Plain help and messages: frames and type columns take half of each line, and wrap the text in a pipe.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(cls=Command)(ingest)
app.command(cls=Command)(extract)
app.command(cls=Command)(parse)
app.command(cls=Command)(crawl)
app.command(cls=Command)(watch)
app.add_typer(archive.app, name="archive", cls=Group)
app.add_typer(local.app, name="local", cls=Group)
app.add_typer(sources.app, name="sources", cls=Group)
app.command(cls=Command)(new_source)
app.command(cls=Command)(on_a_stack(discover))
app.command("list", cls=Command)(at_a_place(list_))
app.command(cls=Command)(at_a_place(search))
app.command(cls=Command)(at_a_place(get))
app.command(cls=Command)(at_a_place(diff))
app.command(cls=Command)(at_a_place(tail))
app.command(cls=Command)(at_a_place(trace))
app.command(cls=Command)(at_a_place(health))
app.command(cls=Command)(at_a_place(console, instead="in_process"))
app.command(cls=Command)(at_a_place(forget))
app.command(cls=Command)(at_a_place(redrive))
app.command(cls=Command)(at_a_place(replay))
app.command(cls=Command)(at_a_place(rebuild))
app.command(cls=Command)(at_a_place(export))
app.command(cls=Command)(columns)
app.command(cls=Command)(invoke)
app.command(cls=Command)(demo)
app.command(cls=Command)(version)


def _show_version(asked: bool) -> None:
    if asked:
        version()
        raise typer.Exit


@app.callback()
def khobor(
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """A news archive: pages in, articles out."""
