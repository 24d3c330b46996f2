"""A message that failed for good, wherever it is kept, and the result of sending such messages back."""

from dataclasses import dataclass
from datetime import datetime

from khobor.errors import KhoborError

# The reason of messages without one: the function crashed on them, or ran out of time or memory.
CRASHED = "crashed"


@dataclass(frozen=True, kw_only=True)
class DeadLetterMessage:
    """A message in a dead-letter queue.

    Attributes:
        body: The message, which can be sent again unchanged.
        reason: The slug of the cause; None if the function crashed on it.
        detail: What was wrong, with what, and what to do.
        sent_at: When it entered the dead-letter queue; if SQS moved it there, when it was first sent.
        message_id: Its id in SQS.
        receipt: The handle to delete or release it while it is hidden from others.
        group: Its message group, in a FIFO queue.
    """

    body: str
    reason: str | None
    detail: str | None
    sent_at: datetime
    message_id: str
    receipt: str
    group: str | None = None


@dataclass(frozen=True, kw_only=True)
class RedriveResult:
    """The result of sending dead-letter messages back.

    Attributes:
        sent: The number of messages that were sent back.
        kept: The messages that could not be sent, each with the error; they stay in the queue.
    """

    sent: int
    kept: tuple[tuple[DeadLetterMessage, KhoborError], ...]


def reason_of(message: DeadLetterMessage) -> str:
    """Return the reason of a message; ``crashed`` if it has none."""
    return message.reason or CRASHED
