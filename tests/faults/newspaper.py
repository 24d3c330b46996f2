"""A small newspaper's web site, served from this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from zlib import crc32

from tests.example_pages import page

PUBLISHED = "2026-03-02T06:00:00+00:00"


@dataclass(frozen=True)
class PageAnswer:
    """What a path is answered with; a page that did not change is not sent again."""

    body: bytes = b""
    status: HTTPStatus = HTTPStatus.OK
    content_type: str = "text/html; charset=utf-8"
    location: str | None = None

    @property
    def etag(self) -> str:
        return f'"{crc32(self.body)}"'


class Newspaper(HTTPServer):
    """A web site that answers 404 to an unknown path.

    It answers only while it is ``open``: so a process that is forked meanwhile can open it, too.

    Attributes:
        answers: By path.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, PageAnswer] = {}

    @contextmanager
    def open(self) -> Iterator[None]:
        """PageAnswer requests."""
        thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the URL of a path; another name for the host makes it another one."""
        return f"http://{host}:{self.server_port}{path}"

    def publish(self, path: str, title: str, **parts: Any) -> None:
        """Put an article on the site."""
        self.answers[path] = PageAnswer(story(title, **parts))

    def list(self, *paths: str) -> None:
        """Let the feed tell of articles."""
        items = "".join(f"<item><link>{self.url(path)}</link></item>" for path in paths)
        self.answers["/feed"] = PageAnswer(f"<rss><channel>{items}</channel></rss>".encode(), content_type="text/xml")


def story(title: str, **parts: Any) -> bytes:
    """Return the page of an article that says when it was published."""
    facts = {"@type": "NewsArticle", "headline": title, "datePublished": PUBLISHED}
    about = {"articleSection": "City", "keywords": ["Bridge"], "author": {"@type": "Person", "name": "Ann Lee"}}
    return page(title=title, json_ld={"@context": "https://schema.org", **facts, **about}, **parts)


class _Handler(BaseHTTPRequestHandler):
    server: Newspaper

    def do_GET(self) -> None:
        answer = self.server.answers.get(self.path, PageAnswer(status=HTTPStatus.NOT_FOUND))
        if self.headers["If-None-Match"] == answer.etag:
            answer = PageAnswer(status=HTTPStatus.NOT_MODIFIED)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.location:
            self.send_header("Location", answer.location)
        elif answer.status is HTTPStatus.OK:
            self.send_header("ETag", answer.etag)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        pass
