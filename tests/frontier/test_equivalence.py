"""The SQLite frontier gives the same answers as the DynamoDB frontier, after any sequence of calls."""

from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from khobor.embedded.stack import EmbeddedStack
from khobor.frontier.dynamodb.hosts import DynamoDBHosts
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.frontier.interface import Frontier, HostBusyError, HostRecord, KnownUrl
from khobor.frontier.sqlite.hosts import SQLiteHosts
from khobor.frontier.sqlite.known_urls import SQLiteKnownUrls
from khobor.frontier.sqlite.migrations import MIGRATIONS
from khobor.sqlite.database import Database
from khobor.url import url_id

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAYS = 1
SPELLINGS = ("https://daily.example/1", "http://daily.example/1?utm_source=x", "https://daily.example/খবর")
URLS = st.sampled_from(SPELLINGS)
SOURCES = st.sampled_from(["daily", "evening"])
STATES = st.binary(min_size=1, max_size=9)
NAMES = ("daily.example", "*.example", "daily/খবর")
HOSTS = st.sampled_from(NAMES)
# Few different times, so that many are the same, and some differ by less than a second.
MOMENTS = st.sampled_from([0, 0, 0.0004, 0.7, 1])
WAITS = st.sampled_from([0, 0, 0.0004, 0.3, 1, 5, 3_600, 86_400 * DAYS])
INSTANTS = st.builds(
    lambda hours, seconds: START + timedelta(hours=hours, seconds=seconds), st.sampled_from([-1, 0, 1, 24, 25]), MOMENTS
)
TEXTS = st.sampled_from(['W/"é"', "Wed, 16 Aug 2023 01:35:00 GMT", "'; DROP TABLE known_urls", "x" * 2_000])
FACTS = {
    "source": SOURCES,
    "kind": st.sampled_from(["article", "feed", "home"]),
    "found_on": st.sampled_from(["feed", "section"]),
    "depth": st.integers(1, 9),
    "since": INSTANTS,
    "next_visit": INSTANTS,
    "etag": TEXTS,
    "last_modified": TEXTS,
    "answered_by": URLS,
    "digest": TEXTS,
    "gone_at": INSTANTS,
    "new_at": INSTANTS,
    "longest_gap": st.floats(0.1, 1e7),
    "entry": TEXTS,
}
ALWAYS = ("since", "kind")
ADDED = st.fixed_dictionaries(
    {"url": URLS, "since": INSTANTS, "source": st.none() | SOURCES},
    optional={name: values for name, values in FACTS.items() if name not in {"since", "source"}},
)
DEFAULTS = st.fixed_dictionaries({}, optional=FACTS)
CHANGES = st.fixed_dictionaries(
    {}, optional={name: values if name in ALWAYS else st.none() | values for name, values in FACTS.items()}
)


class Both(RuleBasedStateMachine):
    """Does the same to two frontiers, while time passes."""

    make: Callable[[], Generator[tuple[Frontier, Frontier]]]

    @initialize()
    def begin(self) -> None:
        self.made = type(self).make()
        self.both = next(self.made)
        self.now = START

    def teardown(self) -> None:
        self.made.close()

    def same(self, ask: Callable[[Frontier], Any]) -> Any:
        one, other = map(ask, self.both)
        assert one == other
        return one


class BothKnownUrls(Both):
    """Adds, changes, forgets and postpones URLs."""

    @rule(facts=ADDED, takes_over=st.booleans(), wait=WAITS)
    def add(self, facts: dict[str, Any], takes_over: bool, wait: float) -> None:
        self.now += timedelta(seconds=wait)
        self.same(lambda frontier: frontier.urls.add(KnownUrl(**facts), self.now, takes_over=takes_over))

    @rule(url=URLS, facts=CHANGES, defaults=DEFAULTS, wait=WAITS)
    def change(self, url: str, facts: dict[str, Any], defaults: dict[str, Any], wait: float) -> None:
        self.now += timedelta(seconds=wait)
        self.same(lambda frontier: frontier.urls.change(url, facts, self.now, defaults))

    @rule(url=URLS, source=SOURCES, wait=WAITS)
    def be_due(self, url: str, source: str, wait: float) -> None:
        self.now += timedelta(seconds=wait)
        self.same(lambda frontier: frontier.urls.change(url, {"source": source, "next_visit": self.now}, self.now))

    @precondition(lambda self: self.now > START)
    @rule(url=URLS)
    def forget(self, url: str) -> None:
        self.same(lambda frontier: frontier.urls.forget(url, self.now))

    @rule(facts=ADDED, written_at=INSTANTS)
    def restore(self, facts: dict[str, Any], written_at: datetime) -> None:
        self.same(lambda frontier: frontier.urls.restore(KnownUrl(**facts), written_at))

    @precondition(lambda self: self.now > START)
    @rule(url=URLS)
    def forget_id(self, url: str) -> None:
        self.same(lambda frontier: frontier.urls.forget_id(url_id(url), self.now))

    @rule(source=SOURCES, until=st.none() | INSTANTS, is_late=st.booleans(), wait=WAITS)
    def postpone(self, source: str, until: datetime | None, is_late: bool, wait: float) -> None:
        self.now += timedelta(seconds=wait)
        found = sorted(self.both[1].urls.due(source, self.now), key=str)[:1]
        for known_url in found * (1 + is_late):
            self.same(lambda frontier, each=known_url: frontier.urls.postpone(each, until, self.now))  # type: ignore[misc]

    @invariant()
    def all_answers_are_the_same(self) -> None:
        urls = [*SPELLINGS, "https://daily.example/never-seen"]
        self.same(lambda frontier: [frontier.urls.get(url) for url in urls])
        self.same(lambda frontier: frontier.urls.known(urls, self.now))
        self.same(lambda frontier: [frontier.urls.forgotten(some) for some in (urls, urls[:2], urls[2:3])])
        self.same(lambda frontier: sorted(frontier.urls.all_forgotten()))
        self.same(lambda frontier: sorted(frontier.urls.all(self.now), key=str))
        for source in ("daily", "evening"):
            self.same(lambda frontier, name=source: _in_order(frontier.urls.due(name, self.now)))  # type: ignore[misc]
            self.same(lambda frontier, name=source: _in_order(frontier.urls.coming(name, self.now)))  # type: ignore[misc]


class BothHosts(Both):
    """Takes and ends turns, queues work, and keeps robots.txt files."""

    @rule(host=HOSTS, seconds=st.sampled_from([0, 0.0004, 0.3, 1, 60]), wait=WAITS)
    def take_turn(self, host: str, seconds: float, wait: float) -> None:
        def ask(frontier: Frontier) -> object:
            try:
                return frontier.hosts.take_turn(host, self.now, self.now + timedelta(seconds=seconds))
            except HostBusyError as busy:
                return busy.host, busy.until

        self.now += timedelta(seconds=wait)
        self.same(ask)

    @rule(host=HOSTS, state=STATES, seconds=st.sampled_from([-5, 0, 0.0004, 0.3, 1, 60]))
    def end_turn(self, host: str, state: bytes, seconds: float) -> None:
        next_at = self.now + timedelta(seconds=seconds)
        self.same(lambda frontier: frontier.hosts.end_turn(host, state, next_at, self.now))

    @rule(host=HOSTS, until=INSTANTS, before=st.none() | INSTANTS, is_current=st.booleans(), wait=WAITS)
    def queue_until(self, host: str, until: datetime, before: datetime | None, is_current: bool, wait: float) -> None:
        self.now += timedelta(seconds=wait)
        known = self.same(lambda frontier: frontier.hosts.queued_until(host)) if is_current else before
        self.same(lambda frontier: frontier.hosts.queue_until(host, until, known, self.now))

    @rule(host=HOSTS, content=STATES)
    def put_robots(self, host: str, content: bytes) -> None:
        self.same(lambda frontier: frontier.hosts.put(host, content))

    @rule(
        kind=st.sampled_from(["turn", "robots", "queued"]), host=HOSTS, content=STATES, at=INSTANTS, written_at=INSTANTS
    )
    def restore(self, kind: Any, host: str, content: bytes, at: datetime, written_at: datetime) -> None:
        record = HostRecord(
            kind=kind,
            host=host,
            content=None if kind == "queued" else content,
            at=None if kind == "robots" else at,
            written_at=written_at,
        )
        self.same(lambda frontier: frontier.hosts.restore(record))

    @invariant()
    def all_answers_are_the_same(self) -> None:
        self.same(lambda frontier: frontier.hosts.known(NAMES))
        self.same(lambda frontier: sorted(frontier.hosts.all(), key=str))
        for host in NAMES:
            self.same(
                lambda frontier, each=host: (  # type: ignore[misc]
                    frontier.hosts.state(each),
                    frontier.hosts.get(each),
                    frontier.hosts.queued_until(each),
                )
            )


def _in_order(found: Iterator[KnownUrl]) -> list[list[KnownUrl]]:
    """The URLs by the time at which they are due; those of the same second are in no order."""
    return [sorted(each, key=str) for _, each in groupby(found, key=lambda known_url: known_url.next_visit)]


@pytest.mark.slow
@pytest.mark.parametrize("machine", [BothKnownUrls, BothHosts])
def test_both_frontiers_give_the_same_answers(
    stack: EmbeddedStack, pytestconfig: pytest.Config, examples: Callable[[int], int], machine: type[Both]
) -> None:
    table, dynamodb = stack.outputs["CrawlTableName"], stack.dynamodb

    def make() -> Generator[tuple[Frontier, Frontier]]:
        for item in dynamodb.scan(TableName=table)["Items"]:
            dynamodb.delete_item(TableName=table, Key={"pk": item["pk"]})
        with TemporaryDirectory() as folder:
            database = Database(Path(folder) / "archive.db", {"frontier": MIGRATIONS}, create=True)
            yield (
                Frontier(urls=DynamoDBKnownUrls(dynamodb, table, DAYS), hosts=DynamoDBHosts(dynamodb, table)),
                Frontier(urls=SQLiteKnownUrls(database, DAYS), hosts=SQLiteHosts(database)),
            )
            database.close()

    machine.make = staticmethod(make)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=pytestconfig.getoption("--chains") or examples(8),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
