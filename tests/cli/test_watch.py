"""``khobor watch`` as a process: what it prints, and how it ends."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from tests.example_pages import page

SOURCE = """
version = 1
publisher = "The Daily Test"
hosts = ["127.0.0.1"]
enabled = true
article_url = '^/news/'
[discovery]
feeds = ["{site}/feed"]
[fetching]
delay_seconds = 0
"""
TITLES = ("The bridge opens", "পদ্মা সেতু খুলে দেওয়া হলো")


@pytest.fixture
def site(httpserver: HTTPServer) -> str:
    items = "".join(f"<item><link>/news/{number}</link></item>" for number in (0, 1, 2))
    httpserver.expect_request("/feed").respond_with_data(f"<rss><channel>{items}</channel></rss>")
    for number, title in enumerate(TITLES, 1):
        body = page(title=title)
        httpserver.expect_request(f"/news/{number}").respond_with_data(body, content_type="text/html; charset=utf-8")
    httpserver.expect_request("/news/0").respond_with_data(status=403)
    return f"http://127.0.0.1:{httpserver.port}"


@pytest.fixture
def folder(tmp_path: Path, site: str) -> Path:
    (tmp_path / "news" / "sources").mkdir(parents=True)
    (tmp_path / "news" / "sources" / "daily.toml").write_text(SOURCE.format(site=site))
    return tmp_path


@contextmanager
def watching(folder: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """Watch the archive in a folder."""
    program = "from khobor.cli.main import app; app()"
    command = [sys.executable, "-c", program, "watch", "daily", "--archive", "news", "--allow-loopback", *options]
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lines(process: "subprocess.Popen[str]", count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().rstrip("\n") for _ in range(count)]


def ended(process: "subprocess.Popen[str]", number: int) -> tuple[int, list[str]]:
    """End a process by a signal; return its status and what it said on standard error."""
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    return process.returncode, said.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_line_is_printed_for_each_article_until_a_signal_ends_it(folder: Path, site: str, number: int) -> None:
    with watching(folder, "--no-json") as process:
        printed = lines(process, 2)
        status, said = ended(process, number)
    shown = [re.fullmatch(r"\d\d:\d\d:\d\d  (.*)", line) for line in printed]
    assert [each and each[1] for each in shown] == [
        f"daily  {title}  {site}/news/{count}" for count, title in enumerate(TITLES, 1)
    ]
    assert status == 0
    assert said[:2] == ["local archive: ./news (new)", "watching 1 source; Ctrl-C ends it"]
    assert [f"{site}/news/0" in line and "http_403" in line for line in said[2:-1]] == [True]
    assert said[-1] == "stopped; what was fetched is kept, and khobor watch goes on"


@pytest.mark.slow
def test_a_pipe_gets_each_article_as_json(folder: Path, site: str) -> None:
    with watching(folder) as process:
        first, second = map(json.loads, lines(process, 2))
        ended(process, signal.SIGINT)
    assert (first["title"], second["title"]) == TITLES
    assert first["url"] == f"{site}/news/1"


@pytest.mark.slow
def test_a_second_watch_is_refused_and_the_first_goes_on(folder: Path) -> None:
    with watching(folder, "--json") as first:
        lines(first, 1)
        with watching(folder, "--json") as second:
            printed, said = second.communicate(timeout=60)
        assert (second.returncode, printed) == (1, "")
        assert f"another process ({first.pid}) watches news already" in said
        assert [json.loads(line)["title"] for line in lines(first, 1)] == [TITLES[1]]
        assert ended(first, signal.SIGINT)[0] == 0


@pytest.mark.slow
def test_what_was_printed_before_it_was_killed_is_kept(folder: Path) -> None:
    with watching(folder, "--json") as process:
        (line,) = lines(process, 1)
        process.kill()
        process.wait()
    asked = [sys.executable, "-c", "from khobor.cli.main import app; app()", "get", json.loads(line)["url"]]
    found = subprocess.run([*asked, "--archive", "news"], cwd=folder, capture_output=True, text=True, check=True)
    assert json.loads(found.stdout)["title"] == TITLES[0]
