"""What ``make demo`` shows: one page, from a web server on this machine, through the whole pipeline."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from rich.console import Console

from khobor.article import Article
from khobor.cli import display
from khobor.local.stack import EmbeddedStack
from khobor.local.template import TEMPLATE

PAGE = TEMPLATE.parent / "tests" / "sources" / "kalbela" / "page.html"
# Path of the page's own canonical URL.
PATH = "/world/12345"


class _OnePage(HTTPServer):
    """Answers every request with one page."""

    def __init__(self, body: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.body = body


class _Answer(BaseHTTPRequestHandler):
    server: _OnePage

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def serve(page: Path) -> Iterator[str]:
    """Serve a page on a free port of the loopback address; gives its URL."""
    server = _OnePage(page.read_bytes())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PATH}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run(console: Console) -> Article:
    """Take the bundled page through fetch, parse and store, and print each step and the article; returns it."""
    parameters = {"Contact": "mailto:demo@localhost", "AllowLoopback": "true"}
    with serve(PAGE) as url, EmbeddedStack(parameters) as stack:
        (result,) = stack.invoke("FetchFunction", {"url": url})["results"]
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
