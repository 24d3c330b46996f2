"""Handles uploads: objects that S3 reports, through an SQS queue or directly."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from khobor.article import RawReference
from khobor.aws.s3_events import event_of, is_s3_event, uploads, uploads_of_message
from khobor.aws.sqs_batch import check_time, was_received_before
from khobor.dead_letters.queue import DeadLetterQueue
from khobor.errors import PermanentError
from khobor.runtime.consumer import QueueProcessor
from khobor.runtime.observability import Observability

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

# Handles one upload; the second argument says whether in a process of its own.
Handle: TypeAlias = Callable[[RawReference, bool], None]


class UploadProcessor:
    """Handles uploads one by one. An error in one of them does not affect the others.

    Powertools' ``S3Event`` is not used because it validates nothing, and events also come from replays and by hand.

    Args:
        observability: Logs and counts failures.
        dead_letters: Receives an upload that raises a KhoborError once a retry cannot help.
        seconds: How long one upload may take. If less time is left, another invocation handles it.
    """

    def __init__(self, observability: Observability, dead_letters: DeadLetterQueue, seconds: float) -> None:
        self._observability = observability
        self._dead_letters = dead_letters
        self._queue = QueueProcessor(observability, dead_letters)
        self._seconds = seconds

    def consume(self, event: dict[str, Any], context: "LambdaContext", handle: Handle) -> dict[str, Any]:
        """Handle the uploads of an event: messages of an SQS queue, or an event of S3.

        Args:
            event: The event.
            context: Lambda's context of the invocation.
            handle: Handles one upload.

        Returns:
            The response for Lambda.

        Raises:
            PermanentError: ``not_a_batch`` or ``not_an_s3_event`` for an event without uploads.
            RetryableError: An upload of an event of S3 may succeed later; Lambda invokes the function again.
        """
        if is_s3_event(event):
            self._consume_directly(event, context, handle)
            return {}

        def handle_message(record: "SQSRecord") -> None:
            for upload in uploads_of_message(record.body):
                self._handle(upload, context, handle, was_received_before(record))

        return self._queue.consume(event, context, handle_message)

    def _consume_directly(self, event: dict[str, Any], context: "LambdaContext", handle: Handle) -> None:
        for upload in uploads(event):
            try:
                # Such an event does not say whether it failed before.
                self._handle(upload, context, handle, isolated=True)
            except PermanentError as error:
                self._observability.failed(error)
                self._dead_letters.put(json.dumps(event_of(upload)), error)

    def _handle(self, upload: RawReference, context: "LambdaContext", handle: Handle, isolated: bool) -> None:
        self._observability.begin_record(key=upload.key)
        check_time(context, self._seconds)
        handle(upload, isolated)
