"""``khobor archive``, ``replay`` and ``rebuild`` on a local archive, and the way to AWS and back."""

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from tests.cli.deploying import deploy
from tests.transfer.test_copied_pages import URL, page
from typer.testing import CliRunner, Result

from khobor import __version__
from khobor.cli.main import app
from khobor.embedded.stack import EmbeddedStack
from khobor.keys import PAGES, UPLOADS
from khobor.local.archive_folder import ArchiveFolder
from khobor.pages.folder import FolderPages

SECRET = f"{URL}/3"
QUESTIONS = (
    ("list", "--source", "daily.example"),
    ("list", "--added", "--from", "2020-01-01"),
    ("list", "--day", "2026-03-02"),
    ("list", "--change", "headline"),
    ("list", "--from", "2026-02-28", "--to", "2026-03-09"),
    ("search", "সেতু"),
    ("search", "2"),
    ("get", URL),
    ("get", URL, "--revision", "1"),
    ("diff", URL),
    ("get", f"{URL}/2"),
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "120"})


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def answers(*place: str) -> list[str]:
    """What an archive answers to every question, but for the bucket and the versions of its pages."""
    found = []
    for question in QUESTIONS:
        result = run(*question, *place)
        lines = [json.loads(line, object_hook=_without_place) for line in result.stdout.splitlines()]
        if question[0] == "search":
            lines = sorted(each["article_id"] for each in lines)
        found.append(json.dumps([result.exit_code, lines], ensure_ascii=False))
    return found


def _without_place(found: dict[str, Any]) -> dict[str, Any]:
    # A local archive searches the text, too, ranks what it finds, and shows where the words are.
    only_here = {"excerpt", "excerpt_marks", "title_marks"}
    return {name: value for name, value in found.items() if name not in {"bucket", "version", "cursor", *only_here}}


def put_pages(folder: Path) -> None:
    """Two revisions of an article, two other articles, and a saved page without a URL."""
    pages = FolderPages(folder)
    pages.put_page(page("খোলা। ", 1))
    pages.put_page(page("বন্ধ। ", 2))
    pages.put_page(page("Other. ", 3, f"{URL}/2"))
    pages.put_page(page("Secret. ", 4, SECRET))
    pages.put_upload(page("Saved. ", 5, None))


@pytest.fixture
def kept(archive: Path) -> Path:
    """An archive of pages, of which one article was forgotten and one is gone."""
    put_pages(archive)
    done("rebuild")
    done("forget", SECRET, "--yes")
    with ArchiveFolder.open(archive) as folder:
        found = folder.archive.find(f"{URL}/2")
        assert found
        folder.archive.mark_gone(found, page("", 9).fetched_at, "http_410")
    return archive


@pytest.fixture
def on_stack(stack: EmbeddedStack) -> EmbeddedStack:
    deploy("khobor", stack.outputs)
    return stack


def keys(folder: Path) -> Iterator[str]:
    for place in (PAGES, UPLOADS):
        yield from FolderPages(folder).keys(place)


def upload(folder: Path, stack: EmbeddedStack) -> None:
    """Copy the pages as ``aws s3 sync`` does: without metadata, and without anything that reads them."""
    for key in keys(folder):
        boto3.client("s3").put_object(Bucket=stack.outputs["RawBucketName"], Key=key, Body=(folder / key).read_bytes())


def download(stack: EmbeddedStack, folder: Path) -> None:
    bucket = stack.outputs["RawBucketName"]
    for place in (PAGES, UPLOADS):
        for each in stack.s3.list_objects_v2(Bucket=bucket, Prefix=place).get("Contents", ()):
            path = folder / each["Key"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(stack.s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read())


@pytest.mark.slow
def test_a_folder_moves_to_aws_and_back_and_answers_the_same(
    kept: Path, on_stack: EmbeddedStack, tmp_path: Path
) -> None:
    expected = answers()
    assert all(json.loads(each)[0] == 0 for each in expected)
    dumped = tmp_path / "khobor.jsonl.gz"
    done("archive", "dump", "--out", str(dumped))
    upload(kept, on_stack)
    done("archive", "load", str(dumped), "--stack", "khobor")
    done("rebuild", "--stack", "khobor", "--here")
    assert answers("--stack", "khobor") == expected

    second, back = tmp_path / "second", tmp_path / "back.jsonl"
    done("archive", "dump", "--stack", "khobor", "--out", str(back))
    download(on_stack, second)
    done("archive", "load", str(back), "--archive", str(second))
    done("rebuild", "--archive", str(second))
    assert answers("--archive", str(second)) == expected
    assert run("get", SECRET, "--archive", str(second)).exit_code == 1


@pytest.mark.slow
def test_pages_of_a_bucket_become_an_archive(on_stack: EmbeddedStack, tmp_path: Path) -> None:
    """Pages that the stack fetched and parsed itself, copied without metadata."""
    put_pages(tmp_path / "given")
    for key in keys(tmp_path / "given"):
        on_stack.upload(key, (tmp_path / "given" / key).read_bytes())
    on_stack.run()
    download(on_stack, tmp_path / "copy")
    assert '"new":4' in done("rebuild", "--archive", str(tmp_path / "copy"), "--json")
    expected = answers("--stack", "khobor")
    assert all(json.loads(each)[0] == 0 for each in expected)
    assert answers("--archive", str(tmp_path / "copy")) == expected


def test_a_rebuild_makes_a_lost_database_again_and_a_second_one_changes_nothing(kept: Path, tmp_path: Path) -> None:
    before = answers()
    dumped = tmp_path / "dump"
    done("archive", "dump", "--out", str(dumped))
    for each in kept.glob("archive.db*"):
        each.unlink()
    done("archive", "load", str(dumped))
    done("rebuild")
    assert answers() == before
    again = json.loads(done("rebuild", "--json"))
    assert again["outcomes"] == {"same": 3, "covered": 1}


def test_a_rebuild_keeps_why_a_page_is_no_article(archive: Path) -> None:
    pages = FolderPages(archive)
    key = pages.put_upload(page("", 1, None))
    broken = pages.put_page(page("Broken. ", 2))
    (archive / broken).write_bytes((archive / broken).read_bytes()[:-20])
    pages.put_page(page("Good. ", 3, f"{URL}/2"))
    report = json.loads(done("rebuild", "--json"))
    assert (report["pages"], report["outcomes"]) == (3, {"new": 1, "left": 2})
    with ArchiveFolder.open(archive) as folder:
        found = {each.body: each.reason for each in folder.failures.all("parse")}
    assert found.keys() == {key, broken}
    assert found[broken] == "truncated_gzip"


OLD_KEYS = ("saved.html", "2024/march/page.HTML.gz")


def put_old_pages(folder: Path) -> None:
    """Pages as earlier versions took them, under any key, in a copy of a bucket."""
    for number, key in enumerate(OLD_KEYS, 1):
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        body = page(f"Old number {number}. ", number).body
        (folder / key).write_bytes(gzip.compress(body) if key.endswith(".gz") else body)


def test_pages_under_keys_of_earlier_versions_are_read_too(archive: Path) -> None:
    put_pages(archive)
    put_old_pages(archive)
    (archive / "articles" / "x").mkdir(parents=True)
    (archive / "articles" / "x" / "left.html").write_bytes(page("Not a page. ", 1).body)
    report = json.loads(done("rebuild", "--json"))
    assert (report["pages"], report["outcomes"]["new"]) == (7, 6)
    assert json.loads(done("rebuild", "--json"))["outcomes"] == {"same": 6, "covered": 1}
    assert done("archive", "check", "--no-json") == "all is in order\n"
    assert json.loads(done("archive", "info", "--json"))["page_files"] == 7


def test_a_folder_with_other_files_does_not_become_an_archive(archive: Path) -> None:
    put_old_pages(archive)
    (archive / "2024" / "notes.txt").write_text("mine")
    result = run("rebuild")
    assert result.exit_code == 1
    assert "is no archive and holds other files (2024)" in " ".join(result.stderr.split())
    assert not (archive / "archive.db").exists()


def test_a_dry_run_changes_nothing(kept: Path) -> None:
    FolderPages(kept).put_page(page("Newer. ", 6))
    before = answers()
    report = json.loads(done("replay", "--host", "daily.example", "--dry-run", "--json"))
    assert (report["is_dry_run"], report["outcomes"]["joined"]) == (True, 1)
    assert answers() == before
    assert json.loads(done("replay", "--host", "example", "--json"))["outcomes"]["joined"] == 1
    assert answers() != before


def test_a_replay_reads_the_pages_of_some_days_by_the_rules_of_the_archive(kept: Path) -> None:
    (kept / "sources").mkdir()
    (kept / "sources" / "daily.toml").write_text(
        'version = 1\npublisher = "Daily"\nhosts = ["daily.example"]\nzone = "Asia/Dhaka"\n'
    )
    report = json.loads(done("replay", "--source", "daily", "--from", "2026-03-03", "--to", "2026-03-03", "--json"))
    assert report["pages"] == 1
    assert [json.loads(line)["title"] for line in done("list", "--source", "daily").splitlines()] == ["সেতু 3"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("replay", "--host", "daily.example", "--concurrency", "4"), 2, "--concurrency: it is for a stack"),
        (("replay", "--host", "daily.example", "--here"), 2, "--here: it is for a stack"),
        (("replay", "--follow", "x"), 2, "--follow: it is for a stack"),
        (("rebuild", "--restored", "x"), 2, "--restored: it is for a stack"),
        (("rebuild", "--follow", "x"), 2, "--follow: it is for a stack"),
        (("replay", "--host", "dialy.example"), 1, "there is no host dialy.example; did you mean daily.example?"),
        (("replay", "--source", "nobody"), 1, "the archive has no page of nobody"),
        (("rebuild", "--archive", "nowhere"), 1, "nowhere has neither an archive nor pages"),
        (("replay", "--host", "a.example", "--archive", "nowhere"), 1, "there is no archive in nowhere"),
        (("archive", "dump", "--archive", "nowhere"), 1, "there is no archive in nowhere"),
        (("archive", "dump", "--force"), 2, "it is for the file of --out"),
        (("archive", "load", "nosuch"), 1, "nosuch"),
    ],
)
@pytest.mark.usefixtures("kept")
def test_what_is_wrong_is_said(arguments: tuple[str, ...], status: int, said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    assert said in " ".join(result.stderr.split())
    assert not Path("nowhere").exists()


def test_pages_without_a_database_are_not_made_an_archive_by_a_dry_run(archive: Path) -> None:
    put_pages(archive)
    result = run("rebuild", "--dry-run")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "which --dry-run may not make" in result.stderr
    assert not (archive / "archive.db").exists()


def test_a_dump_is_loaded_once(kept: Path, tmp_path: Path) -> None:
    dumped = tmp_path / "dump.jsonl.gz"
    assert "records written to" in run("archive", "dump", "--out", str(dumped)).stderr
    lines = gzip.decompress(dumped.read_bytes()).splitlines()
    assert json.loads(lines[0])["record"] == "dump"
    assert done("archive", "dump").encode().splitlines()[1:-1] == lines[1:-1]
    assert run("archive", "dump", "--out", str(dumped)).exit_code == 2
    shutil.copytree(kept / "pages", tmp_path / "copy" / "pages")
    first, second = (
        json.loads(done("archive", "load", str(dumped), "--archive", str(tmp_path / "copy"), "--json"))
        for _ in range(2)
    )
    assert first["loaded"] == {"forgotten_article": 1, "forgotten_url": 1, "gone": 1}
    assert first["is_complete"]
    assert done("archive", "dump", "--archive", str(tmp_path / "copy")).splitlines()[1:-1] == [
        line.decode() for line in lines[1:-1]
    ]
    assert second["problems"] == 0


@pytest.mark.parametrize("cut", [slice(0, -40), slice(0, 30)])
def test_a_dump_that_is_cut_off_is_not_taken_for_whole(kept: Path, tmp_path: Path, cut: slice) -> None:
    dumped = tmp_path / "dump.gz"
    done("archive", "dump", "--out", str(dumped))
    dumped.write_bytes(dumped.read_bytes()[cut])
    result = run("archive", "load", str(dumped), "--archive", str(kept))
    assert result.exit_code == 1
    assert f"{dumped} is damaged" in " ".join(result.stderr.split())


@pytest.mark.usefixtures("kept")
def test_what_is_in_an_archive_is_shown() -> None:
    shown = json.loads(done("archive", "info", "--json"))
    assert (shown["articles"], shown["revisions"], shown["fetches"], shown["page_files"]) == (3, 5, 4, 4)
    assert shown["sources"] == {"": 1, "daily.example": 2}
    assert shown["first_added"] == "2026-03-01T04:05:06.000789Z"
    assert (shown["oldest_article"], shown["newest_article"]) == ("2026-03-02T04:05:06Z", "2026-03-05T04:05:06Z")
    assert (shown["khobor"], shown["unread"], shown["failures"]) == (__version__, 0, 0)
    assert shown["schema_version"] >= 1
    assert shown["database"] > 0
    text = done("archive", "info", "--no-json")
    assert "2 daily.example\n" in text
    assert f"khobor          {__version__}\n" in text


@pytest.mark.usefixtures("archive")
def test_an_archive_without_an_article_has_no_oldest_one(archive: Path) -> None:
    with ArchiveFolder.open(archive, create=True) as folder:
        folder.unread.add([("pages/daily.example/x.html.gz", None)])
    shown = json.loads(done("archive", "info", "--json"))
    assert (shown["articles"], shown["sources"], shown["unread"]) == (0, {}, 1)
    assert (shown["oldest_article"], shown["newest_article"], shown["last_fetched"]) == (None, None, None)
    assert "oldest article  -\n" in done("archive", "info", "--no-json")


@pytest.mark.usefixtures("kept")
def test_vacuum_says_the_size_before_and_after() -> None:
    before = answers()
    assert done("archive", "vacuum").startswith("database: ")
    assert answers() == before
    assert done("archive", "check", "--no-json") == "all is in order\n"
