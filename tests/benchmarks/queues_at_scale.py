"""The part of ``moto_at_scale`` that is about SQS: a queue with many messages."""

import json
import time
from collections.abc import Iterator, Mapping
from copy import copy
from functools import cache
from itertools import count
from typing import Any

from moto.core.utils import camelcase_to_underscores
from moto.sqs import models as sqs
from moto.sqs.exceptions import ReceiptHandleIsInvalid


def queues() -> Iterator[tuple[Any, str, Any]]:
    """Yield what is replaced: its owner, its name, and the replacement."""
    yield sqs, "unix_time_millis", _milliseconds
    # 185 letters, each drawn by itself.
    yield sqs, "generate_receipt_handle", lambda: f"{next(_handles):032x}"
    yield sqs.Queue, "attributes", property(_Attributes)
    yield sqs.Queue, "messages", property(_deliverable)
    yield sqs.Queue, "pending_message_groups", property(_pending_groups)
    yield sqs.Queue, "delete_message", _delete_message
    yield sqs.Message, "had_receipt_handle", _had_receipt_handle
    yield sqs.Message, "__deepcopy__", _copied_message


_handles = count()


def _milliseconds() -> float:
    # By way of three datetimes, for each message at each look at a queue.
    return time.time() * 1000


class _Attributes(Mapping[str, Any]):
    """The attributes of a queue, each computed when it is asked for: three of them count all messages."""

    def __init__(self, queue: sqs.Queue) -> None:
        self._queue = queue
        self._names = [
            *queue.BASE_ATTRIBUTES,
            *(queue.FIFO_ATTRIBUTES if queue.fifo_queue else ()),
            # They are set by name; mypy does not see them.
            *(queue.KMS_ATTRIBUTES if getattr(queue, _underscored("KmsMasterKeyId")) else ()),
        ]

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        value = getattr(self._queue, _underscored(name))
        if name == "RedrivePolicy" and value:
            return json.dumps(value)
        return str(value).lower() if isinstance(value, bool) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


_underscored = cache(camelcase_to_underscores)


def _deliverable(queue: sqs.Queue) -> list[sqs.Message]:
    # The clock is looked at once, not twice for each message.
    now = _milliseconds()
    return [message for message in queue._messages if now > message.visible_at and now >= message.delayed_until]


def _pending_groups(queue: sqs.Queue) -> set[str]:
    # moto finds that messages are no more in flight one by one, while the others still block their group: of several it
    # gives the last one first. SQS gives them in their order.
    now = _milliseconds()
    for message in [message for message in queue.pending_messages if now > message.visible_at]:
        queue.pending_messages.remove(message)
    return {message.group_id for message in queue.pending_messages if message.group_id is not None}


def _had_receipt_handle(message: sqs.Message, receipt_handle: str) -> bool:
    # Without a list of all handles that is made for each message that is compared.
    return receipt_handle == message.receipt_handle or receipt_handle in message._old_receipt_handles


def _copied_message(message: sqs.Message, _: dict[int, Any]) -> sqs.Message:
    # moto then changes only the attributes of the copy, and replaces each as a whole.
    return copy(message)


def _delete_message(queue: sqs.Queue, receipt_handle: str) -> None:
    # The list of messages is not made anew, and of a message that is gone the last handle is kept, not all it ever had.
    if receipt_handle in queue.deleted_messages:
        return
    for place, message in enumerate(queue._messages):
        if message.had_receipt_handle(receipt_handle):
            queue.pending_messages.discard(message)
            queue.deleted_messages.add(message.receipt_handle or receipt_handle)
            del queue._messages[place]
            return
    raise ReceiptHandleIsInvalid
