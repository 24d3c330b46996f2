from collections.abc import Sequence
from typing import Any

import boto3
import pytest

from khobor.announce.announcements import LONGEST_TEXT, LONGEST_URL, SCHEMA_VERSION, Announcement, Detail
from khobor.announce.event_bus import EventBus
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

    def put(self, count: int, **fields: Any) -> list[tuple[int, str | None]]:
        return list(self.bus.put([(number, announced(number, **fields)) for number in range(count)]))

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
    assert bus.put(count) == [(number, None) for number in range(count)]
    assert [len(call) for call in bus.calls] == sizes


def test_no_call_is_larger_than_the_bus_takes(stack: EmbeddedStack) -> None:
    longest = dict.fromkeys(("title", "section", "source", "language"), "খ" * LONGEST_TEXT)
    bus = Bus(stack)
    bus.put(20, url="খ" * LONGEST_URL, **longest)
    sizes = [sum(len(entry["Detail"].encode()) for entry in call) for call in bus.calls]
    assert max(sizes) < 262_144
    assert sum(map(len, bus.calls)) == 20


def test_it_stops_at_the_first_entry_that_is_refused(stack: EmbeddedStack) -> None:
    bus = Bus(stack, refused=(3, 7))
    answers = bus.put(25)
    assert answers == [(0, None), (1, None), (2, None), (3, "ThrottlingException: Rate exceeded")]
    assert len(bus.calls) == 1


def test_where_the_bus_is_not_there_the_first_of_the_call_is_refused(stack: EmbeddedStack) -> None:
    ((number, refusal),) = EventBus(stack.events, "nobodys").put([(each, announced(each)) for each in range(3)])
    assert number == 0
    assert "ResourceNotFoundException" in str(refusal)
