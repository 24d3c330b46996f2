"""The fetch queue of a local archive: what the SQS FIFO queue does on AWS, kept over restarts.

Each request belongs to its host (``fetch_queue.message_group``). The requests of a host are delivered in the order in
which they were sent, one at a time: while one is taken, the others of its host wait. Hosts are independent of each
other. A loop that fetches goes like this::

    for request in queue.take(now, until=now + limit, count=free_threads):
        try:
            next_at = fetch(request.request)
            queue.remove(request, next_at)
        except HostBusyError as busy:
            queue.postpone(request, busy.until)
        except RetryableError:
            queue.send_again(request, with_one_more_attempt, next_at, now)
    wait until queue.next_at()

- ``take`` hides a request, and with it its host, until a time. If the process dies, it is delivered again after that
  time. ``deliveries`` counts how often it was taken.
- ``postpone`` hides a host until a time; the request stays the first of its host. This is no attempt.
- ``remove`` deletes a request that was fetched, or that failed for good; why it failed is kept elsewhere. With the time
  from which its host may be sent the next request, the host waits until then.
- ``send_again`` puts a request behind the others of its host, with its count of attempts, or sends a redirect to
  another host; the request that it follows from is removed in the same transaction.

A request is the same as another if both have the same body, apart from the facts of a new URL. It is dropped while the
other waits, and for five minutes after the other was sent. SQS drops it for five minutes only. Nothing is deleted
because it is old, as SQS does after 14 days.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from khobor.frontier.fetch_queue import FetchRequest, message_group, read_request
from khobor.frontier.sqlite.times import from_milliseconds, milliseconds
from khobor.sqlite.database import Database
from khobor.url import digest, url_id

# As long as SQS.
_SAME_FOR = timedelta(minutes=5)

_SEND = "INSERT OR IGNORE INTO fetch_queue (host, body, same, sent_at) VALUES (?, ?, ?, ?)"
_QUEUE_HOST = "INSERT OR IGNORE INTO queued_hosts VALUES (?, ?)"
# The hosts whose first request is of one of some sources; all hosts if there are none.
_OF_SOURCES = """
    (:sources IS NULL OR EXISTS (
        SELECT 1 FROM json_each(:sources) WHERE value IS (
            SELECT json_extract(body, '$.source') FROM fetch_queue
            WHERE fetch_queue.host = queued_hosts.host ORDER BY number LIMIT 1
        )
    ))
"""
_DUE_HOSTS = f"SELECT host FROM queued_hosts WHERE due_at <= :now AND {_OF_SOURCES} ORDER BY due_at, host LIMIT :count"  # noqa: S608 constants
_NEXT = f"SELECT min(due_at) FROM queued_hosts WHERE {_OF_SOURCES}"  # noqa: S608 constants
# A turn that is taken while no process fetches is one of a killed process.
_RELEASE_HOSTS = """
    UPDATE queued_hosts SET due_at = :now
    WHERE due_at > :now AND host IN (SELECT host FROM host_turns WHERE is_taken)
"""
_FIRST = "SELECT number, body, sent_at, deliveries FROM fetch_queue WHERE host = ? ORDER BY number LIMIT 1"
_ALL = "SELECT number, host, body, sent_at, deliveries FROM fetch_queue WHERE number > ? ORDER BY number LIMIT ?"
_HIDE = "UPDATE queued_hosts SET due_at = ? WHERE host = ?"


@dataclass(frozen=True, kw_only=True)
class QueuedRequest:
    """A request in the queue.

    Attributes:
        number: Its number, by which requests are in order.
        host: The host, as ``message_group`` names it.
        request: What to fetch.
        sent_at: When it was sent, UTC.
        deliveries: How often it was taken, with this time.
    """

    number: int
    host: str
    request: FetchRequest
    sent_at: datetime
    deliveries: int


class SQLiteFetchQueue:
    """The fetch queue in the database of a local archive. Threads and processes may share it.

    Args:
        database: The database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def send(self, requests: Iterable[FetchRequest], now: datetime) -> int:
        """Send requests, and return how many there were without those that were dropped as the same as another.

        Args:
            requests: The requests; all are sent, or none.
            now: The time.

        Raises:
            PermanentError: ``bad_url``.
        """
        count = 0
        with self._database.write() as connection:
            limit = milliseconds(now - _SAME_FOR)
            connection.execute("DELETE FROM sent_requests WHERE sent_at <= ?", (limit,))
            for request in requests:
                count += _send(connection, request, now)
        return count

    def take(
        self, now: datetime, until: datetime, count: int, sources: Collection[str] | None = None
    ) -> list[QueuedRequest]:
        """Take the first request of some hosts that are due, one of each host, the longest due first.

        Args:
            now: The time.
            until: When the requests are delivered again if they are neither removed nor postponed.
            count: The most requests.
            sources: The names of the sources whose requests are taken; None for all.
        """
        taken = []
        wanted = {"now": milliseconds(now), "count": count, "sources": _names(sources)}
        with self._database.write() as connection:
            for (host,) in connection.execute(_DUE_HOSTS, wanted).fetchall():
                number, body, sent_at, deliveries = connection.execute(_FIRST, (host,)).fetchone()
                connection.execute("UPDATE fetch_queue SET deliveries = deliveries + 1 WHERE number = ?", (number,))
                connection.execute(_HIDE, (milliseconds(until), host))
                taken.append(_queued_request(number, host, body, sent_at, deliveries + 1))
        return taken

    def postpone(self, queued: QueuedRequest, until: datetime) -> None:
        """Hide a request that was taken, and all others of its host, until a time.

        Args:
            queued: The request.
            until: The time, aware.
        """
        with self._database.write() as connection:
            connection.execute(_HIDE, (milliseconds(until), queued.host))

    def remove(self, queued: QueuedRequest, next_at: datetime) -> None:
        """Delete a request that was taken.

        Args:
            queued: The request.
            next_at: When the next request of its host is due.
        """
        with self._database.write() as connection:
            _remove(connection, queued, next_at)

    def forget(self, url_ids: Collection[str]) -> None:
        """Delete the requests for the pages of a forgotten article.

        Args:
            url_ids: The ids of its URLs.
        """
        with self._database.write() as connection:
            for queued in self.all():
                if queued.request.kind == "article" and url_id(queued.request.url) in url_ids:
                    connection.execute("DELETE FROM fetch_queue WHERE number = ?", (queued.number,))
                    if not connection.execute(_FIRST, (queued.host,)).fetchone():
                        connection.execute("DELETE FROM queued_hosts WHERE host = ?", (queued.host,))

    def send_again(self, queued: QueuedRequest, request: FetchRequest, next_at: datetime, now: datetime) -> None:
        """Replace a request that was taken by one that follows from it, behind the others of its host.

        Args:
            queued: The request.
            request: The same with one more attempt, or its redirect. It is never dropped.
            next_at: When the next request of the host is due from which it follows.
            now: The time.
        """
        with self._database.write() as connection:
            _remove(connection, queued, next_at)
            is_same_host = message_group(request.location) == queued.host
            _send_always(connection, request, now, next_at if is_same_host else now)

    def redrive(self, request: FetchRequest, now: datetime) -> None:
        """Send a request that failed for good once more. It is never dropped.

        Args:
            request: The request.
            now: The time.
        """
        with self._database.write() as connection:
            _send_always(connection, request, now, now)

    def next_at(self, sources: Collection[str] | None = None) -> datetime | None:
        """Return when the next request is due, which may be in the past; None if there is none.

        Args:
            sources: The names of the sources whose requests count; None for all.
        """
        with self._database.read() as connection:
            (due_at,) = connection.execute(_NEXT, {"sources": _names(sources)}).fetchone()
        return None if due_at is None else from_milliseconds(due_at)

    def release(self, now: datetime) -> None:
        """Make requests due whose host is in a turn that no process will end; no process may be fetching meanwhile.

        Args:
            now: The time.
        """
        with self._database.write() as connection:
            connection.execute(_RELEASE_HOSTS, {"now": milliseconds(now)})

    def count(self) -> int:
        """Return the number of requests, with those that are taken."""
        with self._database.read() as connection:
            number: int = connection.execute("SELECT count(*) FROM fetch_queue").fetchone()[0]
        return number

    def all(self) -> Iterator[QueuedRequest]:
        """Yield all requests in the order in which they were sent."""
        for row in self._database.rows(_ALL, (0,)):
            yield _queued_request(*row)


def _names(sources: Collection[str] | None) -> str | None:
    return None if sources is None else json.dumps(list(sources))


def _send(connection: sqlite3.Connection, request: FetchRequest, now: datetime) -> int:
    host, at = message_group(request.location), milliseconds(now)
    # A URL that is found again a moment later is the same request.
    same = digest(msgspec.json.encode(msgspec.structs.replace(request, new_url=None)))
    if connection.execute("SELECT 1 FROM sent_requests WHERE same = ?", (same,)).fetchone():
        return 0
    body = msgspec.json.encode(request).decode()
    if connection.execute(_SEND, (host, body, same, at)).rowcount == 0:
        return 0
    connection.execute("INSERT INTO sent_requests VALUES (?, ?)", (same, at))
    connection.execute(_QUEUE_HOST, (host, at))
    return 1


def _send_always(connection: sqlite3.Connection, request: FetchRequest, now: datetime, due_at: datetime) -> None:
    host, body = message_group(request.location), msgspec.json.encode(request).decode()
    connection.execute(_SEND, (host, body, None, milliseconds(now)))
    connection.execute(_QUEUE_HOST, (host, milliseconds(due_at)))


def _remove(connection: sqlite3.Connection, queued: QueuedRequest, next_at: datetime) -> None:
    connection.execute("DELETE FROM fetch_queue WHERE number = ?", (queued.number,))
    if connection.execute(_FIRST, (queued.host,)).fetchone():
        connection.execute(_HIDE, (milliseconds(next_at), queued.host))
    else:
        connection.execute("DELETE FROM queued_hosts WHERE host = ?", (queued.host,))


def _queued_request(number: int, host: str, body: str, sent_at: int, deliveries: int) -> QueuedRequest:
    request, sent = read_request(body), from_milliseconds(sent_at)
    return QueuedRequest(number=number, host=host, request=request, sent_at=sent, deliveries=deliveries)
