"""Locks of a local archive, between processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from khobor.errors import CommandError
from khobor.local.locks import at_work, watching

HOLD = """
import sys
from pathlib import Path
from khobor.local import locks
with getattr(locks, sys.argv[1])(Path(sys.argv[2])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(lock: str, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", HOLD, lock, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_one_process_watches_and_the_second_says_which_one_does(tmp_path: Path) -> None:
    with held_elsewhere("watching", tmp_path) as process:
        with pytest.raises(CommandError, match=f"another process \\({process.pid}\\) watches {tmp_path}"):
            watching(tmp_path).__enter__()
        process.kill()
        process.wait()
        # The system released the lock when the process ended, for whatever reason.
        with watching(tmp_path):
            assert (tmp_path / ".watching.lock").read_text() == f"{os.getpid()}\n"


def test_a_process_knows_whether_another_adds_pages(tmp_path: Path) -> None:
    with at_work(tmp_path) as is_alone:
        assert is_alone
    with held_elsewhere("at_work", tmp_path), at_work(tmp_path) as is_alone:
        assert not is_alone
