"""The loop over uploads: objects of a bucket of which S3 tells, through an SQS queue or straight."""

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

# Handles one upload, in a process of its own where the second argument says so.
Handle: TypeAlias = Callable[[RawReference, bool], None]


class UploadProcessor:
    """Handles uploads one by one; whatever one of them does, its neighbours go through.

    Powertools' ``S3Event`` is not used: it checks nothing, and these events also come from replays and by hand.

    Args:
        observability: Where it is logged and counted why an upload failed.
        dead_letters: Where an upload goes that raises a KhoborError, once another try cannot help.
        seconds: How long one upload may take: it is left for another invocation where there is less time.
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
            context: Of the invocation.
            handle: Handles one upload.

        Returns:
            What Lambda takes for an answer.

        Raises:
            PermanentError: ``not_a_batch`` or ``not_an_s3_event`` for an event without uploads.
            RetryableError: Of an event of S3 one upload may succeed later; Lambda invokes the function again.
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
                # Nothing says whether such an event failed before.
                self._handle(upload, context, handle, apart=True)
            except PermanentError as error:
                self._observability.failed(error)
                self._dead_letters.put(json.dumps(event_of(upload)), error)

    def _handle(self, upload: RawReference, context: "LambdaContext", handle: Handle, apart: bool) -> None:
        self._observability.begin_record(key=upload.key)
        check_time(context, self._seconds)
        handle(upload, apart)
