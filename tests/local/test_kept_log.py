"""The log of a local archive: what several processes append, and what is found in it."""

import errno
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import PARAMETERS, ROOT

from khobor.embedded.template import Template
from khobor.local.kept_log import LOG, LOG_DAYS, KeptLog

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ALWAYS = (NOON - 100 * DAY, NOON + 100 * DAY)


def line(article_id: str, at: datetime = NOON, **facts: object) -> str:
    fields = {"timestamp": at.isoformat(), "service": "parse", "message": "parsed", "article_id": article_id, **facts}
    return json.dumps(fields, ensure_ascii=False)


def found(folder: Path, term: str, since: datetime = ALWAYS[0], until: datetime = ALWAYS[1]) -> list[object]:
    return [each.facts["article_id"] for each in KeptLog(folder).trace(term, since, until)]


def test_lines_are_found_by_what_they_contain_in_the_order_of_time(tmp_path: Path) -> None:
    log = KeptLog(tmp_path)
    for at in (NOON + DAY, NOON, NOON + timedelta(seconds=1)):
        log.append(line("a", at, key="pages/খবর.example/1"), at)
        log.append(line("b", at), at)
    times = [each.at for each in KeptLog(tmp_path).trace("a", *ALWAYS)]
    assert times == [NOON, NOON + timedelta(seconds=1), NOON + DAY]
    assert found(tmp_path, "pages/খবর.example/1") == ["a"] * 3
    assert found(tmp_path, "a", NOON + DAY) == ["a"]
    assert found(tmp_path, "a", NOON, NOON + DAY) == ["a"] * 2
    assert found(tmp_path, 'no"thing') == []


def test_a_line_with_two_ids_leads_to_the_lines_of_the_other(tmp_path: Path) -> None:
    log = KeptLog(tmp_path)
    log.append(line("first"), NOON)
    log.append(line("first", NOON + DAY, same_as="second"), NOON + DAY)
    log.append(line("second"), NOON)
    log.append(line("third"), NOON)
    assert sorted(map(str, found(tmp_path, "second"))) == ["first", "first", "second"]


@pytest.mark.parametrize(
    "half", [b'{"timestamp":"2026-03-01T12:0', b"\xff\xfe\x00", b'{"message":"a","service":"x"}', b"[]\n7\n\n", b"\n\n"]
)
def test_half_a_line_and_nonsense_cost_no_other_line(tmp_path: Path, half: bytes) -> None:
    first, second = KeptLog(tmp_path), KeptLog(tmp_path)
    first.append(line("a"), NOON)
    with (tmp_path / LOG / "2026-03-01.jsonl").open("ab") as file:
        file.write(half)
    second.append(line("a"), NOON + DAY)
    first.append(line("a", NOON + timedelta(seconds=1)), NOON)
    assert found(tmp_path, "a") == ["a", "a"]


def test_lines_of_two_processes_at_once_are_all_whole(tmp_path: Path) -> None:
    program = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from khobor.local.kept_log import KeptLog\n"
        "log = KeptLog(Path(sys.argv[1])); at = datetime(2026, 3, 1, tzinfo=UTC)\n"
        "for number in range(300): log.append(sys.argv[2] * (number * 50), at)\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), each]) for each in "ab"]
    assert [each.wait() for each in both] == [0, 0]
    lines = (tmp_path / LOG / "2026-03-01.jsonl").read_text().splitlines()
    assert sorted(filter(None, lines)) == sorted(each * (number * 50) for each in "ab" for number in range(1, 300))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_a_full_disk_is_said_once_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / LOG).mkdir()
    (tmp_path / LOG / "2026-03-01.jsonl").symlink_to("/dev/full")
    said: list[str] = []
    log = KeptLog(tmp_path, said.append)
    log.append(line("a"), NOON)
    log.append(line("a"), NOON)
    log.append(line("b"), NOON + DAY)
    assert [os.strerror(errno.ENOSPC) in each for each in said] == [True]
    assert found(tmp_path, "b") == ["b"]


def test_lines_are_kept_as_long_as_on_aws_and_other_files_are_left_alone(tmp_path: Path) -> None:
    assert Template.load(ROOT / "template.yaml", PARAMETERS).parameters["LogDays"] == LOG_DAYS
    log = KeptLog(tmp_path)
    for days in (LOG_DAYS + 1, LOG_DAYS, 1):
        log.append(line("a"), NOON - days * DAY)
    (tmp_path / LOG / "notes.jsonl").write_text("mine")
    log.append(line("a"), NOON)
    names = sorted(path.name for path in (tmp_path / LOG).iterdir())
    assert names == ["2026-01-30.jsonl", "2026-02-28.jsonl", "2026-03-01.jsonl", "notes.jsonl"]


def test_there_is_nothing_without_a_log(tmp_path: Path) -> None:
    assert found(tmp_path, "a") == []
