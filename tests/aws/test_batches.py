"""Batches that DynamoDB leaves undone in part, which moto never does."""

from typing import Any

import boto3
import pytest

from khobor.aws.dynamodb import batch_get, batch_write
from khobor.embedded.account import REGION
from khobor.embedded.stack import EmbeddedStack
from khobor.errors import RetryableError

COUNT = 230


class Busy:
    """A client of a DynamoDB that does one request of a batch at a time, for so many batches."""

    def __init__(self, batches: int) -> None:
        self.left = batches
        self.pauses: list[float] = []
        self.client: Any = boto3.Session(region_name=REGION).client("dynamodb")
        events = self.client.meta.events
        shorten: Any = self._shorten
        for operation in ("BatchGetItem", "BatchWriteItem"):
            events.register(f"provide-client-params.dynamodb.{operation}", shorten)
        events.register("after-call.dynamodb.BatchGetItem", self._leave_keys)
        events.register("after-call.dynamodb.BatchWriteItem", self._leave_items)

    def _shorten(self, params: dict[str, Any], **_: object) -> dict[str, Any]:
        self._undone: dict[str, Any] = {}
        if not self.left:
            return params
        self.left -= 1
        ((table, asked),) = params["RequestItems"].items()
        if isinstance(asked, list):
            self._undone = {table: asked[1:]} if asked[1:] else {}
            return {"RequestItems": {table: asked[:1]}}
        self._undone = {table: asked | {"Keys": asked["Keys"][1:]}} if asked["Keys"][1:] else {}
        return {"RequestItems": {table: asked | {"Keys": asked["Keys"][:1]}}}

    def _leave_keys(self, parsed: dict[str, Any], **_: object) -> None:
        parsed["UnprocessedKeys"] = self._undone

    def _leave_items(self, parsed: dict[str, Any], **_: object) -> None:
        parsed["UnprocessedItems"] = self._undone


def keys() -> list[dict[str, Any]]:
    return [{"pk": {"S": f"url#{number}"}} for number in range(COUNT)]


@pytest.fixture
def table(stack: EmbeddedStack) -> str:
    return stack.outputs["CrawlTableName"]


def test_what_is_left_undone_is_sent_again_after_pauses_that_grow(table: str) -> None:
    busy = Busy(batches=5)
    batch_write(busy.client, table, [{"PutRequest": {"Item": key}} for key in keys()], sleep=busy.pauses.append)
    assert len(busy.pauses) == 5
    assert all(0.025 * 2**number <= pause <= 0.05 * 2**number for number, pause in enumerate(busy.pauses))
    busy.left = 5
    found = list(batch_get(busy.client, table, keys(), sleep=busy.pauses.append, ConsistentRead=True))
    assert sorted(item["pk"]["S"] for item in found) == sorted(key["pk"]["S"] for key in keys())
    assert len(busy.pauses) == 10


THROTTLED = r"throttled: DynamoDB did not process \d+ items of .* in 7 tries"


def test_a_table_that_stays_busy_is_not_read_for_ever(table: str) -> None:
    busy = Busy(batches=1000)
    with pytest.raises(RetryableError, match=THROTTLED):
        list(batch_get(busy.client, table, keys(), sleep=busy.pauses.append))
    assert 1 < sum(busy.pauses) < 4


def test_a_table_that_stays_busy_is_not_written_for_ever(table: str) -> None:
    busy = Busy(batches=1000)
    requests = [{"PutRequest": {"Item": key}} for key in keys()]
    with pytest.raises(RetryableError, match=THROTTLED):
        batch_write(busy.client, table, requests, sleep=busy.pauses.append)
    assert 1 < sum(busy.pauses) < 4


def test_nothing_is_asked_for_nothing(table: str) -> None:
    busy = Busy(batches=0)
    assert list(batch_get(busy.client, table, [])) == []
    batch_write(busy.client, table, [])
