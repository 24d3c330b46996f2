"""A bad record fails alone: wherever it is in a batch, the rest of the batch is handled."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from pytest_httpserver import HTTPServer
from tests.articles import article
from tests.event_subscriber import Subscriber
from tests.example_pages import page
from werkzeug import Request, Response

from khobor.archive.store_queue import send_article
from khobor.article import RawReference
from khobor.aws.s3_events import event_of
from khobor.discover.discover_queue import ArticleLinks, send_links
from khobor.embedded.stack import EmbeddedStack
from khobor.frontier.fetch_queue import FetchRequest, send_requests

# The first, the last and those between; an odd number cannot be halved.
BATCH = 5
POISON = "poison"
SOURCE = 'version = 1\npublisher = "The Daily Test"\nhosts = ["news.example"]\nenabled = true\narticle_url = "^/news/"'


class Station(ABC):
    """A function by itself, and what it is fed.

    Attributes:
        name: Its name, and how those of its queues begin.
        reason: Why it puts the poison aside.
    """

    name: ClassVar[str]
    reason: ClassVar[str]

    def __init__(self, stack: EmbeddedStack, server: HTTPServer) -> None:
        self.stack = stack
        self.server = server
        # A whole batch, even for a function that takes messages one by one; its output goes no further.
        stack.sources = [
            replace(source, batch_size=BATCH) for source in stack.sources if source.function.name.startswith(self.name)
        ]

    @abstractmethod
    def send(self, number: int) -> None:
        """Send something good."""

    def spoil(self) -> None:
        """Send the poison."""
        self.stack.sqs.send_message(QueueUrl=self.queue(self.name), MessageBody=POISON)

    @abstractmethod
    def through(self) -> list[int]:
        """Return what went through since the last time, by number."""

    def queue(self, name: str) -> str:
        return self.stack.sqs.get_queue_url(QueueName=f"khobor-{name}Queue")["QueueUrl"]

    def take(self, url: str) -> list[Any]:
        """Return what a queue has, as JSON, and empty it."""
        found = []
        while messages := self.stack.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                found.append(json.loads(message["Body"]))
                self.stack.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found


class Discover(Station):
    name, reason = "Discover", "bad_message"

    def __init__(self, stack: EmbeddedStack, server: HTTPServer) -> None:
        super().__init__(stack, server)
        stack.upload("sources/daily.toml", SOURCE.encode())

    def send(self, number: int) -> None:
        page, url = "https://news.example/news/0", f"https://news.example/news/{number}"
        send_links(self.stack.sqs, self.queue("Discover"), ArticleLinks(source="daily", page=page, urls=(url,)))

    def through(self) -> list[int]:
        return [number_of(found["url"]) for found in self.take(self.stack.outputs["FetchQueueUrl"])]


class Fetch(Station):
    name, reason = "Fetch", "bad_message"

    def __init__(self, stack: EmbeddedStack, server: HTTPServer) -> None:
        super().__init__(stack, server)
        self._seen: set[str] = set()
        server.expect_request("/robots.txt").respond_with_data("")
        server.expect_request("/news").respond_with_handler(self._answer)

    def send(self, number: int) -> None:
        request = FetchRequest(url=self.server.url_for(f"/news?/{number}"), delay=0)
        send_requests(self.stack.sqs, self.stack.outputs["FetchQueueUrl"], [request])

    def spoil(self) -> None:
        # In the group of the others: behind it they would wait.
        self.stack.sqs.send_message(
            QueueUrl=self.stack.outputs["FetchQueueUrl"],
            MessageBody=POISON,
            MessageGroupId=self.server.host,
            MessageDeduplicationId=str(len(self._seen)),
        )

    def through(self) -> list[int]:
        bucket = self.stack.outputs["RawBucketName"]
        keys = [item["Key"] for item in self.stack.s3.list_objects_v2(Bucket=bucket)["Contents"]]
        fresh = [key for key in keys if key.startswith("pages/") and key not in self._seen]
        self._seen.update(fresh)
        found = [self.stack.s3.head_object(Bucket=bucket, Key=key)["Metadata"]["url"] for key in fresh]
        return [number_of(url) for url in found]

    def _answer(self, request: Request) -> Response:
        return Response(page(title=f"Title {request.url}"), content_type="text/html")


class Parse(Station):
    name, reason = "Parse", "not_an_s3_event"

    def send(self, number: int) -> None:
        # Of a key that S3 would not tell of by itself.
        key = f"elsewhere/{number}"
        self.stack.upload(key, page(title=f"The bridge /{number}"))
        body = event_of(RawReference(bucket=self.stack.outputs["RawBucketName"], key=key))
        self.stack.sqs.send_message(QueueUrl=self.queue("Parse"), MessageBody=json.dumps(body))

    def through(self) -> list[int]:
        return [number_of(found["article"]["title"]) for found in self.take(self.queue("Store"))]


class Store(Station):
    name, reason = "Store", "not_an_article"

    def __init__(self, stack: EmbeddedStack, server: HTTPServer) -> None:
        super().__init__(stack, server)
        self._sent: list[int] = []

    def send(self, number: int) -> None:
        send_article(self.stack.sqs, self.stack.s3, self.queue("Store"), article(number))
        self._sent.append(number)

    def through(self) -> list[int]:
        sent, self._sent = self._sent, []
        return [number for number in sent if self.stack.archive.get(f"id{number}")]


class Announce(Station):
    name, reason = "Announce", "not_a_headline"

    def __init__(self, stack: EmbeddedStack, server: HTTPServer) -> None:
        super().__init__(stack, server)
        self._bus = Subscriber(stack)

    def send(self, number: int) -> None:
        self.stack.archive.put(article(number))

    def spoil(self) -> None:
        spoilt = {"pk": {"S": f"article#{POISON}"}, "sk": {"S": "headline"}, "content": {"S": str(len(self._seen()))}}
        self.stack.dynamodb.put_item(TableName=self.stack.outputs["ArchiveTableName"], Item=spoilt)

    def through(self) -> list[int]:
        return [int(event["detail"]["article_id"].removeprefix("id")) for event in self._bus.take()]

    def _seen(self) -> list[Any]:
        return self.stack.dynamodb.scan(TableName=self.stack.outputs["ArchiveTableName"])["Items"]


def number_of(text: str) -> int:
    """Return the number that a text ends with, behind a slash."""
    return int(text.rpartition("/")[2])


@pytest.mark.slow
@pytest.mark.parametrize("make", [Discover, Fetch, Parse, Store, Announce])
def test_wherever_poison_stands_in_a_batch_its_neighbours_go_through_and_it_alone_is_put_aside(
    stack: EmbeddedStack, httpserver: HTTPServer, make: Callable[[EmbeddedStack, HTTPServer], Station]
) -> None:
    station = make(stack, httpserver)
    for place in range(BATCH):
        numbers = [BATCH * place + each for each in range(1, BATCH)]
        for number in numbers[:place]:
            station.send(number)
        station.spoil()
        for number in numbers[place:]:
            station.send(number)
        stack.run()
        assert sorted(station.through()) == numbers, f"the poison came at {place}"
        (letter,) = stack.dead_letters()
        assert (letter.queue, letter.reason) == (f"{station.name}DeadLetterQueue", station.reason)
        assert POISON in letter.body
