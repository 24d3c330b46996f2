"""The fetch queue of a local archive: each host's requests in order and one at a time, over restarts."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest

from khobor.errors import PermanentError
from khobor.frontier.fetch_queue import FetchRequest, NewUrl, follow_redirect
from khobor.frontier.interface import HostBusyError
from khobor.frontier.sqlite.fetch_queue import QueuedRequest, SQLiteFetchQueue
from khobor.frontier.sqlite.hosts import SQLiteHosts
from khobor.frontier.sqlite.migrations import MIGRATIONS
from khobor.page import Redirect
from khobor.sqlite.database import Database

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


@pytest.fixture
def queue(path: Path) -> Iterator[SQLiteFetchQueue]:
    database = Database(path, {"frontier": MIGRATIONS}, create=True)
    yield SQLiteFetchQueue(database)
    database.close()


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def requests(*urls: str) -> list[FetchRequest]:
    return [FetchRequest(url=f"https://{url}") for url in urls]


def urls(taken: list[QueuedRequest]) -> list[str]:
    return [each.request.url.removeprefix("https://") for each in taken]


def take(queue: SQLiteFetchQueue, now: datetime, count: int = 10) -> list[QueuedRequest]:
    return queue.take(now, now + timedelta(seconds=120), count)


def test_hosts_are_taken_side_by_side_and_each_in_order(queue: SQLiteFetchQueue) -> None:
    assert queue.send(requests("a.example/1", "a.example/2", "www.a.example/3", "b.example/1"), NOON) == 4
    first = take(queue, NOON)
    assert urls(first) == ["a.example/1", "b.example/1"]
    assert take(queue, after(1)) == []
    queue.remove(first[0], after(10))
    assert (queue.next_at(), take(queue, after(9.9))) == (after(10), [])
    assert urls(take(queue, after(10))) == ["a.example/2"]


def test_a_host_that_must_wait_is_hidden_and_loses_no_order(queue: SQLiteFetchQueue) -> None:
    queue.send(requests("a.example/1", "a.example/2"), NOON)
    (first,) = take(queue, NOON)
    queue.postpone(first, after(60))
    queue.send(requests("a.example/3"), after(1))
    assert (queue.next_at(), take(queue, after(59))) == (after(60), [])
    (again,) = take(queue, after(60))
    assert (again.request, again.deliveries, again.sent_at) == (first.request, 2, NOON)


def test_a_request_that_a_dead_process_took_comes_again(queue: SQLiteFetchQueue, path: Path) -> None:
    queue.send(requests("a.example/1"), NOON)
    take(queue, NOON)
    restarted = SQLiteFetchQueue(Database(path, {"frontier": MIGRATIONS}))
    assert take(restarted, after(119)) == []
    assert urls(take(restarted, after(120))) == ["a.example/1"]


def test_the_longest_due_host_is_first_and_no_more_are_taken_than_wanted(queue: SQLiteFetchQueue) -> None:
    for seconds, host in enumerate("cab"):
        queue.send(requests(f"{host}.example/"), after(seconds))
    assert urls(take(queue, after(9), 2)) == ["c.example/", "a.example/"]
    assert urls(take(queue, after(9), 0)) == []
    assert urls(take(queue, after(9), 2)) == ["b.example/"]


def test_the_same_request_is_sent_once(queue: SQLiteFetchQueue) -> None:
    (request,) = requests("a.example/1")
    found_again = msgspec.structs.replace(request, new_url=NewUrl(since=7))
    visit = msgspec.structs.replace(request, visit=7)
    assert queue.send([request, found_again, visit], NOON) == 2
    # It still waits, long after the five minutes of SQS.
    assert queue.send([request], after(3_600)) == 0
    for _ in range(2):
        (taken,) = take(queue, after(3_600))
        queue.remove(taken, after(3_600))
    assert queue.send([request], after(3_600)) == 1
    (taken,) = take(queue, after(3_600))
    queue.remove(taken, after(3_601))
    assert [queue.send([request], after(seconds)) for seconds in (3_899, 3_900)] == [0, 1]


def test_a_request_that_is_tried_again_goes_behind_the_others(queue: SQLiteFetchQueue) -> None:
    queue.send(requests("a.example/1", "a.example/2"), NOON)
    (first,) = take(queue, NOON)
    again = msgspec.structs.replace(first.request, attempts=1)
    queue.send_again(first, again, after(30), NOON)
    assert (queue.count(), queue.next_at()) == (2, after(30))
    (second,) = take(queue, after(30))
    queue.remove(second, after(31))
    (last,) = take(queue, after(31))
    assert (urls([second]), last.request, last.deliveries) == (["a.example/2"], again, 1)
    # The same failure twice within five minutes is no duplicate.
    queue.send_again(last, again, after(31), after(31))
    assert [each.request for each in take(queue, after(31))] == [again]


def test_a_redirect_goes_to_the_queue_of_its_host(queue: SQLiteFetchQueue) -> None:
    queue.send(requests("a.example/1", "a.example/2"), NOON)
    (first,) = take(queue, NOON)
    to = follow_redirect(first.request, Redirect(location="https://b.example/1"))
    queue.send_again(first, to, after(30), after(1))
    (taken,) = take(queue, after(1))
    assert (taken.host, taken.request) == ("b.example", to)
    queue.remove(taken, after(5))
    assert queue.next_at() == after(30)


def test_an_empty_queue_is_due_never(queue: SQLiteFetchQueue) -> None:
    assert (queue.next_at(), queue.count(), take(queue, NOON), list(queue.all())) == (None, 0, [], [])
    queue.send(requests("a.example/1"), NOON)
    queue.remove(take(queue, NOON)[0], after(60))
    assert (queue.next_at(), queue.count()) == (None, 0)


def test_requests_with_one_that_is_no_url_are_not_sent(queue: SQLiteFetchQueue) -> None:
    with pytest.raises(PermanentError, match="bad_url"):
        queue.send([*requests("a.example/1"), FetchRequest(url="mailto:a@b.example")], NOON)
    assert queue.count() == 0


def test_all_requests_are_read_while_others_write(queue: SQLiteFetchQueue) -> None:
    sent = requests(*(f"{number % 7}.example/{number}" for number in range(1_100)))
    queue.send(sent, NOON)
    found = []
    for each in queue.all():
        found.append(each.request)
        if len(found) % 500 == 1:
            queue.send(requests(f"new.example/{len(found)}"), NOON)
    assert found[:1_100] == sent


def test_threads_never_have_two_requests_of_a_host(queue: SQLiteFetchQueue) -> None:
    sent = requests(*(f"{number % 5}.example/{number}" for number in range(100)))
    queue.send(sent, NOON)
    busy: set[str] = set()
    fetched: list[FetchRequest] = []

    def work(_: int) -> None:
        while queue.count():
            for each in take(queue, NOON, 2):
                assert each.host not in busy
                busy.add(each.host)
                fetched.append(each.request)
                busy.remove(each.host)
                queue.remove(each, NOON)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert sorted(fetched, key=str) == sorted(sent, key=str)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_each_host_is_fetched_in_order_and_nothing_is_lost(queue: SQLiteFetchQueue, seed: int) -> None:
    random, now, sent = Random(seed), NOON, 0
    fetched: dict[str, list[int]] = {}
    while sent < 150 or queue.count():
        now += timedelta(seconds=random.uniform(0, 90))
        if sent < 150:
            queue.send(requests(f"{random.randrange(4)}.example/{sent}"), now)
            sent += 1
        for each in take(queue, now, random.randrange(5)):
            what = random.choice(["fetched", "fetched", "busy", "died"])
            if what == "fetched":
                fetched.setdefault(each.host, []).append(int(each.request.url.rpartition("/")[2]))
                queue.remove(each, now + timedelta(seconds=random.uniform(0, 5)))
            elif what == "busy":
                queue.postpone(each, now + timedelta(seconds=random.uniform(0, 60)))
    assert all(numbers == sorted(numbers) for numbers in fetched.values())
    assert sorted(number for numbers in fetched.values() for number in numbers) == list(range(150))


def test_requests_of_some_sources_alone_are_taken(queue: SQLiteFetchQueue) -> None:
    sent = [
        FetchRequest(url="https://a.example/1", source="daily"),
        FetchRequest(url="https://b.example/1", source="weekly"),
        FetchRequest(url="https://c.example/1"),
    ]
    queue.send(sent, NOON)
    assert urls(queue.take(NOON, after(120), 10, ["weekly"])) == ["b.example/1"]
    assert queue.next_at(["weekly"]) == after(120)
    assert queue.next_at(["daily"]) == NOON
    assert queue.next_at([]) is None
    assert urls(queue.take(NOON, after(120), 10)) == ["a.example/1", "c.example/1"]


def test_what_a_killed_process_had_is_due_once_nobody_fetches(queue: SQLiteFetchQueue, path: Path) -> None:
    database = Database(path, {"frontier": MIGRATIONS})
    hosts = SQLiteHosts(database)
    queue.send(requests("a.example/1", "b.example/1"), NOON)
    (killed, waiting) = take(queue, NOON)
    hosts.take_turn(killed.host, NOON, after(120))
    queue.postpone(waiting, after(600))
    queue.release(after(1))
    hosts.release(after(1), after(6))
    assert urls(take(queue, after(1))) == ["a.example/1"]
    with pytest.raises(HostBusyError):
        hosts.take_turn(killed.host, after(5), after(120))
    assert hosts.take_turn(killed.host, after(6), after(120)).host == killed.host
    database.close()
