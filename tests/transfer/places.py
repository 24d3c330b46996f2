"""A local archive and a stack as places of a dump, and the content of a dump."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.tables import MIGRATIONS as ARCHIVE_MIGRATIONS
from khobor.cli.transfer_places import local_place, stack_place
from khobor.embedded.stack import EmbeddedStack
from khobor.entry_facts import EntryFacts, write_facts
from khobor.frontier.fetch_queue import FetchRequest, NewUrl, read_request
from khobor.frontier.interface import Frontier, KnownUrl
from khobor.frontier.sqlite.fetch_queue import SQLiteFetchQueue
from khobor.frontier.sqlite.hosts import SQLiteHosts
from khobor.frontier.sqlite.known_urls import SQLiteKnownUrls
from khobor.frontier.sqlite.migrations import MIGRATIONS as FRONTIER_MIGRATIONS
from khobor.local.failures import Failures
from khobor.local.migrations import MIGRATIONS as LOCAL_MIGRATIONS
from khobor.sqlite.database import Database
from khobor.transfer.place import Place
from khobor.transfer.records import FailedRecord
from khobor.url import article_id

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAYS = 400
DEAD = FailedRecord(
    stage="fetch",
    subject="https://daily.example/0",
    body='{"url":"https://daily.example/0"}',
    reason="http_500",
    detail="The server failed: খবর.",
    at=NOON,
)


def local(path: Path) -> Place:
    """A local archive."""
    migrations = {"archive": ARCHIVE_MIGRATIONS, "frontier": FRONTIER_MIGRATIONS, "local": LOCAL_MIGRATIONS}
    database = Database(path, migrations, create=True)
    return local_place(
        SQLiteArchive(database),
        Frontier(urls=SQLiteKnownUrls(database, DAYS), hosts=SQLiteHosts(database)),
        SQLiteFetchQueue(database),
        Failures(database),
        database,
    )


def deployed(stack: EmbeddedStack, notify: Callable[[str], None] = lambda _: None) -> Place:
    """A stack."""
    return stack_place(
        stack.dynamodb, stack.sqs, lambda *names: tuple(stack.outputs[name] for name in names), DAYS, notify
    )


def drained(stack: EmbeddedStack) -> Iterator[FetchRequest]:
    """Take all requests from the fetch queue of a stack."""
    url = stack.outputs["FetchQueueUrl"]
    while messages := stack.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            stack.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            yield read_request(message["Body"])


def fill(place: Place) -> None:
    """Put something of everything into a place."""
    urls, hosts = place.frontier.urls, place.frontier.hosts
    facts: dict[str, Any] = {
        "source": "daily",
        "kind": "feed",
        "found_on": "home",
        "depth": 2,
        "since": NOON - timedelta(days=3),
        "next_visit": NOON + timedelta(hours=1),
        "etag": 'W/"é"',
        "last_modified": "Sun, 01 Mar 2026 10:00:00 GMT",
        "answered_by": "https://www.daily.example/খবর",
        "digest": "abc",
        "gone_at": NOON,
        "new_at": NOON,
        "longest_gap": 0.1,
        "entry": write_facts(EntryFacts(title="খবর", published="2026-03-01")),
    }
    urls.add(KnownUrl(url="https://daily.example/খবর", **facts), NOON)
    for number in range(20):
        urls.add(KnownUrl(url=f"https://daily.example/{number}", source=None, since=NOON), NOON)
    urls.forget("https://daily.example/secret", NOON)
    hosts.take_turn("busy.example", NOON, NOON + timedelta(seconds=60))
    hosts.end_turn("daily.example", b'{"delay":3}', NOON + timedelta(seconds=2.5), NOON)
    hosts.queue_until("daily/urls", NOON + timedelta(hours=2), None, NOON)
    hosts.put("https://daily.example", bytes(range(256)))
    for request in (
        FetchRequest(url="https://daily.example/1", source="daily", new_url=NewUrl(since=7, found_on="feed")),
        FetchRequest(url="https://daily.example/2", attempts=3),
    ):
        place.send(request, NOON)
    place.archive.mark_gone(article_id("https://daily.example/gone"), NOON, "http_410")
    place.archive.mark_gone(article_id("https://daily.example/gone"), NOON + timedelta(days=1), "http_404")
    place.archive.forbid(article_id("https://daily.example/erased"), NOON)
    place.put_dead_letter(DEAD)
