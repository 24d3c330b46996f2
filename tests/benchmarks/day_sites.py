"""Web sites of a simulated time, and what they see of the crawler."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from tests.example_pages import page

START = datetime(2026, 3, 1, tzinfo=UTC)
DELAY = 2.0
_ON_FEED = 60
# What waits for its turn is requested a little after its time, the first time more so than the second.
_EARLY = 0.9
# Of this many articles one is changed later, and one is removed.
_CHANGES_IN, _REMOVED_IN = 10, 25
# Longer than it takes until an article is found and fetched for the first time, besides the interval of its source.
_FIRST_FETCH = timedelta(hours=1)
# Articles that are published in the last hours stay as they are: they might not be fetched again.
_LAST_HOURS = timedelta(hours=6)
# Without it, a short page with 404 in its headline looks like an error page.
_KIND = '<meta property="og:type" content="article">'
_SOURCE = """
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


@dataclass(frozen=True)
class Stored:
    """What an archive has of an article.

    Attributes:
        title: The title.
        revisions: The number of revisions.
        is_gone: Whether its site has removed it.
    """

    title: str | None
    revisions: int | None
    is_gone: bool


@dataclass
class Figures:
    """What the web server received, and what the archive contains.

    Attributes:
        articles: How many were published.
        stored: The articles in the archive, by the path of their URL below its host.
        answers: Requests by kind and status.
        changes_sent: Articles whose changed text was sent.
        removals_sent: Articles whose removal was answered.
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
    stored: dict[str, Stored] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    changes_sent: int = 0
    removals_sent: int = 0
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
    def changed(self) -> int:
        """The articles with a second revision; that an article is gone is one, too."""
        return sum((each.revisions or 1) > 1 and not each.is_gone for each in self.stored.values())

    @property
    def gone(self) -> int:
        """The articles that are marked as gone."""
        return sum(each.is_gone for each in self.stored.values())

    @property
    def is_wrong(self) -> bool:
        """Whether a host was asked as it must not be, or an article, a revision or a gone mark is missing."""
        asked = self.too_soon or self.at_once or self.twice or self.too_early
        kept = (len(self.stored), self.changed, self.gone)
        return bool(asked or self.dead or kept != (self.articles, self.changes_sent, self.removals_sent))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is simulated.

    Attributes:
        sources: How many sources.
        articles: How many articles they publish a day altogether, at random times.
        days: How many days.
        interval: How often each source is looked at, in minutes.
        first_revisit: The shortest time after which an article is fetched again; None if none is.
        seed: Of the random numbers.
    """

    sources: int
    articles: int
    days: int = 1
    interval: int = 60
    first_revisit: timedelta | None = None
    seed: int = 7

    @property
    def end(self) -> datetime:
        """When the last article is published at the latest."""
        return START + timedelta(days=self.days)

    @property
    def again(self) -> Mapping[str, timedelta]:
        """After which time each kind of URL may be requested again."""
        first = self.first_revisit or timedelta.max
        return {"feed": timedelta(minutes=self.interval), "article": first, "robots.txt": timedelta(days=1)}


class Sites(ThreadingHTTPServer):
    """All sites, each on a loopback address of its own.

    Args:
        plan: How many they are, and what they publish.
    """

    daemon_threads = True

    def __init__(self, plan: Plan) -> None:
        super().__init__(("0.0.0.0", 0), _Answer)
        chance = random.Random(plan.seed)
        self.hosts = [f"127.0.{number // 250 + 1}.{number % 250 + 1}" for number in range(plan.sources)]
        self.published: dict[str, list[tuple[datetime, int]]] = {host: [] for host in self.hosts}
        self._published_at: dict[int, datetime] = {}
        for number in range(plan.articles * plan.days):
            at = START + timedelta(seconds=chance.uniform(0, 86_400 * plan.days))
            self.published[chance.choice(self.hosts)].append((at, number))
            self._published_at[number] = at
        for listed in self.published.values():
            listed.sort()
        self.figures = Figures(plan.articles * plan.days)
        self.sent: Counter[str] = Counter()
        self._plan = plan
        self._lock = Lock()
        self._asked: dict[str, int] = defaultdict(int)
        self._answered_at: dict[str, float] = {}
        self._asked_at: dict[str, float] = {}

    def urls(self) -> Iterator[str]:
        """Yield the URLs of all articles."""
        for host, listed in self.published.items():
            yield from (f"http://{host}:{self.server_port}/news/{number}" for _, number in listed)

    def source_files(self) -> dict[str, str]:
        """Return the files of the sources, by name."""
        facts: dict[str, object] = {"port": self.server_port, "interval": self._plan.interval, "delay": DELAY}
        facts["revisits"] = "" if self._plan.first_revisit else "revisits = []"
        return {
            f"site-{number}.toml": _SOURCE.format(number=number, host=host, **facts)
            for number, host in enumerate(self.hosts)
        }

    def version(self, number: int) -> int | None:
        """Return how often an article has been changed by now; None if it is removed."""
        at = self._published_at.get(number)
        if at is None or at > self._plan.end - _LAST_HOURS:
            return 0
        is_later = datetime.now(UTC) > at + timedelta(minutes=self._plan.interval) + _FIRST_FETCH
        if is_later and number % _REMOVED_IN == _REMOVED_IN - 1:
            return None
        return int(is_later and number % _CHANGES_IN == _CHANGES_IN - 2)

    def arrive(self, host: str) -> None:
        """Note that a request to a host comes in."""
        with self._lock:
            self.figures.at_once += self._asked[host] > 0
            self._asked[host] += 1
            if host in self._answered_at:
                gap = time.time() - self._answered_at[host]
                self.figures.shortest_gap = min(self.figures.shortest_gap, gap)
                self.figures.too_soon += gap < DELAY

    def leave(self, url: str, kind: str, status: int, etag: str | None = None) -> None:
        """Note that a request for a URL, without its scheme, is answered."""
        host, now = url.partition("/")[0], time.time()
        with self._lock:
            self._asked[host] -= 1
            self._answered_at[host] = now
            self.figures.answers[f"{kind} {status}"] += 1
            before, again = self._asked_at.get(url), self._plan.again[kind].total_seconds()
            self.figures.too_early += before is not None and now - before < _EARLY * again
            self._asked_at[url] = now
            if kind == "article":
                self.sent[f"{url} {etag}"] += status == 200
                self.figures.changes_sent += status == 200 and str(etag).endswith('-1"')
                self.figures.removals_sent += status == 410


class _Answer(BaseHTTPRequestHandler):
    server: Sites
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host = self.headers["Host"].partition(":")[0]
        self.server.arrive(host)
        kind, etag, body = self._page(host)
        status = self._status(kind, etag, body)
        content = body.encode() if body and status == 200 else b""
        self.server.leave(host + self.path, kind, status, etag)
        self.send_response(status)
        if etag:
            self.send_header("ETag", etag)
        self.send_header("Content-Type", "text/xml" if kind == "feed" else "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        pass

    def _status(self, kind: str, etag: str | None, body: str | None) -> int:
        if etag is not None and self.headers["If-None-Match"] == etag:
            return 304
        if body is None:
            return 410 if kind == "article" else 404
        return 200

    def _page(self, host: str) -> tuple[str, str | None, str | None]:
        """Return the kind, ETag and body of the requested path."""
        if self.path == "/feed":
            listed = [each for each in self.server.published[host] if each[0].timestamp() <= time.time()][-_ON_FEED:]
            return "feed", f'"{listed[-1][1] if listed else "none"}"', _feed(listed, f"http://{self.headers['Host']}")
        if self.path.startswith("/news/"):
            return self._article(int(self.path.rpartition("/")[2]))
        return "robots.txt", None, None

    def _article(self, number: int) -> tuple[str, str | None, str | None]:
        version = self.server.version(number)
        if version is None:
            return "article", None, None
        title = f"Bridge number {number} opens to traffic again" + ", says the mayor" * version
        return "article", f'"{number}-{version}"', page(title=title, head=_KIND).decode()


def _feed(listed: list[tuple[datetime, int]], site: str) -> str:
    items = "".join(
        f"<item><link>{site}/news/{number}</link><pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for at, number in reversed(listed)
    )
    return f"<rss><channel>{items}</channel></rss>"


@contextmanager
def serving(sites: Sites) -> Iterator[Sites]:
    """Serve the sites."""
    thread = Thread(target=sites.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield sites
    finally:
        sites.shutdown()
        thread.join()
        sites.server_close()
