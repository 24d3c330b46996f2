"""A forgotten article erased from the log of a local archive."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from khobor.archive.interface import ArticleTraces
from khobor.local.kept_log import LOG, KeptLog
from khobor.local.log_erasure import LogErasure
from khobor.runtime.log_line import log_line

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://news.example/city/1"
HIDDEN = "https://news.example/story?title=ann-lee"
KEY = "pages/news.example/2026-03-01/120000Z-own.html.gz"


def append(folder: Path, at: datetime = NOON, **facts: object) -> None:
    fields = {"timestamp": at.isoformat(), "service": "fetch", "message": "stored", **facts}
    log = KeptLog(folder)
    log.append(log_line(fields), at)
    log.close()


def erase(folder: Path, *urls: str) -> None:
    traces = ArticleTraces(urls=frozenset(urls or (URL,)), raw_keys=frozenset({KEY}))
    KeptLog(folder).erase(LogErasure({"own", "other-url"}, traces))


def left(folder: Path) -> list[dict[str, object]]:
    files = sorted((folder / LOG).iterdir())
    return [json.loads(line) for file in files for line in file.read_text().splitlines() if line.strip()]


@pytest.mark.parametrize(
    "facts",
    [
        {"article_id": "own", "url": "https://else.example/"},
        {"article_id": "else", "same_as": "other-url"},
        {"article_id": "else", "key": KEY},
        {"url": URL, "reason": "http_500"},
    ],
    ids=str,
)
def test_lines_about_the_article_are_erased_from_all_days(tmp_path: Path, facts: dict[str, object]) -> None:
    for at in (NOON, NOON + DAY):
        append(tmp_path, at, article_id="before")
        append(tmp_path, at, **facts)
        append(tmp_path, at, **facts)
        append(tmp_path, at, article_id="after")
    erase(tmp_path)
    assert [line["article_id"] for line in left(tmp_path)] == ["before", "after"] * 2
    log = b"".join(path.read_bytes() for path in (tmp_path / LOG).iterdir())
    assert not [each for each in (URL, KEY, '"own"', "other-url") if each.encode() in log]


def test_of_lines_about_others_only_what_they_say_of_it_is_erased(tmp_path: Path) -> None:
    append(tmp_path, article_id="else", refused=[f"canonical: {URL} (another site)"], refused_ids=["own", "mine"])
    erase(tmp_path)
    (line,) = left(tmp_path)
    assert line["refused"] == [f"canonical: {'*' * len(URL)} (another site)"]
    assert (line["article_id"], line["refused_ids"]) == ("else", ["***", "mine"])


@pytest.mark.parametrize(
    "url",
    [f"{URL}2", f"{URL}/photos", f"{URL}.html", f"{URL}?page=2", f"{URL}#top", f"{URL}-b", f"https://a.example/{URL}"],
)
def test_urls_that_only_begin_alike_stay(tmp_path: Path, url: str) -> None:
    append(tmp_path, article_id="else", url=url)
    before = left(tmp_path)
    erase(tmp_path)
    kept = url.startswith(URL)
    assert (left(tmp_path) == before) is kept
    assert [line["article_id"] for line in left(tmp_path)] == ["else"]


@pytest.mark.parametrize("end", [".", ", again", ": timeout", ")", "'", ""])
def test_a_url_within_a_sentence_is_erased(tmp_path: Path, end: str) -> None:
    append(tmp_path, article_id="else", detail=f"cannot read {URL}{end}")
    erase(tmp_path)
    assert [line["detail"] for line in left(tmp_path)] == [f"cannot read {'*' * len(URL)}{end}"]


def test_a_url_whose_secret_the_log_hides_is_erased_by_its_id_and_others_that_look_alike_stay(tmp_path: Path) -> None:
    append(tmp_path, article_id="own", url=HIDDEN)
    append(tmp_path, url=HIDDEN)
    append(tmp_path, article_id="else", url="https://news.example/story?title=another")
    erase(tmp_path, HIDDEN)
    assert [line["article_id"] for line in left(tmp_path)] == ["else"]
    assert "title" in str(left(tmp_path)[0]["url"])


def test_half_a_line_that_names_it_is_erased(tmp_path: Path) -> None:
    append(tmp_path, article_id="before")
    with (tmp_path / LOG / "2026-03-01.jsonl").open("a") as file:
        file.write('{"service":"fetch","url":"https://news.example/city/1","article_id":"ow')
    append(tmp_path, article_id="after")
    erase(tmp_path)
    assert [line["article_id"] for line in left(tmp_path)] == ["before", "after"]


def test_no_line_is_lost_that_another_process_appends_meanwhile(tmp_path: Path) -> None:
    program = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from khobor.local.kept_log import KeptLog\n"
        "log = KeptLog(Path(sys.argv[1])); at = datetime(2026, 3, 1, tzinfo=UTC)\n"
        'for number in range(2000): log.append(\'{"service":"fetch","message":"\' + str(number) + \'"}\', at)\n'
        'print("done", flush=True)\n'
    )
    for _ in range(100):
        append(tmp_path, article_id="own", url=URL)
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while process.poll() is None:
            erase(tmp_path)
    assert [line["message"] for line in left(tmp_path)] == [str(number) for number in range(2000)]


def test_there_is_nothing_to_erase_without_a_log_and_in_an_empty_one(tmp_path: Path) -> None:
    erase(tmp_path)
    (tmp_path / LOG).mkdir()
    (tmp_path / LOG / "2026-03-01.jsonl").touch()
    erase(tmp_path)
    assert left(tmp_path) == []
