"""Wherever a process is killed, the archive opens and has what was reported as kept, whole."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.archive.sqlite.steps import STEPS, open_database
from tests.conftest import ROOT

from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.sqlite.database import Database

TABLES = ("articles", "fetches", "marks", "titles", "texts", "entries", "changes", "aliases", "forgotten")


def dump(database: Database) -> list[list[tuple[object, ...]]]:
    """Return all rows of an archive; raises if the index of words does not fit them."""
    with database.write() as connection:
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
        numbers = "SELECT rowid FROM words WHERE words MATCH ?"
        found = [sorted(connection.execute(numbers, (word,))) for word in ("bridge", "word7", "title", "same")]
        return [*found, *(sorted(connection.execute(f"SELECT * FROM {table}"), key=repr) for table in TABLES)]  # noqa: S608


@pytest.mark.slow
def test_wherever_a_process_is_killed_each_step_is_done_or_not(tmp_path: Path) -> None:
    database = open_database(tmp_path / "whole.db")
    archive = SQLiteArchive(database)
    states = [dump(database)]
    for step in STEPS:
        step(archive)
        states.append(dump(database))
    database.close()
    command = [sys.executable, "-m", "tests.archive.sqlite.steps", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    reported = list(map(int, done.stdout.split()))
    assert len(reported) > 100
    assert reported[-1] == len(STEPS)
    for kill_at, steps in enumerate(reported, 1):
        database = open_database(tmp_path / f"{kill_at}.db")
        if steps == len(STEPS) - 1:
            # Forgetting is two writes; a process that was stopped between them repeats both.
            STEPS[-1](SQLiteArchive(database))
        assert dump(database) in states[steps : steps + 2], kill_at
        assert database.problems() == []
        database.close()
