"""Whose turn it is to ask a host: never that of two at once."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from khobor.embedded.stack import EmbeddedStack
from khobor.frontier.dynamodb.hosts import DynamoDBHosts
from khobor.frontier.interface import HostBusyError, Hosts
from khobor.frontier.sqlite.hosts import SQLiteHosts
from khobor.frontier.sqlite.migrations import MIGRATIONS
from khobor.sqlite.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOST = "daily.example"


@pytest.fixture(params=["dynamodb", "sqlite"])
def hosts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hosts]:
    if request.param == "sqlite":
        with closing(Database(tmp_path / "archive.db", {"frontier": MIGRATIONS}, create=True)) as database:
            yield SQLiteHosts(database)
        return
    stack: EmbeddedStack = request.getfixturevalue("stack")
    yield DynamoDBHosts(stack.dynamodb, stack.outputs["CrawlTableName"])


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_turn_is_had_by_one_at_a_time(hosts: Hosts) -> None:
    turn = hosts.take_turn(HOST, NOON, after(60))
    assert (turn.host, turn.state) == (HOST, None)
    with pytest.raises(HostBusyError) as busy:
        hosts.take_turn(HOST, after(1), after(61))
    assert busy.value.until == after(6)
    assert hosts.take_turn("other.example", after(1), after(61)).state is None


def test_the_next_turn_begins_when_the_one_before_says_and_knows_what_it_left(hosts: Hosts) -> None:
    hosts.take_turn(HOST, NOON, after(60))
    hosts.end_turn(HOST, b"state", after(2.5), after(0.5))
    with pytest.raises(HostBusyError) as busy:
        hosts.take_turn(HOST, after(2.4), after(60))
    assert busy.value.until == after(2.5)
    assert hosts.take_turn(HOST, after(2.5), after(60)).state == b"state"


def test_a_turn_that_is_never_ended_is_over_in_the_end(hosts: Hosts) -> None:
    hosts.take_turn(HOST, NOON, after(60))
    with pytest.raises(HostBusyError) as busy:
        hosts.take_turn(HOST, after(58), after(118))
    assert busy.value.until == after(60)
    assert hosts.take_turn(HOST, after(60), after(120)).state is None


def test_robots_txt_is_kept_by_host(hosts: Hosts) -> None:
    hosts.put("https://daily.example", b"rules")
    assert (hosts.get("https://daily.example"), hosts.get("http://daily.example")) == (b"rules", None)
