"""The hosts in the tables ``host_turns``, ``robots_files`` and ``queued_work``."""

import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from khobor.frontier.interface import HostBusyError, HostRecord, Hosts, Turn
from khobor.frontier.pace import HOST_LIFETIME, TURN_CHECK
from khobor.frontier.sqlite.times import from_milliseconds, from_seconds, milliseconds, seconds
from khobor.sqlite.database import Database

_TAKE = """
    INSERT INTO host_turns VALUES (?, NULL, ?, 1, ?)
    ON CONFLICT (host) DO UPDATE SET next_at = excluded.next_at, is_taken = 1, expires = excluded.expires
"""
_KNOWN = """
    SELECT host FROM host_turns WHERE host IN (SELECT value FROM json_each(:hosts))
    UNION SELECT host FROM queued_work WHERE host IN (SELECT value FROM json_each(:hosts))
"""
_ALL = """
    SELECT kind, host, content, at, expires FROM (
        SELECT 'turn' AS kind, host, state AS content, next_at AS at, expires FROM host_turns
        UNION ALL SELECT 'robots', host, content, NULL, expires FROM robots_files
        UNION ALL SELECT 'queued', host, NULL, until, expires FROM queued_work
    ) WHERE (kind, host) > (?, ?) ORDER BY kind, host LIMIT ?
"""
_RESTORE = {
    "turn": """
        INSERT INTO host_turns VALUES (:host, :content, :at, 0, :expires) ON CONFLICT (host) DO UPDATE
        SET state = excluded.state, next_at = excluded.next_at, is_taken = 0, expires = excluded.expires
        WHERE expires < excluded.expires
    """,
    "robots": """
        INSERT INTO robots_files VALUES (:host, :content, :expires) ON CONFLICT (host) DO UPDATE
        SET content = excluded.content, expires = excluded.expires WHERE expires < excluded.expires
    """,
    "queued": """
        INSERT INTO queued_work VALUES (:host, :at, :expires) ON CONFLICT (host) DO UPDATE
        SET until = excluded.until, expires = excluded.expires WHERE expires < excluded.expires
    """,
}


class SQLiteHosts(Hosts):
    """The hosts in the database of a local archive.

    Args:
        database: The database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_turn(self, host: str, now: datetime, until: datetime) -> Turn:
        """Take the right to send a request to a host; see ``Hosts``."""
        with self._database.write() as connection:
            row = connection.execute(
                "SELECT state, next_at, is_taken FROM host_turns WHERE host = ?", (host,)
            ).fetchone()
            state, next_at, is_taken = row or (None, milliseconds(now), False)
            if next_at > milliseconds(now):
                limit = from_milliseconds(next_at)
                # Another process may end its turn long before its limit.
                raise HostBusyError(host, min(limit, now + TURN_CHECK) if is_taken else limit)
            connection.execute(_TAKE, (host, milliseconds(until), _expires(now)))
        return Turn(host=host, state=state)

    def end_turn(self, host: str, state: bytes, next_at: datetime, now: datetime) -> None:
        """End a turn; see ``Hosts``."""
        row = (host, state, milliseconds(next_at), _expires(now))
        with self._database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO host_turns VALUES (?, ?, ?, 0, ?)", row)

    def release(self, now: datetime, next_at: datetime) -> None:
        """End the turns that killed processes have left; no process may be fetching meanwhile.

        Args:
            now: The time.
            next_at: When the next turns of these hosts may begin.
        """
        with self._database.write() as connection:
            connection.execute(
                "UPDATE host_turns SET is_taken = 0, next_at = min(next_at, ?), expires = ? WHERE is_taken",
                (milliseconds(next_at), _expires(now)),
            )

    def state(self, host: str) -> bytes | None:
        """Return the state that the last turn of a host left; see ``Hosts``."""
        with self._database.read() as connection:
            row = connection.execute("SELECT state FROM host_turns WHERE host = ?", (host,)).fetchone()
        return row[0] if row else None

    def known(self, hosts: Collection[str]) -> set[str]:
        """Return those of these hosts that have had a turn, or have requests queued; see ``Hosts``."""
        with self._database.read() as connection:
            return {host for (host,) in connection.execute(_KNOWN, {"hosts": json.dumps(list(hosts))})}

    def queued_until(self, host: str) -> datetime | None:
        """Return when the requests that are queued for a host will be done; see ``Hosts``."""
        with self._database.read() as connection:
            row = connection.execute("SELECT until FROM queued_work WHERE host = ?", (host,)).fetchone()
        return from_milliseconds(row[0]) if row else None

    def queue_until(self, host: str, until: datetime, before: datetime | None, now: datetime) -> bool:
        """Set when the requests that are queued for a host will be done; see ``Hosts``."""
        with self._database.write() as connection:
            row = connection.execute("SELECT until FROM queued_work WHERE host = ?", (host,)).fetchone()
            if (row and row[0]) != (before and milliseconds(before)):
                return False
            new = (host, milliseconds(until), _expires(now))
            connection.execute("INSERT OR REPLACE INTO queued_work VALUES (?, ?, ?)", new)
        return True

    def get(self, host_key: str) -> bytes | None:
        """Return the robots.txt of a host; see ``Hosts``."""
        with self._database.read() as connection:
            row = connection.execute("SELECT content FROM robots_files WHERE host = ?", (host_key,)).fetchone()
        return row[0] if row else None

    def put(self, host_key: str, value: bytes) -> None:
        """Keep the robots.txt of a host; see ``Hosts``."""
        row = (host_key, value, _expires(datetime.now(UTC)))
        with self._database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO robots_files VALUES (?, ?, ?)", row)

    def all(self) -> Iterator[HostRecord]:
        """Yield everything that is kept of hosts; see ``Hosts``."""
        for kind, host, content, at, expires in self._database.rows(_ALL, ("", "")):
            yield HostRecord(
                kind=kind,
                host=host,
                content=content,
                at=None if at is None else from_milliseconds(at),
                written_at=from_seconds(expires) - HOST_LIFETIME,
            )

    def restore(self, record: HostRecord) -> bool:
        """Write what ``all`` yielded; see ``Hosts``."""
        facts = {
            "host": record.host,
            "content": record.content,
            "at": record.at and milliseconds(record.at),
            "expires": _expires(record.written_at),
        }
        with self._database.write() as connection:
            return connection.execute(_RESTORE[record.kind], facts).rowcount == 1

    def delete_expired(self, now: datetime) -> int:
        """Delete what is kept of hosts that were not sent a request for long; return how many rows there were."""
        limit = (seconds(now),)
        with self._database.write() as connection:
            return (
                connection.execute("DELETE FROM host_turns WHERE expires < ?", limit).rowcount
                + connection.execute("DELETE FROM robots_files WHERE expires < ?", limit).rowcount
                + connection.execute("DELETE FROM queued_work WHERE expires < ?", limit).rowcount
            )


def _expires(now: datetime) -> int:
    return seconds(now + HOST_LIFETIME)
