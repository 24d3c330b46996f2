"""Some writes to an archive, and a process that is killed at each statement of them.

Run as a program with a folder, it writes the archives 1.db, 2.db and so on into it, each by a process that is killed at
its first, second and so on statement, and prints how many of the steps each reported as done.
"""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

from tests.articles import MORNING, article

from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.tables import MIGRATIONS
from khobor.article import Article, Block
from khobor.sqlite.database import Database

WORDS = " ".join(f"word{number}" for number in range(40))
OLD = article(1, title="A bridge", section="City", body=(Block(kind="paragraph", text=WORDS),))
NEW = article(1, title="The bridge", section="Nation", fetched_at=MORNING + timedelta(hours=2))
OTHER = article(2, tags=("Bridge", "Toll"))


def step_put(found: Article) -> Callable[[SQLiteArchive], object]:
    return lambda archive: archive.put(found)


def forget(archive: SQLiteArchive) -> None:
    """Forget an article, as if it had been stopped before."""
    traces = archive.forget("id2", MORNING)
    assert traces
    archive.erase("id2", traces, MORNING)


STEPS: tuple[Callable[[SQLiteArchive], object], ...] = (
    step_put(OLD),
    step_put(NEW),
    step_put(OTHER),
    lambda archive: archive.mark_gone("id1", MORNING + timedelta(hours=3), "http_410"),
    lambda archive: archive.put_again([article(1, title="The same"), NEW]),
    forget,
)


def open_database(path: Path) -> Database:
    return Database(path, {"archive": MIGRATIONS}, create=True)


def _work(path: Path, kill_at: int, done: int) -> None:
    """Write to an archive and report each step, until it is time to die."""
    statements = count(1)
    connect = sqlite3.connect

    def trace(_: str) -> None:
        if next(statements) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def traced(*args: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)  # type: ignore[call-overload]
        connection.set_trace_callback(trace)
        return connection

    sqlite3.connect = traced  # type: ignore[assignment]
    archive = SQLiteArchive(open_database(path))
    for step in STEPS:
        step(archive)
        os.write(done, b".")


def main(folder: Path) -> None:
    for kill_at in count(1):
        reader, writer = os.pipe()
        if (pid := os.fork()) == 0:
            _work(folder / f"{kill_at}.db", kill_at, writer)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as reported:
            print(len(reported.read()))
        if os.waitpid(pid, 0)[1] == 0:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
