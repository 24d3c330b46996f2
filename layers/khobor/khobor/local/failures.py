"""Pages and URLs that failed for good, each with its reason: what dead-letter queues are on AWS."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from khobor.errors import KhoborError
from khobor.sqlite.database import Database

_RESTORE = """
    INSERT INTO failures VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (stage, subject) DO UPDATE
    SET body = excluded.body, reason = excluded.reason, detail = excluded.detail, at = excluded.at
    WHERE at < excluded.at
"""
_ALL = """
    SELECT stage, subject, body, reason, detail, at FROM failures
    WHERE (stage = ? OR ? IS NULL) AND (stage, subject) > (?, ?) ORDER BY stage, subject LIMIT ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A page or a URL that failed.

    Attributes:
        stage: The stage at which it failed: ``discover``, ``fetch`` or ``parse``.
        subject: Its URL, or its name if it has none; of each subject the last failure at a stage is kept.
        body: What to try again: the request as JSON, or the key of the page.
        reason: The slug of the cause.
        detail: The cause in words.
        at: When it failed.
    """

    stage: str
    subject: str
    body: str
    reason: str
    detail: str
    at: datetime


class Failures:
    """The failures of a local archive.

    Args:
        database: The database of the archive.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, stage: str, subject: str, body: str, error: KhoborError) -> None:
        """Keep why a page or a URL failed.

        Args:
            stage: The stage.
            subject: Its URL or name.
            body: What to try again.
            error: The cause.
        """
        row = (stage, _text(subject), body, error.reason, _text(error.detail), datetime.now(UTC).isoformat())
        with self._database.write() as connection:
            connection.execute("INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?)", row)

    def restore(self, failure: Failure) -> bool:
        """Keep a failure as ``all`` yielded it, unless there is a later one; return whether it was kept."""
        row = (
            failure.stage,
            _text(failure.subject),
            failure.body,
            failure.reason,
            _text(failure.detail),
            failure.at.astimezone(UTC).isoformat(),
        )
        with self._database.write() as connection:
            return connection.execute(_RESTORE, row).rowcount == 1

    def remove(self, stage: str, subject: str) -> None:
        """Forget a failure, because a later try succeeded.

        Args:
            stage: The stage at which it failed.
            subject: What failed: a URL, a page.
        """
        with self._database.write() as connection:
            connection.execute("DELETE FROM failures WHERE stage = ? AND subject = ?", (stage, _text(subject)))

    def forget(self, urls: Collection[str], keys: Collection[str]) -> None:
        """Delete the failures of a forgotten article.

        Args:
            urls: Its URLs.
            keys: The keys of its pages.
        """
        with self._database.write() as connection:
            connection.executemany("DELETE FROM failures WHERE subject = ?", ((url,) for url in urls))
            connection.executemany("DELETE FROM failures WHERE body = ?", ((key,) for key in keys))

    def count(self, stage: str | None = None) -> int:
        """Return how many failures there are, or how many of a stage."""
        with self._database.read() as connection:
            query = "SELECT count(*) FROM failures WHERE stage = ? OR ? IS NULL"
            number: int = connection.execute(query, (stage, stage)).fetchone()[0]
        return number

    def all(self, stage: str | None = None) -> Iterator[Failure]:
        """Yield the failures, or those of a stage."""
        for of, subject, body, reason, detail, at in self._database.rows(_ALL, ("", ""), stage, stage):
            yield Failure(
                stage=of, subject=subject, body=body, reason=reason, detail=detail, at=datetime.fromisoformat(at)
            )


def _text(name: str) -> str:
    """Return a name as text: names of files may hold any bytes."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")
