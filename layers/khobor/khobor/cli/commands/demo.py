"""``khobor demo``: one page, from a web server on this machine, through the whole pipeline."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rich.console import Console

from khobor.cli import display
from khobor.cli.terminal import output
from khobor.embedded.project import CHECKOUT, DEMO_PAGE, DEMO_URL

if TYPE_CHECKING:
    from khobor.article import Article

PATH = urlsplit(DEMO_URL).path


def demo() -> None:
    """Take the bundled page through fetch, parse and store, and print the article."""
    run(output)


def run(console: Console) -> "Article":
    """Take the bundled page through fetch, parse and store; print each step and the article, and return the article."""
    # Imported here because moto takes a second to import, and --help should not wait for it.
    from khobor.embedded.stack import EmbeddedStack
    from khobor.embedded.web import serve

    parameters = {"Contact": "mailto:demo@localhost", "AllowLoopback": "true"}
    with serve({PATH: DEMO_PAGE.read_bytes()}) as site, EmbeddedStack(parameters) as stack:
        url = site + PATH
        (result,) = stack.invoke("FetchFunction", {"url": url, "delay": 0})["results"]
        console.print(f"fetch  {url}\n    →  s3://{stack.outputs['RawBucketName']}/{result['key']}", soft_wrap=True)
        stack.run()
        (article,) = stack.articles()
        console.print(f"parse  → store queue\nstore  → {stack.outputs['ArchiveTableName']}, {article.article_id}\n")
        display.show_fields(console, article)
    console.print()
    display.show_text(console, article)
    _show_next(console)
    return article


def _show_next(console: Console) -> None:
    khobor = ".venv/bin/khobor" if CHECKOUT else "khobor"
    steps = [
        (f"{khobor} ingest https://…", "do the same with a page of your choice"),
        (f"{khobor} parse saved.html --text", "read a page that you saved"),
    ]
    if CHECKOUT:
        steps.append(("make local", "deploy to an emulator of AWS on this machine"))
    console.print("Next:\n")
    for command, purpose in steps:
        console.print(f"  {command:40} {purpose}", soft_wrap=True)
