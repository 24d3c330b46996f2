"""Dispatches the events of the discover function: ticks of the schedule, and messages of the discover queue."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from khobor.aws.s3_events import is_s3_event, uploads
from khobor.discover.discover_queue import SourceRun, read_message, send_runs
from khobor.discover.discovery import Discovery
from khobor.errors import PermanentError
from khobor.frontier.fetch_queue import FetchRequest, send_requests
from khobor.frontier.interface import Frontier
from khobor.pages.s3 import S3PageReader
from khobor.runtime.settings import DiscoverSettings
from khobor.sources.reported_sources import reported_sources
from khobor.sources.source_bucket import SourceBucket
from khobor.telemetry import Telemetry

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient


class Dispatch:
    """Decodes each event and passes it to the discovery.

    Args:
        settings: The settings of the discover function.
        s3: The client of the raw bucket.
        sqs: The client of the queues.
        frontier: The URL frontier.
        telemetry: Logs and counts the results.
    """

    def __init__(
        self,
        settings: DiscoverSettings,
        *,
        s3: "S3Client",
        sqs: "SQSClient",
        frontier: Frontier,
        telemetry: Telemetry,
    ) -> None:
        self._settings = settings
        self._sqs = sqs
        source_bucket = SourceBucket(s3, settings.raw_bucket, settings.sources_seconds)
        self._discovery = Discovery(
            sources=partial(reported_sources, source_bucket, telemetry),
            pages=S3PageReader(s3),
            frontier=frontier,
            send=self._send,
            telemetry=telemetry,
            max_page_bytes=settings.max_page_bytes,
        )

    def tick(self, at: datetime) -> list[str]:
        """Queue a run of each source that is due at a tick of the schedule; return the names of the sources."""
        due = self._discovery.due(at, timedelta(seconds=self._settings.schedule_seconds))
        runs = [SourceRun(source=name, at=int(at.timestamp())) for name in due]
        send_runs(self._sqs, self._settings.discover_queue_url, runs)
        return due

    def start(self, run: SourceRun) -> dict[str, Any]:
        """Run a source: request its listings and its articles that are due again; return the facts for the log.

        Raises:
            PermanentError: ``unknown_source``.
        """
        return self._discovery.start(run)

    def handle_message(self, body: str, *, isolated: bool) -> None:
        """Handle a message of the discover queue: an S3 event about a listing, or a message of khobor.

        Args:
            body: The message.
            isolated: Whether a listing is read in a separate process.

        Raises:
            KhoborError: The message is invalid, or its source or listing does not exist or cannot be read.
        """
        event = _json(body)
        if isinstance(event, dict) and is_s3_event(event):
            for reference in uploads(event):
                self._discovery.read(reference, isolated=isolated)
            return
        message = read_message(body)
        if isinstance(message, SourceRun):
            self._discovery.start(message)
        else:
            self._discovery.follow(message)

    def _send(self, requests: Iterable[FetchRequest]) -> None:
        send_requests(self._sqs, self._settings.fetch_queue_url, requests)


def _json(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError as error:
        raise PermanentError("bad_message", f"expected JSON, got {body[:200]!r}") from error
