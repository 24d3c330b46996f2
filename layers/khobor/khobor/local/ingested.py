"""Which pages were given to ``khobor ingest`` before, so that the same command again does not repeat its work."""

from datetime import UTC, datetime
from hashlib import blake2b

from khobor.page import RawPage
from khobor.sqlite.database import Database

_DIGEST_BYTES = 16


def page_digest(page: RawPage, fetched_at: datetime | None) -> bytes:
    """Return what is equal for two inputs that are the same page: the same bytes, from the same URL.

    Args:
        page: The page.
        fetched_at: When it was fetched, if the input says so: a capture of another time is another page.
    """
    known = [page.location or "", fetched_at.astimezone(UTC).isoformat() if fetched_at else ""]
    digest = blake2b("\n".join(known).encode(errors="surrogatepass") + b"\n", digest_size=_DIGEST_BYTES)
    digest.update(page.body)
    return digest.digest()


class IngestedPages:
    """The pages that became articles; ``UnreadPages.settle`` adds them.

    Args:
        database: The database of the archive.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def article_of(self, digest: bytes) -> str | None:
        """Return the id of the article that a page became; None if it has become none."""
        with self._database.read() as connection:
            row = connection.execute("SELECT article_id FROM ingested WHERE page = ?", (digest,)).fetchone()
        return str(row[0]) if row else None
