"""What ``make demo`` shows: one page, from a web server on this machine, through the whole pipeline."""

from rich.console import Console

from khobor.article import Article
from khobor.cli import display
from khobor.local.stack import EmbeddedStack
from khobor.local.template import TEMPLATE
from khobor.local.web import serve

PAGE = TEMPLATE.parent / "tests" / "sources" / "kalbela" / "page.html"
# Path of the page's own canonical URL.
PATH = "/world/12345"


def run(console: Console) -> Article:
    """Take the bundled page through fetch, parse and store, and print each step and the article; returns it."""
    parameters = {"Contact": "mailto:demo@localhost", "AllowLoopback": "true"}
    with serve({PATH: PAGE.read_bytes()}) as site, EmbeddedStack(parameters) as stack:
        url = site + PATH
        (result,) = stack.invoke("FetchFunction", {"url": url, "delay": 0})["results"]
        console.print(f"fetch  {url}\n    →  s3://{stack.outputs['RawBucketName']}/{result['key']}", soft_wrap=True)
        stack.run()
        (article,) = stack.articles()
        console.print(f"parse  → store queue\nstore  → {stack.outputs['ArchiveTableName']}, {article.article_id}\n")
        display.show_fields(console, article)
    console.print()
    display.show_text(console, article)
    console.print("Next:\n")
    console.print("  .venv/bin/khobor ingest https://…        the same with a page of your choice")
    console.print("  .venv/bin/khobor parse saved.html --text to read a page that you saved")
    console.print("  make local                               deploy to an emulator of AWS on this machine")
    return article
