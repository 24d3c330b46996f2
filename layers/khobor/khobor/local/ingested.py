"""Which pages were given to ``khobor ingest`` before, so that running it again does not repeat its work."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from typing import NamedTuple

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


class Ingested(NamedTuple):
    """A page that was given before.

    Attributes:
        key: The key under which it is kept.
        article_id: The id of the article that it became; None if it became none.
    """

    key: str
    article_id: str | None


class IngestedPages:
    """The pages that were given and read; ``UnreadPages.settle`` adds them.

    Args:
        database: The database of the archive.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, digest: bytes) -> Ingested | None:
        """Return what became of a page; None if it was not given before."""
        with self._database.read() as connection:
            row = connection.execute("SELECT key, article_id FROM ingested WHERE page = ?", (digest,)).fetchone()
        return Ingested(*row) if row else None

    def forget(self, article_id: str, keys: Collection[str]) -> None:
        """Delete the pages of a forgotten article.

        Args:
            article_id: Its id.
            keys: The keys of its pages.
        """
        with self._database.write() as connection:
            connection.execute("DELETE FROM ingested WHERE article_id = ?", (article_id,))
            connection.executemany("DELETE FROM ingested WHERE key = ?", ((key,) for key in keys))

    def all_keys(self) -> Iterator[str]:
        """Yield the key of each page that was given."""
        query = "SELECT page, key FROM ingested WHERE page > ? ORDER BY page LIMIT ?"
        yield from (key for _, key in self._database.rows(query, (b"",)))
