"""Two sites on one web server, each with its own host name: an honest one, and one that makes false claims.

The honest one is called the victim. What it has ever answered is recorded, so that what the archive holds of it can be
compared with that.
"""

import re
import socket
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from pytest_httpserver import HTTPServer
from tests.example_pages import page
from werkzeug import Request, Response

from khobor.fetch.downloader import Downloader

VICTIM, EVIL = "victim.example", "evil.example"
ARTICLES = ("/news/1", "/news/2", "/news/3")
LISTINGS = ("/feed", "/sitemap.xml")
# In every text of the other site, and in no text of the victim.
POISON = "Poison"

ANY = re.compile("")
Answer = Callable[[Request], Response]


class TwoSites:
    """The answers of both sites.

    Attributes:
        titles: Of each of the victim's paths, the titles that its pages ever had.
        denied: The victim's paths that it ever said are gone or have moved.
    """

    def __init__(self, server: HTTPServer) -> None:
        self._port = server.port
        self.titles: dict[str, set[str]] = defaultdict(set)
        self.denied: set[str] = set()
        self._answers: dict[tuple[str, str], Answer] = {}
        server.expect_request(ANY).respond_with_handler(self._answer)
        for path in ARTICLES:
            self.publish(path, 1)
            self.set(EVIL, path, html(f"{POISON} {path}"))
        self.list(VICTIM, [self.url(VICTIM, path) for path in ARTICLES])
        self.list(EVIL, [self.url(EVIL, path) for path in ARTICLES])

    def url(self, host: str, path: str) -> str:
        """Return the URL of a path."""
        return f"http://{host}:{self._port}{path}"

    def set(self, host: str, path: str, answer: Response) -> None:
        """Answer to requests for a path from now on."""
        self._answers[host, path] = lambda _: answer

    def publish(self, path: str, version: int) -> None:
        """Put a version of an article on the victim's site."""
        title = f"Bridge number {path[-1]} opens to traffic, report {version}"
        self.titles[path].add(title)
        self.set(VICTIM, path, html(title, etag=f"victim-{version}"))

    def withdraw(self, path: str, status: int) -> None:
        """Let the victim say that an article is gone, or has moved to another of its articles."""
        self.denied.add(path)
        headers = {"Location": "/news/3"} if status == 301 else {}
        self.set(VICTIM, path, Response(status=status, headers=headers))

    def list(self, host: str, urls: list[str], path: str | None = None, more: str = "") -> None:
        """Put listings on a site that name URLs; into the feed goes what else it shall say."""
        facts = ("title", "author", "category", "description")
        stated = "".join(f"<{each}>{'Bridges' if host == VICTIM else POISON}</{each}>" for each in facts)
        items = "".join(f"<item><link>{url}</link>{stated}</item>" for url in urls)
        locations = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
        feed = f'<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel>{more}{items}</channel></rss>'
        bodies = {"/feed": feed, "/sitemap.xml": f"<urlset>{locations}</urlset>"}
        for each in [path] if path else bodies:
            self.set(host, each, Response(bodies[each], content_type="text/xml", headers={"ETag": f'"{host}"'}))

    def _answer(self, request: Request) -> Response:
        host, _, _ = request.host.partition(":")
        answer = self._answers.get((host, request.path))
        return answer(request) if answer else Response(status=404)


def html(title: str, *, head: str = "", article: str = "", etag: str | None = None) -> Response:
    """Return a page; one that is not the victim's says so in each field."""
    facts: dict[str, Any] = {}
    if POISON in title:
        facts["paragraphs"] = tuple(f"{POISON} paragraph number {n} says that the bridge is closed." for n in range(5))
        head += f'<meta name="author" content="{POISON}"><meta property="article:published_time" content="1999-01-01">'
    headers = {"ETag": f'"{etag}"'} if etag else {}
    return Response(page(title=title, head=head, article=article, **facts), headers=headers, content_type="text/html")


@contextmanager
def names_lead_here() -> Iterator[None]:
    """Let the names of both sites have this machine's address, and no other name any."""

    def resolve(host: str, *rest: Any, **options: Any) -> list[Any]:
        if host not in {VICTIM, EVIL}:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return socket.getaddrinfo("127.0.0.1", *rest, **options)

    with patch.dict(Downloader.__init__.__kwdefaults__, resolver=resolve):
        yield


def is_of(url: str | None, host: str) -> bool:
    """Whether a URL is on a site."""
    return url is not None and urlsplit(url).hostname == host
