"""The command that opens the console."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from typer.testing import CliRunner

from khobor.cli.main import app

RUNNER = CliRunner()


@pytest.fixture
def running() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", "from khobor.cli.main import app; app()", "console", "--embedded", "--no-browser"]
    # As users run it: Python buffers output into a pipe until it is flushed.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.slow
def test_an_embedded_console_opens_with_the_bundled_page_and_ends_with_ctrl_c(
    running: "subprocess.Popen[str]",
) -> None:
    assert running.stdout is not None
    address = next(found[0] for line in running.stdout if (found := re.search(r"http://127\.0\.0\.1:\S+", line)))
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    with browser.open(address) as answer:
        assert "পুতিন-কিমের চিঠি বিনিময়" in answer.read().decode()
        assert answer.headers["Server"] == "khobor"
    running.send_signal(signal.SIGINT)
    out, errors = running.communicate(timeout=120)
    assert running.returncode == 0
    assert "Traceback" not in out + errors


@pytest.mark.slow
def test_a_console_that_is_terminated_leaves_no_page_with_a_token(tmp_path: Path) -> None:
    # A browser that says that it was started, and ends.
    script = tmp_path / "browser"
    script.write_text("#!/bin/sh\necho opened >&2\n")
    script.chmod(0o700)
    command = [sys.executable, "-c", "from khobor.cli.main import app; app()", "console", "--embedded"]
    environment = dict(os.environ) | {"BROWSER": f"{script} %s", "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stderr is not None
        assert next(line for line in process.stderr if line == b"opened\n")
        assert list(tmp_path.glob("khobor-console-*/open.html"))
        process.send_signal(signal.SIGTERM)
        errors = process.stderr.read()
    assert list(tmp_path.glob("khobor-console-*")) == []
    assert process.returncode == 128 + signal.SIGTERM
    assert b"Traceback" not in errors


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = RUNNER.invoke(app, ["console", "--embedded", "--no-browser", "--port", str(port)])
    assert result.exit_code == 1
    assert f"port {port} is in use" in result.output


def test_two_stacks_at_once_are_refused() -> None:
    result = RUNNER.invoke(app, ["console", "--embedded", "--local"])
    assert result.exit_code == 2
    assert "give one" in result.output


def test_a_stack_that_is_not_to_be_reached_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    result = RUNNER.invoke(app, ["console", "--stack", "news"])
    assert result.exit_code == 1
    assert "AWS cannot be reached" in result.output
