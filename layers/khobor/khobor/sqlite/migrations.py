"""The version of a database: which migrations of which rooms it has, and those that it still needs.

A room, such as the archive or the frontier, lists its migrations, the oldest first: scripts of SQL, and functions for
what SQL cannot compute. A published migration never changes; a change to the tables is a new one at the end.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

Migration: TypeAlias = str | Callable[[sqlite3.Connection], None]
# The migrations of each room.
Migrations: TypeAlias = Mapping[str, Sequence[Migration]]

# "khob": tells khobor's databases from those of other programs.
APPLICATION_ID = 0x6B686F62


def is_empty(connection: sqlite3.Connection) -> bool:
    """Return whether a database has nothing at all, as one that was just created."""
    return (
        _pragma(connection, "application_id") == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    )


def is_khobors(connection: sqlite3.Connection) -> bool:
    """Return whether khobor made a database."""
    return _pragma(connection, "application_id") == APPLICATION_ID


def is_newer(connection: sqlite3.Connection, migrations: Migrations) -> bool:
    """Return whether a newer khobor has changed the tables of a database.

    Args:
        connection: A connection to the database.
        migrations: The migrations that this khobor knows.
    """
    return any(number > len(migrations.get(room, ())) for room, number in _applied(connection).items())


def is_current(connection: sqlite3.Connection, migrations: Migrations) -> bool:
    """Return whether a database has all migrations.

    Args:
        connection: A connection to the database.
        migrations: The migrations that this khobor knows.
    """
    return not any(_pending(connection, migrations))


def migrate(connection: sqlite3.Connection, migrations: Migrations) -> None:
    """Run the migrations that a database does not have yet, within the transaction that is open.

    Args:
        connection: A connection that holds the write lock.
        migrations: The migrations of each room.
    """
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations (room TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID"
    )
    for room, number, migration in list(_pending(connection, migrations)):
        if callable(migration):
            migration(connection)
        else:
            for statement in _statements(migration):
                connection.execute(statement)
        connection.execute("INSERT OR REPLACE INTO migrations VALUES (?, ?)", (room, number))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {sum(map(len, migrations.values()))}")


def _applied(connection: sqlite3.Connection) -> dict[str, int]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone():
        return {}
    return dict(connection.execute("SELECT room, number FROM migrations"))


def _pending(connection: sqlite3.Connection, migrations: Migrations) -> Iterator[tuple[str, int, Migration]]:
    applied = _applied(connection)
    for room, scripts in migrations.items():
        first = applied.get(room, 0)
        yield from ((room, number, each) for number, each in enumerate(scripts[first:], first + 1))


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one: ``executescript`` would commit the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    value: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value
