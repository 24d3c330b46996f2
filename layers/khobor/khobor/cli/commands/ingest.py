"""``khobor ingest``: URLs and saved pages into a local archive, and what became of each."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.progress import Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from khobor.cli.boundary import os_error, with_hint
from khobor.cli.inputs import Url, input_options
from khobor.cli.options import NOBODY, Contact, Force, Json, Log, Loopback, Out
from khobor.cli.out_file import WriteOut, hand_over, out_file
from khobor.cli.output import counted, wants_json
from khobor.cli.place import ARCHIVE, ArchiveOption
from khobor.cli.reason_tally import ReasonTally, say_skipped
from khobor.cli.terminal import errors, output
from khobor.cli.workspace import WorkspaceOptions, say, sources_of, workspace
from khobor.errors import CommandError, KhoborError, PermanentError

if TYPE_CHECKING:
    from khobor.article import Article
    from khobor.local.ingesting import Ingest, IngestCounts
    from khobor.local.url_inputs import FetchedUrl
    from khobor.local.workspace import Workspace
    from khobor.pages.input_files import AnyInput
    from khobor.pages.input_page import InputOptions, InputPage

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="URLs; files and folders of pages; WARC, MHTML and zip files; - reads one of these files, or a list.",
    ),
]
Jobs = Annotated[int | None, typer.Option(min=1, help="Processes that extract articles. Default: one for each core.")]
Hosts = Annotated[
    list[str] | None,
    typer.Option("--host", help="Take pages of this host only, of files with many pages; may be repeated."),
]
Again = Annotated[bool, typer.Option("--again", help="Also take pages that the archive has already.")]


def ingest(
    inputs: Inputs,
    archive: ArchiveOption = ARCHIVE,
    again: Again = False,
    hosts: Hosts = None,
    jobs: Jobs = None,
    as_json: Json = None,
    out: Out = None,
    force: Force = False,
    url: Url = None,
    contact: Contact = NOBODY,
    allow_loopback: Loopback = False,
    log: Log = None,
) -> None:
    """Add pages to a local archive, and print their articles.

    Pages are kept as they came, and articles are stored at once: the same command continues where it was stopped. It
    skips a page if the archive has the same bytes from its URL, and a URL if the archive has its article; their
    articles are still printed. With --out, articles go to the file only. In a list, empty lines and lines that
    begin with # are skipped. The exit status is 0 only if every input is stored.

    For example:

    - `khobor ingest https://www.example.com/news/1`
    - `khobor ingest saved.html --url https://www.example.com/news/1`
    - `khobor ingest pages/ --out articles.jsonl`
    - `khobor ingest crawl.warc.gz --host example.com --archive news`
    - `curl -s https://www.example.com/news/1 | khobor ingest - --url https://www.example.com/news/1`
    """
    read = _read(inputs, hosts or [], url)
    options = WorkspaceOptions(archive=archive, contact=contact, log=log, allow_loopback=allow_loopback, jobs=jobs)
    with out_file(out, force=force) as write:
        _run(options, read, write, again=again, as_json=as_json)


def _run(
    options: WorkspaceOptions, read: "_Inputs", write: WriteOut | None, *, again: bool, as_json: bool | None
) -> None:
    sources = sources_of(options.archive)
    from khobor.local.archive_folder import DATABASE

    if not (options.archive / DATABASE).exists():
        _require_something(read)
    # A bar on the terminal that JSON is written to would stand between its lines.
    has_bar = errors.is_terminal and (write is not None or not (output.is_terminal and wants_json(as_json)))
    with workspace(options, sources) as opened, _progress(read) if has_bar else nullcontext(_nothing) as advance:
        run = _ingest(opened, advance, now=read.options.now, again=again)
        hand_over(_articles(opened, run, read), write, as_json=as_json)
    _say_outcome(run.counts, read.skipped)
    if opened.stop.is_wanted:
        say("stopped; what is counted here is kept; run the same command again to continue")
        raise typer.Exit(opened.stop.status)
    if run.counts.failed:
        raise typer.Exit(1)


class _Inputs:
    """The inputs of a command, one after another.

    Args:
        inputs: What is read.
        options: How it is read.
        total: How many there are; None if nobody knows.
        may_wait: Whether URLs may be among them, or they come from a pipe.

    Attributes:
        options: How it is read.
        total: How many there are; None if nobody knows.
        may_wait: Whether URLs may be among them, or they come from a pipe.
        skipped: What is no page.
    """

    def __init__(
        self, inputs: "Iterable[AnyInput]", options: "InputOptions", total: int | None, *, may_wait: bool
    ) -> None:
        self._inputs = inputs
        self.options = options
        self.total = total
        self.may_wait = may_wait
        self.skipped = ReasonTally()

    def __iter__(self) -> "Iterator[AnyInput]":
        """Yield the inputs but for those that are no pages, which are counted."""
        from khobor.pages.input_page import SkippedInput

        for each in self._inputs:
            if isinstance(each, SkippedInput):
                self.skipped.add(each.reason, each.name)
            else:
                yield each

    def begun(self, first: "Sequence[AnyInput]") -> None:
        """Put back inputs that were looked at."""
        self._inputs = chain(first, self._inputs)


def _read(inputs: Sequence[str], hosts: Sequence[str], url: str | None) -> _Inputs:
    """Return the inputs that are given; raises what is wrong with them."""
    from khobor.pages.input_files import STDIN, InputUrl, read_inputs
    from khobor.url import is_url

    if not all(each.strip() for each in inputs):
        raise typer.BadParameter("a name is empty; give URLs, files or folders, or . for this folder")
    options = input_options(hosts, url)
    may_wait = any(each == STDIN or is_url(each) for each in inputs)
    read = _Inputs(read_inputs(inputs, _standard_input(), options), options, _total(inputs), may_wait=may_wait)
    # No more than is needed: the next line of a list may take a while.
    first = list(islice(read, 2 if url else 1))
    if not first:
        say_skipped(read.skipped)
        raise CommandError("no pages found: give URLs, files, or folders with pages")
    if url and len(first) > 1:
        raise typer.BadParameter("it is for one file", param_hint="--url")
    if url and isinstance(first[0], InputUrl):
        raise typer.BadParameter("it is for saved files, and the input is a URL", param_hint="--url")
    read.begun(first)
    return read


def _standard_input() -> BinaryIO:
    """Return standard input for a thread, which may be waiting for a line when the command ends.

    At its end, Python closes its own object, and a thread that is reading it makes that a fatal error.
    """
    try:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    except (OSError, ValueError):
        # It is closed, or no file.
        return sys.stdin.buffer


def _total(inputs: Sequence[str]) -> int | None:
    """Return how many files there are at most; None if one may hold many pages, or is a list."""
    total = 0
    for each in inputs:
        if Path(each).is_dir():
            total += sum(len(files) for _, _, files in os.walk(each))
        elif each == "-" or each.lower().endswith((".warc", ".warc.gz", ".arc", ".arc.gz", ".zip", ".wacz")):
            return None
        else:
            total += 1
    return total


def _ingest(opened: "Workspace", advance: Callable[[], object], *, now: datetime, again: bool) -> "Ingest":
    from khobor.local.ingesting import Ingest, IngestEvents

    def same(name: str, other: str) -> None:
        say(f"{name}: the same URL as {other}")

    events = IngestEvents(failed=_say_failed, same=same, done=advance, words_of=os_error)
    return Ingest(opened.folder, events, now=now, is_stopped=lambda: opened.stop.is_wanted, again=again)


def _require_something(read: _Inputs) -> None:
    """Make sure that there is a URL or a page that can be read, before an archive is made for it."""
    looked_at: list[AnyInput] = []
    failures: list[tuple[str, KhoborError]] = []
    for each in read:
        looked_at.append(each)
        failure = _unusable(each)
        if failure is None:
            read.begun(looked_at)
            return
        failures.append(failure)
    for name, error in failures:
        _say_failed(name, error)
    say_skipped(read.skipped)
    raise CommandError(f"{counted(len(failures), 'input')}, and none can be read; no archive was made")


def _unusable(given: "AnyInput") -> tuple[str, KhoborError] | None:
    """Return the name of an input that is no URL and no page that can be read, and why; None if it is one."""
    from khobor.frontier.fetch_queue import message_group
    from khobor.pages.input_files import InputUrl
    from khobor.pages.input_page import InputPage, RefusedInput

    name = given.url if isinstance(given, InputUrl) else given.name
    if isinstance(given, RefusedInput):
        return name, PermanentError(given.reason, given.detail)
    try:
        if isinstance(given, InputUrl):
            message_group(given.url)
        elif isinstance(given, InputPage):
            given.load()
    except PermanentError as error:
        return name, error
    except OSError as error:
        why = os_error(OSError(error.errno, error.strerror))
        return name, PermanentError("unreadable_file", f"{why}; give a page or a URL")
    return None


def _say_failed(name: str, error: KhoborError) -> None:
    detail = error.detail.removeprefix(f"{name}: ").removeprefix(f"{name} ")
    say(with_hint(error.reason, f"{name}: {error.reason}: {detail}"))


def _articles(opened: "Workspace", run: "Ingest", read: _Inputs) -> "Iterator[Article]":
    """Yield the articles of inputs once they are stored; what a command that was killed has kept comes first."""
    from khobor.local.crawling import Crawler
    from khobor.local.page_ingester import PageIngester

    if opened.is_alone and (count := sum(1 for _ in Crawler(opened).resume())):
        say(f"{counted(count, 'page')} read that an earlier command had kept")
    yield from run.run(_pages(opened, run, read), PageIngester(opened.folder, opened.pool, opened.journal))


def _pages(opened: "Workspace", run: "Ingest", read: _Inputs) -> "Iterator[InputPage | None]":
    """Yield the pages of files, and those of URLs, which are fetched; None before a wait."""
    from khobor.local.crawling import fetcher_of
    from khobor.local.url_inputs import ComingInputs, FetchedUrl
    from khobor.pages.input_files import InputUrl
    from khobor.pages.input_page import InputPage, RefusedInput

    coming = ComingInputs(read, fetcher_of(opened, lambda _: None), lambda: opened.stop.is_wanted)
    for each in coming if read.may_wait else read:
        if isinstance(each, InputUrl):
            for url in run.unknown_urls([each.url]):
                try:
                    coming.fetch(url)
                except PermanentError as error:
                    run.refuse(url, error)
        elif isinstance(each, FetchedUrl):
            yield from _fetched_page(opened, run, each)
        elif isinstance(each, RefusedInput):
            run.refuse(each.name, PermanentError(each.reason, each.detail))
        elif each is None or isinstance(each, InputPage):
            yield each


def _fetched_page(opened: "Workspace", run: "Ingest", fetched: "FetchedUrl") -> "Iterator[InputPage]":
    """Yield the page of a URL, or say why it has none."""
    from khobor.article import RawReference
    from khobor.page import MAX_PAGE_BYTES
    from khobor.pages.input_page import InputPage

    if isinstance(fetched.key, KhoborError):
        run.refuse(fetched.url, fetched.key)
        return
    page, raw = opened.folder.pages.get(RawReference(key=fetched.key), MAX_PAGE_BYTES)
    yield InputPage(name=fetched.url, page=page, raw=raw)


def _say_outcome(counts: "IngestCounts", skipped: ReasonTally) -> None:
    say_skipped(skipped)
    failed = counts.failed.total()
    parts = [counted(counts.articles, "article")] if counts.articles or not counts.known else []
    parts += [f"{counts.same:,} with the same URL as another"] if counts.same else []
    parts += [f"{counts.known:,} in the archive already"] if counts.known else []
    if failed:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in counts.failed.most_common())
        parts.append(f"{failed:,} failed ({reasons})")
    say(f"{counted(counts.pages, 'page')}: {', '.join(parts)}")


@contextmanager
def _progress(read: _Inputs) -> Iterator[Callable[[], object]]:
    """Show on standard error how many pages are done, how many a second, and the time left; yield what counts one."""
    columns = (TextColumn("{task.description}"), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task("", total=read.total)

        def advance() -> None:
            total = None if read.total is None else read.total - read.skipped.total
            progress.update(task, advance=1, total=total)
            done, seconds = progress.tasks[0].completed, progress.tasks[0].elapsed or 1
            of = "" if total is None else f" of {total:,}"
            progress.update(task, description=f"{int(done):,}{of} pages, {done / seconds:.0f} a second")

        yield advance


def _nothing() -> None:
    """Show no progress."""
