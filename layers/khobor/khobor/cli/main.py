"""The command ``khobor``: its subcommands, options and exit status."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import MofNCompleteColumn, Progress

from khobor import __version__
from khobor.cli import display, explain, local, questions, sources
from khobor.cli.console import console
from khobor.cli.crawl import crawl
from khobor.cli.discover import discover
from khobor.cli.embedded import embedded
from khobor.cli.export import columns, export
from khobor.cli.forget import forget
from khobor.cli.inputs import Skipped, Url, expand, summary
from khobor.cli.new_source import new_source
from khobor.cli.options import NOBODY, Contact, Log, Loopback
from khobor.cli.output import print_articles, print_json
from khobor.cli.redrive import redrive
from khobor.cli.replay import rebuild, replay
from khobor.cli.tail import tail
from khobor.cli.terminal import errors, output
from khobor.cli.trace import trace
from khobor.errors import KhoborError

MAX_PAGE_BYTES = 10_485_760

app = typer.Typer(
    name="khobor",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(local.app, name="local")
app.add_typer(sources.app, name="sources")
app.command()(new_source)
app.command()(discover)
app.command()(crawl)
app.command("list")(questions.list_)
app.command()(questions.search)
app.command()(questions.get)
app.command()(questions.diff)
app.command()(tail)
app.command()(trace)
app.command()(console)
app.command()(forget)
app.command()(redrive)
app.command()(replay)
app.command()(rebuild)
app.command()(export)
app.command()(columns)


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


@app.command()
def ingest(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT", help="URLs, files, folders; - reads them from standard input.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one stored article a line, as JSON.")] = False,
    out: Annotated[Path | None, typer.Option(help="File for one stored article a line, as JSON.")] = None,
    url: Url = None,
    contact: Contact = NOBODY,
    allow_loopback: Loopback = False,
    log: Log = None,
) -> None:
    """Take pages the whole way, fetch, parse and store, in this process, and print what was stored.

    For example:

    - `khobor ingest https://www.example.com/news/1`
    - `khobor ingest saved.html --url https://www.example.com/news/1`
    - `khobor ingest pages/ --out articles.jsonl`
    - `grep -h example.com urls.txt | khobor ingest - --json`
    """
    from khobor.cli.ingest import Ingest

    skipped: list[Skipped] = []
    names = list(expand(inputs, sys.stdin, skipped))
    if skipped:
        errors.print(summary(skipped), markup=False, soft_wrap=True)
    if not names:
        errors.print("there is no page here: give URLs, files, or folders with pages")
        raise typer.Exit(1)
    if url and len(names) != 1:
        raise typer.BadParameter("--url is for one file", param_hint="--url")
    with embedded(contact, log, allow_loopback=allow_loopback) as stack:
        run = Ingest(stack)
        for name in _progress(names):
            run.add(name, url)
        print_articles(output, run.articles(), out, as_json=as_json)
    for failure in run.failures:
        errors.print(f"{failure.name}: {failure.reason}: {failure.detail}", markup=False, soft_wrap=True)
    if run.failures:
        raise typer.Exit(1)


@app.command()
def parse(
    file: Annotated[Path, typer.Argument(help="A page, gzipped or not; - reads standard input.", allow_dash=True)],
    url: Url = None,
    text: Annotated[bool, typer.Option("--text", help="Print it for reading.")] = False,
    explained: Annotated[bool, typer.Option("--explain", help="Print where each field came from.")] = False,
    folder: Annotated[
        Path | None, typer.Option("--sources", help="Folder of sources over those that khobor has.")
    ] = None,
) -> None:
    """Extract one article from a page and print it as JSON.

    For example:

    - `khobor parse saved.html --url https://www.example.com/news/1`
    - `khobor parse saved.html.gz --text`
    - `khobor parse saved.html --explain --sources mine/`
    """
    from khobor.extract import extract
    from khobor.page import decompress

    if explained and text:
        raise typer.BadParameter("--explain and --text print the article in two ways; give one", param_hint="--explain")
    registry = sources.over_bundled(folder)
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        article = extract(decompress(data, str(file), MAX_PAGE_BYTES), url, sources=registry, explain=explained)
    except (KhoborError, OSError) as error:
        errors.print(f"{file}: {error}", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
    if explained:
        explain.show(output, article)
    elif text:
        display.show_text(output, article)
    else:
        print_json(article)
    if reason := article.extraction.not_article:
        errors.print(f"{file}: {reason}: the page holds no article", markup=False, soft_wrap=True)
        raise typer.Exit(1)


@app.command()
def demo() -> None:
    """Take the bundled page through fetch, parse and store, and show the article."""
    from khobor.cli.demo import run

    run(output)


@app.command()
def cost(
    pages: Annotated[
        list[Path] | None, typer.Argument(help="Pages to count with; the bundled one without any.")
    ] = None,
    answer_seconds: Annotated[float, typer.Option(help="How long a site takes to answer.")] = 0.4,
    hosts: Annotated[float, typer.Option(min=1, max=10, help="Of how many hosts the URLs of a batch are.")] = 5.0,
    announced: Annotated[float, typer.Option(min=1, max=100, help="How many articles are announced at a time.")] = 2.0,
    fill: Annotated[float, typer.Option(min=0.01, max=1, help="How full the functions' batches are.")] = 1.0,
) -> None:
    """Compute what 100,000 articles cost on AWS from counted calls, item sizes and list prices.

    For example:

    - `khobor cost`
    - `khobor cost saved/*.html --fill 0.5`
    """
    from khobor.cli.cost import show
    from khobor.local.cost import Assumptions

    assumed = Assumptions(answer_seconds=answer_seconds, hosts=hosts, announced=announced, fill=fill)
    show(output, pages or [], assumed)


@app.command()
def version() -> None:
    """Print the version."""
    output.print(f"khobor {__version__}")


def _progress(names: list[str]) -> Iterator[str]:
    if not errors.is_terminal:
        # Even a disabled bar prints an empty line into a pipe.
        yield from names
        return
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        yield from progress.track(names, description="ingest")
