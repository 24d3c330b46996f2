"""``khobor archive check``: each kind of fault, made by hand, is found, and --fix repairs what can be repaired."""

# ruff: noqa: S608 the statements are the faults, and constants

import gzip
import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from tests.cli.test_archive import OLD_KEYS, SECRET, done, put_old_pages, put_pages, run
from tests.example_pages import page as example
from tests.pages.warc_files import gzipped, record
from tests.transfer.test_copied_pages import URL, page

from khobor.keys import UPLOADS
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.repairing import Repair
from khobor.page import MAX_STORED_PAGE_BYTES, RawPage
from khobor.pages import gzip_header
from khobor.pages.folder import FolderPages
from khobor.replay.rereading import Rereading
from khobor.replay.run import ReplayRun
from khobor.sources.registry import bundled_sources

# What an archive has of its articles, without the numbers of its own.
TABLES = {
    "articles": "*",
    "fetches": "*",
    "marks": "*",
    "titles": "*",
    "texts": "number, content, extraction, data",
    "entries": "*",
    "changes": "*",
    "aliases": "*",
    "forgotten": "*",
    "headline_changes": "*",
}
WORDS = ("bridge", "খোলা", "other", "saved", "traffic", "stray")
CANONICAL = "https://news.example/city/1"
GIVEN = "https://news.example/city/2"


def state(folder: Path) -> list[object]:
    """All that an archive has of its articles, and where words are found."""
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        rows = [
            sorted(connection.execute(f"SELECT {columns} FROM {table}"), key=repr) for table, columns in TABLES.items()
        ]
        found = [sorted(connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (word,))) for word in WORDS]
    return [*rows, found]


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "archive.db")) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def found_in(folder: Path, *options: str) -> list[dict[str, str | None]]:
    """The problems that check finds, and that its exit status says so."""
    result = run("archive", "check", "--archive", str(folder), "--json", *options)
    problems = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == (1 if problems else 0), result.output
    return problems


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with revisions, a gone, a forgotten and an upload, URLs that lead to an article, and a WARC page."""
    folder = tmp_path_factory.mktemp("whole") / "archive"
    put_pages(folder)
    put_old_pages(folder)
    head = f'<link rel="canonical" href="{CANONICAL}">'
    pages = FolderPages(folder)
    for hour in range(2):
        at = datetime(2026, 3, 7, hour, tzinfo=UTC)
        body = example(head=head, title=f"Old bridge opens again, {hour}")
        pages.put_page(RawPage(body=body, url=f"{CANONICAL}?from={hour}", fetched_at=at))
    done("rebuild", "--archive", str(folder))
    done("forget", SECRET, "--yes", "--archive", str(folder))
    warc = folder.parent / "given.warc.gz"
    warc.write_bytes(gzipped(record(url=GIVEN, body=example(title="Given in a WARC file"))))
    done("ingest", str(warc), "--archive", str(folder), "--json")
    with ArchiveFolder.open(folder) as opened:
        other = opened.archive.find(f"{URL}/2")
        assert other
        opened.archive.mark_gone(other, page("", 9).fetched_at, "http_410")
    assert found_in(folder) == []
    return folder


@pytest.fixture
def kept(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "archive"))


def test_an_archive_that_is_in_order_is_said_to_be(kept: Path) -> None:
    before = state(kept)
    for options in ((), ("--fix",)):
        result = run("archive", "check", "--no-json", "--archive", str(kept), *options)
        assert (result.exit_code, result.stdout) == (0, "all is in order\n")
    assert state(kept) == before


ANY_ENTRY = "key = (SELECT min(key) FROM entries)"
# An article with two fetches, as put_pages makes it.
TWICE = "number = (SELECT number FROM fetches GROUP BY number HAVING count(*) = 2 LIMIT 1)"
NEWEST = f"at = (SELECT max(at) FROM fetches WHERE {TWICE})"
FAULTS = {
    "entry missing": ("index", f"DELETE FROM entries WHERE {ANY_ENTRY}"),
    "all entries missing": ("index", "DELETE FROM entries"),
    "entry of no article": ("index", "INSERT INTO entries VALUES (1, 2, 300)"),
    "entry that an article has not": ("index", "INSERT INTO entries SELECT 1, 2, number FROM articles LIMIT 1"),
    "entry of another article": ("index", f"UPDATE entries SET number = number + 1 WHERE {ANY_ENTRY}"),
    "title in lists": ("index", "UPDATE articles SET title = 'Another'"),
    "source in lists": ("index", "UPDATE articles SET source = NULL, revisions = 9"),
    "index keys": ("index", "UPDATE articles SET keys = x'0102030405060708'"),
    "half index keys": ("index", "UPDATE articles SET keys = x'010203'"),
    "changes missing": ("index", "DELETE FROM changes"),
    "change of another text": ("index", "UPDATE changes SET title_before = 'Another'"),
    "change that never was": (
        "index",
        "INSERT INTO changes SELECT kind, at + 1, article_id, number, revision, changes, '', '' FROM changes LIMIT 1",
    ),
    "change of no article": ("index", "INSERT INTO changes VALUES ('body', 1, 'nobody', 300, 1, 'body', '', '')"),
    "earlier titles missing": ("index", "DELETE FROM titles"),
    "title of no article": ("index", "INSERT INTO titles VALUES (300, 'abc', 'Another')"),
    "URLs missing": ("index", "DELETE FROM aliases"),
    "URL of no article": ("index", "INSERT INTO aliases VALUES ('abc', 'nobody')"),
    "text of no fetch": (
        "index",
        "INSERT INTO texts (number, content, extraction, data) SELECT number, 'abc', '', data FROM texts LIMIT 1",
    ),
    "text of no article": ("index", "INSERT INTO texts (number, content, extraction, data) VALUES (300, '', '', '')"),
    "fetch of no article": (
        "index",
        "INSERT INTO fetches SELECT 300, at, page, stated, digests, extraction, raw_key, NULL FROM fetches LIMIT 1",
    ),
    "words of all missing": ("index", "INSERT INTO words (words) VALUES ('delete-all')"),
    "words of one missing": (
        "index",
        f"DELETE FROM words_docsize WHERE id = (SELECT number FROM fetches WHERE {TWICE})",
    ),
    "words of no article": ("index", "INSERT INTO words (rowid, title, text) VALUES (300, 'stray', 'stray')"),
    "words of another text": (
        "index",
        "INSERT INTO words (rowid, title, text) SELECT number, 'stray', 'stray words' FROM articles LIMIT 1",
    ),
    "index of words damaged": ("index", "UPDATE words_data SET block = x'00' WHERE id > 1000"),
    "change for tail, of no article": ("index", "INSERT INTO headline_changes VALUES (300, 'nobody', '[]')"),
    "change for tail, damaged": ("index", "INSERT INTO headline_changes SELECT 300, max(article_id), '' FROM articles"),
    "texts missing": ("text", "DELETE FROM texts"),
    "texts unreadable": ("text", "UPDATE texts SET data = x'00'"),
    "texts of another article": ("text", "UPDATE texts SET data = (SELECT max(data) FROM texts)"),
    "a fetch missing": ("page_unread", f"DELETE FROM fetches WHERE {TWICE} AND {NEWEST}"),
    "all fetches missing": ("text", "DELETE FROM fetches"),
    "an article missing": ("page_unread", f"DELETE FROM articles WHERE {TWICE}"),
    "page of another article": (
        "page_other",
        f"UPDATE fetches SET raw_key = (SELECT max(raw_key) FROM fetches WHERE NOT {TWICE}) WHERE {TWICE} AND {NEWEST}",
    ),
}


@pytest.mark.parametrize(("kind", "statement"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_in_the_database_is_found_and_repaired(kept: Path, kind: str, statement: str) -> None:
    before = state(kept)
    change(kept, statement)
    assert kind in {each["kind"] for each in found_in(kept)}
    assert found_in(kept, "--fix") == []
    assert _without_numbers(state(kept)) == _without_numbers(before)
    assert found_in(kept) == []


def _without_numbers(found: list[object]) -> object:
    """What is found, but for the numbers of articles: one that was lost gets a new one."""
    articles, *_ = found
    assert isinstance(articles, list)
    return [len(each) if isinstance(each, list) else each for each in found], sorted(row[1:] for row in articles)


def test_a_page_that_is_missing_or_damaged_is_named_and_its_article_stays(kept: Path) -> None:
    before = state(kept)
    missing, damaged, *_ = FolderPages(kept).keys("pages/daily.example/")
    (kept / missing).unlink()
    data = bytearray((kept / damaged).read_bytes())
    data[-6] ^= 1
    (kept / damaged).write_bytes(data)
    expected = {missing: "page_missing", damaged: "page_damaged"}
    assert {each["key"]: each["kind"] for each in found_in(kept)} == expected
    result = run("archive", "check", "--fix", "--archive", str(kept))
    assert "comes back from a backup or a bucket only" in " ".join(result.stderr.split())
    assert {each["key"]: each["kind"] for each in found_in(kept)} == expected
    assert state(kept) == before


def _write(path: Path, body: bytes) -> None:
    """Put another body into the file of a page, with its facts and right checksums."""
    path.write_bytes(gzip_header.compress(body, gzip_header.facts(path.read_bytes(), "")))


def test_a_page_with_another_content_is_damaged_although_its_file_is_whole(kept: Path) -> None:
    pages = FolderPages(kept)
    (upload,) = pages.keys(UPLOADS)
    (given,) = (key for key in pages.keys("pages/news.example/") if pages.url_of(key) == GIVEN)
    for key in (upload, given):
        _write(kept / key, example(title="Altered"))
    assert {each["key"]: each["kind"] for each in found_in(kept)} == {upload: "page_damaged", given: "page_damaged"}


def test_a_page_of_another_url_or_time_is_damaged(kept: Path) -> None:
    first, second, other, *_ = FolderPages(kept).keys("pages/daily.example/")
    shutil.copy(kept / second, kept / first)
    shutil.copy(kept / first, kept / other)
    details = {each["key"]: each["detail"] or "" for each in found_in(kept)}
    assert details.keys() == {first, other}
    assert "holds the page of another time" in details[first]
    assert "holds the page of another URL" in details[other]


def test_a_page_without_an_article_is_read(kept: Path) -> None:
    pages = FolderPages(kept)
    unread = [pages.put_page(page("Unread. ", 7, f"{URL}/9")), pages.put_page(page("Later. ", 8))]
    refused = pages.put_upload(page("", 9, None))
    assert {each["key"]: each["kind"] for each in found_in(kept)} == dict.fromkeys([*unread, refused], "page_unread")
    assert found_in(kept, "--fix") == []
    assert json.loads(done("get", f"{URL}/9", "--archive", str(kept)))["raw"]["key"] == unread[0]
    assert json.loads(done("get", URL, "--archive", str(kept)))["raw"]["key"] == unread[1]
    with ArchiveFolder.open(kept) as folder:
        assert [each.body for each in folder.failures.all("parse")] == [refused]


def test_a_page_that_is_no_article_beside_others_of_its_url_needs_no_reason(kept: Path) -> None:
    FolderPages(kept).put_page(replace(page("", 8), body=b"<html><body><p>Log in</p></body></html>"))
    assert found_in(kept) == []


def test_a_page_of_a_forgotten_article_is_deleted(kept: Path) -> None:
    key = FolderPages(kept).put_page(page("Secret. ", 4, SECRET))
    (problem,) = found_in(kept)
    assert (problem["kind"], problem["key"]) == ("page_forgotten", key)
    assert found_in(kept, "--fix") == []
    assert not (kept / key).exists()


def test_files_that_killed_processes_left_are_deleted_once_they_are_old(kept: Path) -> None:
    day = kept / "pages" / "daily.example" / "2026-03-01"
    old, new = day / ".a.html.gz.0001.tmp", day / ".b.html.gz.0002.tmp"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, datetime.now(UTC).timestamp() - 2 * 3600))
    (problem,) = found_in(kept)
    assert (problem["kind"], problem["key"]) == ("leftover", old.relative_to(kept).as_posix())
    assert found_in(kept, "--fix") == []
    assert (old.exists(), new.exists()) == (False, True)


def test_a_listing_that_is_damaged_is_named(kept: Path) -> None:
    listing = RawPage(
        body=b"<rss/>" * 99, url="https://daily.example/feed", fetched_at=datetime(2026, 3, 1, tzinfo=UTC)
    )
    key = FolderPages(kept).put_listing(listing, "daily", "feed")
    assert found_in(kept) == []
    (kept / key).write_bytes((kept / key).read_bytes()[:-9])
    assert [(each["kind"], each["key"]) for each in found_in(kept)] == [("page_damaged", key)]


def test_a_file_without_a_byte_is_damaged(kept: Path) -> None:
    key = next(FolderPages(kept).keys("pages/daily.example/"))
    (kept / key).write_bytes(b"")
    assert [(each["kind"], each["key"]) for each in found_in(kept)] == [("page_damaged", key)]


def test_an_altered_page_under_a_key_of_an_earlier_version_is_damaged(kept: Path) -> None:
    path = kept / OLD_KEYS[1]
    path.write_bytes(gzip.compress(b"x" * 99)[:-9])
    assert [(each["kind"], each["key"]) for each in found_in(kept)] == [("page_damaged", OLD_KEYS[1])]


def test_texts_stay_if_their_pages_cannot_be_read_again(kept: Path) -> None:
    """What is damaged is more than nothing."""
    change(kept, "UPDATE texts SET data = (SELECT max(data) FROM texts)")
    for key in list(FolderPages(kept).page_keys()):
        (kept / key).unlink()
    before = state(kept)
    assert {each["kind"] for each in found_in(kept, "--fix")} >= {"text", "page_missing"}
    assert state(kept)[4] == before[4]


def test_a_text_that_is_damaged_is_said_to_be_and_a_rebuild_writes_a_missing_one(kept: Path) -> None:
    before = state(kept)
    change(kept, f"DELETE FROM texts WHERE {TWICE} AND content = (SELECT min(content) FROM texts WHERE {TWICE})")
    done("rebuild", "--archive", str(kept))
    assert state(kept) == before
    change(kept, "UPDATE texts SET data = x'00'")
    result = run("get", URL, "--archive", str(kept))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "khobor archive check --fix reads its page again" in " ".join(result.stderr.split())


def test_a_database_that_cannot_be_repaired_is_said_to_be(kept: Path) -> None:
    with closing(sqlite3.connect(kept / "archive.db")) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'fetches'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (kept / "archive.db").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    result = run("archive", "check", "--fix", "--archive", str(kept), "--json")
    assert result.exit_code == 1
    assert {json.loads(line)["kind"] for line in result.stdout.splitlines()} == {"database"}
    assert "make it again from a dump and the pages with khobor rebuild" in " ".join(result.stderr.split())


def _repair(folder: Path) -> None:
    """Repair an archive in this process alone."""
    with ArchiveFolder.open(folder) as opened:
        sources = bundled_sources()
        rereading = Rereading(opened.pages, None, opened.archive, opened.frontier.urls, MAX_STORED_PAGE_BYTES)

        def reread(keys: Iterator[str]) -> None:
            for key in keys:
                rereading.read(key, ReplayRun(name="repair"), sources)

        Repair(opened, sources, reread).run()


def _killed_repair(folder: Path, kill_at: int) -> bool:
    """Repair an archive in a process that is killed at a statement that writes; return whether it was."""
    if (pid := os.fork()) == 0:
        statements, connect = count(1), sqlite3.connect

        def trace(statement: str) -> None:
            if not statement.startswith(("SELECT", "PRAGMA")) and next(statements) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        def traced(*args: object, **options: object) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*args, **options)  # type: ignore[call-overload]
            if args[0]:
                connection.set_trace_callback(trace)
            return connection

        sqlite3.connect = traced  # type: ignore[assignment]
        _repair(folder)
        os._exit(0)
    return os.waitpid(pid, 0)[1] != 0


@pytest.mark.slow
def test_wherever_a_repair_is_killed_the_next_one_completes_it(kept: Path, tmp_path: Path) -> None:
    before = state(kept)
    change(
        kept,
        f"DELETE FROM entries WHERE {ANY_ENTRY}",
        "INSERT INTO entries VALUES (1, 2, 300)",
        "DELETE FROM changes",
        "DELETE FROM titles",
        "INSERT INTO words (words) VALUES ('delete-all')",
        f"UPDATE texts SET data = (SELECT max(data) FROM texts) WHERE {TWICE}",
        "INSERT INTO fetches SELECT 300, at, page, stated, digests, extraction, raw_key, NULL FROM fetches LIMIT 1",
    )
    FolderPages(kept).put_page(page("Later. ", 8, f"{URL}/8"))
    shutil.copytree(kept, tmp_path / "done")
    _repair(tmp_path / "done")
    expected = state(tmp_path / "done")
    assert len(expected[0]) == len(before[0]) + 1  # type: ignore[arg-type]
    for kill_at in count(1, 7):
        folder = tmp_path / str(kill_at)
        shutil.copytree(kept, folder)
        is_killed = _killed_repair(folder, kill_at)
        with ArchiveFolder.open(folder) as opened:
            assert opened.database.problems() == []
        _repair(folder)
        assert state(folder) == expected, kill_at
        shutil.rmtree(folder)
        if not is_killed:
            break
    assert kill_at > 50
