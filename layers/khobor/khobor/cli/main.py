"""The command ``khobor``: its subcommands, options and exit status."""

from pathlib import Path
from typing import Annotated

import typer

from khobor import __version__
from khobor.cli import local, questions, sources
from khobor.cli.command import Command, Group, Khobor, on_a_stack
from khobor.cli.console import console
from khobor.cli.crawl import crawl
from khobor.cli.discover import discover
from khobor.cli.export import columns, export
from khobor.cli.forget import forget
from khobor.cli.ingest import ingest
from khobor.cli.invoke import invoke
from khobor.cli.new_source import new_source
from khobor.cli.options import Json
from khobor.cli.parse import parse
from khobor.cli.redrive import redrive
from khobor.cli.replay import rebuild, replay
from khobor.cli.tail import tail
from khobor.cli.terminal import output
from khobor.cli.trace import trace

app = typer.Typer(
    name="khobor",
    no_args_is_help=True,
    cls=Khobor,
    # Plain help and messages: frames and columns of types leave half of a line for the text, and wrap it in a pipe.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(cls=Command)(ingest)
app.command(cls=Command)(parse)
app.command(cls=Command)(crawl)
app.add_typer(local.app, name="local", cls=Group)
app.add_typer(sources.app, name="sources", cls=Group)
app.command(cls=Command)(new_source)
app.command(cls=Command)(on_a_stack(discover))
app.command("list", cls=Command)(on_a_stack(questions.list_))
app.command(cls=Command)(on_a_stack(questions.search))
app.command(cls=Command)(on_a_stack(questions.get))
app.command(cls=Command)(on_a_stack(questions.diff))
app.command(cls=Command)(on_a_stack(tail))
app.command(cls=Command)(on_a_stack(trace))
app.command(cls=Command)(console)
app.command(cls=Command)(on_a_stack(forget))
app.command(cls=Command)(on_a_stack(redrive))
app.command(cls=Command)(on_a_stack(replay))
app.command(cls=Command)(on_a_stack(rebuild))
app.command(cls=Command)(on_a_stack(export))
app.command(cls=Command)(columns)
app.command(cls=Command)(invoke)


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


@app.command(cls=Command)
def demo() -> None:
    """Take the bundled page through fetch, parse and store, and print the article."""
    from khobor.cli.demo import run

    run(output)


@app.command(cls=Command)
def cost(
    pages: Annotated[list[Path] | None, typer.Argument(help="Pages to count with; by default the bundled one.")] = None,
    answer_seconds: Annotated[float, typer.Option(help="How long a site takes to answer.")] = 0.4,
    hosts: Annotated[float, typer.Option(min=1, max=10, help="How many hosts the URLs of a batch have.")] = 5.0,
    announced: Annotated[float, typer.Option(min=1, max=100, help="How many articles are announced at once.")] = 2.0,
    fill: Annotated[float, typer.Option(min=0.01, max=1, help="How full the functions' batches are.")] = 1.0,
    as_json: Json = None,
) -> None:
    """Compute what 100,000 articles cost on AWS, from counted calls, item sizes and list prices.

    For example:

    - `khobor cost`
    - `khobor cost saved/*.html --fill 0.5`
    """
    from khobor.cli.cost import show
    from khobor.embedded.cost import Assumptions

    assumed = Assumptions(answer_seconds=answer_seconds, hosts=hosts, announced=announced, fill=fill)
    show(output, pages or [], assumed, as_json=as_json)


@app.command(cls=Command)
def version() -> None:
    """Print the version."""
    output.print(f"khobor {__version__}")
