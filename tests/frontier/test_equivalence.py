"""The frontier in SQLite gives the same answers as the one in DynamoDB, whatever is done to both in whatever order."""

from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from khobor.embedded.stack import EmbeddedStack
from khobor.frontier.dynamodb.hosts import DynamoDBHosts
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.frontier.interface import Frontier, HostBusyError, KnownUrl
from khobor.frontier.sqlite.hosts import SQLiteHosts
from khobor.frontier.sqlite.known_urls import SQLiteKnownUrls
from khobor.frontier.sqlite.migrations import MIGRATIONS
from khobor.sqlite.database import Database

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAYS = 3
URLS = st.sampled_from(
    [
        "https://daily.example/1",
        "http://daily.example/1?utm_source=x",
        "https://daily.example/খবর",
        "https://b.example/",
    ]
)
SOURCES = st.sampled_from(["daily", "evening"])
HOSTS = st.sampled_from(["daily.example", "*.example", "daily/খবর"])
# Few different times, so that many are the same, and some differ by less than a second.
INSTANTS = st.builds(
    lambda hours, seconds: START + timedelta(hours=hours, seconds=seconds),
    st.sampled_from([-24, -1, 0, 1, 2, 24, 71, 72, 73]),
    st.sampled_from([0, 0, 0.0004, 0.7, 1]),
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


class BothFrontiers(RuleBasedStateMachine):
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

    @rule(seconds=st.sampled_from([0.0004, 0.3, 1, 5, 3_600, 3_600, 86_400]))
    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(facts=ADDED, takes_over=st.booleans())
    def add(self, facts: dict[str, Any], takes_over: bool) -> None:
        self.same(lambda frontier: frontier.urls.add(KnownUrl(**facts), self.now, takes_over=takes_over))

    @rule(url=URLS, facts=CHANGES, defaults=DEFAULTS)
    def change(self, url: str, facts: dict[str, Any], defaults: dict[str, Any]) -> None:
        self.same(lambda frontier: frontier.urls.change(url, facts, self.now, defaults))

    @rule(url=URLS)
    def forget(self, url: str) -> None:
        self.same(lambda frontier: frontier.urls.forget(url, self.now))

    @rule(source=SOURCES, number=st.integers(0, 3), until=st.none() | INSTANTS, is_late=st.booleans())
    def postpone(self, source: str, number: int, until: datetime | None, is_late: bool) -> None:
        found = sorted(self.both[1].urls.due(source, self.now), key=str)[number : number + 1]
        for known_url in found * (1 + is_late):
            self.same(lambda frontier, each=known_url: frontier.urls.postpone(each, until, self.now))  # type: ignore[misc]

    @rule(urls=st.lists(URLS, min_size=1, unique=True))
    def ask_urls(self, urls: list[str]) -> None:
        self.same(lambda frontier: [frontier.urls.get(url) for url in urls])
        self.same(lambda frontier: frontier.urls.known(urls, self.now))
        self.same(lambda frontier: frontier.urls.forgotten(urls))
        self.same(lambda frontier: sorted(frontier.urls.all_forgotten()))

    @rule(source=SOURCES)
    def ask_what_is_due(self, source: str) -> None:
        self.same(lambda frontier: _in_order(frontier.urls.due(source, self.now)))
        self.same(lambda frontier: _in_order(frontier.urls.coming(source, self.now)))

    @rule(host=HOSTS, seconds=st.sampled_from([0, 0.0004, 0.3, 1, 60]))
    def take_turn(self, host: str, seconds: float) -> None:
        def ask(frontier: Frontier) -> object:
            try:
                return frontier.hosts.take_turn(host, self.now, self.now + timedelta(seconds=seconds))
            except HostBusyError as busy:
                return busy.host, busy.until

        self.same(ask)

    @rule(host=HOSTS, state=st.binary(min_size=1, max_size=9), seconds=st.sampled_from([-5, 0, 0.0004, 0.3, 1, 60]))
    def end_turn(self, host: str, state: bytes, seconds: float) -> None:
        next_at = self.now + timedelta(seconds=seconds)
        self.same(lambda frontier: frontier.hosts.end_turn(host, state, next_at, self.now))

    @rule(host=HOSTS, until=INSTANTS, is_current=st.booleans())
    def queue_until(self, host: str, until: datetime, is_current: bool) -> None:
        before = self.same(lambda frontier: frontier.hosts.queued_until(host)) if is_current else None
        self.same(lambda frontier: frontier.hosts.queue_until(host, until, before, self.now))

    @rule(host=HOSTS, content=st.binary(min_size=1, max_size=9))
    def put_robots(self, host: str, content: bytes) -> None:
        self.same(lambda frontier: frontier.hosts.put(host, content))

    @rule(hosts=st.lists(HOSTS, min_size=1, unique=True))
    def ask_hosts(self, hosts: list[str]) -> None:
        self.same(lambda frontier: frontier.hosts.known(hosts))
        self.same(lambda frontier: [(frontier.hosts.state(host), frontier.hosts.get(host)) for host in hosts])


def _in_order(found: Iterator[KnownUrl]) -> list[list[KnownUrl]]:
    """The URLs by the time at which they are due; those of the same second are in no order."""
    return [sorted(each, key=str) for _, each in groupby(found, key=lambda known_url: known_url.next_visit)]


def test_both_frontiers_give_the_same_answers(stack: EmbeddedStack, pytestconfig: pytest.Config) -> None:
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

    BothFrontiers.make = staticmethod(make)
    run_state_machine_as_test(
        BothFrontiers,
        settings=settings(
            max_examples=pytestconfig.getoption("--chains"),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
