"""``khobor ingest``: URLs and saved pages the whole way, in this process, and what became of each."""

import io
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import MofNCompleteColumn, Progress

from khobor.characters import DIRECTIONS
from khobor.cli.boundary import os_error, with_hint
from khobor.cli.embedded import embedded
from khobor.cli.inputs import STDIN, Skipped, Url, expand, is_url, summary
from khobor.cli.options import NOBODY, Contact, Force, Json, Log, Loopback, Out
from khobor.cli.out_file import hand_over, out_file
from khobor.cli.output import counted
from khobor.cli.terminal import errors
from khobor.errors import CommandError
from khobor.keys import UPLOADS, is_named_as_page
from khobor.page import GZIP_MAGIC

if TYPE_CHECKING:
    from khobor.article import Article
    from khobor.embedded.stack import DeadLetter, EmbeddedStack

# What begins so is a page, not a list of URLs and files.
_BEGINS_AS_PAGE = (b"<", GZIP_MAGIC)


@dataclass(frozen=True)
class PageInput:
    """A page to take.

    Attributes:
        name: Its URL or file, as messages call it.
        body: Its bytes, where they are at hand already.
    """

    name: str
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class IngestFailure:
    """An input that was not stored, and why."""

    name: str
    reason: str
    detail: str

    def __str__(self) -> str:
        """Return it as a line for people."""
        return with_hint(self.reason, f"{self.name}: {self.reason}: {self.detail}")


@dataclass
class IngestResult:
    """What the archive has of the inputs.

    Attributes:
        articles: The articles, in the order of the inputs.
        merged: Inputs that are pages of an article that another input is a page of: their names, and the other's.
    """

    articles: "list[Article]" = field(default_factory=list)
    merged: list[tuple[str, str]] = field(default_factory=list)


def ingest(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT", help="URLs, files, folders; - reads a page, or a list of them, one a line."),
    ],
    as_json: Json = None,
    out: Out = None,
    force: Force = False,
    url: Url = None,
    contact: Contact = NOBODY,
    allow_loopback: Loopback = False,
    log: Log = None,
) -> None:
    """Fetch, parse and store pages in this process, and print the articles.

    Articles are printed in the order of the inputs; with --out they go to the file only. In a list, empty lines and
    lines that begin with # are skipped. The exit status is 0 only if every input was stored.

    For example:

    - `khobor ingest https://www.example.com/news/1`
    - `khobor ingest saved.html --url https://www.example.com/news/1`
    - `khobor ingest pages/ --out articles.jsonl`
    - `grep -h example.com urls.txt | khobor ingest - --json`
    - `curl -s https://www.example.com/news/1 | khobor ingest - --url https://www.example.com/news/1`
    """
    pages = _pages(inputs, url)
    with out_file(out, force=force) as write, embedded(contact, log, allow_loopback=allow_loopback) as stack:
        run = Ingest(stack)
        for page in _progress(pages):
            run.add(page, url)
        stored = run.stored()
        hand_over(stored.articles, write, as_json=as_json)
    _print_outcome(len(pages), stored, run.failures)
    if run.failures:
        raise typer.Exit(1)


class Ingest:
    """One run of inputs through a stack."""

    def __init__(self, stack: "EmbeddedStack") -> None:
        self._stack = stack
        self._names: dict[str, str] = {}
        self.failures: list[IngestFailure] = []

    def add(self, page: PageInput, url: str | None = None) -> None:
        """Take one page the whole way.

        Args:
            page: The page.
            url: The URL that it was saved from, in ASCII.
        """
        if page.body is None and is_url(page.name):
            self._fetch(page.name)
        else:
            self._upload(page, url)
        self._stack.run()
        self.failures.extend(self._failure(message) for message in self._stack.dead_letters())

    def stored(self) -> IngestResult:
        """Return what was stored."""
        order = {key: position for position, key in enumerate(self._names)}
        found: list[tuple[list[str], Article]] = []
        for article in self._stack.articles():
            history = self._stack.archive.history(article.article_id)
            keys = {key for _, key in history.pages.values()} if history else set()
            found.append((sorted(keys & order.keys(), key=order.__getitem__), article))
        stored = IngestResult()
        for pages, article in sorted(found, key=lambda each: order[each[0][0]] if each[0] else len(order)):
            stored.articles.append(article)
            stored.merged += [(self._names[page], self._names[pages[0]]) for page in pages[1:]]
        return stored

    def _fetch(self, url: str) -> None:
        (result,) = self._stack.invoke("FetchFunction", {"url": url})["results"]
        if "key" in result:
            self._names[result["key"]] = url
        else:
            self.failures.append(IngestFailure(url, result["reason"], result["detail"]))

    def _upload(self, page: PageInput, url: str | None) -> None:
        name = "page" if page.body is not None else Path(page.name).name
        # Named by a person it is a page, whatever its name; bytes that are no UTF-8 can be in no key, and what turns or
        # hides text should be in none.
        suffix = "" if is_named_as_page(name) else ".html"
        key = f"{UPLOADS}{len(self._names):06}/{DIRECTIONS.sub('', os.fsencode(name).decode(errors='replace'))}{suffix}"
        try:
            body = page.body if page.body is not None else Path(page.name).read_bytes()
        except OSError as error:
            why = os_error(OSError(error.errno, error.strerror))
            self.failures.append(IngestFailure(page.name, "unreadable_file", f"{why}; give a page or a URL"))
            return
        self._names[key] = page.name
        self._stack.upload(key, body, {"url": url} if url else {})

    def _failure(self, message: "DeadLetter") -> IngestFailure:
        from khobor.dead_letters.messages import page_key

        key = page_key(self._stack.s3, message.body) or ""
        name = self._names.get(key, message.body)
        detail = message.detail or "khobor failed unexpectedly; --log FILE writes the log of the functions"
        # The bucket is the embedded stack's: the user knows the page by another name.
        detail = detail.replace(f"s3://{self._stack.outputs['RawBucketName']}/{key}", name).replace(f" ({name})", "")
        return IngestFailure(name, message.reason or "crashed", detail.removeprefix(f"{name} "))


def _pages(inputs: Sequence[str], url: str | None) -> list[PageInput]:
    """Return the pages that are given; raises what is wrong with them."""
    skipped: list[Skipped] = []
    pages = list(_each_page(inputs, skipped))
    if skipped:
        errors.print(summary(skipped), markup=False, soft_wrap=True)
    if not pages:
        raise CommandError("no pages found: give URLs, files, or folders with pages")
    if url and len(pages) != 1:
        raise typer.BadParameter("it is for one file", param_hint="--url")
    if url and is_url(pages[0].name):
        raise typer.BadParameter("it is for saved files, and the input is a URL", param_hint="--url")
    return pages


def _each_page(inputs: Sequence[str], skipped: list[Skipped]) -> Iterator[PageInput]:
    for each in inputs:
        if not each.strip():
            raise typer.BadParameter("a name is empty; give URLs, files or folders, or . for this folder")
        if each != STDIN:
            yield from map(PageInput, expand([each], sys.stdin, skipped))
            continue
        data = sys.stdin.buffer.read()
        if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_BEGINS_AS_PAGE):
            yield PageInput("standard input", data)
        else:
            yield from map(PageInput, expand([STDIN], io.StringIO(_listed(data)), skipped))


def _listed(data: bytes) -> str:
    """Return the lines of a list; names of files may hold any bytes."""
    lines = data.removeprefix(b"\xef\xbb\xbf").decode(errors="surrogateescape").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


def _print_outcome(count: int, stored: IngestResult, failures: Sequence[IngestFailure]) -> None:
    for name, other in stored.merged:
        errors.print(f"{name}: the same URL as {other}", markup=False, soft_wrap=True)
    for failure in failures:
        errors.print(str(failure), markup=False, soft_wrap=True)
    parts = [counted(len(stored.articles), "article")]
    if stored.merged:
        parts.append(f"{len(stored.merged):,} with the same URL as another")
    if failures:
        parts.append(f"{len(failures):,} failed")
    errors.print(f"{counted(count, 'page')}: {', '.join(parts)}")


def _progress(pages: Sequence[PageInput]) -> Iterator[PageInput]:
    if not errors.is_terminal:
        # Even a disabled bar prints an empty line into a pipe.
        yield from pages
        return
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        yield from progress.track(pages, description="ingest")
