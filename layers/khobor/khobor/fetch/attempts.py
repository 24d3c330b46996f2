"""One attempt to fetch the URL of a message: it succeeds, is sent again, or becomes a dead-letter message.

``fetch.turns`` makes attempts for messages of SQS, ``local.crawling`` for those of a local archive.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from khobor.errors import KhoborError, RetryableError
from khobor.fetch.reporting_fetcher import ReportingFetcher, identity
from khobor.frontier.fetch_queue import FetchRequest, body_without_attempts, follow_redirect, read_request
from khobor.frontier.interface import HostBusyError
from khobor.telemetry import Telemetry

# How long a message waits for its host. SQS deletes it after fourteen days without any report.
LONGEST_WAIT = timedelta(days=10)


class Attempts:
    """Makes attempts to fetch the URLs of messages.

    Args:
        fetcher: Fetches one URL.
        max_attempts: After how many attempts a URL becomes a dead-letter message.
        telemetry: Logs crashes.
        not_of_the_url: The exceptions of the environment, such as of the queue: they are raised, and do not count as
            attempts.
    """

    def __init__(
        self,
        fetcher: ReportingFetcher,
        max_attempts: int,
        telemetry: Telemetry,
        not_of_the_url: tuple[type[Exception], ...],
    ) -> None:
        self._fetcher = fetcher
        self._max_attempts = max_attempts
        self._telemetry = telemetry
        self._not_of_the_url: tuple[type[Exception], ...] = (HostBusyError, *not_of_the_url)

    def make(
        self,
        body: str,
        message_id: str,
        send_follow_up: Callable[[FetchRequest], object],
        put_dead_letter: Callable[[str, KhoborError], object],
    ) -> datetime:
        """Fetch the URL of a message; if that fails, send it again or to the dead-letter queue.

        Args:
            body: The body of the message.
            message_id: Its id.
            send_follow_up: Sends the next request: for the target of a redirect, or for the same URL again.
            put_dead_letter: Sends a dead-letter message with a body and the error.

        Returns:
            When the host may be requested again.

        Raises:
            HostBusyError: The host must not be requested yet.
        """
        request = FetchRequest(url="")
        try:
            request = read_request(body)
            return self._fetch(request, send_follow_up)
        except KhoborError as error:
            failure = error
        except self._not_of_the_url:
            raise
        # Whatever it is: a message that stays in the queue blocks all others of its host.
        except Exception as error:
            facts = identity(request) | {"message_id": message_id}
            self._telemetry.logger.exception("crashed; the URL is tried again later", **facts)
            failure = RetryableError("crashed", f"{type(error).__name__}: {error}")
        if again := self._fail(request, failure):
            send_follow_up(again)
        else:
            self._give_up(body, request, failure, put_dead_letter)
        return datetime.now(UTC)

    def give_up(self, body: str, error: KhoborError, put_dead_letter: Callable[[str, KhoborError], object]) -> None:
        """Report that a message has failed for good, and send it to the dead-letter queue.

        Args:
            body: The body of the message.
            error: Why it failed.
            put_dead_letter: Sends a dead-letter message with a body and the error.
        """
        request = FetchRequest(url="")
        self._fetcher.failed(request, error, is_tried_again=False)
        self._give_up(body, request, error, put_dead_letter)

    def _fetch(self, request: FetchRequest, send_follow_up: Callable[[FetchRequest], object]) -> datetime:
        """Fetch a URL; a redirect is sent to the queue of its own host. Return when the host may be requested again."""
        result = self._fetcher.fetch(request)
        if result.redirect:
            send_follow_up(follow_redirect(request, result.redirect))
        return result.next_at

    def _fail(self, request: FetchRequest, error: KhoborError) -> FetchRequest | None:
        """Report a failure; return the request for another attempt, behind the others of its host, if it may help."""
        attempts = request.attempts + 1
        is_tried_again = isinstance(error, RetryableError) and attempts < self._max_attempts
        self._fetcher.failed(request, error, is_tried_again=is_tried_again)
        return msgspec.structs.replace(request, attempts=attempts) if is_tried_again else None

    @staticmethod
    def _give_up(
        body: str, request: FetchRequest, error: KhoborError, put_dead_letter: Callable[[str, KhoborError], object]
    ) -> None:
        # The first body counts no attempts: an operator who sends it back starts over.
        put_dead_letter(body_without_attempts(request) if request.attempts else body, error)
