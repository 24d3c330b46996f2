"""Messages of the fetch queue: one URL of a host at a time, several hosts in parallel.

A batch from a FIFO queue contains messages of several groups, each group in order. A message whose host must wait has
not failed: it is hidden until the host may be requested again, and the wait does not count as an attempt.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from khobor.aws.sqs_batch import Record, postpone
from khobor.errors import KhoborError, PermanentError
from khobor.fetch.attempts import LONGEST_WAIT, Attempts
from khobor.fetch.reporting_fetcher import ReportingFetcher, identity
from khobor.frontier.fetch_queue import message_group, read_request, send_follow_up
from khobor.frontier.interface import HostBusyError
from khobor.runtime.settings import FetchSettings
from khobor.telemetry import Telemetry

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# How long one host's URLs are fetched from a batch. One more fetch still ends within the function's timeout.
_GROUP_TIME = timedelta(seconds=60)
# How long a host's URLs wait after a call to AWS failed for one of them.
_AWS_FAILURE_DELAY = timedelta(minutes=1)

_AWS_FAILURES = (BotoCoreError, ClientError)


class PutDeadLetter(Protocol):
    """Sends a dead-letter message."""

    def __call__(self, body: str, error: KhoborError, record: Record) -> object:
        """Send it.

        Args:
            body: Its body.
            error: Why it failed.
            record: The record that failed.
        """


class Turns:
    """Fetches the URLs of messages, each when its host may be requested.

    Args:
        fetcher: Fetches one URL.
        settings: The settings of the fetch function.
        sqs: The client of the fetch queue.
        put_dead_letter: Sends a dead-letter message for a URL that cannot be fetched.
        telemetry: Logs crashes.
    """

    def __init__(
        self,
        fetcher: ReportingFetcher,
        settings: FetchSettings,
        *,
        sqs: "SQSClient",
        put_dead_letter: PutDeadLetter,
        telemetry: Telemetry,
    ) -> None:
        self._attempts = Attempts(fetcher, settings.max_attempts, telemetry, _AWS_FAILURES)
        self._sqs = sqs
        self._queue_url = settings.fetch_queue_url
        self._put_dead_letter = put_dead_letter
        self._telemetry = telemetry

    def fetch(self, batch: Sequence[Record]) -> Iterator[Record]:
        """Fetch the URLs of a batch, one thread for each host, because most of the time is spent waiting.

        Args:
            batch: The messages.

        Yields:
            The messages that the queue must deliver again.
        """
        groups: dict[str, list[Record]] = {}
        for record in batch:
            groups.setdefault(record["attributes"]["MessageGroupId"], []).append(record)
        if groups:
            with ThreadPoolExecutor(len(groups)) as pool:
                yield from chain.from_iterable(pool.map(self._fetch_group_safely, groups.values()))

    def _fetch_group_safely(self, group: list[Record]) -> list[Record]:
        try:
            return self._fetch_group(group)
        # Whatever it is, the other hosts go on. Fetching this host's URLs again has the same effect.
        except Exception:
            self._telemetry.logger.exception("failed; the host's messages will be delivered again")
            return group

    def _fetch_group(self, group: list[Record]) -> list[Record]:
        """Fetch one host's URLs until the host must wait; return the messages that must be delivered again."""
        waiting = list(group)
        end = datetime.now(UTC) + _GROUP_TIME
        while waiting and datetime.now(UTC) < end:
            try:
                next_at = self._handle(waiting[0])
                waiting.pop(0)
            except HostBusyError as busy:
                next_at = busy.until
            if next_at > datetime.now(UTC):
                return self._wait(waiting, next_at)
        return self._wait(waiting, datetime.now(UTC))

    def _handle(self, record: Record) -> datetime:
        """Make an attempt at one message; return when the host may be requested again.

        Raises:
            HostBusyError: The host must not be requested yet.
        """
        body, message_id = record["body"], record["messageId"]
        follow_up = partial(send_follow_up, self._sqs, self._queue_url, message_id=message_id)
        try:
            return self._attempts.make(body, message_id, follow_up, partial(self._put_dead_letter, record=record))
        except _AWS_FAILURES as error:
            # The URL is not at fault, so this does not count as an attempt.
            request = read_request(body)
            facts = identity(request) | {"message_id": message_id}
            self._telemetry.logger.exception("AWS failed; the host's URLs wait", **facts)
            raise HostBusyError(message_group(request.location), datetime.now(UTC) + _AWS_FAILURE_DELAY) from error

    def _wait(self, waiting: list[Record], until: datetime) -> list[Record]:
        """Hide messages until their host may be requested again; expired ones become dead-letter messages."""
        now = datetime.now(UTC)
        expired = [record for record in waiting if now - _sent_at(record) > LONGEST_WAIT]
        for record in expired:
            error = PermanentError("host_busy", f"waited {LONGEST_WAIT.days} days for its host")
            self._attempts.give_up(record["body"], error, partial(self._put_dead_letter, record=record))
        waiting = [record for record in waiting if record not in expired]
        if waiting:
            postpone(self._sqs, self._queue_url, waiting, (until - datetime.now(UTC)).total_seconds())
        return waiting


def _sent_at(record: Record) -> datetime:
    return datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
