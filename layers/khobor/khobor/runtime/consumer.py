"""Handles the records of a batch: messages of an SQS queue, or records of a DynamoDB stream.

This is based on Powertools' batch processors:
https://docs.powertools.aws.dev/lambda/python/latest/utilities/batch/

The fetch queue is handled by ``fetch.turns`` instead. Powertools' ``SqsFifoPartialProcessor`` handles one message after
another and stops at the first failure. Fetch serves the hosts of a batch in parallel, because waiting for them takes
most of its time, and a message whose host must wait has not failed.
"""

import json
import sys
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from khobor.aws.sqs_batch import records
from khobor.dead_letters.queue import DeadLetterQueue
from khobor.errors import KhoborError, PermanentError
from khobor.runtime.observability import Observability

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch import ExceptionInfo
    from aws_lambda_powertools.utilities.typing import LambdaContext

Output = TypeVar("Output")
# A record, and the error if its output could not be sent.
RecordResult: TypeAlias = tuple[DynamoDBRecord, KhoborError | None]


class _Processor(BatchProcessor):
    """Handles records one by one. An error in one of them does not affect the others.

    Args:
        event_type: The kind of records.
        observability: Logs and counts failures.
        dead_letters: The dead-letter queue of the function.
    """

    def __init__(self, event_type: EventType, observability: Observability, dead_letters: DeadLetterQueue) -> None:
        # By default Powertools raises an exception if all records of a batch fail. The records are delivered again
        # either way, but an exception counts as a failure of the function, which triggers its alarm.
        super().__init__(event_type, raise_on_entire_batch_failure=False)
        self._observability = observability
        self._dead_letters = dead_letters

    @abstractmethod
    def _settle(self, record: Any, error: KhoborError) -> bool:
        """Put a record in the dead-letter queue unless a retry may help; return whether it was put there."""

    def _process_record(self, record: dict[str, Any]) -> Any:
        self._observability.begin_record()
        return super()._process_record(record)

    def failure_handler(self, record: Any, exception: "ExceptionInfo") -> Any:
        """Log and count a failed record. If it was put in the dead-letter queue, it counts as handled.

        Args:
            record: The record.
            exception: The exception that its handler raised.
        """
        try:
            if isinstance(exception[1], KhoborError):
                self._observability.failed(exception[1])
                if self._settle(record, exception[1]):
                    return self.success_handler(record, None)
            else:
                self._log_crash(record, exception)
        # The dead-letter queue cannot be reached. An exception here would make Lambda deliver the whole batch again.
        except Exception:  # noqa: BLE001 whatever the cause
            self._log_crash(record, sys.exc_info())
        return super().failure_handler(record, exception)

    def _log_crash(self, record: Mapping[str, Any], exception: "ExceptionInfo") -> None:
        number = record.get("messageId") or record["dynamodb"]["SequenceNumber"]
        message = "crashed; the message will be delivered again"
        self._observability.logger.error(message, exc_info=exception[1], message_id=number)


class QueueProcessor(_Processor):
    """Handles the messages of an SQS queue one by one. An error in one of them does not affect the others.

    Args:
        observability: Logs and counts failures.
        dead_letters: Receives a message that raises a KhoborError once a retry cannot help.
    """

    def __init__(self, observability: Observability, dead_letters: DeadLetterQueue) -> None:
        super().__init__(EventType.SQS, observability, dead_letters)

    def consume(self, event: dict[str, Any], context: "LambdaContext", handler: Callable[..., None]) -> dict[str, Any]:
        """Handle the messages of an event.

        Args:
            event: The event.
            context: Lambda's context of the invocation.
            handler: Handles one message, ``record``, a ``SQSRecord``; gets ``lambda_context`` if it has that parameter.

        Returns:
            The partial batch response, which names the messages to deliver again.

        Raises:
            PermanentError: ``not_a_batch`` for an event without messages.
        """
        # Powertools refuses an empty batch, and its error does not say what was expected and what came.
        if not records(event):
            return {"batchItemFailures": []}
        return cast("dict[str, Any]", process_partial_response(event, handler, self, context))

    def _settle(self, record: Any, error: KhoborError) -> bool:
        return self._dead_letters.settle(record, error)


class StreamProcessor(_Processor):
    """Converts the records of a DynamoDB stream to outputs such as events, and sends these in batches.

    Powertools' own processor continues after a failure and handles each record by itself. Here the first failure ends
    the batch, because later changes of an article must not be sent before earlier ones: Lambda delivers that record and
    all later ones again. Outputs are sent in batches: EventBridge accepts 10 events at a time, and Firehose 500 rows.

    Args:
        observability: Logs and counts failures.
        dead_letters: Receives a record that raises a PermanentError.
        as_message: Returns the part of a record that goes to the dead-letter queue.
    """

    def __init__(
        self,
        observability: Observability,
        dead_letters: DeadLetterQueue,
        as_message: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict,
    ) -> None:
        super().__init__(EventType.DynamoDBStreams, observability, dead_letters)
        self._as_message = as_message

    def consume(
        self,
        event: Mapping[str, Any],
        convert: Callable[..., Output | None],
        send: Callable[[Iterable[tuple[DynamoDBRecord, Output]]], Iterable[RecordResult]],
    ) -> dict[str, Any]:
        """Handle the records of an event.

        Args:
            event: The event.
            convert: Returns the output of one record, ``record``, a ``DynamoDBRecord``; None if it has none.
            send: Sends outputs in order, and yields the result of each. It consumes the outputs one by one, so that few
                of them are in memory at a time.

        Returns:
            The partial batch response, which names the first record to deliver again.

        Raises:
            PermanentError: ``not_a_batch`` for an event without records of a stream.
        """
        with self(_stream_records(event), convert):
            first = None
            for record, error in send(self._outputs()):
                if error is not None:
                    self._observability.failed(error)
                    first = first or record
            if first is not None:
                # This record precedes the one at which conversion stopped.
                self.fail_messages[:] = [first]
        return cast("dict[str, Any]", self.response())

    def _outputs(self) -> Iterator[tuple[DynamoDBRecord, Any]]:
        for record in self.records:
            _, output, _ = self._process_record(record)
            if self.fail_messages:
                return
            if output is not None:
                yield DynamoDBRecord(record), output

    def _settle(self, record: Any, error: KhoborError) -> bool:
        if isinstance(error, PermanentError):
            self._dead_letters.put(json.dumps(self._as_message(record.raw_event)), error)
            return True
        return False


def _stream_records(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    records = event.get("Records")
    if not isinstance(records, list) or not all(map(_is_of_stream, records)):
        raise PermanentError("not_a_batch", f"expected records of a stream, got {str(event)[:200]}; see events/")
    return records


def _is_of_stream(record: object) -> bool:
    return (
        isinstance(record, dict)
        and isinstance(record.get("dynamodb"), dict)
        and isinstance(record["dynamodb"].get("SequenceNumber"), str)
    )
