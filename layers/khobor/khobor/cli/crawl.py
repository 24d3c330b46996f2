"""``khobor crawl``: a source the whole way, from its listings to the archive, in this process."""

import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from khobor.cli import sources
from khobor.cli.embedded import embedded
from khobor.cli.options import NOBODY, Contact, Log, Loopback, Sources
from khobor.cli.output import print_articles
from khobor.cli.terminal import errors, output

if TYPE_CHECKING:
    from khobor.local.stack import EmbeddedStack

# How often the progress is shown, in seconds.
_STEP = 1.0


def crawl(
    source: Annotated[str, typer.Argument(help="Name of the source; khobor sources lists them.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one stored article a line, as JSON.")] = False,
    out: Annotated[Path | None, typer.Option(help="File for one stored article a line, as JSON.")] = None,
    folder: Sources = None,
    contact: Contact = NOBODY,
    allow_loopback: Loopback = False,
    log: Log = None,
) -> None:
    """Take a source the whole way, discover, fetch, parse and store, in this process, and print what was stored.

    Its pages are asked for as politely as on AWS, one after another with the source's delay between them; Ctrl-C ends
    that and prints what there is.

    For example:

    - `khobor crawl kalbela`
    - `khobor crawl mine --sources mine/ --out articles.jsonl`
    """
    found = sources.named(source, folder)
    calls = Counter[str]()
    with embedded(contact, log, allow_loopback=allow_loopback, on_call=lambda call: calls.update([call])) as stack:
        for path, text in sources.files(folder).items():
            stack.upload(f"sources/{path}", text)
        stack.invoke("DiscoverFunction", {"source": found.name})
        with suppress(KeyboardInterrupt):
            _run(stack, calls)
        print_articles(output, stack.articles(), out, as_json=as_json)
        letters = stack.dead_letters()
    for letter in letters:
        errors.print(f"{letter.reason}: {letter.detail}", markup=False, soft_wrap=True)


def _run(stack: "EmbeddedStack", calls: Counter[str]) -> None:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task("discover")
        while (next_at := stack.run(0)) is not None:
            kept, waiting = calls["s3.PutObject"], stack.waiting("FetchQueueUrl")
            progress.update(task, description=f"{kept} kept, {waiting} waiting")
            time.sleep(max(0.0, min(next_at - time.time(), _STEP)))
