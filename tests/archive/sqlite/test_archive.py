"""An archive in a database: what is written is read, and stays."""

from datetime import timedelta

from tests.articles import MORNING, article

from khobor.archive.interface import WriteOutcome
from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.tables import MIGRATIONS
from khobor.sqlite.database import Database


def test_an_article_is_read_as_it_was_written_after_the_archive_is_opened_again(
    archive: SQLiteArchive, database: Database
) -> None:
    written = article(title="পদ্মা সেতু", section="City", tags=("Bridge",))
    assert archive.put(written) is WriteOutcome.STORED
    database.close()
    again = SQLiteArchive(Database(database.path, {"archive": MIGRATIONS}))
    assert again.get("id1") == written
    assert list(again.articles()) == [written]
    assert again.find("https://example.com/1?utm_source=feed") == "id1"
    assert again.get("id2") is None


def test_an_older_fetch_becomes_an_earlier_revision(archive: SQLiteArchive) -> None:
    newer = article(title="The bridge opens", fetched_at=MORNING + timedelta(hours=2))
    older = article(title="A bridge", fetched_at=MORNING + timedelta(hours=1))
    assert archive.put(newer) is WriteOutcome.STORED
    assert archive.put(older) is WriteOutcome.SUPERSEDED
    assert archive.get("id1") == newer
    assert [archive.revision("id1", number) for number in (1, 2, 3)] == [older, newer, None]
