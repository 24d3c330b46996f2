"""A day of many sources, on the embedded stack and its clock, against a web server that watches how it is asked.

    python -m tests.benchmarks.day --sources 200 --articles 50000

prints what was asked for, what it took, and whether a host was asked too soon, twice at once, or twice for nothing.
"""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Lock, Thread
from typing import Annotated

import time_machine
import typer
from tests.pages import page

from khobor.local.stack import EmbeddedStack
from khobor.sources.registry import bundled

START = datetime(2026, 3, 1, tzinfo=UTC)
TICK = timedelta(minutes=5)
# After the last article is published, its source is still to be looked at, and what waits for its turn to be fetched.
AFTER = timedelta(hours=2)
DELAY = 2.0
_ON_FEED = 60
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
    shortest_gap: float = float("inf")
    seconds: float = 0.0


class Sites(ThreadingHTTPServer):
    """All sites, each on a loopback address of its own."""

    daemon_threads = True

    def __init__(self, sources: int, articles: int, seed: int) -> None:
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

    def arrive(self, host: str) -> None:
        """Note that a request to a host comes in."""
        with self._lock:
            self.figures.at_once += self._asked[host] > 0
            self._asked[host] += 1
            if host in self._answered_at:
                gap = time.time() - self._answered_at[host]
                self.figures.shortest_gap = min(self.figures.shortest_gap, gap)
                self.figures.too_soon += gap < DELAY

    def leave(self, host: str, kind: str, status: int) -> None:
        """Note that it is answered."""
        with self._lock:
            self._asked[host] -= 1
            self._answered_at[host] = time.time()
            self.figures.answers[f"{kind} {status}"] += 1


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
        self.server.leave(host, kind, status)
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


def simulate(sources: int, articles: int, *, interval: int = 15, revisits: bool = True, seed: int = 7) -> Figures:
    """Return the figures of a day.

    Args:
        sources: How many sources.
        articles: How many articles they publish altogether, at random times.
        interval: How often each is looked at, in minutes.
        revisits: Whether articles are looked at again.
        seed: Of the random numbers.
    """
    began = time.perf_counter()
    with _serving(Sites(sources, articles, seed)) as sites, time_machine.travel(START, tick=False) as clock:
        figures = sites.figures
        parameters = {"Contact": "mailto:day@localhost", "AllowLoopback": "true"}
        count = figures.calls.update
        with EmbeddedStack(parameters, log=_Nowhere(), sleep=clock.shift, on_call=lambda call: count([call])) as stack:
            _upload(stack, sites, interval, "" if revisits else "revisits = []")
            while (now := datetime.now(UTC)) < START + timedelta(days=1) + AFTER:
                stack.tick(now)
                stack.run((now + TICK - datetime.now(UTC)).total_seconds())
                clock.move_to(max(now + TICK, datetime.now(UTC)))
            stack.run()
            figures.stored = sum(1 for _ in stack.articles())
    figures.twice = sum(count > 1 for count in sites.sent.values())
    figures.seconds = time.perf_counter() - began
    return figures


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


def _upload(stack: EmbeddedStack, sites: Sites, interval: int, revisits: str) -> None:
    # Nobody else's site is asked.
    others = bundled().files["kalbela.toml"].replace("enabled = true", "enabled = false")
    stack.upload("sources/kalbela.toml", others.encode())
    for number, host in enumerate(sites.hosts):
        facts = {"interval": interval, "delay": DELAY, "revisits": revisits}
        text = SOURCE.format(number=number, host=host, port=sites.server_port, **facts)
        stack.upload(f"sources/site-{number}.toml", text.encode())


def main(
    sources: Annotated[int, typer.Option(min=1, max=10_000, help="How many sources.")] = 200,
    articles: Annotated[int, typer.Option(min=1, help="How many articles they publish in the day.")] = 50_000,
    interval: Annotated[int, typer.Option(min=5, help="How often each is looked at, in minutes.")] = 15,
    revisits: Annotated[bool, typer.Option(help="Whether articles are looked at again.")] = True,
) -> None:
    """Simulate a day, print its figures, and fail where a host was asked as it must not be."""
    figures = simulate(sources, articles, interval=interval, revisits=revisits)
    requests = figures.answers.total()
    print(f"{sources} sources, {figures.articles} articles published, {figures.stored} stored")
    print(f"{requests} requests, {requests / figures.articles:.2f} an article:")
    for kind, count in sorted(figures.answers.items()):
        print(f"  {count:>9} {kind}")
    print(f"shortest time between two requests to a host: {figures.shortest_gap:.3f} s of {DELAY:g} s")
    print(f"too soon: {figures.too_soon}, at once: {figures.at_once}, unchanged and sent twice: {figures.twice}")
    for call, count in figures.calls.most_common():
        print(f"  {count / figures.articles:>9.3f} {call} an article")
    print(f"{figures.seconds:.0f} s of real time")
    if figures.too_soon or figures.at_once or figures.twice or figures.stored != figures.articles:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
