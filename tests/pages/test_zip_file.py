"""Pages are read from zip files; what is damaged, encrypted or made to fill the memory costs no page beside it."""

import gzip
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from tests.pages.warc_files import HTML, gzipped, record

from khobor.pages.input_page import Input, InputOptions, InputPage
from khobor.pages.zip_file import read_zip

NOW = datetime(2026, 4, 1, tzinfo=UTC)
OPTIONS = InputOptions(now=NOW, max_bytes=100_000)


def zipped(*entries: tuple[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def read(data: bytes, options: InputOptions = OPTIONS) -> list[Input]:
    return list(read_zip(BytesIO(data), "a.zip", options))


def names(found: list[Input]) -> list[str]:
    return [each.name for each in found if isinstance(each, InputPage)]


def others(found: list[Input]) -> list[tuple[str, str]]:
    return [(each.name, each.reason) for each in found if not isinstance(each, InputPage)]


def test_pages_are_found_by_their_names_or_their_first_bytes() -> None:
    found = read(
        zipped(
            ("b/1.html", HTML),
            ("b/", b""),
            ("../2.HTM", b"no tag"),
            ("খবর.html.gz", gzip.compress(HTML)),
            ("article", HTML),
            ("notes.txt", b"Not HTML."),
            ("__MACOSX/._1.html", b"\0\5"),
            ("b/logo.png", b"\x89PNG"),
        )
    )
    assert names(found) == ["a.zip#b/1.html", "a.zip#../2.HTM", "a.zip#খবর.html.gz", "a.zip#article"]
    assert others(found) == [
        ("a.zip#notes.txt", "a file that does not begin like HTML"),
        ("a.zip#__MACOSX/._1.html", "a file of a file manager"),
        ("a.zip#b/logo.png", "a .png file, as browsers save with pages"),
    ]
    (_, _, packed, _) = (each for each in found if isinstance(each, InputPage))
    assert packed.load().body == HTML
    assert packed.page.fetched_at == NOW


@pytest.mark.parametrize(
    ("written", "shown"),
    [("Z\u00fcrich.html".encode("cp437"), "Z\u00fcrich.html"), ("Z\u00fcrich.html".encode(), "Z\u00fcrich.html")],
    ids=["CP437", "UTF-8 that is not declared"],
)
def test_names_are_shown_in_the_charset_that_they_were_written_in(written: bytes, shown: str) -> None:
    placeholder = "x" * len(written)
    found = read(zipped((placeholder, HTML)).replace(placeholder.encode(), written))
    assert names(found) == [f"a.zip#{shown}"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_two_pages() -> None:
    found = read(zipped(("1.html", HTML), ("1.html", HTML)))
    assert len(set(names(found))) == 2


def damaged(data: bytes) -> bytes:
    at = data.index(b"bad.html") + len(b"bad.html") + 4
    return data[:at] + b"\xff" * 8 + data[at + 8 :]


def flagged(data: bytes, offset: int, value: int) -> bytes:
    """Return a zip file with a value in both headers of bad.html; the offset is that in the local header."""
    changed = bytearray(data)
    for name in (data.index(b"bad.html"), data.rindex(b"bad.html")):
        header = name - (30 if data[name - 30 : name - 26] == b"PK\3\4" else 44)
        changed[header + offset if header == name - 30 else name - 46 + offset + 2] = value
    return bytes(changed)


WITH_BAD = zipped(("1.html", HTML), ("bad.html", HTML * 9), ("2.html", HTML))


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("bad_zip", damaged(WITH_BAD)),
        ("encrypted", flagged(WITH_BAD, 6, 1)),
        ("unknown_compression", flagged(WITH_BAD, 8, 9)),
        ("too_large", zipped(("1.html", HTML), ("bad.html", b"<p>" * 50_000), ("2.html", HTML))),
    ],
)
def test_an_entry_that_cannot_be_read_says_why_and_the_others_are_read(reason: str, data: bytes) -> None:
    found = read(data)
    assert names(found) == ["a.zip#1.html", "a.zip#2.html"]
    assert others(found) == [("a.zip#bad.html", reason)]


@pytest.mark.parametrize("data", [WITH_BAD[:-30], b"PK\x03\x04 no zip file", b""])
def test_a_file_without_a_directory_is_refused(data: bytes) -> None:
    assert others(read(data)) == [("a.zip", "bad_zip")]


@pytest.mark.slow
def test_a_file_that_grows_without_end_is_left() -> None:
    bomb = b" " * 60_000_000
    found = read(zipped(("1.html", bomb), ("2.html", bomb), ("3.html", bomb)))
    assert others(found)[-1] == ("a.zip#3.html", "too_large")
    assert names(found) == []


def test_the_warc_files_of_a_wacz_file_are_read() -> None:
    data = zipped(
        ("datapackage.json", b"{}"), ("archive/a.warc.gz", gzipped(record(), record(kind="revisit", body=b"")))
    )
    found = read(data, InputOptions(now=NOW, hosts=("example.com",)))
    assert [each.page.url for each in found if isinstance(each, InputPage)] == ["https://example.com/1"]
    assert others(found)[-1][1] == "a revisit record, whose page is in another record"
