"""Dead-letter queues, where operators find what could not be processed, and why."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from khobor.characters import for_message
from khobor.errors import KhoborError, RetryableError
from khobor.url import digest

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageRequestTypeDef

_MAX_DETAIL = 1000


class DeadLetterQueue:
    """The dead-letter queue of one function.

    SQS moves a message there without a reason when a function crashes on it too often. A failure that the function
    recognizes is put there with its reason, and at once if a retry cannot help.

    Args:
        sqs: The client.
        queue_url: The queue.
        max_receive_count: How often a message is received before ``settle`` moves it to the dead-letter queue.
    """

    def __init__(self, sqs: "SQSClient", queue_url: str, max_receive_count: int = 1) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._max_receive_count = max_receive_count

    def settle(self, record: Mapping[str, Any], error: KhoborError) -> bool:
        """Put an SQS record in the dead-letter queue, unless a retry may help; return whether it was put there.

        Args:
            record: The record as Lambda received it.
            error: Why it failed.
        """
        attributes = record["attributes"]
        if isinstance(error, RetryableError) and int(attributes["ApproximateReceiveCount"]) < self._max_receive_count:
            return False
        self.put(record["body"], error, record)
        return True

    def put(self, body: str, error: KhoborError, record: Mapping[str, Any] | None = None) -> None:
        """Put a message in the dead-letter queue; its attributes ``reason`` and ``detail`` say why.

        A retry after a lost response puts it there twice, which is harmless: sending both back has the same effect.

        Args:
            body: The message, which can be sent again unchanged.
            error: Why it failed.
            record: The SQS record that it came from, for a FIFO queue.
        """
        # A hand-written event may contain characters that SQS refuses; JSON escapes are equivalent.
        body = for_message(body.encode(errors="backslashreplace"))
        message: SendMessageRequestTypeDef = {
            "QueueUrl": self._queue_url,
            "MessageBody": body,
            "MessageAttributes": {
                "reason": {"DataType": "String", "StringValue": error.reason},
                "detail": {"DataType": "String", "StringValue": _sendable(error.detail)},
            },
        }
        if record and (group := record["attributes"].get("MessageGroupId")):
            # Include the message id: a body that was sent back may fail again within SQS's deduplication interval.
            same = digest(f"{record['messageId']} {body}".encode())
            message |= {"MessageGroupId": group, "MessageDeduplicationId": same}
        self._sqs.send_message(**message)


def _sendable(detail: str) -> str:
    # SQS refuses control characters and lone surrogates.
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in detail[:_MAX_DETAIL]) or "-"
