"""The loops over records: messages of an SQS queue, and records of a DynamoDB stream, on Powertools' batch processors.

https://docs.powertools.aws.dev/lambda/python/latest/utilities/batch/

The fetch queue has no loop here. Powertools' ``SqsFifoPartialProcessor`` handles one message after another and stops at
the first failure. Fetch takes the hosts of a batch side by side, since waiting for them takes most of its time, and a
message whose host has to wait has not failed: ``fetch.turns`` does that.
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

Made = TypeVar("Made")
# A record, and why what was made of it was not taken; None where it was.
Taken: TypeAlias = tuple[DynamoDBRecord, KhoborError | None]


class _Processor(BatchProcessor):
    """Handles records one by one; what one of them raises goes no further.

    Args:
        event_type: What the records are.
        observability: Where it is logged and counted why a record failed.
        dead_letters: The dead-letter queue of the function.
    """

    def __init__(self, event_type: EventType, observability: Observability, dead_letters: DeadLetterQueue) -> None:
        # Where every record of a batch fails, Powertools raises. The records come again either way, but an exception
        # counts as a failure of the function, which fires its alarm.
        super().__init__(event_type, raise_on_entire_batch_failure=False)
        self._observability = observability
        self._dead_letters = dead_letters

    @abstractmethod
    def _settle(self, record: Any, error: KhoborError) -> bool:
        """Put a record in the dead-letter queue unless another try may help; return whether it is there."""

    def _process_record(self, record: dict[str, Any]) -> Any:
        self._observability.begin_record()
        return super()._process_record(record)

    def failure_handler(self, record: Any, exception: "ExceptionInfo") -> Any:
        """Take note of a record that failed; one that is in the dead-letter queue is done with.

        Args:
            record: The record.
            exception: What its handler raised.
        """
        try:
            if isinstance(exception[1], KhoborError):
                self._observability.failed(exception[1])
                if self._settle(record, exception[1]):
                    return self.success_handler(record, None)
            else:
                self._log_crash(record, exception)
        # The dead-letter queue cannot be reached. Raised on, that would bring the whole batch back.
        except Exception:  # noqa: BLE001 whatever it is
            self._log_crash(record, sys.exc_info())
        return super().failure_handler(record, exception)

    def _log_crash(self, record: Mapping[str, Any], exception: "ExceptionInfo") -> None:
        number = record.get("messageId") or record["dynamodb"]["SequenceNumber"]
        message = "crashed; the message will be delivered again"
        self._observability.logger.error(message, exc_info=exception[1], message_id=number)


class QueueProcessor(_Processor):
    """Handles each message of an SQS queue by itself; whatever one of them does, its neighbours go through.

    Args:
        observability: Where it is logged and counted why a message failed.
        dead_letters: Where a message goes that raises a KhoborError, once another try cannot help.
    """

    def __init__(self, observability: Observability, dead_letters: DeadLetterQueue) -> None:
        super().__init__(EventType.SQS, observability, dead_letters)

    def consume(self, event: dict[str, Any], context: "LambdaContext", handler: Callable[..., None]) -> dict[str, Any]:
        """Handle the messages of an event; return those that are to be delivered again, as Lambda takes it.

        Args:
            event: The event.
            context: Of the invocation.
            handler: Handles one message, ``record``, a ``SQSRecord``; gets ``lambda_context`` if it has that parameter.

        Raises:
            PermanentError: ``not_a_batch`` for an event without messages.
        """
        # Powertools refuses an event without messages, too, but not by what it expected and got, and an empty batch.
        if not records(event):
            return {"batchItemFailures": []}
        return cast("dict[str, Any]", process_partial_response(event, handler, self, context))

    def _settle(self, record: Any, error: KhoborError) -> bool:
        return self._dead_letters.settle(record, error)


class StreamProcessor(_Processor):
    """Makes something of each record of a DynamoDB stream, and hands that on in batches.

    Powertools' own processor goes on behind a failure, and knows no work but that on one record. Here the first failure
    ends the batch: Lambda delivers that record and all behind it again, and what happened to an article later must not
    go out before it. One call of EventBridge takes 10 events, and one of Firehose 500 rows.

    Args:
        observability: Where it is logged and counted why a record failed.
        dead_letters: Where a record goes that raises a PermanentError.
        as_message: Returns what goes there of a record; None takes all of it.
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
        make: Callable[..., Made | None],
        hand_on: Callable[[Iterable[tuple[DynamoDBRecord, Made]]], Iterable[Taken]],
    ) -> dict[str, Any]:
        """Handle the records of an event; return from where on they are to be delivered again, as Lambda takes it.

        Args:
            event: The event.
            make: Returns what is handed on of one record, ``record``, a ``DynamoDBRecord``; None for nothing.
            hand_on: Hands on in their order what was made, and yields of each whether it was taken. It asks for one
                after another, so that not all of it has to be in memory.

        Raises:
            PermanentError: ``not_a_batch`` for an event without records of a stream.
        """
        with self(_stream_records(event), make):
            first = None
            for record, error in hand_on(self._made()):
                if error is not None:
                    self._observability.failed(error)
                    first = first or record
            if first is not None:
                # It comes before whatever ended the batch.
                self.fail_messages[:] = [first]
        return cast("dict[str, Any]", self.response())

    def _made(self) -> Iterator[tuple[DynamoDBRecord, Any]]:
        for record in self.records:
            _, made, _ = self._process_record(record)
            if self.fail_messages:
                return
            if made is not None:
                yield DynamoDBRecord(record), made

    def _settle(self, record: Any, error: KhoborError) -> bool:
        if isinstance(error, PermanentError):
            self._dead_letters.put(json.dumps(self._as_message(record.raw_event)), error)
            return True
        return False


def _stream_records(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = event.get("Records")
    if not isinstance(found, list) or not all(map(_is_of_stream, found)):
        raise PermanentError("not_a_batch", f"expected records of a stream, got {str(event)[:200]}; see events/")
    return found


def _is_of_stream(record: object) -> bool:
    return (
        isinstance(record, dict)
        and isinstance(record.get("dynamodb"), dict)
        and isinstance(record["dynamodb"].get("SequenceNumber"), str)
    )
