"""A few days of a small newspaper's archive, such that the functions make every call to AWS at least once."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import count
from typing import TypeAlias
from urllib.parse import quote

import time_machine
from tests.conftest import PARAMETERS
from tests.event_subscriber import Subscriber
from tests.example_pages import PARAGRAPHS
from tests.faults.newspaper import Newspaper, PageAnswer, story

from khobor.archive.store_queue import send_article
from khobor.article import RawReference
from khobor.aws.s3_events import event_of
from khobor.embedded.function import FunctionError
from khobor.embedded.stack import EmbeddedStack
from khobor.page import RawPage
from khobor.pages.s3 import S3Pages
from khobor.sources.registry import bundled_sources
from khobor.url import url_id

# An instant that shows its microseconds, as nearly all do.
START = datetime(2026, 3, 2, 6, 1, 0, 1234, tzinfo=UTC)
# When the step happens, in hours, and what it does.
Step: TypeAlias = tuple[float, Callable[[], None]]
# Lambda itself tries twice more what nobody waits for.
TRIES = 3
SOURCE = """
version = 1
publisher = "The Daily Test"
hosts = ["127.0.0.1"]
enabled = true
article_url = '^/news/'

[discovery]
feeds = ["{feed}"]
sections = ["{section}"]
related = true
interval_minutes = 5

[fetching]
revisits = [{{until_hours = 500, every_minutes = 1440}}]
"""
# More than a message of the store queue holds.
LONG = " ".join(PARAGRAPHS) * 700
GONE = PageAnswer(status=HTTPStatus.GONE)


class Days:
    """What happens to an archive, step by step.

    Args:
        stack: A new one.
        paper: The newspaper.
        clock: The time.

    Attributes:
        answers: What the api function answered, by question.
    """

    def __init__(self, stack: EmbeddedStack, paper: Newspaper, clock: time_machine.Traveller) -> None:
        self.stack = stack
        self.paper = paper
        self.clock = clock
        self.bus = Subscriber(stack)
        self.answers: dict[str, bytes] = {}
        # Each with when it happens, in hours: far enough apart that what failed in one is over in the next.
        self.steps: tuple[Step, ...] = (
            (0, self.add_source),
            (1, self.find_one),
            (2, self.find_large),
            (4, self.find_related),
            (6, self.find_redirected),
            (8, self.upload),
            (10, self.upload_home_page),
            (40, self.revise),
            (70, self.take_down),
            (72, self.read_again),
            (100, self.move),
            (102, self.poison),
            (104, self.ask),
        )

    def take(self, step: Step) -> None:
        """Let one step happen, until nothing moves any more."""
        hours, happen = step
        self.clock.move_to(START + timedelta(hours=hours))
        with self.paper.open():
            happen()
            self.stack.run()

    def add_source(self) -> None:
        """A source is added, beside one whose newest file cannot be used; its listings are still empty."""
        kalbela = bundled_sources().files["kalbela.toml"].replace("enabled = true", "enabled = false")
        self.stack.upload("sources/kalbela.toml", kalbela.encode())
        self.stack.upload("sources/weekly.toml", b'version = 1\npublisher = "The Weekly Test"\nhosts = ["weekly.test"]')
        self.stack.upload("sources/weekly.toml", b"version = one")
        source = SOURCE.format(feed=self.paper.url("/feed"), section=self.paper.url("/city"))
        self.stack.upload("sources/daily.toml", source.encode())
        self.paper.list()
        self.paper.answers |= {
            "/robots.txt": PageAnswer(b"Sitemap: /sitemap.xml"),
            "/city": PageAnswer(b"<main>News of the city</main>"),
        }
        self._tick()

    def find_one(self) -> None:
        """The feed lists an article."""
        self.paper.publish("/news/bridge", "The bridge opens")
        self.paper.list("/news/bridge")
        self._tick()

    def find_large(self) -> None:
        """The section page links to an article that is too large for a message."""
        self.paper.publish("/news/large", "The whole report on the bridge", paragraphs=(LONG,))
        link = f'<main><a href="{self.paper.url("/news/large")}">The whole report on the bridge</a></main>'
        self.paper.answers["/city"] = PageAnswer(link.encode())
        self._tick()

    def find_related(self) -> None:
        """An article links to another one, which gives another address as its own."""
        own = f'<link rel="canonical" href="{self.paper.url("/news/the-bridge-closes-for-the-winter")}">'
        self.paper.publish("/news/winter", "The bridge closes for the winter", head=own)
        link = f'<a href="{self.paper.url("/news/winter")}">The bridge closes for the winter</a>'
        self.paper.publish("/news/autumn", "The river rises", article=link)
        self.paper.list("/news/bridge", "/news/autumn")
        self._tick()

    def find_redirected(self) -> None:
        """A feed lists URLs that redirect to another path and to another host, and one of a picture."""
        self.paper.publish("/news/here", "The ferry sails again")
        self.paper.publish("/news/there", "The bridge as seen from the river")
        here, there = self.paper.url("/news/here"), self.paper.url("/news/there", "localhost")
        self.paper.answers |= {
            "/news/moved": PageAnswer(status=HTTPStatus.MOVED_PERMANENTLY, location=here),
            "/news/away": PageAnswer(status=HTTPStatus.FOUND, location=there),
            "/news/picture": PageAnswer(b"\x89PNG", content_type="image/png"),
        }
        self.paper.list("/news/bridge", "/news/moved", "/news/away", "/news/picture")
        self._tick()

    def upload(self) -> None:
        """The event of an uploaded page comes twice; that of a page without an article also comes without a queue."""
        self.stack.upload("uploads/letter.html", story("A letter to the editor"))
        self._send("ParseQueue", _event(self._bucket, "uploads/letter.html"))
        self.stack.upload("uploads/menu.html", b"<html><body><a href='/'>Home</a></body></html>")
        self._insist(lambda: self.stack.invoke("ParseFunction", json.loads(_event(self._bucket, "uploads/menu.html"))))

    def upload_home_page(self) -> None:
        """A home page is put beside the other listings: it leads to a sitemap."""
        body = b"<html><body>All the news</body></html>"
        home = RawPage(body=body, fetched_at=datetime.now(UTC), url=self.paper.url("/"), content_type="text/html")
        S3Pages(self.stack.s3, self._bucket).put_listing(home, "daily", "home")
        self.paper.answers["/sitemap.xml"] = PageAnswer(b"<urlset></urlset>", content_type="text/xml")

    def revise(self) -> None:
        """An article is changed; the others are as they were."""
        self.paper.publish("/news/bridge", "The bridge opens at last")
        self._tick()

    def take_down(self) -> None:
        """Two articles are gone."""
        self.paper.answers |= {"/news/bridge": GONE, "/news/winter": GONE}
        self._tick()

    def read_again(self) -> None:
        """A page is parsed by rules that find another headline on it."""
        archive = self.stack.archive
        article = archive.get(archive.find(self.paper.url("/news/here")) or "")
        assert article
        other = replace(article, title="The ferry sails")
        send_article(self.stack.sqs, self.stack.s3, self._queue("StoreQueue"), other)

    def move(self) -> None:
        """An article moves to another address, and is continued under another id."""
        old = self.paper.url("/news/autumn")
        paths = (f"/news/the-river-rises-{number}" for number in count())
        new = next(path for path in paths if url_id(self.paper.url(path)) < url_id(old))
        self.paper.answers[new] = self.paper.answers["/news/autumn"]
        moved = PageAnswer(status=HTTPStatus.MOVED_PERMANENTLY, location=self.paper.url(new))
        self.paper.answers["/news/autumn"] = moved
        self._tick()

    def poison(self) -> None:
        """Every queue and the table get something that nobody understands."""
        for queue in ("DiscoverQueue", "ParseQueue", "StoreQueue"):
            self._send(queue, "poison")
        fetch_queue = self.stack.outputs["FetchQueueUrl"]
        self.stack.sqs.send_message(QueueUrl=fetch_queue, MessageBody="poison", MessageGroupId="poison")
        spoilt = {"pk": {"S": "article#spoilt"}, "sk": {"S": "headline"}, "content": {"S": "?"}}
        self.stack.dynamodb.put_item(TableName=self.stack.outputs["ArchiveTableName"], Item=spoilt)

    def ask(self) -> None:
        """A reader asks for what there is."""
        one = self.stack.archive.find(self.paper.url("/news/bridge"))
        for question in (
            "/articles?source=daily",
            f"/articles?day={START:%Y-%m-%d}",
            "/articles?tag=bridge",
            f"/articles?url={quote(self.paper.url('/news/winter'))}",
            f"/articles/{one}",
            f"/articles/{one}/revisions",
            f"/articles/{one}/revisions/2/difference",
            f"/articles/{one}/similar",
            "/sources",
        ):
            self.answers[question] = self._answer(question)

    def _answer(self, question: str) -> bytes:
        """Ask, and ask again where it is no fault of the question that there is no answer."""
        for _ in range(TRIES):
            try:
                answer = self.stack.request("GET", question)
            except FunctionError:
                continue
            if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                assert answer.status == HTTPStatus.OK, answer.body
                return answer.body
        raise AssertionError(f"{question} has no answer")

    @property
    def _bucket(self) -> str:
        return self.stack.outputs["RawBucketName"]

    def _queue(self, name: str) -> str:
        return self.stack.sqs.get_queue_url(QueueName=f"khobor-{name}")["QueueUrl"]

    def _send(self, queue: str, body: str) -> None:
        self.stack.sqs.send_message(QueueUrl=self._queue(queue), MessageBody=body)

    def _tick(self) -> None:
        at = datetime.now(UTC)
        self._insist(lambda: self.stack.tick(at))

    def _insist(self, invoke: Callable[[], object]) -> None:
        """Invoke a function as Lambda does where nobody waits for the answer."""
        for _ in range(TRIES - 1):
            try:
                invoke()
            except FunctionError:
                continue
            return
        invoke()


def _event(bucket: str, key: str) -> str:
    return json.dumps(event_of(RawReference(bucket=bucket, key=key)))


@contextmanager
def beginning() -> Iterator[Days]:
    """Give the days of a new archive, in which nothing happened yet."""
    with (
        Newspaper() as paper,
        time_machine.travel(START, tick=False) as clock,
        EmbeddedStack(PARAMETERS, sleep=clock.shift) as stack,
    ):
        yield Days(stack, paper, clock)
