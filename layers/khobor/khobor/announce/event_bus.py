"""The event bus, where others learn what became of articles."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from khobor.announce.announcements import Announcement
from khobor.aws.batches import batches
from khobor.errors import RetryableError

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

# What rules know khobor's events by.
SOURCE: Final = "khobor"
# What PutEvents takes: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
_MOST_ENTRIES = 10
_MOST_BYTES = 262_144

_encoder = msgspec.json.Encoder()


class NotTakenError(RetryableError):
    """The bus did not take an event; those before it it has, those after it are as if they were never put.

    Args:
        number: Which of those that were to be put, from 0 on.
        detail: What the bus said.
    """

    def __init__(self, number: int, detail: str) -> None:
        super().__init__("event_not_taken", detail)
        self.number = number


class EventBus:
    """An event bus, through an EventBridge client.

    Args:
        events: The client.
        name: Of the bus.
    """

    def __init__(self, events: "EventBridgeClient", name: str) -> None:
        self._events = events
        self._name = name

    def put(self, announcements: Sequence[Announcement]) -> None:
        """Put announcements on the bus in their order, and stop at the first that it does not take.

        Raises:
            NotTakenError: It did not take one.
        """
        number = 0
        entries = map(self._entry, announcements)
        for batch in batches(entries, _size, most=_MOST_ENTRIES, most_bytes=_MOST_BYTES):
            self._put(batch, number)
            number += len(batch)

    def _put(self, batch: "list[PutEventsRequestEntryTypeDef]", number: int) -> None:
        try:
            answer = self._events.put_events(Entries=batch)
        except (BotoCoreError, ClientError) as error:
            raise NotTakenError(number, str(error)) from error
        for entry in answer["Entries"]:
            if "ErrorCode" in entry:
                raise NotTakenError(number, f"{entry['ErrorCode']}: {entry.get('ErrorMessage')}")
            number += 1

    def _entry(self, announcement: Announcement) -> "PutEventsRequestEntryTypeDef":
        detail = _encoder.encode(announcement.detail).decode()
        return {"EventBusName": self._name, "Source": SOURCE, "DetailType": announcement.kind, "Detail": detail}


def _size(entry: "PutEventsRequestEntryTypeDef") -> int:
    """Return the bytes of an entry as EventBridge counts them."""
    return sum(len(text.encode()) for text in (entry["Source"], entry["DetailType"], entry["Detail"]))
