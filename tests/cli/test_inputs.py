"""Files, folders and URLs as people give them."""

import gzip
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.example_pages import page
from tests.pages.warc_files import gzipped, record
from typer.testing import CliRunner

from khobor.cli.main import app
from khobor.page import RawPage
from khobor.pages.folder import FolderPages

PAGE = page()
PAGES = {
    "page.html": PAGE,
    "PAGE.HTM": PAGE,
    "Page.Html.Gz": gzip.compress(PAGE),
    "page.xhtml": PAGE,
    "12345": PAGE,
    "খবর": PAGE,
    "view.php?id=7": PAGE,
    "saved.aspx": b"\xef\xbb\xbf \n<HTML><body>" + PAGE,
    "packed": gzip.compress(PAGE),
    "bad.html": b"%PDF-1.7",
}
OTHERS = {
    "page_files/logo.PNG": b"\x89PNG",
    "page_files/photo.jpg": b"\xff\xd8\xff",
    ".DS_Store": b"\x00",
    "notes.txt": b"nothing to parse",
    "damaged.gz": b"\x1f\x8b\x00",
    "empty": b"",
}


def written(folder: Path, files: dict[str, bytes]) -> None:
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(body)


def test_of_a_folder_each_page_is_read_and_each_other_file_is_counted_by_its_reason(tmp_path: Path) -> None:
    written(tmp_path, PAGES | OTHERS)
    (tmp_path / "folder.html").mkdir()
    result = CliRunner().invoke(app, ["parse", "--json", str(tmp_path)])
    found = [json.loads(line)["file"] for line in result.stdout.splitlines()]
    assert [str(Path(name).relative_to(tmp_path)) for name in found] == sorted(PAGES.keys() - {"bad.html"})
    assert f"{tmp_path / 'bad.html'}: not_html" in result.stderr.replace("\n", " ")
    skipped = next(line for line in result.stderr.splitlines() if " skipped: " in line)
    assert skipped.startswith(f"{len(OTHERS)} skipped: ")
    assert "photo.jpg is a .jpg file, as browsers save with pages" in skipped
    assert "notes.txt is a .txt file that does not begin like HTML" in skipped


def test_parse_reads_a_warc_file_and_names_the_place_of_each_page(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    first, second = (
        record(url=f"https://news.example/city/{number}", body=page(title=f"Bridge number {number} opens"))
        for number in (1, 2)
    )
    path.write_bytes(gzipped(first, second))
    result = CliRunner().invoke(app, ["parse", str(path)])
    assert result.exit_code == 0, result.stderr
    articles = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["url"] for each in articles] == ["https://news.example/city/1", "https://news.example/city/2"]
    assert articles[0]["fetched_at"] == "2026-03-01T09:05:00Z"
    assert all(each["file"].startswith(f"{path}#") for each in articles)


def test_parse_knows_the_url_of_a_page_that_khobor_kept(tmp_path: Path) -> None:
    kept = RawPage(body=PAGE, url="https://news.example/city/9", fetched_at=datetime(2026, 3, 1, tzinfo=UTC))
    key = FolderPages(tmp_path).put_page(kept)
    result = CliRunner().invoke(app, ["parse", str(tmp_path / key)])
    article = json.loads(result.stdout)
    assert (article["url"], article["fetched_at"]) == ("https://news.example/city/9", "2026-03-01T00:00:00Z")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("command", ["parse", "extract", "ingest"])
def test_a_page_on_standard_input_is_no_list(command: str, encoding: str) -> None:
    body = PAGE.decode().replace('<meta charset="utf-8">', "").lstrip().encode(encoding)
    result = CliRunner().invoke(app, [command, "-", "--url", "https://news.example/city/1"], input=body)
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["title"] == "Old bridge opens again"


@pytest.mark.parametrize("command", ["parse", "extract"])
def test_a_list_on_standard_input_names_pages(command: str, tmp_path: Path) -> None:
    written(tmp_path, {"one.html": PAGE, "two": PAGE})
    names = [str(tmp_path / "one.html"), str(tmp_path / "two")]
    given = "\n".join(["# what was saved", *names, "https://news.example/1"])
    result = CliRunner().invoke(app, [command, "-"], input=given)
    assert result.exit_code == 1
    assert [json.loads(line)["file"] for line in result.stdout.splitlines()] == names
    assert f"https://news.example/1 is a URL, and {command} reads saved pages" in " ".join(result.stderr.split())


def test_ingest_says_what_it_skipped(tmp_path: Path) -> None:
    written(tmp_path, {"PAGE.HTML": PAGE, "notes.txt": b"nothing"})
    result = CliRunner().invoke(app, ["ingest", "--json", str(tmp_path)])
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1
    assert "1 skipped: " in result.stderr
    assert "notes.txt" in result.stderr


@pytest.mark.skipif(sys.platform == "darwin", reason="its file names are UTF-8")
def test_a_file_whose_name_is_no_utf_8_is_read(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/p\xe4ge.html"
    Path(os.fsdecode(path)).write_bytes(PAGE)
    result = CliRunner().invoke(app, ["ingest", "--json", os.fsdecode(path)])
    assert result.exit_code == 0, result.stderr


OWN_SOURCE = 'version = 1\npublisher = "The Bridge"\nhosts = ["news.example"]\nzone = "Asia/Dhaka"\n'


@pytest.fixture
def own_archive(tmp_path: Path) -> Path:
    """A folder with sources of its user."""
    sources = tmp_path / "mine" / "sources"
    sources.mkdir(parents=True)
    (sources / "bridge.toml").write_text(OWN_SOURCE)
    written(tmp_path, {"page.html": PAGE})
    return tmp_path / "mine"


@pytest.mark.parametrize("command", ["parse", "extract"])
@pytest.mark.parametrize("how", ["option", "variable", "default"])
def test_pages_are_read_by_the_sources_of_the_archive(
    command: str, how: str, own_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = [command, str(own_archive.parent / "page.html"), "--url", "https://news.example/city/1"]
    place = str(own_archive)
    if how == "option":
        arguments += ["--archive", place]
    elif how == "variable":
        monkeypatch.setenv("KHOBOR_ARCHIVE", place)
    else:
        monkeypatch.delenv("KHOBOR_ARCHIVE")
        monkeypatch.chdir(own_archive.parent)
        place = "./archive"
        own_archive.rename("archive")
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["source"] == "bridge"
    assert f"with the sources of the local archive: {place}" in result.stderr


def test_sources_that_are_named_replace_those_of_the_archive(own_archive: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "daily.toml").write_text(OWN_SOURCE)
    url = ("--url", "https://news.example/city/1")
    place = ("--archive", str(own_archive), "--sources", str(tmp_path / "other"))
    result = CliRunner().invoke(app, ["parse", str(tmp_path / "page.html"), *url, *place])
    assert json.loads(result.stdout)["source"] == "daily"


def test_an_archive_without_sources_of_its_own_is_not_mentioned(tmp_path: Path) -> None:
    written(tmp_path, {"page.html": PAGE})
    (tmp_path / "empty").mkdir()
    for archive in ((), ("--archive", str(tmp_path / "empty"))):
        assert CliRunner().invoke(app, ["parse", str(tmp_path / "page.html"), *archive]).stderr == ""


@pytest.mark.parametrize("command", ["parse", "extract", "new-source"])
def test_an_archive_that_is_named_must_be_there(command: str, tmp_path: Path) -> None:
    written(tmp_path, {"page.html": PAGE})
    arguments = [command, str(tmp_path / "page.html"), "--archive", str(tmp_path / "nowhere")]
    arguments += ["--folder", str(tmp_path)] if command == "new-source" else []
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nowhere: there is no such folder" in " ".join(result.stderr.split())


URLS = [
    ("https://example.com/c%23-in-schools", "https://example.com/c%23-in-schools"),
    ("https://example.com/a%2Fb", "https://example.com/a%2Fb"),
    ("https://example.com/100%25-sure", "https://example.com/100%25-sure"),
    ("https://example.com/%2541", "https://example.com/%2541"),
    ("https://example.com/a?q=%26%3D%23", "https://example.com/a?q=%26%3D%23"),
    (
        "https://example.com/খবর/১২৩৪৫",
        "https://example.com/%E0%A6%96%E0%A6%AC%E0%A6%B0/%E0%A7%A7%E0%A7%A8%E0%A7%A9%E0%A7%AA%E0%A7%AB",
    ),
    ("https://example.com/新闻/1", "https://example.com/%E6%96%B0%E9%97%BB/1"),
    ("https://bücher.example/1", "https://xn--bcher-kva.example/1"),
    ("https://example.com/two words", "https://example.com/two%20words"),
    ("  HTTPS://Example.com/1 ", "https://example.com/1"),
]


@pytest.mark.parametrize(("given", "canonical"), URLS)
def test_parse_takes_the_url_as_it_was_given(tmp_path: Path, given: str, canonical: str) -> None:
    written(tmp_path, {"page.html": PAGE})
    result = CliRunner().invoke(app, ["parse", str(tmp_path / "page.html"), "--url", given])
    assert f'"canonical_url": "{canonical}"' in result.stdout or f'"canonical_url":"{canonical}"' in result.stdout


@pytest.mark.parametrize("command", ["ingest", "parse", "new-source"])
@pytest.mark.parametrize(
    "text",
    ["foo", "", "example.com/news/1", "ftp://example.com/1", "javascript:x", "https://", "https://e/" + "a" * 2000],
)
def test_what_is_no_url_is_refused_before_anything_is_read(tmp_path: Path, command: str, text: str) -> None:
    written(tmp_path, {"page.html": PAGE})
    result = CliRunner().invoke(app, [command, str(tmp_path / "page.html"), "--url", text])
    assert result.exit_code == 2
    assert "URL" in result.stderr
    assert result.stdout == ""
