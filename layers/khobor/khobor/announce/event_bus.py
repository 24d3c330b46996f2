"""The event bus that events about articles are put on."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from khobor.announce.announcements import Announcement
from khobor.aws.batches import batches

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

# The source of khobor's events, which rules match.
SOURCE: Final = "khobor"
# Limits of PutEvents: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
_MOST_ENTRIES = 10
_MOST_BYTES = 262_144

_encoder = msgspec.json.Encoder()


T = TypeVar("T")


class EventBus:
    """An event bus, through an EventBridge client.

    Args:
        events: The client.
        name: The name of the bus.
    """

    def __init__(self, events: "EventBridgeClient", name: str) -> None:
        self._events = events
        self._name = name

    def put(self, announcements: Iterable[tuple[T, Announcement]]) -> list[tuple[T, str | None]]:
        """Put announcements on the bus in order, and stop at the first that it refuses.

        Args:
            announcements: Each with the record that it belongs to.

        Returns:
            The record of each, with the reason if the bus refused it, which only the last can have; else None.
        """
        put: list[tuple[T, str | None]] = []
        entries = ((of, self._entry(each)) for of, each in announcements)
        for batch in batches(entries, lambda each: _size(each[1]), most=_MOST_ENTRIES, most_bytes=_MOST_BYTES):
            for (of, _), refusal in zip(batch, self._put([entry for _, entry in batch]), strict=False):
                put.append((of, refusal))
                if refusal is not None:
                    return put
        return put

    def _put(self, batch: "list[PutEventsRequestEntryTypeDef]") -> list[str | None]:
        """Put entries; return the reason for each that was refused, and None for the others."""
        try:
            answer = self._events.put_events(Entries=batch)
        except (BotoCoreError, ClientError) as error:
            return [str(error)]
        return [
            f"{each['ErrorCode']}: {each.get('ErrorMessage')}" if "ErrorCode" in each else None
            for each in answer["Entries"]
        ]

    def _entry(self, announcement: Announcement) -> "PutEventsRequestEntryTypeDef":
        detail = _encoder.encode(announcement.detail).decode()
        return {"EventBusName": self._name, "Source": SOURCE, "DetailType": announcement.kind, "Detail": detail}


def _size(entry: "PutEventsRequestEntryTypeDef") -> int:
    """Return the size of an entry in bytes, as EventBridge counts it."""
    return sum(len(text.encode()) for text in (entry["Source"], entry["DetailType"], entry["Detail"]))
