"""Messages of the fetch queue: one URL of a host at a time, several hosts in parallel.

A batch from a FIFO queue contains messages of several groups, each group in order. A message whose host must wait has
not failed: it is hidden until the host may be requested again, and the wait does not count as an attempt.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from khobor.aws.sqs_batch import Record, postpone
from khobor.errors import KhoborError, PermanentError, RetryableError
from khobor.fetch.reporting_fetcher import ReportingFetcher, identity
from khobor.frontier.fetch_queue import (
    FetchRequest,
    body_without_attempts,
    follow_redirect,
    message_group,
    read_request,
    send_follow_up,
)
from khobor.frontier.interface import HostBusyError
from khobor.runtime.settings import FetchSettings
from khobor.telemetry import Telemetry

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# How long one host's URLs are fetched from a batch. One more fetch still ends within the function's timeout.
_GROUP_TIME = timedelta(seconds=60)
# How long a message waits for its host. The queue deletes it after fourteen days without any report.
_LONGEST_WAIT = timedelta(days=10)
# How long a host's URLs wait after a call to AWS failed for one of them.
_AWS_FAILURE_DELAY = timedelta(minutes=1)

# Takes the body of the dead-letter message, the error, and the record that failed.
PutDeadLetter: TypeAlias = Callable[[str, KhoborError, Record], object]


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
        self._fetcher = fetcher
        self._sqs = sqs
        self._queue_url = settings.fetch_queue_url
        self._max_attempts = settings.max_attempts
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
        """Fetch the URL of one message; if that fails, send it again or to the dead-letter queue.

        Returns:
            When the host may be requested again.

        Raises:
            HostBusyError: The host must not be requested yet.
        """
        request, message_id = FetchRequest(url=""), record["messageId"]
        try:
            request = read_request(record["body"])
            return self._fetch(request, message_id)
        except KhoborError as error:
            self._settle(record, request, error)
        except HostBusyError:
            raise
        except (BotoCoreError, ClientError) as error:
            # The URL is not at fault, so this does not count as an attempt.
            facts = identity(request) | {"message_id": message_id}
            self._telemetry.logger.exception("AWS failed; the host's URLs wait", **facts)
            raise HostBusyError(message_group(request.location), datetime.now(UTC) + _AWS_FAILURE_DELAY) from error
        # Whatever it is: a message that stays in the queue blocks all others of its host.
        except Exception as error:
            facts = identity(request) | {"message_id": message_id}
            self._telemetry.logger.exception("crashed; the URL is tried again later", **facts)
            self._settle(record, request, RetryableError("crashed", f"{type(error).__name__}: {error}"))
        return datetime.now(UTC)

    def _fetch(self, request: FetchRequest, message_id: str) -> datetime:
        """Fetch a URL; a redirect is sent to the queue of its own host. Return when the host may be requested again."""
        result = self._fetcher.fetch(request)
        if result.redirect:
            send_follow_up(self._sqs, self._queue_url, follow_redirect(request, result.redirect), message_id)
        return result.next_at

    def _wait(self, waiting: list[Record], until: datetime) -> list[Record]:
        """Hide messages until their host may be requested again; expired ones become dead-letter messages."""
        now = datetime.now(UTC)
        expired = [record for record in waiting if now - _sent_at(record) > _LONGEST_WAIT]
        for record in expired:
            error = PermanentError("host_busy", f"waited {_LONGEST_WAIT.days} days for its host")
            self._settle(record, FetchRequest(url=""), error)
        waiting = [record for record in waiting if record not in expired]
        if waiting:
            postpone(self._sqs, self._queue_url, waiting, (until - datetime.now(UTC)).total_seconds())
        return waiting

    def _settle(self, record: Record, request: FetchRequest, error: KhoborError) -> None:
        """Send a URL again, behind the others of its host, if a retry may help; otherwise to the dead-letter queue."""
        attempts = request.attempts + 1
        is_tried_again = isinstance(error, RetryableError) and attempts < self._max_attempts
        self._fetcher.failed(request, error, is_tried_again=is_tried_again)
        if is_tried_again:
            again = msgspec.structs.replace(request, attempts=attempts)
            send_follow_up(self._sqs, self._queue_url, again, record["messageId"])
        else:
            # The first body counts no attempts: an operator who sends it back starts over.
            body = body_without_attempts(request) if request.attempts else record["body"]
            self._put_dead_letter(body, error, record)


def _sent_at(record: Record) -> datetime:
    return datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
