"""Messages of the fetch queue, host by host: each host is asked for one URL at a time, hosts side by side.

A FIFO queue hands over messages of several groups, each group in its order. That a host has to wait is no failure of
its messages: they are hidden until it may be asked again, and not counted as tried.
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

# So long one host's URLs are taken from a batch: one more fetch then still ends within the function's time.
GROUP_TIME = timedelta(seconds=60)
# The fetch queue deletes a message after fourteen days, and reports it nowhere.
PATIENCE = timedelta(days=10)
# How long a host's URLs wait after a call to AWS failed on one of them.
AFTER_AWS_FAILED = timedelta(minutes=1)
# Takes the body of a message, why it failed, and the record that it came from.
PutDeadLetter: TypeAlias = Callable[[str, KhoborError, Record], object]


class Turns:
    """Fetches the URLs of messages, each at its host's turn.

    Args:
        fetcher: Fetches one.
        settings: Of the fetch function.
        sqs: The client of the fetch queue.
        put_dead_letter: Puts a message that cannot be processed in the dead-letter queue.
        telemetry: Where crashes are logged.
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
        self._put_dead_letter = put_dead_letter
        self._max_attempts = settings.max_attempts
        self._telemetry = telemetry

    def take(self, batch: Sequence[Record]) -> Iterator[Record]:
        """Fetch from the hosts of a batch side by side, for waiting is what takes the time.

        Args:
            batch: The messages.

        Yields:
            Those that are to be delivered again.
        """
        groups: dict[str, list[Record]] = {}
        for record in batch:
            groups.setdefault(record["attributes"]["MessageGroupId"], []).append(record)
        if groups:
            with ThreadPoolExecutor(len(groups)) as pool:
                yield from chain.from_iterable(pool.map(self._take_group_safely, groups.values()))

    def _take_group_safely(self, group: list[Record]) -> list[Record]:
        try:
            return self._take_group(group)
        # Other hosts go on whatever it is. What was done of this one is done again, which changes nothing.
        except Exception:
            self._telemetry.logger.exception("failed; the host's messages will be delivered again")
            return group

    def _take_group(self, group: list[Record]) -> list[Record]:
        """Fetch one host's URLs until it has to be left alone; return those that are to be delivered again after it."""
        waiting = list(group)
        end = datetime.now(UTC) + GROUP_TIME
        while waiting and datetime.now(UTC) < end:
            try:
                next_at = self._take_message(waiting[0])
                waiting.pop(0)
            except HostBusyError as busy:
                next_at = busy.until
            if next_at > datetime.now(UTC):
                return self._wait(waiting, next_at)
        return self._wait(waiting, datetime.now(UTC))

    def _take_message(self, record: Record) -> datetime:
        """Fetch the URL of one message, and be done with it: it was fetched, is sent anew or put aside.

        Returns:
            When the host may be asked again.

        Raises:
            HostBusyError: It is not the URL's turn yet.
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
            # It is no fault of the URL: nothing is counted against it.
            facts = identity(request) | {"message_id": message_id}
            self._telemetry.logger.exception("AWS failed; the host's URLs wait", **facts)
            raise HostBusyError(message_group(request.location), datetime.now(UTC) + AFTER_AWS_FAILED) from error
        # Whatever it is: left in the queue, the URL would hold up all others of its host.
        except Exception as error:
            facts = identity(request) | {"message_id": message_id}
            self._telemetry.logger.exception("crashed; the URL is tried again later", **facts)
            self._settle(record, request, RetryableError("crashed", f"{type(error).__name__}: {error}"))
        return datetime.now(UTC)

    def _fetch(self, request: FetchRequest, message_id: str) -> datetime:
        """Fetch a URL, or send where it leads to, for that host's turn; return when its own host may be asked again."""
        result = self._fetcher.fetch(request)
        if result.redirect:
            send_follow_up(self._sqs, self._queue_url, follow_redirect(request, result.redirect), message_id)
        return result.next_at

    def _wait(self, waiting: list[Record], until: datetime) -> list[Record]:
        """Hide messages until their host may be asked again; those that have waited too long are put aside."""
        now = datetime.now(UTC)
        tired = [record for record in waiting if now - _sent_at(record) > PATIENCE]
        for record in tired:
            error = PermanentError("host_busy", f"waited {PATIENCE.days} days for its host")
            self._settle(record, FetchRequest(url=""), error)
        waiting = [record for record in waiting if record not in tired]
        if waiting:
            postpone(self._sqs, self._queue_url, waiting, (until - datetime.now(UTC)).total_seconds())
        return waiting

    def _settle(self, record: Record, request: FetchRequest, error: KhoborError) -> None:
        """Put a URL aside, or where another try may help send it anew, behind the others of its host."""
        attempts = request.attempts + 1
        is_tried_again = isinstance(error, RetryableError) and attempts < self._max_attempts
        self._fetcher.failed(request, error, is_tried_again=is_tried_again)
        if is_tried_again:
            again = msgspec.structs.replace(request, attempts=attempts)
            send_follow_up(self._sqs, self._queue_url, again, record["messageId"])
        else:
            # As it was at first: sent again, it has all its tries before it.
            body = body_without_attempts(request) if request.attempts else record["body"]
            self._put_dead_letter(body, error, record)


def _sent_at(record: Record) -> datetime:
    return datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
