"""Dead-letter queues: where an operator finds what could not be handled, and why."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from khobor.characters import for_message
from khobor.errors import KhoborError, RetryableError
from khobor.url import digest

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageRequestTypeDef

_MAX_DETAIL = 1000


class DeadLetters:
    """The dead-letter queue of one function.

    SQS moves a message there by itself when a function crashes on it too often, without a word of why. What the
    function understands it puts there itself, with the reason, and at once where trying again cannot help.

    Args:
        sqs: The client.
        queue_url: The queue.
        max_receive_count: How often a message is received before ``settle`` puts it aside.
    """

    def __init__(self, sqs: "SQSClient", queue_url: str, max_receive_count: int = 1) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._max_receive_count = max_receive_count

    def settle(self, record: Mapping[str, Any], error: KhoborError) -> bool:
        """Put an SQS record aside with its reason, unless another try may help; return whether it was.

        Args:
            record: The record as Lambda got it.
            error: Why it failed.
        """
        attributes = record["attributes"]
        if isinstance(error, RetryableError) and int(attributes["ApproximateReceiveCount"]) < self._max_receive_count:
            return False
        self.put(record["body"], error, record)
        return True

    def put(self, body: str, error: KhoborError, record: Mapping[str, Any] | None = None) -> None:
        """Put a message aside; its attributes ``reason`` and ``detail`` say why.

        Where that it was cannot be told, it is put aside twice: sent again, both do the same as one.

        Args:
            body: The message, such that it can be sent again as it is.
            error: Why it failed.
            record: The SQS record that it was, for a FIFO queue.
        """
        # An event that was made by hand may hold what SQS refuses; in JSON an escape is the same.
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
            # Of the message, too: sent back, the same body may fail again before SQS forgets that it was here.
            same = digest(f"{record['messageId']} {body}".encode())
            message |= {"MessageGroupId": group, "MessageDeduplicationId": same}
        self._sqs.send_message(**message)


def _sendable(detail: str) -> str:
    # SQS refuses control characters and lone surrogates.
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in detail[:_MAX_DETAIL]) or "-"
