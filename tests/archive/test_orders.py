"""The archive ends in the same state for any order of deliveries, repeated, concurrent or interrupted."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import permutations
from typing import Any, cast
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from tests.articles import MORNING, article

from khobor.archive import codec
from khobor.archive.compression import decompress
from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.fetch_digests import extraction_digest
from khobor.article import Article, Author, Block, RawReference
from khobor.embedded.stack import EmbeddedStack
from khobor.errors import RetryableError
from khobor.url import article_id, canonical_url

pytestmark = pytest.mark.slow

OWN = "https://example.com/stories/1"
SHORT = "https://example.com/s/1"
ID = article_id(canonical_url(OWN))

# To store an article takes no more calls to AWS, if nobody is in the way.
MOST_CALLS = 14

Delivery = Callable[[DynamoDBArchive], object]


def fetched(hours: float, **fields: Any) -> Delivery:
    """Return what stores the article as a fetch so many hours later shows it."""
    facts: dict[str, Any] = {
        "article_id": ID,
        "url": SHORT,
        "canonical_url": OWN,
        "fetched_at": MORNING + timedelta(hours=hours),
        "raw": RawReference(bucket="raw", key=f"pages/{hours}"),
        "modified_at": MORNING,
        "section": "City",
    }
    found: Article = article(**facts | fields)
    return lambda archive: archive.put(found)


def gone(hours: float, url: str = SHORT) -> Delivery:
    """Return what marks the article as gone so many hours later."""
    return lambda archive: archive.mark_gone(
        article_id(canonical_url(url)), MORNING + timedelta(hours=hours), "http_410"
    )


def forget(archive: DynamoDBArchive) -> None:
    """Forget the article."""
    at = MORNING + timedelta(hours=30)
    if remains := archive.forget(ID, at):
        archive.erase(ID, remains, at)


FEW = (
    fetched(1, title="The bridge opens", tags=("Bridge", "Toll")),
    fetched(2, title="The bridge closes", tags=("Bridge",), section="Nation"),
    fetched(3, title="The bridge opens", tags=("Bridge", "Padma"), authors=(Author(name="Ann Lee"),)),
    gone(2.5),
)
NOTICE = Block(kind="paragraph", text="Correction: an earlier version misspelled a name.")
MANY = (
    *FEW,
    fetched(4, title="The bridge opens", url=OWN),
    fetched(5, title="The bridge opens", published_at=MORNING - timedelta(days=2)),
    fetched(6, title="The bridge opens", body=(Block(kind="paragraph", text="Text."), NOTICE)),
    gone(7),
    gone(8, OWN),
    fetched(9, title="The bridge opens at last", modified_at=MORNING + timedelta(hours=9)),
    fetched(9.5, title="The bridge opens at last", modified_at=MORNING + timedelta(hours=9)),
    fetched(10, title="সেতু খুলেছে", section=None, language="bn"),
    gone(11),
)


class Table:
    """The archive table of a stack, which can be emptied."""

    def __init__(self, stack: EmbeddedStack) -> None:
        self.archive = stack.archive
        self._dynamodb = stack.dynamodb
        self._name = stack.outputs["ArchiveTableName"]

    def items(self) -> list[dict[str, Any]]:
        """Return all that the table holds, in the order of its keys.

        Of fetches that show the same in every detail any may have the text: of a text only what it shows is returned.
        """
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._name)
        found: list[Any] = [item for page in pages for item in page["Items"]]
        for text in (item for item in found if item["sk"]["S"].startswith("text#")):
            text |= {"data": extraction_digest(codec.decode(decompress(text["data"]["B"]))), "version": None}
        return sorted(found, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))

    def empty(self) -> None:
        """Delete everything."""
        keys = [{name: item[name] for name in ("pk", "sk")} for item in self.items()]
        for start in range(0, len(keys), 25):
            requests: list[Any] = [{"DeleteRequest": {"Key": key}} for key in keys[start : start + 25]]
            self._dynamodb.batch_write_item(RequestItems={self._name: requests})

    def after(self, deliveries: Sequence[Delivery]) -> list[dict[str, Any]]:
        """Return all that a table holds after deliveries to an empty one."""
        self.empty()
        for deliver in deliveries:
            deliver(self.archive)
        return self.items()


@pytest.fixture
def table(stack: EmbeddedStack) -> Table:
    return Table(stack)


def test_every_order_of_fetches_and_a_mark_that_it_is_gone_ends_the_same(table: Table) -> None:
    expected = table.after(FEW)
    for order in permutations(FEW):
        assert table.after(order) == expected


def test_a_mark_that_comes_before_its_article_is_kept_for_it(table: Table) -> None:
    for url in (OWN, SHORT):
        table.after((gone(5, url), fetched(1)))
        assert table.archive.gone_at(ID) == MORNING + timedelta(hours=5)


def test_marks_that_wait_under_two_addresses_make_one_change(table: Table) -> None:
    few = (gone(8, OWN), gone(7, SHORT), fetched(4, url=OWN), fetched(1))
    expected = table.after(few[::-1])
    for order in permutations(few):
        assert table.after(order) == expected


def test_an_older_fetch_that_a_newer_one_overtakes_leaves_nothing_of_those_between(table: Table) -> None:
    older, between, newer = fetched(1), fetched(5, published_at=MORNING - timedelta(days=2)), fetched(6)
    expected = table.after((older, between, newer))
    for at in range(MOST_CALLS):
        table.after((between,))
        with interrupted(at, lambda: newer(table.archive)):
            older(table.archive)
        newer(table.archive)
        assert table.items() == expected


def test_what_is_forgotten_stays_forgotten_whatever_comes_in_whatever_order(table: Table) -> None:
    # Of an address that leads nowhere any more, that it was gone may be known before it is known for what.
    few = (*FEW[:-1], gone(2.5, OWN))
    for order in permutations(few):
        for place in range(1, len(few) + 1):
            if order[:place] == (few[-1],):
                # There is nothing to be forgotten yet.
                continue
            (left,) = table.after((*order[:place], forget, *order[place:]))
            assert left["forgotten_at"]["S"] == "2023-08-17T12:00:00.000000+00:00"


class Stopped(BaseException):
    """The process of a delivery ended in the middle."""


@contextmanager
def interrupted(at: int, meanwhile: Callable[[], object]) -> Iterator[None]:
    """Do something just before a call to AWS: the first one is number 0."""
    calls = iter(range(at + 1))
    made = vars(BaseClient)["_make_api_call"]

    def call(client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
        if next(calls, None) == at:
            meanwhile()
        return made(client, operation, params)

    with patch.object(BaseClient, "_make_api_call", call):
        yield


def stop() -> None:
    raise Stopped


DELIVERIES = st.sampled_from(range(len(MANY)))
CALLS = st.integers(0, MOST_CALLS)


class Deliveries(RuleBasedStateMachine):
    """Deliveries in any order, again, in the middle of others, and stopped."""

    def __init__(self, table: Table, expected: list[dict[str, Any]], latest: Article | None) -> None:
        super().__init__()
        self._table = table
        self._expected = expected
        self._latest = latest
        self._done: set[int] = set()

    @initialize()
    def begin(self) -> None:
        self._table.empty()

    @rule(one=DELIVERIES)
    def deliver(self, one: int) -> None:
        try:
            MANY[one](self._table.archive)
        except RetryableError:
            # It met an article that is not whole yet. Its message comes again.
            self._done.discard(one)
        else:
            self._done.add(one)

    @rule(one=DELIVERIES, other=DELIVERIES, at=CALLS)
    def deliver_during(self, one: int, other: int, at: int) -> None:
        """Deliver one while the other is under way."""
        with interrupted(at, lambda: self.deliver(one)):
            self.deliver(other)

    @rule(one=DELIVERIES, at=CALLS)
    def stop_in_between(self, one: int, at: int) -> None:
        try:
            with interrupted(at, stop):
                self.deliver(one)
        except Stopped:
            # Its message comes again.
            self._done.discard(one)

    def teardown(self) -> None:
        for _ in range(2):
            for one in range(len(MANY)):
                if one not in self._done:
                    self.deliver(one)
        assert len(self._done) == len(MANY)
        assert self._table.items() == self._expected
        assert self._table.archive.get(ID) == self._latest


def test_random_orders_with_duplicates_interruptions_and_other_deliveries_in_between_end_the_same(
    table: Table, examples: Callable[[int], int]
) -> None:
    expected = table.after(MANY)
    latest = table.archive.get(ID)
    # It accepts any callable that makes one; its type stubs do not say so.
    make = cast("type[Deliveries]", lambda: Deliveries(table, expected, latest))
    run_state_machine_as_test(
        make, settings=settings(max_examples=examples(30), stateful_step_count=10, deadline=None, derandomize=True)
    )


def test_deliveries_that_stopped_before_the_first_headline_leave_no_entry(table: Table) -> None:
    expected = table.after(MANY)
    deliveries = Deliveries(table, expected, table.archive.get(ID))
    deliveries.begin()
    # The first to stop has listed the article as added with its own fetch, the second one's record is older.
    deliveries.stop_in_between(one=11, at=7)
    deliveries.stop_in_between(one=4, at=3)
    deliveries.deliver(5)
    deliveries.deliver(3)
    deliveries.teardown()
