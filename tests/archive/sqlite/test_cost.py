"""The cost of a question does not depend on the size of the archive: every one reads an index in its order."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from tests.articles import MORNING, article

from khobor.archive.spans import Span
from khobor.archive.sqlite.archive import SQLiteArchive
from khobor.archive.sqlite.lists import SQLiteLists
from khobor.article import Block
from khobor.sqlite.database import Database

SPAN = Span(since=MORNING, until=MORNING + timedelta(days=1))
TEXT = " ".join(f"word{number}" for number in range(40))
LONG = article(7, title="The bridge", body=(Block(kind="paragraph", text=TEXT),))

QUESTIONS: dict[str, Callable[[SQLiteArchive, SQLiteLists], Any]] = {
    "get": lambda archive, _: archive.get("id1"),
    "find": lambda archive, _: archive.find("https://example.com/1"),
    "revisions": lambda archive, _: archive.revisions("id1"),
    "revision": lambda archive, _: archive.revision("id1", 1),
    "history": lambda archive, _: archive.history("id1"),
    "pages": lambda archive, _: list(archive.page_keys(["id1"])),
    "headline": lambda _, lists: lists.headline("id1"),
    "source": lambda _, lists: lists.by_source("example", span=SPAN),
    "section": lambda _, lists: lists.by("section", "City"),
    "change": lambda _, lists: lists.by("change", "headline", span=SPAN),
    "added": lambda _, lists: lists.added(span=SPAN),
    "words": lambda _, lists: lists.by_words("bridge"),
    "day": lambda _, lists: lists.by_day(date(2023, 8, 16)),
    "newest": lambda _, lists: lists.newest(now=MORNING),
    "similar": lambda _, lists: lists.similar(LONG),
    "put": lambda archive, _: archive.put(LONG),
    "put again": lambda archive, _: archive.put_again([LONG]),
    "gone": lambda archive, _: archive.mark_gone("id1", MORNING, "http_410"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_reads_a_whole_table_or_sorts(
    archive: SQLiteArchive, lists: SQLiteLists, database: Database, name: str
) -> None:
    archive.put(article())
    statements: list[str] = []
    with database.read() as connection:
        connection.set_trace_callback(statements.append)
    QUESTIONS[name](archive, lists)
    connection.set_trace_callback(None)
    asked = [each for each in statements if each.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]
    assert asked
    for statement in asked:
        if "words" in statement:
            # FTS5 plans for itself.
            continue
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert not [step for step in plan if step.startswith("SCAN") or "TEMP B-TREE" in step], (statement, plan)


def test_articles_of_one_transaction_are_one_part_of_the_index_of_words(
    archive: SQLiteArchive, database: Database
) -> None:
    with database.write():
        for number in range(20):
            archive.put(article(number, title=f"Bridge {number}"))
    with database.read() as connection:
        (parts,) = connection.execute("SELECT count(DISTINCT segid) FROM words_idx").fetchone()
    assert parts == 1
