"""``khobor crawl``: a source the whole way, from its listings to the archive, in this process."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from khobor.cli.boundary import with_hint
from khobor.cli.embedded import embedded
from khobor.cli.options import NOBODY, Contact, Force, Json, Log, Loopback, Out, SourceName, Sources
from khobor.cli.out_file import hand_over, out_file
from khobor.cli.output import counted
from khobor.cli.source_files import files, source_named
from khobor.cli.terminal import errors
from khobor.frontier.budgets import CAUSES, Cause

if TYPE_CHECKING:
    from khobor.article import Article
    from khobor.embedded.stack import DeadLetter, EmbeddedStack

# How often the progress is shown, in seconds.
_STEP = 1.0
# What fetch logs of a URL that has no page, and how a total calls it.
_WITHOUT_PAGE = {
    "missing": "not found (404)",
    "gone": "gone (410)",
    "disallowed": "forbidden by robots.txt",
}


@dataclass
class CrawlOutcomes:
    """What became of the URLs of a crawl, as the functions logged it.

    Attributes:
        found: The URLs of articles that listings and links led to.
        fetched: Those whose page was stored.
        without_page: Of URLs that have no page, why: the word of the log, and the line for people.
        left_by: For each listing how many of its URLs exceeded a budget, by cause.
    """

    found: set[str] = field(default_factory=set)
    fetched: set[str] = field(default_factory=set)
    without_page: dict[str, tuple[str, str]] = field(default_factory=dict)
    left_by: dict[str, Mapping[Cause, int]] = field(default_factory=dict)

    def add(self, line: Mapping[str, Any]) -> None:
        """Count a line of the log."""
        said, url, service = line.get("message"), line.get("url"), line.get("service")
        if not isinstance(said, str) or not isinstance(url, str):
            return
        if service == "discover" and said == "found":
            self.found.add(url)
        elif service == "discover" and said == "read":
            self.left_by[url] = line.get("left_by") or {}
        elif service == "fetch" and said in _WITHOUT_PAGE:
            self.without_page[url] = said, f"{_WITHOUT_PAGE[said]}: {line.get('detail') or url}"
        elif service == "fetch" and said == "stored" and line.get("kind") == "article":
            self.fetched.add(url)
            self.without_page.pop(url, None)

    def left(self) -> Iterator[str]:
        """Yield a line for each cause for which URLs were left for a later run."""
        counts = Counter[Cause]()
        for causes in self.left_by.values():
            counts.update(causes)
        for cause, words in CAUSES.items():
            if counts[cause]:
                yield f"{counted(counts[cause], 'URL')} left for a later run: {words}"

    def total(self, articles: int, failed: int) -> str:
        """Return all of it in one line."""
        counts = Counter(said for said, _ in self.without_page.values())
        merged = len(self.fetched) - articles - failed
        parts = [counted(articles, "article")]
        parts += [f"{merged:,} with the same URL as another"] if merged > 0 else []
        parts += [f"{counts[said]:,} {words}" for said, words in _WITHOUT_PAGE.items() if counts[said]]
        parts += [f"{failed:,} failed"] if failed else []
        return f"{counted(len(self.found), 'URL')} found: {', '.join(parts)}"


def crawl(
    source: SourceName,
    as_json: Json = None,
    out: Out = None,
    force: Force = False,
    folder: Sources = None,
    contact: Contact = NOBODY,
    allow_loopback: Loopback = False,
    log: Log = None,
) -> None:
    """Discover, fetch, parse and store a source's articles in this process, and print them.

    Pages are fetched as politely as on AWS, one after another with the source's delay; Ctrl-C stops and prints what was
    stored so far. With --out the articles go to the file only. The exit status is 1 if a page failed or there is no
    article; pages that are missing or forbidden by robots.txt are only counted.

    For example:

    - `khobor crawl kalbela`
    - `khobor crawl mine --sources mine/ --out articles.jsonl`
    """
    found = source_named(source, folder)
    calls = Counter[str]()
    reached = embedded(contact, log, allow_loopback=allow_loopback, on_call=lambda call: calls.update([call]))
    with out_file(out, force=force) as write, reached as stack:
        for path, text in files(folder).items():
            stack.upload(f"sources/{path}", text)
        stack.invoke("DiscoverFunction", {"source": found.name})
        with suppress(KeyboardInterrupt):
            _run(stack, calls)
        articles = sorted(stack.articles(), key=lambda article: (article.fetched_at, article.article_id))
        hand_over(articles, write, as_json=as_json)
        messages = stack.dead_letters()
        outcomes = _outcomes(stack.log)
    _print_outcome(found.name, outcomes, articles, messages)
    if messages or not articles:
        raise typer.Exit(1)


def _run(stack: "EmbeddedStack", calls: Counter[str]) -> None:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task("discover")
        while (next_at := stack.run(0)) is not None:
            kept, waiting = calls["s3.PutObject"], stack.waiting("FetchQueueUrl")
            progress.update(task, description=f"{kept} stored, {waiting} waiting")
            time.sleep(max(0.0, min(next_at - time.time(), _STEP)))


def _outcomes(log: TextIO) -> CrawlOutcomes:
    outcomes = CrawlOutcomes()
    log.seek(0)
    for line in _lines(log):
        outcomes.add(line)
    return outcomes


def _lines(log: TextIO) -> Iterator[dict[str, Any]]:
    for text in log:
        if '"service":' in text:
            with suppress(ValueError):
                yield json.loads(text)


def _print_outcome(
    source: str, outcomes: CrawlOutcomes, articles: "list[Article]", messages: "list[DeadLetter]"
) -> None:
    for _, line in outcomes.without_page.values():
        errors.print(line, markup=False, soft_wrap=True)
    for message in messages:
        reason = message.reason or "crashed"
        detail = message.detail or "khobor failed unexpectedly; --log FILE writes the log of the functions"
        errors.print(with_hint(reason, f"{reason}: {detail}"), markup=False, soft_wrap=True)
    for line in outcomes.left():
        errors.print(line, markup=False, soft_wrap=True)
    errors.print(outcomes.total(len(articles), len(messages)))
    if not outcomes.found:
        errors.print(f"no listing contained an article; khobor discover {source} --dry-run shows why", soft_wrap=True)
