"""A dump moves what pages do not contain from a local archive to AWS and back without loss."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from tests.articles import article
from tests.transfer.places import DEAD, NOON, deployed, drained, fill, local

from khobor.embedded.stack import EmbeddedStack
from khobor.errors import CommandError
from khobor.frontier.fetch_queue import FetchRequest
from khobor.frontier.interface import KnownUrl
from khobor.transfer.dump import dump
from khobor.transfer.load import LoadReport, load
from khobor.transfer.place import Place
from khobor.transfer.records import FailedRecord
from khobor.url import article_id

COUNTS = {
    "forgotten_article": 1,
    "forgotten_url": 1,
    "url": 21,
    "host": 4,
    "request": 2,
    "gone": 2,
    "dead_letter": 1,
}


def dumped(place: Place) -> bytes:
    return b"".join(dump(place, NOON))


def records(data: bytes, *, without: str = "nothing") -> list[str]:
    """The lines between the first and the last one, in order, without those of a kind."""
    return sorted(line for line in data.decode().splitlines()[1:-1] if f'"record":"{without}"' not in line)


def loaded(data: bytes, place: Place) -> tuple[LoadReport, list[tuple[int, str]]]:
    problems: list[tuple[int, str]] = []
    report = load(BytesIO(data), place, lambda number, reason: problems.append((number, reason)))
    return report, problems


def test_a_dump_goes_to_aws_and_back(stack: EmbeddedStack, tmp_path: Path) -> None:
    first, second, aws = local(tmp_path / "a.db"), local(tmp_path / "b.db"), deployed(stack)
    fill(first)
    here = dumped(first)
    report, problems = loaded(here, aws)
    assert (report.loaded, report.kept, problems, report.is_complete) == (COUNTS, {}, [], True)
    assert list(drained(stack)) == [request for request, _ in first.requests()]
    there = dumped(aws)
    assert _travelled(there) == _travelled(here)
    loaded(there, second)
    assert _travelled(dumped(second)) == _travelled(here)


def _travelled(data: bytes) -> list[str]:
    """The lines without requests, which a stack does not show, and without the time of dead letters, which SQS sets."""
    return [re.sub(r'("record":"dead_letter".*)"at":"[^"]*"', r"\1", line) for line in records(data, without="request")]


def test_a_dump_of_aws_is_that_of_a_local_archive(stack: EmbeddedStack, tmp_path: Path) -> None:
    notes: list[str] = []
    aws, here = deployed(stack, notes.append), local(tmp_path / "a.db")
    # Both keep when they were written, in seconds.
    with time_machine.travel(datetime.now(UTC), tick=False):
        fill(aws)
        fill(here)
    assert _travelled(dumped(aws)) == _travelled(dumped(here))
    (note,) = notes
    assert note.startswith("2 requests wait in the fetch queue and are not in this dump: disable the schedule")


def test_dead_letters_that_sqs_holds_back_are_counted(stack: EmbeddedStack) -> None:
    notes: list[str] = []
    aws = deployed(stack, notes.append)
    for number in range(13):
        body = f'{{"url":"https://daily.example/{number}"}}'
        aws.put_dead_letter(FailedRecord(stage="fetch", body=body, reason="http_500", at=NOON))
    found = list(aws.dead_letters())
    assert {each.reason for each in found} == {"http_500"}
    assert len(found) + int(notes[0].split()[0] if notes else 0) == 13


@pytest.mark.parametrize(
    ("stage", "body", "reason"),
    [("fetch", "nonsense", "bad_message"), ("parse", "pages/1.html.gz", "bad_dead_letter")],
)
def test_a_dead_letter_that_a_stack_cannot_take_is_reported(
    stack: EmbeddedStack, stage: str, body: str, reason: str
) -> None:
    data = line(record="dead_letter", stage=stage, body=body, reason="crashed", at=AT)
    _, problems = loaded(HEADER + data + line(record="end", counts={"dead_letter": 1}), deployed(stack))
    assert [(number, why.split(":")[0]) for number, why in problems] == [(2, reason)]


@pytest.mark.parametrize("place", ["local", "aws"])
def test_loading_twice_changes_nothing(request: pytest.FixtureRequest, tmp_path: Path, place: str) -> None:
    first = local(tmp_path / "a.db")
    fill(first)
    data = dumped(first)
    to = local(tmp_path / "b.db") if place == "local" else deployed(request.getfixturevalue("stack"))
    loaded(data, to)
    report, problems = loaded(data, to)
    assert (problems, report.kept["url"], report.kept["host"], report.kept["forgotten_url"]) == ([], 21, 4, 1)
    assert _travelled(dumped(to)) == _travelled(data)


@pytest.mark.parametrize("place", ["local", "aws"])
def test_what_was_written_later_stays_and_what_was_forgotten_stays_forgotten(
    request: pytest.FixtureRequest, tmp_path: Path, place: str
) -> None:
    first = local(tmp_path / "a.db")
    fill(first)
    to = local(tmp_path / "b.db") if place == "local" else deployed(request.getfixturevalue("stack"))
    url, secret, robots = "https://daily.example/1", "https://daily.example/2", "https://daily.example"
    later = NOON.replace(hour=13)
    to.frontier.urls.change(url, {"etag": "later"}, later)
    to.frontier.urls.forget(secret, later)
    to.frontier.hosts.end_turn("daily.example", b"later", later, later)
    to.frontier.hosts.put(robots, b"later")
    report, problems = loaded(dumped(first), to)
    known = to.frontier.urls.get(url)
    assert known
    assert (known.etag, to.frontier.urls.forgotten([secret]), problems) == ("later", True, [])
    assert (to.frontier.hosts.state("daily.example"), to.frontier.hosts.get(robots)) == (b"later", b"later")
    assert (report.kept["url"], report.kept["host"]) == (2, 2)


@pytest.mark.parametrize("place", ["local", "aws"])
def test_an_article_that_comes_later_is_gone_and_a_forgotten_one_does_not_come(
    request: pytest.FixtureRequest, tmp_path: Path, place: str
) -> None:
    first = local(tmp_path / "a.db")
    fill(first)
    to = local(tmp_path / "b.db") if place == "local" else deployed(request.getfixturevalue("stack"))
    loaded(dumped(first), to)
    for name in ("gone", "erased"):
        url = f"https://daily.example/{name}"
        to.archive.put(article(article_id=article_id(url), url=url, canonical_url=url, fetched_at=NOON.replace(hour=1)))
    assert to.archive.gone_at(article_id("https://daily.example/gone")) == NOON
    assert to.archive.get(article_id("https://daily.example/erased")) is None


def test_a_forgotten_article_that_the_archive_has_is_reported(tmp_path: Path) -> None:
    first, to = local(tmp_path / "a.db"), local(tmp_path / "b.db")
    fill(first)
    url = "https://daily.example/erased"
    to.archive.put(article(article_id=article_id(url), url=url, canonical_url=url))
    report, problems = loaded(dumped(first), to)
    assert problems == [
        (2, f"{article_id(url)} was forgotten there, but this archive has it: run khobor forget {article_id(url)}")
    ]
    assert report.loaded["url"] == 21


def line(**facts: object) -> bytes:
    return json.dumps(facts, ensure_ascii=False).encode() + b"\n"


HEADER = line(record="dump", version=1, khobor="1", at="2026-03-01T12:00:00Z")
AT = "2026-03-01T12:00:00Z"
GOOD = line(record="url", url="https://daily.example/1", since=AT, written_at=AT)
HOSTILE = {
    "no JSON": (b"nonsense\n", "malformed"),
    "empty": (b"\n", "malformed|truncated"),
    "not UTF-8": (b'{"record":"url","url":"\xff"}\n', "utf-8"),
    "a list": (b"[]\n", "Expected `object`"),
    "deep": (b'{"record":"gone","reason":' + b"[" * 200_000 + b"\n", "."),
    "huge": (b'{"record":"gone","reason":"' + b"a" * 2_500_000 + b'"}\n', "has over 1000000 bytes"),
    "unknown record": (line(record="spell"), "Invalid value 'spell'"),
    "unknown fact": (line(record="url", url="https://a.example/", since=AT, written_at=AT, x=1), "unknown field `x`"),
    "no URL": (line(record="url", url="mailto:a@b.example", since=AT, written_at=AT), "bad_url"),
    "no zone": (line(record="url", url="https://a.example/", since="2026-03-01T12:00:00", written_at=AT), "timezone"),
    "the end of time": (
        line(record="url", url="https://a.example/", since=AT, written_at="9999-12-31T23:59:59Z"),
        "Overflow",
    ),
    "before time": (
        line(record="url", url="https://a.example/", since="0001-01-01T00:00:00+14:00", written_at=AT),
        "Overflow",
    ),
    "a long text": (
        line(record="url", url="https://a.example/", etag="e" * 9_000, since=AT, written_at=AT),
        "length <= 8000",
    ),
    "half a surrogate": (b'{"record":"dead_letter","stage":"a","body":"\\ud800"}\n', "surrogate|truncated"),
    "no id": (line(record="gone", article_id="../../etc", at=AT, reason="http_410"), "regex"),
    "a host without time": (line(record="host", kind="turn", host="a.example", written_at=AT), "no `at`"),
    "no base64": (line(record="host", kind="robots", host="a", content="?", written_at=AT), "base64"),
    "a listing without source": (
        line(record="request", request={"url": "https://a.example/", "kind": "feed"}, sent_at=AT),
        "is of a source|source",
    ),
    "a request for no URL": (line(record="request", request={"url": "javascript:alert(1)"}, sent_at=AT), "bad_url"),
    "another header": (HEADER, "another dump begins"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_line_that_cannot_be_loaded_is_reported_and_the_others_are_loaded(tmp_path: Path, name: str) -> None:
    bad, reason = HOSTILE[name]
    place = local(tmp_path / "a.db")
    counts = Counter(url=2)
    if reason in {"bad_url", "Overflow"}:
        counts[json.loads(bad)["record"]] += 1
    end = line(record="end", counts=counts)
    another = GOOD.replace(b"/1", b"/2")
    report, problems = loaded(HEADER + GOOD + bad + another + end, place)
    ((number, why),) = problems
    assert number == 3
    assert re.search(reason, why)
    assert report.loaded["url"] == len(list(place.frontier.urls.all(NOON))) == 2


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (GOOD, (3, "ends before its last line")),
        (GOOD[:-9], (2, "truncated|malformed")),
        (GOOD + line(record="end", counts={"url": 2}), (3, "the dump had")),
        (GOOD + line(record="end", counts={"url": 1}) + HEADER, (4, "more after the end")),
    ],
    ids=["no end", "half a line", "a line is missing", "two dumps"],
)
def test_a_dump_that_is_not_whole_says_so(tmp_path: Path, data: bytes, problem: tuple[int, str]) -> None:
    _, problems = loaded(HEADER + data, local(tmp_path / "a.db"))
    assert problems[0][0] == problem[0]
    assert re.search(problem[1], problems[0][1])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no dump of khobor"),
        (GOOD, "no dump of khobor"),
        (b"\x1f\x8b\x08" * 50, "no dump of khobor"),
        (b"x" * 3_000_000, "no dump of khobor"),
        (HEADER.replace(b": 1", b": 2"), "newer than this one: update khobor"),
    ],
    ids=["empty", "no header", "gzip", "one long line", "newer"],
)
def test_what_is_no_dump_is_refused_and_nothing_is_loaded(tmp_path: Path, data: bytes, reason: str) -> None:
    place = local(tmp_path / "a.db")
    with pytest.raises(CommandError, match=reason):
        loaded(data, place)
    assert list(place.frontier.urls.all(NOON)) == []


@pytest.mark.slow
def test_more_lines_than_one_transaction_has_are_loaded_in_their_order(tmp_path: Path) -> None:
    first, second = local(tmp_path / "a.db"), local(tmp_path / "b.db")
    for number in range(1_200):
        url = f"https://{number % 3}.example/{number}"
        first.frontier.urls.add(KnownUrl(url=url, source=None, since=NOON), NOON)
        first.send(FetchRequest(url=url), NOON)
    report, _ = loaded(dumped(first), second)
    assert report.loaded == {"url": 1_200, "request": 1_200}
    assert list(second.requests()) == list(first.requests())


def test_dead_letters_travel(tmp_path: Path) -> None:
    first, second = local(tmp_path / "a.db"), local(tmp_path / "b.db")
    fill(first)
    loaded(dumped(first), second)
    assert list(second.dead_letters()) == [DEAD]
