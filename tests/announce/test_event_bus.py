from collections.abc import Sequence
from typing import Any

import boto3
import pytest

from khobor.announce.announcements import LONGEST_TEXT, LONGEST_URL, SCHEMA_VERSION, Announcement, Detail
from khobor.announce.event_bus import EventBus, NotTakenError
from khobor.embedded.stack import EmbeddedStack


def announced(number: int, **fields: Any) -> Announcement:
    detail = Detail(
        event_id=f"event{number}",
        schema_version=SCHEMA_VERSION,
        article_id=f"id{number}",
        revision=1,
        seen_at="2023-08-16T07:00:00+00:00",
        listed_at="2023-08-16T06:00:00+00:00",
        **fields,
    )
    return Announcement("ArticleStored", detail)


class Bus:
    """The stack's event bus, and what was put on it by each call."""

    def __init__(self, stack: EmbeddedStack, refused: Sequence[int] = ()) -> None:
        self.calls: list[list[Any]] = []
        self._refused = refused
        client = boto3.Session(region_name="eu-central-1").client("events")
        client.meta.events.register("provide-client-params.events.PutEvents", self._note)
        client.meta.events.register("after-call.events.PutEvents", self._refuse)
        self.bus = EventBus(client, stack.outputs["EventBusName"])

    def _note(self, params: dict[str, Any], **_: object) -> None:
        self.calls.append(params["Entries"])

    def _refuse(self, parsed: dict[str, Any], **_: object) -> None:
        """Answer as EventBridge does where it takes some entries and not others."""
        for number in self._refused:
            parsed["Entries"][number] = {"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"}
        parsed["FailedEntryCount"] = len(self._refused)


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (10, [10]), (25, [10, 10, 5])])
def test_ten_are_put_at_a_time(stack: EmbeddedStack, count: int, sizes: list[int]) -> None:
    bus = Bus(stack)
    bus.bus.put([announced(number) for number in range(count)])
    assert [len(call) for call in bus.calls] == sizes


def test_no_call_is_larger_than_the_bus_takes(stack: EmbeddedStack) -> None:
    longest = dict.fromkeys(("title", "section", "source", "language"), "খ" * LONGEST_TEXT)
    bus = Bus(stack)
    bus.bus.put([announced(number, url="খ" * LONGEST_URL, **longest) for number in range(20)])
    sizes = [sum(len(entry["Detail"].encode()) for entry in call) for call in bus.calls]
    assert max(sizes) < 262_144
    assert sum(map(len, bus.calls)) == 20


def test_the_first_entry_that_is_refused_is_told(stack: EmbeddedStack) -> None:
    bus = Bus(stack, refused=(3, 7))
    with pytest.raises(NotTakenError, match="ThrottlingException: Rate exceeded") as error:
        bus.bus.put([announced(number) for number in range(25)])
    assert error.value.number == 3
    assert len(bus.calls) == 1


def test_where_the_bus_is_not_there_the_first_of_the_call_is_told(stack: EmbeddedStack) -> None:
    with pytest.raises(NotTakenError, match="ResourceNotFoundException") as error:
        EventBus(stack.events, "nobodys").put([announced(number) for number in range(3)])
    assert error.value.number == 0
