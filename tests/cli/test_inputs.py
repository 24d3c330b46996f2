"""Files, folders and URLs as people give them."""

import gzip
import io
import os
import sys
from pathlib import Path

import pytest
from tests.example_pages import page
from typer.testing import CliRunner

from khobor.cli.inputs import Skipped, expand, summary
from khobor.cli.main import app

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
    "saved.mhtml": b"From: <Saved by Blink>\nMIME-Version: 1.0\n\n<html>",
    "crawl.warc.gz": gzip.compress(b"WARC/1.0\r\n"),
    "damaged.gz": b"\x1f\x8b\x00",
    "empty": b"",
}


def written(folder: Path, files: dict[str, bytes]) -> None:
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(body)


def test_of_a_folder_each_page_is_read_and_each_other_file_is_named_with_its_reason(tmp_path: Path) -> None:
    written(tmp_path, PAGES | OTHERS)
    (tmp_path / "folder.html").mkdir()
    skipped: list[Skipped] = []
    found = list(expand([str(tmp_path)], io.StringIO(), skipped))
    assert [str(Path(name).relative_to(tmp_path)) for name in found] == sorted(PAGES)
    assert {str(Path(each.name).relative_to(tmp_path)) for each in skipped} == OTHERS.keys()
    text = summary(skipped)
    assert text.startswith("8 files skipped: ")
    assert "saved.mhtml is a .mhtml file that does not begin like HTML" in text
    assert "photo.jpg is a .jpg file, as browsers save with pages" in text


def test_what_a_person_names_is_read_whatever_its_name(tmp_path: Path) -> None:
    written(tmp_path, OTHERS)
    named = [str(tmp_path / name) for name in OTHERS]
    assert list(expand(named, io.StringIO(), [])) == named


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
