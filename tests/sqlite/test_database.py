"""A database file: opening, migrating and refusing it, and its state after a process dies or the disk is full."""

import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import ROOT

from khobor.errors import CommandError
from khobor.sqlite.database import Database
from khobor.sqlite.errors import DatabaseError

ONE = "CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT NOT NULL);"
TWO = """
CREATE TABLE tags (name TEXT);
CREATE TRIGGER tagged AFTER INSERT ON tags BEGIN
    INSERT INTO notes (text) VALUES (new.name);
    INSERT INTO notes (text) VALUES (new.name || '!');
END;
INSERT INTO tags VALUES ('a');
"""
FIRST = {"notes": (ONE,)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive.db"


def texts(database: Database) -> list[str]:
    with database.read() as connection:
        return [text for (text,) in connection.execute("SELECT text FROM notes ORDER BY number")]


def add(database: Database, text: str) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO notes (text) VALUES (?)", (text,))


def add_all(database: Database, *texts: str) -> None:
    with database.write():
        for text in texts:
            add(database, text)


def add_and_fail(database: Database, text: str) -> None:
    with database.write():
        add(database, text)
        raise ZeroDivisionError


def roll_back_in_between(database: Database) -> None:
    """Lose the transaction, as SQLite does after some errors, and go on."""
    with database.write() as connection:
        add(database, "lost")
        connection.execute("ROLLBACK")
        add(database, "must not be kept alone")


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE moz_places (url TEXT)")
    connection.close()


def newer(path: Path) -> None:
    Database(path, {"notes": (ONE, TWO)}, create=True).close()


def of_a_newer_room(path: Path) -> None:
    Database(path, FIRST | {"sketches": (TWO,)}, create=True).close()


@pytest.mark.parametrize(
    ("make", "reason", "words"),
    [
        pytest.param(lambda _: None, "no_archive", "there is no archive at", id="nothing there"),
        pytest.param(lambda path: path.touch(), "no_archive", "is empty", id="an empty file"),
        pytest.param(lambda path: path.write_bytes(b"<html>" * 500), "not_an_archive", "not a SQLite", id="a page"),
        pytest.param(lambda path: path.write_bytes(b"x"), "not_an_archive", "not a SQLite", id="one byte"),
        pytest.param(foreign, "not_an_archive", "another program", id="another program's database"),
        pytest.param(lambda path: path.mkdir(), "not_an_archive", "is a folder", id="a folder"),
        pytest.param(newer, "newer", "update khobor", id="a newer khobor's"),
        pytest.param(of_a_newer_room, "newer", "update khobor", id="one with a room of a newer khobor"),
    ],
)
def test_what_is_no_archive_is_refused_in_words_and_left_as_it_is(
    path: Path, make: Callable[[Path], object], reason: str, words: str
) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(DatabaseError, match=words) as refused:
        Database(path, FIRST)
    assert isinstance(refused.value, CommandError)
    assert refused.value.reason == reason
    assert str(path.parent) in str(refused.value)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"nowhere/archive\.db cannot be opened"):
        Database(tmp_path / "nowhere" / "archive.db", FIRST, create=True)


def test_what_was_written_is_there_when_it_is_opened_again(path: Path) -> None:
    database = Database(path, FIRST, create=True)
    add(database, "one")
    database.close()
    assert texts(Database(path, FIRST)) == ["one"]
    assert texts(Database(path, FIRST, create=True)) == ["one"]


def test_an_older_archive_is_migrated_and_counts_its_migrations(path: Path) -> None:
    database = Database(path, FIRST, create=True)
    add(database, "one")
    database.close()
    database = Database(path, {"notes": (ONE, TWO), "hosts": ("CREATE TABLE hosts (name TEXT);",)})
    assert texts(database) == ["one", "a", "a!"]
    with database.read() as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)
        assert connection.execute("SELECT * FROM hosts").fetchall() == []
    with pytest.raises(DatabaseError, match="newer khobor"):
        Database(path, FIRST)


def test_an_older_archive_is_said_to_be_brought_up_to_date_and_a_new_one_is_not(path: Path) -> None:
    notices: list[str] = []
    Database(path, FIRST, create=True, notify=notices.append).close()
    Database(path, FIRST, notify=notices.append).close()
    assert notices == []

    def third(connection: sqlite3.Connection) -> None:
        for number, text in connection.execute("SELECT number, text FROM notes").fetchall():
            connection.execute("UPDATE notes SET text = ? WHERE number = ?", (text.upper(), number))

    database = Database(path, {"notes": (ONE, TWO, third)}, notify=notices.append)
    assert texts(database) == ["A", "A!"]
    assert [f"{path} is of an older khobor" in notice for notice in notices] == [True]
    database.close()


def test_a_migration_that_fails_changes_nothing(path: Path) -> None:
    database = Database(path, FIRST, create=True)
    add(database, "one")
    database.close()
    broken = TWO + "DROP TABLE nowhere;"
    with pytest.raises(sqlite3.OperationalError):
        Database(path, {"notes": (ONE, broken)})
    assert texts(Database(path, FIRST)) == ["one"]


def test_a_sqlite_without_full_text_search_is_named(path: Path) -> None:
    with pytest.raises(DatabaseError, match=r"no such module: fts6.*use a Python whose SQLite has FTS5"):
        Database(path, {"notes": ("CREATE VIRTUAL TABLE words USING fts6(text);",)}, create=True)


def test_an_exception_undoes_the_write_and_an_inner_one_the_inner_write_alone(path: Path) -> None:
    database = Database(path, FIRST, create=True)
    with database.write():
        add(database, "kept")
        with pytest.raises(ZeroDivisionError):
            add_and_fail(database, "undone")
        add(database, "kept too")
    with pytest.raises(ZeroDivisionError):
        add_and_fail(database, "never")
    assert texts(database) == ["kept", "kept too"]


def add_at_commit(database: Database, text: str) -> None:
    with database.write():
        database.at_commit(lambda connection: connection.execute("INSERT INTO notes (text) VALUES (?)", (text,)))


def add_at_commit_and_fail(database: Database, text: str) -> None:
    with database.write():
        add_at_commit(database, text)
        raise ZeroDivisionError


def test_what_waits_for_the_commit_is_written_last_and_undone_with_what_asked_for_it(path: Path) -> None:
    database = Database(path, FIRST, create=True)
    with database.write():
        add_at_commit(database, "last but one")
        add(database, "first")
        with pytest.raises(ZeroDivisionError):
            add_at_commit_and_fail(database, "undone")
        add_at_commit(database, "last")
    with pytest.raises(ZeroDivisionError):
        add_at_commit_and_fail(database, "never")
    add(database, "later")
    assert texts(database) == ["first", "last but one", "last", "later"]
    with pytest.raises(RuntimeError, match="begin with write"):
        database.at_commit(lambda _: None)
    database.close()


def test_what_fails_at_the_commit_undoes_everything(path: Path) -> None:
    database = Database(path, FIRST, create=True)

    def fail() -> None:
        with database.write():
            add(database, "undone")
            database.at_commit(lambda connection: connection.execute("INSERT INTO notes VALUES (1, NULL)"))

    with pytest.raises((DatabaseError, sqlite3.Error)):
        fail()
    add(database, "kept")
    assert texts(database) == ["kept"]
    database.close()


def test_a_read_sees_one_state_while_another_thread_writes(path: Path) -> None:
    database = Database(path, FIRST, create=True)
    add(database, "one")
    with database.read():
        assert texts(database) == ["one"]
        thread = threading.Thread(target=add, args=(database, "two"))
        thread.start()
        thread.join()
        assert texts(database) == ["one"]
    assert texts(database) == ["one", "two"]


def test_a_writer_waits_for_another_process_and_says_for_which(path: Path) -> None:
    Database(path, FIRST, create=True).close()
    writer = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdin
    assert writer.stdout
    assert writer.stdout.readline() == "writing\n"

    def notify(sentence: str) -> None:
        said.append(sentence)
        # It ends when its standard input does.
        writer.stdin.close()  # type: ignore[union-attr]

    said: list[str] = []
    database = Database(path, FIRST, notify=notify)
    add(database, "two")
    writer.wait()
    writer.stdout.close()
    assert texts(database) == ["one", "two"]
    (sentence,) = said
    assert str(path) in sentence
    if Path("/proc/locks").exists():
        assert f"process {writer.pid} (" in sentence


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("INSERT INTO notes (text) VALUES ('one')")
print("writing", flush=True)
sys.stdin.read()
connection.execute("COMMIT")
"""


def test_a_writer_that_waited_in_vain_says_so(path: Path) -> None:
    said: list[str] = []
    Database(path, FIRST, create=True).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    database = Database(path, FIRST, notify=said.append, patience=0)
    with pytest.raises(DatabaseError, match=r"locked by .* run this again") as refused:
        add(database, "never")
    assert refused.value.reason == "busy"
    other.execute("ROLLBACK")
    other.close()
    add(database, "now")
    assert texts(database) == ["now"]


def test_a_full_disk_is_named_and_what_was_kept_is_still_there(path: Path) -> None:
    database = Database(path, FIRST, create=True)
    add(database, "kept")
    with database.read() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(DatabaseError, match="the disk is full") as refused:
        add(database, "x" * 100_000)
    assert refused.value.reason == "disk_full"
    add(database, "small")
    with pytest.raises(DatabaseError, match="disk is full"):
        add_all(database, "undone with the rest", "x" * 100_000)
    assert texts(database) == ["kept", "small"]
    assert database.problems() == []


def test_an_error_that_undid_everything_lets_nothing_half_written_through(path: Path) -> None:
    database = Database(path, FIRST, create=True)
    with pytest.raises(DatabaseError, match="undone all"):
        roll_back_in_between(database)
    assert texts(database) == []


LIMITED = """
import resource, sys
from pathlib import Path
from khobor.sqlite.database import Database
database = Database(Path(sys.argv[1]), {"notes": (sys.argv[2],)})
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
try:
    for number in range(1000):
        with database.write() as connection:
            connection.execute("INSERT INTO notes (text) VALUES (?)", (f"{number} " + "x" * 10_000,))
        print(number, flush=True)
except Exception as error:
    print(type(error).__name__, error)
"""


def test_a_disk_that_refuses_to_write_loses_nothing_that_was_kept(path: Path) -> None:
    Database(path, FIRST, create=True).close()
    done = subprocess.run([sys.executable, "-c", LIMITED, str(path), ONE], capture_output=True, text=True, check=True)
    *numbers, last = done.stdout.splitlines()
    assert last.startswith("DatabaseError the disk")
    assert str(path) in last
    assert len(numbers) > 5
    database = Database(path, FIRST)
    assert [text.split()[0] for text in texts(database)] == numbers
    assert database.problems() == []


KILLED = """
import os, signal, sys
from pathlib import Path
import re
import sqlite3
from khobor.sqlite.database import Database
real = sqlite3.connect
at = int(sys.argv[3])
done = 0
def count(statement):
    global done
    done += 1
    if done == at:
        os.kill(os.getpid(), signal.SIGKILL)
def connect(*args, **options):
    connection = real(*args, **options)
    connection.set_trace_callback(count)
    return connection
sqlite3.connect = connect
database = Database(Path(sys.argv[1]), {"notes": (sys.argv[2],)}, create=True)
for number in range(3):
    with database.write() as connection:
        for part in range(2):
            connection.execute("INSERT INTO notes (text) VALUES (?)", (f"{number}",))
    print(number, flush=True)
"""


@pytest.mark.slow
def test_wherever_a_process_is_killed_the_archive_opens_and_has_what_was_kept(tmp_path: Path) -> None:
    at, ended = 0, False
    while not ended:
        at += 1
        path = tmp_path / f"{at}.db"
        done = subprocess.run(
            [sys.executable, "-S", "-c", KILLED, str(path), ONE, str(at)],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        ended = done.returncode == 0
        database = Database(path, FIRST, create=True)
        found = texts(database)
        kept = done.stdout.split()
        assert found in (
            [each for each in kept for _ in range(2)],
            [each for each in "012"[: len(kept) + 1] for _ in "ab"],
        )
        assert database.problems() == []
        database.close()
    assert at > 20


def test_no_statement_gives_its_placeholders_numbers() -> None:
    # From Python 3.14 on they are named parameters, and refused with a sequence; Python 3.11 does not warn.
    texts = {path: path.read_text("utf-8") for path in (ROOT / "layers/khobor/khobor").rglob("*.py")}
    assert any("= ?" in text for text in texts.values())
    assert [str(path) for path, text in texts.items() if re.search(r"(?:=|[(,]) ?\?\d", text)] == []
