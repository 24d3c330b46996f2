"""What a source's listings tell of, what of it would be fetched, and why not the rest."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial

from rich.console import Console
from rich.table import Table
from rich.text import Text

from khobor.cli.boundary import with_hint
from khobor.cli.output import print_json, wants_json
from khobor.discover.listing import Entry, Listing
from khobor.discover.listing_reader import read_listing
from khobor.discover.url_filters import configured_listings, filter_entries, linked_listings, refused_sitemaps
from khobor.errors import KhoborError, PermanentError
from khobor.fetch.downloader import Downloader
from khobor.fetch.fetcher import accept_for
from khobor.fetch.robots import RobotsTxt
from khobor.fetch.robots_lookup import RobotsLookup
from khobor.frontier.fetch_queue import Kind, message_group
from khobor.sources.source import Source
from khobor.work_limits import LISTING_LIMITS, within

# A dry run follows so many of the feeds and sitemaps that listings lead to.
_MOST_FOLLOWED = 10
_MOST_SHOWN = 200


@dataclass(frozen=True)
class ListingAttempt:
    """A listing that was attempt.

    Attributes:
        kind: What it is.
        url: Its URL.
        listing: What it tells; None where it could not be fetched.
        leads: The listings that it leads to, kind and URL.
        problem: Why not.
    """

    kind: Kind
    url: str
    listing: Listing | None
    leads: tuple[tuple[Kind, str], ...] = ()
    problem: str | None = None


class DryRun:
    """Fetches the listings of a source, politely, and nothing else.

    Args:
        downloader: Sends requests.
    """

    def __init__(self, downloader: Downloader) -> None:
        self._downloader = downloader
        self._robots = RobotsLookup(downloader)
        self._asked: dict[str, float] = {}

    def listings(self, source: Source) -> Iterator[ListingAttempt]:
        """Yield the source's listings as they are fetched, and those that they lead to."""
        waiting: list[tuple[Kind, str]] = list(configured_listings(source))
        seen = set(waiting)
        guesses: set[tuple[Kind, str]] = set()
        followed = 0
        while waiting:
            kind, url = waiting.pop(0)
            attempt = self._try(kind, url, source)
            holds_some = attempt.listing is not None and bool(attempt.listing.entries or attempt.leads)
            if holds_some or (kind, url) not in guesses:
                yield attempt
            # What is read of a new source besides the listings that its home page names.
            fallbacks = attempt.listing.fallbacks if kind == "home" and attempt.listing else ()
            guesses.update(fallbacks)
            for lead in (*attempt.leads, *fallbacks):
                if lead not in seen and followed < _MOST_FOLLOWED:
                    followed += 1
                    seen.add(lead)
                    waiting.append(lead)

    def _try(self, kind: Kind, url: str, source: Source) -> ListingAttempt:
        try:
            robots_txt = self._robots_txt(url, source)
            if kind == "home" and robots_txt.state == "unknown" and url.startswith("https:"):
                # Not even robots.txt answers with TLS. Sources name hosts, not schemes.
                return self._try(kind, f"http:{url.removeprefix('https:')}", source)
            verdict = robots_txt.verdict(url)
            if not verdict.allowed:
                raise PermanentError("robots_disallowed", verdict.reason)
            with self._turn(url, max(source.fetching.delay_seconds, verdict.crawl_delay or 0)):
                page = self._downloader.fetch(url, ports=source.fetching.ports, accept=accept_for(kind))
            listing = within(LISTING_LIMITS, partial(read_listing, kind, page, source, robots_txt.sitemaps), what=url)
        except KhoborError as error:
            return ListingAttempt(kind, url, None, problem=with_hint(error.reason, str(error)))
        return ListingAttempt(kind, url, listing, tuple(linked_listings(source, url, listing, datetime.now(UTC))))

    def _robots_txt(self, url: str, source: Source) -> RobotsTxt:
        if known := self._robots.known(url):
            return known
        with self._turn(url, source.fetching.delay_seconds):
            return self._robots.fetch(url, ports=source.fetching.ports)

    @contextmanager
    def _turn(self, url: str, delay: float) -> Iterator[None]:
        """Begin once so many seconds are over since the last request to the URL's host ended."""
        host = message_group(url)
        if host in self._asked:
            time.sleep(max(0.0, self._asked[host] + delay - time.monotonic()))
        try:
            yield
        finally:
            self._asked[host] = time.monotonic()


def show_dry_run(output: Console, source: Source, downloader: Downloader, *, as_json: bool | None) -> bool:
    """Print what the listings of a source hold, as they are fetched; return whether each held something.

    Args:
        output: Where the text for people goes.
        source: The source.
        downloader: Sends requests.
        as_json: The option ``--json``: a line for each listing.
    """
    now = datetime.now(UTC)
    is_good = True
    for attempt in DryRun(downloader).listings(source):
        decisions = _decisions(source, attempt.listing, now) if attempt.listing else []
        is_good = is_good and bool(decisions or attempt.leads)
        if wants_json(as_json):
            print_json(_facts(source, attempt, decisions))
        else:
            _show(output, attempt, decisions)
    return is_good


def _decisions(source: Source, listing: Listing, now: datetime) -> list[tuple[Entry, str | None]]:
    """Return the entries of a listing and the sitemaps that are not read, with the reasons."""
    return [*filter_entries(source, listing.entries, now), *refused_sitemaps(listing)]


def _facts(source: Source, attempt: ListingAttempt, decisions: list[tuple[Entry, str | None]]) -> dict[str, object]:
    """Return a listing as JSON: ``reason`` says why an entry would not be fetched, and is null where it would."""
    return {
        "source": source.name,
        "kind": attempt.kind,
        "url": attempt.url,
        "problems": [attempt.problem] if attempt.listing is None else list(attempt.listing.problems),
        "entries": [{**asdict(entry), "reason": reason} for entry, reason in decisions],
        "leads": [{"kind": kind, "url": url} for kind, url in attempt.leads],
    }


def _show(output: Console, attempt: ListingAttempt, decisions: list[tuple[Entry, str | None]]) -> None:
    output.print(f"{attempt.kind}  {attempt.url}", markup=False, soft_wrap=True, style="bold")
    if attempt.listing is None:
        output.print(f"  {attempt.problem}\n", markup=False, soft_wrap=True, style="red")
        return
    for problem in attempt.listing.problems:
        output.print(f"  {problem}", markup=False, soft_wrap=True, style="yellow")
    output.print(_table(decisions))
    if len(decisions) > _MOST_SHOWN:
        output.print(f"  … {len(decisions) - _MOST_SHOWN:,} more; --json shows all")
    output.print(_summary(attempt, decisions) + "\n", markup=False)


def _table(decisions: list[tuple[Entry, str | None]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for entry, reason in decisions[:_MOST_SHOWN]:
        told = entry.published_at or entry.modified_at
        when = f"{told.astimezone(UTC):%Y-%m-%d %H:%M}" if told else ""
        text = f"{entry.title}\n{entry.url}" if entry.title else entry.url
        table.add_row(f"  {reason or 'fetch'}", when, Text(text), style="dim" if reason else "")
    return table


def _summary(attempt: ListingAttempt, decisions: list[tuple[Entry, str | None]]) -> str:
    reasons = Counter(reason for _, reason in decisions if reason)
    parts = [f"{len(decisions)} found", f"{len(decisions) - reasons.total()} to fetch if new"]
    parts += [f"{count} {reason}" for reason, count in reasons.most_common()]
    if attempt.leads:
        parts.append(f"links to {len(attempt.leads)} other listings")
    return f"  {', '.join(parts)}"
