"""Each input gives its pages in order; a file that is not a page is named with its reason."""

import gzip
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from tests.pages.warc_files import HTML, gzipped, record

from khobor.errors import PermanentError
from khobor.page import RawPage, to_metadata
from khobor.pages import gzip_header
from khobor.pages.input_files import AnyInput, InputUrl, read_inputs
from khobor.pages.input_page import InputOptions, InputPage, RefusedInput, SkippedInput

NOW = datetime(2026, 4, 1, tzinfo=UTC)
MHTML = b"MIME-Version: 1.0\r\nContent-Type: text/html\r\nContent-Location: https://example.com/1\r\n\r\n" + HTML
OPTIONS = InputOptions(now=NOW)


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("1.html", HTML)
    return out.getvalue()


def read(*arguments: str, stdin: bytes = b"", options: InputOptions = OPTIONS) -> list[AnyInput]:
    return list(read_inputs(arguments, BytesIO(stdin), options))


def described(found: list[AnyInput], folder: Path) -> list[tuple[str, str]]:
    """Return the name of each input below the folder, and what it is."""
    result = []
    for each in found:
        match each:
            case InputUrl():
                result.append((each.url, "URL"))
            case InputPage():
                result.append((each.name.removeprefix(f"{folder}/"), "page"))
            case SkippedInput() | RefusedInput():
                result.append((each.name.removeprefix(f"{folder}/"), each.reason))
    return result


def test_a_folder_gives_its_pages_and_those_of_its_files_that_hold_many(tmp_path: Path) -> None:
    files = {
        "a.html": HTML,
        "b.warc.gz": gzipped(record(), record(kind="request", status="GET / HTTP/1.1", body=b"")),
        "c.zip": zipped(),
        "d.mhtml": MHTML,
        "e.txt": b"no page",
        "f.zip": b"no zip file",
        "g.warc": b"",
        "h": HTML,
        "i.docx": zipped(),
        "j/logo.png": b"\x89PNG",
    }
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert described(read(str(tmp_path)), tmp_path) == [
        ("a.html", "page"),
        ("b.warc.gz#0", "page"),
        (f"b.warc.gz#{len(gzipped(record()))}", "a request record"),
        ("c.zip#1.html", "page"),
        ("d.mhtml", "page"),
        ("e.txt", "a .txt file that does not begin like HTML"),
        ("f.zip", "page"),
        ("g.warc", "page"),
        ("h", "page"),
        ("i.docx", "a .docx file that does not begin like HTML"),
        ("j/logo.png", "a .png file, as browsers save with pages"),
    ]


@pytest.mark.parametrize(
    ("stdin", "names"),
    [
        (HTML, ["standard input"]),
        (b"\xef\xbb\xbf \n" + HTML, ["standard input"]),
        (gzip.compress(HTML), ["standard input"]),
        (MHTML, ["standard input"]),
        (record(), ["standard input#0"]),
        (
            gzipped(record(), b"junk", record()),
            ["standard input#0", f"standard input#{len(gzipped(record(), b'junk'))}"],
        ),
        (zipped(), ["standard input#1.html"]),
    ],
    ids=["page", "byte order mark", "gzip", "mhtml", "warc", "warc.gz", "zip"],
)
def test_standard_input_is_what_it_begins_as(stdin: bytes, names: list[str]) -> None:
    found = [each for each in read("-", stdin=stdin) if isinstance(each, InputPage)]
    assert [each.name for each in found] == names
    assert all(each.load().body.strip().endswith(HTML[-20:]) for each in found)


def test_standard_input_may_be_a_list_longer_than_what_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "caf\udce9.html").write_bytes(HTML)
    lines = ["# mine", "", *(f"https://example.com/{number}" for number in range(500)), str(tmp_path), "gone.html"]
    stdin = b"\xef\xbb\xbf" + "\r\n".join(lines).encode("utf-8", "surrogateescape")
    found = described(read("-", stdin=stdin), tmp_path)
    assert found[:500] == [(f"https://example.com/{number}", "URL") for number in range(500)]
    assert found[500:] == [("caf\udce9.html", "page"), ("gone.html", "page")]


@pytest.mark.parametrize("first", [b"https://example.com/1\n", b"\xef\xbb\xbf# mine\nhttps://example.com/1\r\n"])
def test_a_list_on_standard_input_starts_with_its_first_line(first: bytes) -> None:
    stream = BytesIO(first + b"https://example.com/2\n" * 500)
    found = next(read_inputs(["-"], stream, OPTIONS))
    assert found == InputUrl("https://example.com/1")
    assert stream.tell() == len(first)


def test_a_file_that_is_not_there_says_so_when_it_is_read(tmp_path: Path) -> None:
    (found,) = read(str(tmp_path / "gone.html"))
    assert isinstance(found, InputPage)
    with pytest.raises(FileNotFoundError):
        found.load()
    assert isinstance(read("a\0b")[0], RefusedInput)


def test_a_page_that_khobor_kept_comes_with_what_is_known_of_it(tmp_path: Path) -> None:
    fetched = RawPage(body=HTML, fetched_at=datetime(2026, 3, 1, tzinfo=UTC), url="https://example.com/1", status=200)
    (tmp_path / "1.html.gz").write_bytes(gzip_header.compress(HTML, to_metadata(fetched)))
    (found,) = read(str(tmp_path))
    assert isinstance(found, InputPage)
    page = found.load()
    assert (page.body, page.url, page.fetched_at, page.status) == (HTML, fetched.url, fetched.fetched_at, 200)
    (mine,) = read(str(tmp_path / "1.html.gz"), options=InputOptions(now=NOW, url="https://example.com/mine"))
    assert isinstance(mine, InputPage)
    assert mine.load().url == "https://example.com/mine"


def test_a_page_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1.html").write_bytes(HTML * 10)
    (found,) = read(str(tmp_path))
    assert isinstance(found, InputPage)
    with pytest.raises(PermanentError, match="too_large"):
        found.load(100)
