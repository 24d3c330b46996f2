"""A local archive and a stack, as dumps are made of them and loaded into them.

Of the records that failed for good, those of fetch travel: no page contains them. The pages and listings that could not
be read travel as files, and fail again, with their reasons, when they are read again.
"""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from khobor.stages import FETCH
from khobor.transfer.place import Place
from khobor.transfer.records import FailedRecord

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

    from khobor.archive.interface import Archive
    from khobor.frontier.fetch_queue import FetchRequest
    from khobor.frontier.interface import Frontier
    from khobor.frontier.sqlite.fetch_queue import SQLiteFetchQueue
    from khobor.local.failures import Failure, Failures
    from khobor.sqlite.database import Database

# More than a dead-letter queue holds by any operator's will.
_MOST_DEAD_LETTERS = 100_000
# Most of the time of a conditional write is spent waiting.
_THREADS = 8


def local_place(
    archive: "Archive", frontier: "Frontier", queue: "SQLiteFetchQueue", failures: "Failures", database: "Database"
) -> Place:
    """Return a local archive as a place.

    Args:
        archive: Its articles.
        frontier: Its frontier.
        queue: Its fetch queue.
        failures: Its failures.
        database: The database of all these.
    """
    return Place(
        archive=archive,
        frontier=frontier,
        send=lambda request, at: queue.send([request], at) == 1,
        requests=lambda: ((each.request, each.sent_at) for each in queue.all()),
        put_dead_letter=lambda letter: failures.restore(_failure(letter)),
        dead_letters=lambda: (FailedRecord(**dataclasses.asdict(each)) for each in failures.all(FETCH.name)),
        together=database.write,
    )


def stack_place(
    dynamodb: "DynamoDBClient",
    sqs: "SQSClient",
    outputs: Callable[..., tuple[str, ...]],
    days: int,
    notify: Callable[[str], None],
) -> Place:
    """Return a stack as a place.

    Args:
        dynamodb: The client of its tables.
        sqs: The client of its queues.
        outputs: Gives outputs of the stack's template by their names.
        days: For how many days its URLs stay known.
        notify: Takes a sentence that says what a dump of the stack lacks.
    """
    from khobor.archive.dynamodb.archive import DynamoDBArchive
    from khobor.frontier.dynamodb.hosts import DynamoDBHosts
    from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
    from khobor.frontier.fetch_queue import send_requests
    from khobor.frontier.interface import Frontier

    archive_table, crawl_table = outputs("ArchiveTableName", "CrawlTableName")
    fetch_queue, dead_letter_queue = outputs(FETCH.queue_output, FETCH.dead_letter_output)
    queues = _StackQueues(sqs, fetch_queue, dead_letter_queue, notify)
    return Place(
        archive=DynamoDBArchive(dynamodb, archive_table),
        frontier=Frontier(
            urls=DynamoDBKnownUrls(dynamodb, crawl_table, days), hosts=DynamoDBHosts(dynamodb, crawl_table)
        ),
        send=lambda request, _: send_requests(sqs, fetch_queue, [request]),
        requests=queues.requests,
        put_dead_letter=queues.put_dead_letter,
        dead_letters=queues.dead_letters,
        threads=_THREADS,
    )


class _StackQueues:
    """The fetch queue of a stack, and its dead-letter queue."""

    def __init__(
        self, sqs: "SQSClient", fetch_queue: str, dead_letter_queue: str, notify: Callable[[str], None]
    ) -> None:
        self._sqs = sqs
        self._fetch_queue = fetch_queue
        self._dead_letter_queue = dead_letter_queue
        self._notify = notify

    def requests(self) -> "Iterator[tuple[FetchRequest, datetime]]":
        """Yield nothing, and say so if requests wait: to read them is to take them from the fetch function."""
        from khobor.dead_letters.messages import count

        if waiting := count(self._sqs, self._fetch_queue):
            self._notify(
                f"{waiting} requests wait in the fetch queue and are not in this dump: disable the schedule, and dump "
                "again when the queue is empty"
            )
        return iter(())

    def dead_letters(self) -> Iterator[FailedRecord]:
        """Yield the dead-letter messages of fetch, and say how many of them SQS holds back."""
        from khobor.dead_letters.messages import count, peek

        there = count(self._sqs, self._dead_letter_queue)
        found = peek(self._sqs, self._dead_letter_queue, _MOST_DEAD_LETTERS)
        if there > len(found):
            self._notify(
                f"{there - len(found)} dead-letter messages of fetch are not in this dump, because SQS shows ten of a "
                "host: send them back with khobor redrive first"
            )
        for each in found:
            subject, reason = _url_of(each.body), each.reason or "crashed"
            yield FailedRecord(
                stage=FETCH.name,
                subject=subject,
                body=each.body,
                reason=reason,
                detail=each.detail or "",
                at=each.sent_at,
            )

    def put_dead_letter(self, letter: FailedRecord) -> None:
        """Put a record in the dead-letter queue of fetch, where it is as old as this call."""
        from khobor.dead_letters.queue import DeadLetterQueue
        from khobor.errors import PermanentError
        from khobor.frontier.fetch_queue import message_group, read_request

        if letter.stage != FETCH.name:
            raise PermanentError(
                "bad_dead_letter", f"dead letters of {letter.stage} do not travel: read its pages again"
            )
        group = message_group(read_request(letter.body).location)
        record: dict[str, Any] = {"attributes": {"MessageGroupId": group}, "messageId": letter.at.isoformat()}
        error = PermanentError(letter.reason, letter.detail)
        DeadLetterQueue(self._sqs, self._dead_letter_queue).put(letter.body, error, record)


def _failure(letter: FailedRecord) -> "Failure":
    from khobor.local.failures import Failure

    return Failure(**msgspec.structs.asdict(letter))


def _url_of(body: str) -> str:
    from khobor.errors import PermanentError
    from khobor.frontier.fetch_queue import read_request

    try:
        return read_request(body).url
    except PermanentError:
        return ""
