"""Archives that earlier versions of khobor wrote are opened, and answer as before.

``version-1.db.gz`` has the first four of ``steps.STEPS``, written when there was one migration. Each further migration
adds the file of the version before it.
"""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from tests.archive.sqlite.steps import NEW, OLD, OTHER, open_database
from tests.articles import MORNING, article

from khobor.archive.interface import WriteOutcome
from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.full_text import SQLiteFullText
from khobor.archive.sqlite.headline_changes import SQLiteHeadlineChanges
from khobor.archive.sqlite.lists import SQLiteLists
from khobor.archive.sqlite.words import indexed

FILES = sorted(Path(__file__).parent.glob("version-*.db.gz"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_an_archive_of_an_earlier_version_answers_and_takes_more(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(gzip.decompress(file.read_bytes()))
    database = open_database(path)
    archive, lists, search = SQLiteArchive(database), SQLiteLists(database), SQLiteFullText(database)
    assert [archive.get("id1"), archive.get("id2"), archive.revision("id1", 1)] == [NEW, OTHER, OLD]
    assert archive.gone_at("id1") == MORNING + timedelta(hours=3)
    assert [each.article_id for each in lists.by_source("example").headlines] == ["id2", "id1"]
    assert [each.headline.article_id for each in search.search("bridge").matches] == ["id1"]
    changes = SQLiteHeadlineChanges(database, lambda _: None).follow(lambda _: None)
    assert archive.put(article(1, title="A ferry", fetched_at=MORNING + timedelta(hours=4))) is WriteOutcome.STORED
    assert [search.search(word).matches == () for word in ("bridge", "ferry")] == [True, False]
    assert next(changes).news == "revised"
    with database.read() as connection:
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    assert database.problems() == []
    database.close()


def test_words_are_split_as_in_the_archives_that_there_are() -> None:
    # Of another splitting SQLite could not take out what it was given: it needs a migration that fills the table anew.
    text = "Dhaka’s NEW bridge, ২০২৬: পদ্মা সেতুতে বৈঠকের 新しい橋が สะพานใหม่ الجسر Été мост 1,200"
    assert indexed(text) == (
        "dhaka s new bridge ২০২৬ পদ্মা সেতু বৈঠক 新し しい い橋 橋が が สะ ะพ พา าน นใ ให หม ม่ ่ الجسر été мост 1 200"
    )
