"""The page of an MHTML file is read, with the URL and time that the file states."""

import base64
import gzip
from datetime import UTC, datetime
from pathlib import Path
from quopri import encodestring

import pytest

from khobor.errors import PermanentError
from khobor.page import RawPage
from khobor.pages.input_page import InputPage

NOW = datetime(2026, 4, 1, tzinfo=UTC)
SAVED = datetime(2026, 3, 1, 8, 5, tzinfo=UTC)
HTML = "<!DOCTYPE html><html><body><h1>সেতু খুলে দেওয়া হলো = 1</h1></body></html>".encode()
URL = "https://example.com/news/1"


def part(body: bytes, *fields: str) -> bytes:
    return "".join(f"{field}\r\n" for field in fields).encode() + b"\r\n" + body


def mhtml(*parts: bytes, start: str = "", fields: tuple[str, ...] = (), end: bytes = b"--B--\r\n") -> bytes:
    head = (
        "From: <Saved by Blink>",
        "Subject: =?utf-8?Q?Bridge?=",
        "Date: Sun, 1 Mar 2026 09:05:00 +0100",
        "MIME-Version: 1.0",
        *fields,
        f'Content-Type: multipart/related;\r\n\ttype="text/html";{start}\r\n\tboundary="B"',
    )
    return part(b"".join(b"--B\r\n" + each + b"\r\n" for each in parts) + end, *head)


PICTURE = part(base64.b64encode(b"\x89PNG"), "Content-Type: image/png", "Content-Transfer-Encoding: base64")
QUOTED = part(
    encodestring(HTML),
    "Content-Type: text/html; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
    f"Content-Location: {URL}",
)
BASE64 = part(base64.encodebytes(HTML), "Content-Type: text/html", "Content-Transfer-Encoding: base64")
BINARY = part(HTML, "Content-Type: text/html", "Content-Transfer-Encoding: binary")
FRAME = part(b"<p>An advertisement</p>", "Content-Type: text/html", "Content-ID: <frame>")
NAMED = part(HTML, "Content-Type: text/html", "Content-ID: <root>", "Content-Location: /news/1")


def load(data: bytes, **known: str) -> RawPage:
    return InputPage(name="a.mhtml", page=RawPage(body=b"", fetched_at=NOW, **known), file=data).load(10_000)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "url"),
    [
        (mhtml(QUOTED, PICTURE), URL),
        (mhtml(BASE64, PICTURE, fields=(f"Snapshot-Content-Location: {URL}",)), URL),
        (mhtml(BINARY), None),
        (mhtml(PICTURE, QUOTED, FRAME), URL),
        (mhtml(FRAME, NAMED, start=' start="<root>";', fields=("Content-Base: https://example.com/",)), URL),
        (part(b"--B\n" + BINARY + b"\n--B--\n", "Content-Type: multipart/related; boundary=B"), None),
        (b"\r\n" + mhtml(QUOTED).replace(b"\r\n", b"\n"), URL),
        (QUOTED, URL),
        (gzip.compress(mhtml(QUOTED)), URL),
        (mhtml(QUOTED, PICTURE, end=b""), URL),
    ],
    ids=["quoted", "base64", "binary", "not first", "start", "no blink", "lf", "one part", "gzip", "no end"],
)
def test_the_root_is_the_page(data: bytes, url: str | None) -> None:
    page = load(data)
    assert page.body.strip() == HTML
    assert page.url == url
    assert (page.content_type or "").startswith("text/html")


def test_the_time_of_saving_is_that_of_the_fetch() -> None:
    assert load(mhtml(QUOTED)).fetched_at == SAVED
    assert load(mhtml(QUOTED).replace(b"2026", b"2999")).fetched_at == NOW
    assert load(mhtml(QUOTED).replace(b"Sun, 1 Mar", b"no date")).fetched_at == NOW


def test_a_url_that_the_user_gives_comes_before_that_of_the_file() -> None:
    assert load(mhtml(QUOTED), url="https://example.com/mine").url == "https://example.com/mine"


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("no_page_in_mhtml", mhtml(PICTURE)),
        ("truncated_mhtml", mhtml(QUOTED, end=b"")[:-20]),
        ("empty", mhtml(part(b"", "Content-Type: text/html"))),
        ("too_large", mhtml(part(b"<p>" * 4_000, "Content-Type: text/html"))),
    ],
)
def test_a_file_without_a_page_says_why(reason: str, data: bytes) -> None:
    with pytest.raises(PermanentError) as caught:
        load(data)
    assert caught.value.reason == reason
    assert "a.mhtml" in caught.value.detail


def test_pictures_may_make_a_file_larger_than_a_page(tmp_path: Path) -> None:
    path = tmp_path / "a.mhtml"
    path.write_bytes(mhtml(QUOTED, part(b"x" * 20_000, "Content-Type: image/png")))
    page = InputPage(name="a.mhtml", page=RawPage(body=b"", fetched_at=NOW), file=path).load(10_000)
    assert page.url == URL


@pytest.mark.parametrize("data", [b"<p>Content-Type: multipart/related</p>", b"To: no mail\r\n\r\n<h1>A page</h1>"])
def test_what_is_no_mhtml_is_taken_as_it_is(data: bytes) -> None:
    assert load(data).body == data
