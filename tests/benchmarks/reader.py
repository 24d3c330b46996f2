"""Read the pages of one set with one tool, and say what it found and what it cost.

    python tests/benchmarks/reader.py TOOL FOLDER ROUNDS <ids

Runs in the environment that the tool is installed in, and imports nothing else. Standard output takes one JSON object
of the tool, then one for each page. CPU time is the least of the rounds, and beside it stands that of lxml's parse of
the same bytes in the same process: no tool on lxml can cost less.
"""

import gzip
import importlib.metadata
import json
import logging
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import lxml.html

Fields = dict[str, Any]
Read = Callable[[bytes, str], Fields]


class OfflineError(OSError):
    """A tool wanted to reach the network."""


class Timed:
    """The CPU seconds of a block, and what it raised: a page that a tool cannot read is counted, not fatal."""

    seconds = 0.0
    error: str | None = None

    def __enter__(self) -> "Timed":
        self._start = time.process_time()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, _: TracebackType | None) -> bool:
        self.seconds = time.process_time() - self._start
        if not isinstance(value, Exception):
            return False
        self.error = f"{type(value).__name__}: {value}"[:200]
        return True


def khobor() -> Read:
    from khobor.extract import extract

    def read(html: bytes, url: str) -> Fields:
        article = extract(html, url)
        return {
            "body": article.body_text,
            "title": article.title,
            "alternative_titles": list(article.alternative_titles),
            "published": article.published_at and article.published_at.isoformat(),
            "authors": [author.name for author in article.authors],
            "topics": list(article.tags),
            "not_article": article.extraction.not_article,
        }

    return read


def trafilatura(*, fast: bool = False) -> Read:
    from trafilatura import bare_extraction

    def read(html: bytes, url: str) -> Fields:
        found = bare_extraction(html, url=url, fast=fast, with_metadata=True, include_comments=False)
        if found is None:
            return {}
        return {
            "body": found.text,
            "title": found.title,
            "published": found.date,
            "authors": (found.author or "").split("; "),
            "topics": [*(found.categories or ()), *(found.tags or ())],
        }

    return read


def trafilatura_fast() -> Read:
    return trafilatura(fast=True)


def newspaper4k() -> Read:
    from newspaper import Article

    def read(html: bytes, url: str) -> Fields:
        article = Article(url, fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return {
            "body": article.text,
            "title": article.title,
            "published": article.publish_date and article.publish_date.isoformat(),
            "authors": article.authors,
            "topics": [*(article.tags or ()), *(article.meta_keywords or ())],
        }

    return read


def readability() -> Read:
    from readability import Document

    def read(html: bytes, url: str) -> Fields:
        document = Document(html, url=url)
        text = lxml.html.document_fromstring(document.summary())
        for element in text.iter("p", "div", "li", "br", "h1", "h2", "h3", "h4", "td", "blockquote"):
            element.tail = f"\n{element.tail or ''}"
        return {"body": lxml.html.tostring(text, method="text", encoding="unicode"), "title": document.short_title()}

    return read


_METADATA = ("title", "published", "authors", "topics")
# What makes each, the distribution whose version it is, and the fields that it gives.
TOOLS: dict[str, tuple[Callable[[], Read], str, tuple[str, ...]]] = {
    "khobor": (khobor, "khobor", ("body", *_METADATA, "alternative_titles")),
    "trafilatura": (trafilatura, "trafilatura", ("body", *_METADATA)),
    "trafilatura, fast": (trafilatura_fast, "trafilatura", ("body", *_METADATA)),
    "newspaper4k": (newspaper4k, "newspaper4k", ("body", *_METADATA)),
    "readability-lxml": (readability, "readability-lxml", ("body", "title")),
}


def read_page(read: Read, html: bytes, url: str, rounds: int) -> dict[str, object]:
    """Return what a tool found on a page and the least CPU seconds that it, and lxml's parse, took."""
    found: Fields = {}
    floors, costs = [], []
    for _ in range(rounds):
        with Timed() as floor:
            lxml.html.document_fromstring(html)
        with Timed() as cost:
            found = read(html, url)
        floors.append(floor.seconds)
        costs.append(cost.seconds)
    return found | {"floor": min(floors), "cost": min(costs), "error": cost.error}


def read_pages(name: str, folder: Path, pages: Iterable[tuple[str, str]], rounds: int) -> Iterator[dict[str, object]]:
    """Return a description of the tool, then what it found on each page."""
    make, distribution, gives = TOOLS[name]
    read = make()
    yield {
        "name": name,
        "version": importlib.metadata.version(distribution),
        "lxml": importlib.metadata.version("lxml"),
        "python": platform.python_version(),
        "gives": gives,
    }
    for number, (page_id, url) in enumerate(pages):
        html = gzip.decompress((folder / "pages" / f"{page_id}.html.gz").read_bytes())
        if number == 0:
            # What is made at the first use is not the page's.
            read_page(read, html, url, 1)
        yield {"id": page_id} | read_page(read, html, url, rounds)


def stay_offline(event: str, _: tuple[object, ...]) -> None:
    """Refuse the network: what is measured is the page at hand."""
    if event in {"socket.connect", "socket.getaddrinfo"}:
        raise OfflineError("the benchmark reads what lies on the disk")


def main() -> None:
    """Read the pages that standard input names."""
    name, folder, rounds = sys.argv[1:]
    # Some tools print and log to standard output.
    output, sys.stdout = sys.stdout, sys.stderr
    logging.disable()
    sys.addaudithook(stay_offline)
    for line in read_pages(name, Path(folder), json.load(sys.stdin), int(rounds)):
        print(json.dumps(line), file=output)


if __name__ == "__main__":
    main()
