"""An archive in a database: what is written is read, and stays."""

from datetime import timedelta, timezone
from pathlib import Path

from tests.articles import MORNING, article

from khobor.archive.interface import WriteOutcome
from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.full_text import SQLiteFullText
from khobor.archive.sqlite.reading import ParsedArticle, reading_from_bytes
from khobor.archive.sqlite.tables import MIGRATIONS
from khobor.article import Block, Image
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


def test_what_another_process_computed_is_stored_as_if_this_one_had(tmp_path: Path) -> None:
    text = "The bridge over the river was opened on Sunday by the minister, who praised the engineers. " * 4
    body = (Block(kind="paragraph", text=text), Block(kind="image", image=Image(url="https://example.com/1.jpg")))
    moscow = timezone(timedelta(hours=3))
    first = article(title="পদ্মা সেতুতে", tags=("Bridge",), body=body, published_at=MORNING.astimezone(moscow))
    second = article(title="A ferry", body=body, fetched_at=MORNING + timedelta(hours=1))
    stored = []
    for name in ("here", "there"):
        database = Database(tmp_path / name, {"archive": MIGRATIONS}, create=True)
        archive = SQLiteArchive(database)
        for each in (first, second, second):
            if name == "here":
                archive.put(each)
            else:
                archive.put_reading(reading_from_bytes(ParsedArticle(each).to_bytes()))
        with database.read() as connection:
            stored.append([line for line in connection.iterdump() if "words" not in line])
        found = SQLiteFullText(database).search("ferry").matches
        assert [each.headline.title for each in found] == ["A ferry"]
        database.close()
    assert stored[0] == stored[1]
