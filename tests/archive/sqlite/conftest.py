"""An archive in a database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.lists import SQLiteLists
from khobor.archive.sqlite.tables import MIGRATIONS
from khobor.sqlite.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "archive.db", {"archive": MIGRATIONS}, create=True)
    yield database
    database.close()


@pytest.fixture
def archive(database: Database) -> SQLiteArchive:
    return SQLiteArchive(database)


@pytest.fixture
def lists(database: Database) -> SQLiteLists:
    return SQLiteLists(database)
