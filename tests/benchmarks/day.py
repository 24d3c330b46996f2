"""A day of many sources, on the embedded stack and its clock, against a web server that watches how it is asked.

    python -m tests.benchmarks.day --sources 200 --articles 50000

prints what was asked for, what it took, and whether a host was asked too soon, twice at once, or twice for nothing:
what did not change was sent again, or a URL was asked for again long before its time. Functions, template and clients
are the real ones, AWS is moto; ``moto_at_scale`` says what is spared there. Progress goes to standard error.
"""

import gc
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Lock, Thread
from typing import Annotated

import time_machine
import typer
from tests.benchmarks.moto_at_scale import moto_at_scale
from tests.example_pages import page

from khobor.archive.headlines import MAX_PAGE_SIZE, Headline, all_headlines
from khobor.embedded.stack import EmbeddedStack
from khobor.sources.registry import bundled_sources
from khobor.sources.source import FetchingOptions

START = datetime(2026, 3, 1, tzinfo=UTC)
TICK = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
# After the last article is published, its source is still to be looked at, and what waits for its turn to be fetched.
AFTER = timedelta(hours=2)
DELAY = 2.0
_ON_FEED = 60
# What waits for its turn is asked for a little after its time, the first time more so than the second.
_EARLY = 0.9
# Without it, a short page of which the headline has the number 404 is taken for an error page.
_KIND = '<meta property="og:type" content="article">'
SOURCE = """
version = 1
publisher = "Site {number}"
hosts = ["{host}"]
enabled = true
[discovery]
feeds = ["http://{host}:{port}/feed"]
interval_minutes = {interval}
[fetching]
delay_seconds = {delay}
{revisits}
"""


@dataclass
class Figures:
    """What the web server saw, and what the archive holds.

    Attributes:
        articles: How many were published.
        stored: How many were stored.
        answers: Requests by kind and status.
        calls: Calls of the functions to AWS.
        too_soon: Requests that came before the host's delay was over.
        at_once: Requests that came while another one to the same host was answered.
        twice: Articles whose unchanged text was sent more than once.
        too_early: Requests for what was not to be asked for again yet.
        dead: Messages that were put aside.
        peak: The most memory that the process had, in bytes.
        shortest_gap: The shortest time between two requests to one host, in seconds.
        seconds: What it took of real time.
    """

    articles: int
    stored: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    too_soon: int = 0
    at_once: int = 0
    twice: int = 0
    too_early: int = 0
    dead: int = 0
    peak: int = 0
    shortest_gap: float = float("inf")
    seconds: float = 0.0

    @property
    def is_wrong(self) -> bool:
        """Whether a host was asked as it must not be, or an article is missing."""
        asked = self.too_soon or self.at_once or self.twice or self.too_early
        return bool(asked or self.dead or self.stored != self.articles)


class Sites(ThreadingHTTPServer):
    """All sites, each on a loopback address of its own."""

    daemon_threads = True

    def __init__(self, sources: int, articles: int, seed: int, again: Mapping[str, timedelta]) -> None:
        super().__init__(("0.0.0.0", 0), _Answer)
        chance = random.Random(seed)
        self.hosts = [f"127.0.{number // 250 + 1}.{number % 250 + 1}" for number in range(sources)]
        self.published: dict[str, list[tuple[datetime, int]]] = {host: [] for host in self.hosts}
        for number in range(articles):
            at = START + timedelta(seconds=chance.uniform(0, 86_400))
            self.published[chance.choice(self.hosts)].append((at, number))
        for listed in self.published.values():
            listed.sort()
        self.figures = Figures(articles)
        self.sent: Counter[int] = Counter()
        self._lock = Lock()
        self._asked: dict[str, int] = defaultdict(int)
        self._answered_at: dict[str, float] = {}
        self._again = again
        self._asked_at: dict[str, float] = {}

    def urls(self) -> Iterator[str]:
        """Yield the URLs of all articles."""
        for host, listed in self.published.items():
            yield from (f"http://{host}:{self.server_port}/news/{number}" for _, number in listed)

    def arrive(self, host: str) -> None:
        """Note that a request to a host comes in."""
        with self._lock:
            self.figures.at_once += self._asked[host] > 0
            self._asked[host] += 1
            if host in self._answered_at:
                gap = time.time() - self._answered_at[host]
                self.figures.shortest_gap = min(self.figures.shortest_gap, gap)
                self.figures.too_soon += gap < DELAY

    def leave(self, url: str, kind: str, status: int) -> None:
        """Note that a request for a URL, without its scheme, is answered."""
        host, now = url.partition("/")[0], time.time()
        with self._lock:
            self._asked[host] -= 1
            self._answered_at[host] = now
            self.figures.answers[f"{kind} {status}"] += 1
            before = self._asked_at.get(url)
            self.figures.too_early += before is not None and now - before < _EARLY * self._again[kind].total_seconds()
            self._asked_at[url] = now


class _Answer(BaseHTTPRequestHandler):
    server: Sites
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host = self.headers["Host"].partition(":")[0]
        self.server.arrive(host)
        kind, etag, body = self._page(host)
        is_known = etag is not None and self.headers["If-None-Match"] == etag
        status = 304 if is_known else 404 if body is None else 200
        if kind == "article" and status == 200:
            self.server.sent[int(self.path.rpartition("/")[2])] += 1
        content = body.encode() if body and status == 200 else b""
        self.server.leave(host + self.path, kind, status)
        self.send_response(status)
        if etag:
            self.send_header("ETag", etag)
        self.send_header("Content-Type", "text/xml" if kind == "feed" else "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        pass

    def _page(self, host: str) -> tuple[str, str | None, str | None]:
        """Return kind, ETag and body of what is asked for."""
        if self.path == "/feed":
            listed = [each for each in self.server.published[host] if each[0].timestamp() <= time.time()][-_ON_FEED:]
            return "feed", f'"{listed[-1][1] if listed else "none"}"', _feed(listed, f"http://{self.headers['Host']}")
        if self.path.startswith("/news/"):
            number = self.path.rpartition("/")[2]
            title = f"Bridge number {number} opens to traffic again"
            return "article", f'"{number}"', page(title=title, head=_KIND).decode()
        return "robots.txt", None, None


def _feed(listed: list[tuple[datetime, int]], site: str) -> str:
    items = "".join(
        f"<item><link>{site}/news/{number}</link><pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for at, number in reversed(listed)
    )
    return f"<rss><channel>{items}</channel></rss>"


def simulate(sources: int, articles: int, *, interval: int = 60, revisits: bool = True, seed: int = 7) -> Figures:
    """Return the figures of a day.

    Args:
        sources: How many sources.
        articles: How many articles they publish altogether, at random times.
        interval: How often each is looked at, in minutes.
        revisits: Whether articles are looked at again.
        seed: Of the random numbers.
    """
    began = time.perf_counter()
    again = {"feed": timedelta(minutes=interval), "article": _first_revisit(revisits), "robots.txt": timedelta(days=1)}
    with (
        moto_at_scale(),
        _serving(Sites(sources, articles, seed, again)) as sites,
        time_machine.travel(START, tick=False) as clock,
    ):
        figures = sites.figures
        parameters = {"Contact": "mailto:day@localhost", "AllowLoopback": "true"}
        count = figures.calls.update
        with EmbeddedStack(parameters, log=_Nowhere(), sleep=clock.shift, on_call=lambda call: count([call])) as stack:
            _upload(stack, sites, interval, "" if revisits else "revisits = []")
            with _little_garbage():
                _pass(stack, clock, figures, began)
            found = {each.url for number in range(sources) for each in _headlines(stack, f"site-{number}")}
            figures.stored = len(found & set(sites.urls()))
            figures.dead = len(stack.dead_letters())
    figures.twice = sum(count > 1 for count in sites.sent.values())
    figures.seconds = time.perf_counter() - began
    figures.peak = _peak()
    return figures


def _first_revisit(revisits: bool) -> timedelta:
    if not revisits:
        return timedelta.max
    return timedelta(minutes=FetchingOptions().revisits[0].every_minutes)


def _pass(stack: EmbeddedStack, clock: time_machine.Traveller, figures: Figures, began: float) -> None:
    """Let the day pass."""
    while (now := datetime.now(UTC)) < START + timedelta(days=1) + AFTER:
        stack.tick(now)
        stack.run((now + TICK - datetime.now(UTC)).total_seconds())
        clock.move_to(max(now + TICK, datetime.now(UTC)))
        if now - START >= _HOUR and (now - START) % _HOUR < TICK:
            fetched = f"{figures.answers.total()} requests, {figures.answers['article 200']} articles fetched"
            taken = f"{time.perf_counter() - began:.0f} s, {_peak() / 1e6:.0f} MB"
            print(f"{now:%d %H:%M}: {fetched}, {taken}", file=sys.stderr)
            # What the day has brought by now stays: it is not to be looked through for garbage again and again.
            gc.collect()
            gc.freeze()
    stack.run()


@contextmanager
def _little_garbage() -> Iterator[None]:
    """Have Python look for garbage rarely: hardly anything of what the day makes is."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _peak() -> int:
    """Return the most memory that this process had until now, in bytes."""
    # Linux counts in KiB, macOS in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


class _Nowhere(StringIO):
    """Forgets what is written: a day of logs is large."""

    def write(self, text: str) -> int:
        return len(text)


@contextmanager
def _serving(sites: Sites) -> Iterator[Sites]:
    thread = Thread(target=sites.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield sites
    finally:
        sites.shutdown()
        thread.join()
        sites.server_close()


def _headlines(stack: EmbeddedStack, source: str) -> Iterator[Headline]:
    return all_headlines(lambda cursor: stack.lists.by_source(source, limit=MAX_PAGE_SIZE, cursor=cursor))


def _upload(stack: EmbeddedStack, sites: Sites, interval: int, revisits: str) -> None:
    # Nobody else's site is asked.
    others = bundled_sources().files["kalbela.toml"].replace("enabled = true", "enabled = false")
    stack.upload("sources/kalbela.toml", others.encode())
    for number, host in enumerate(sites.hosts):
        facts = {"interval": interval, "delay": DELAY, "revisits": revisits}
        text = SOURCE.format(number=number, host=host, port=sites.server_port, **facts)
        stack.upload(f"sources/site-{number}.toml", text.encode())


def main(
    sources: Annotated[int, typer.Option(min=1, max=10_000, help="How many sources.")] = 200,
    articles: Annotated[int, typer.Option(min=1, help="How many articles they publish in the day.")] = 50_000,
    interval: Annotated[int, typer.Option(min=5, help="How often each is looked at, in minutes.")] = 60,
    revisits: Annotated[bool, typer.Option(help="Whether articles are looked at again.")] = True,
) -> None:
    """Simulate a day, print its figures, and fail where a host was asked as it must not be."""
    figures = simulate(sources, articles, interval=interval, revisits=revisits)
    requests = figures.answers.total()
    print(
        f"{sources} sources, {figures.articles} articles published, {figures.stored} stored, {figures.dead} put aside"
    )
    print(f"{requests} requests, {requests / figures.articles:.2f} an article:")
    for kind, count in sorted(figures.answers.items()):
        print(f"  {count:>9} {kind}")
    print(f"shortest time between two requests to a host: {figures.shortest_gap:.3f} s of {DELAY:g} s")
    print(f"too soon: {figures.too_soon}, at once: {figures.at_once}")
    print(f"for nothing: unchanged and sent twice: {figures.twice}, long before its time: {figures.too_early}")
    print(f"calls of the functions to AWS: {figures.calls.total() / figures.articles:.2f} an article")
    for call, count in sorted(figures.calls.items()):
        print(f"  {count / figures.articles:>9.3f} {call}")
    print(f"{figures.seconds:.0f} s of real time, {figures.peak / 1e6:.0f} MB at most")
    if figures.is_wrong:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
