"""Files as people send them: of every size and charset, empty, broken, too many, and files that are not pages."""

import gzip
import io
import random
from typing import Any

import pytest
from tests.console.conftest import Reader
from tests.console.pages import texts_of
from tests.console.test_submissions import reason_of, states, travelled
from tests.example_pages import page
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from khobor.console.submissions import Submission
from khobor.embedded.project import TEMPLATE
from khobor.embedded.stack import EmbeddedStack
from khobor.embedded.template import Template
from khobor.page import MAX_PAGE_BYTES

BAD_REQUEST, TOO_LARGE, SEE_OTHER = 400, 413, 303
MEGABYTE = 1_000_000


def padded(size: int, filler: bytes = b"filler\n") -> bytes:
    """Return a page of exactly so many bytes, with one article in it, and a long comment."""
    body = page(title="A page of many bytes") + b"<!--"
    room = size - len(body) - len(b"-->")
    return body + filler * (room // len(filler)) + b" " * (room % len(filler)) + b"-->"


def upload(reader: Reader, body: bytes, name: str = "page.html", **fields: Any) -> TestResponse:
    fields |= {"file": FileStorage(io.BytesIO(body), name), "form_token": reader.console.guard.form_token}
    # In memory: the client's own way leaves a temporary file open.
    boundary, encoded = encode_multipart(fields)
    return reader.post_bytes("/add/file", encoded, f"multipart/form-data; boundary={boundary}")


def submission_of(reader: Reader, body: bytes, name: str = "page.html") -> Submission:
    answer = upload(reader, body, name)
    assert answer.status_code == SEE_OTHER, answer.text
    return travelled(reader, answer.headers["Location"])


@pytest.mark.parametrize("size", [15_000, 17_000, 70_000, 2 * MEGABYTE, MAX_PAGE_BYTES], ids="{:,} bytes".format)
def test_a_page_up_to_the_limit_is_taken(stack: EmbeddedStack, reader: Reader, size: int) -> None:
    assert submission_of(reader, padded(size)).stored_id
    assert [article.title for article in stack.articles()] == ["A page of many bytes"]


@pytest.mark.parametrize(
    "filler", [b"\r\n--", b"\r", b"\n", b"x"], ids=["boundaries", "returns", "newlines", "one line"]
)
def test_the_bytes_of_a_page_do_not_matter_to_the_form(stack: EmbeddedStack, reader: Reader, filler: bytes) -> None:
    body = padded(200_000, filler)
    assert submission_of(reader, body).stored_id
    (article,) = stack.articles()
    assert article.raw is not None
    assert stack.s3.get_object(Bucket=stack.outputs["RawBucketName"], Key=article.raw.key)["Body"].read() == body


@pytest.mark.parametrize(
    ("charset", "title"),
    [
        ("utf-8", "পদ্মায় ভাসে পাঠাগার"),
        ("utf-16", "مكتبة في القاهرة"),
        ("big5", "圖書館新館今天開放"),
        ("gb18030", "图书馆新馆今天开放"),
        ("shift_jis", "図書館の新館が開館"),
        ("euc-kr", "도서관 새 건물 개관"),
        ("windows-1251", "Библиотека открыла новый зал"),
        ("iso-8859-1", "La bibliothèque a rouvert"),
    ],
)
def test_a_page_of_any_charset_is_taken(stack: EmbeddedStack, reader: Reader, charset: str, title: str) -> None:
    text = page(title=title).decode().replace('charset="utf-8"', f'charset="{charset}"')
    assert submission_of(reader, text.encode(charset, "xmlcharrefreplace")).stored_id
    (article,) = stack.articles()
    # Some name the site behind it.
    assert (article.title or "").removesuffix(" | The Daily Test") == title


def test_a_compressed_page_is_taken(stack: EmbeddedStack, reader: Reader) -> None:
    body = padded(300_000)[:-1000] + random.Random(1).randbytes(1000).hex().encode()
    assert submission_of(reader, gzip.compress(body), "page.html.gz").stored_id
    assert [article.title for article in stack.articles()] == ["A page of many bytes"]


@pytest.mark.parametrize("size", [MAX_PAGE_BYTES + 1, MAX_PAGE_BYTES + MEGABYTE, 4 * MAX_PAGE_BYTES], ids="{:,}".format)
def test_a_page_above_the_limit_is_refused_with_the_limit(stack: EmbeddedStack, reader: Reader, size: int) -> None:
    answer = upload(reader, b"x" * size)
    assert answer.status_code == TOO_LARGE
    assert texts_of(answer, "h1") == ["This page is too large"]
    (said,) = texts_of(answer, ".lead")
    assert "10,485,760 bytes" in said
    assert texts_of(answer, ".actions a") == ["Add a page"]
    assert list(stack.articles()) == []


def test_a_page_that_is_too_large_once_it_is_unpacked_says_so(reader: Reader) -> None:
    submission = submission_of(reader, gzip.compress(padded(MAX_PAGE_BYTES + 1)), "page.html.gz")
    assert states(submission)[1] == ("read", "failed")
    assert reason_of(submission) == "too_large"


def test_the_limit_is_that_of_the_functions() -> None:
    assert Template.load(TEMPLATE, {"Contact": "mailto:a@b.example"}).parameters["MaxPageBytes"] == MAX_PAGE_BYTES


@pytest.mark.parametrize(
    ("body", "name", "said"),
    [
        (b"", "", "No file was chosen"),
        (b"", "খালি.html", "খালি.html is empty"),
    ],
)
def test_what_is_no_file_is_refused(reader: Reader, body: bytes, name: str, said: str) -> None:
    answer = upload(reader, body, name)
    assert answer.status_code == BAD_REQUEST
    assert texts_of(answer, "h1") == ["This page cannot be added"]
    assert said in texts_of(answer, ".lead")[0]


def test_several_files_are_refused_rather_than_passed_over(stack: EmbeddedStack, reader: Reader) -> None:
    files = [(io.BytesIO(page(title=title)), f"{title}.html") for title in ("One", "Two")]
    answer = reader.send("/add/file", file=files)
    assert answer.status_code == BAD_REQUEST
    assert "2 files" in texts_of(answer, ".lead")[0]
    assert list(stack.articles()) == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\nab"),
        ("multipart/form-data; boundary=b", b"--b\r\nX: y\r\n\r\nab\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b", b"no form at all"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=\xff\r\n\r\nab\r\n--b--\r\n"),
        ("multipart/form-data", b"--b\r\n"),
        ("multipart/form-data; boundary=\xe9", b"--b\r\n"),
        ("application/json", b"{}"),
        ("", b"<html>"),
    ],
    ids=["broken off", "nameless part", "no parts", "not UTF-8", "no boundary", "odd boundary", "json", "no type"],
)
def test_a_form_that_cannot_be_read_says_so(reader: Reader, content_type: str, body: bytes) -> None:
    answer = reader.post_bytes("/add/file", body, content_type)
    assert answer.status_code == BAD_REQUEST
    assert texts_of(answer, "h1") == ["The form could not be read"]
    assert "send the form again" in texts_of(answer, ".lead")[0]


@pytest.mark.parametrize(
    "body", [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" * 900, b"\x89PNG\r\n\x1a\n" + bytes(30_000)], ids=["PDF", "PNG"]
)
def test_what_is_no_page_fails_where_it_is_read(stack: EmbeddedStack, reader: Reader, body: bytes) -> None:
    submission = submission_of(reader, body, "paper.pdf")
    assert states(submission)[:2] == [("upload", "done"), ("read", "failed")]
    assert list(stack.articles()) == []
