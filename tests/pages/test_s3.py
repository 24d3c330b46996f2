import gzip
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from tests.conftest import PARAMETERS

from khobor.article import RawReference
from khobor.embedded.stack import EmbeddedStack
from khobor.entry_facts import EntryFacts
from khobor.errors import PermanentError
from khobor.page import RawPage
from khobor.pages.folder import FolderPages
from khobor.pages.gzip_header import compress
from khobor.pages.s3 import S3PageReader, S3Pages

PAGE = RawPage(
    body=b"<html>\xe9\xff\x00 not UTF-8",
    fetched_at=datetime(2023, 8, 16, 2, tzinfo=UTC),
    url="https://www.kalbela.com/world/12345?utm_source=x",
    status=200,
    content_type="text/html; charset=iso-8859-1",
)


def test_a_page_comes_back_byte_for_byte_with_its_facts(stack: EmbeddedStack) -> None:
    bucket = stack.outputs["RawBucketName"]
    key = S3Pages(stack.s3, bucket).put_page(PAGE)
    page, reference = S3PageReader(stack.s3).get(RawReference(bucket=bucket, key=key), 1000)
    assert reference.version is not None
    assert page.body == PAGE.body
    assert (page.url, page.content_type, page.fetched_at) == (PAGE.url, PAGE.content_type, PAGE.fetched_at)
    assert key.startswith("pages/www.kalbela.com/2023-08-16/")


def test_a_stored_page_is_gzip_and_says_so(stack: EmbeddedStack) -> None:
    bucket = stack.outputs["RawBucketName"]
    key = S3Pages(stack.s3, bucket).put_page(PAGE)
    stored = stack.s3.get_object(Bucket=bucket, Key=key)
    assert stored["ContentEncoding"] == "gzip"
    assert stored["ContentDisposition"] == "attachment"
    assert gzip.decompress(stored["Body"].read()) == PAGE.body


def test_an_older_version_of_an_object_can_be_read(stack: EmbeddedStack) -> None:
    bucket = stack.outputs["RawBucketName"]
    first = stack.upload("a.html", b"first")
    stack.upload("a.html", b"second")
    reference = RawReference(bucket=bucket, key="a.html", version=first)
    page, read = S3PageReader(stack.s3).get(reference, 1000)
    assert (page.body, read) == (b"first", reference)


def test_no_such_object_is_said_with_its_name(stack: EmbeddedStack) -> None:
    reference = RawReference(bucket=stack.outputs["RawBucketName"], key="missing.html")
    with pytest.raises(PermanentError, match=r"no_such_object.*missing\.html"):
        S3PageReader(stack.s3).get(reference, 1000)


@pytest.mark.parametrize("bucket", ["", "\x00", "\ud800", "https://["])
def test_a_bucket_that_can_be_none_is_refused(stack: EmbeddedStack, bucket: str) -> None:
    with pytest.raises(PermanentError, match="no_such_object"):
        S3PageReader(stack.s3).get(RawReference(bucket=bucket, key="a.html"), 1000)


def test_a_page_without_url_cannot_be_stored(stack: EmbeddedStack) -> None:
    with pytest.raises(PermanentError, match="bad_url"):
        S3Pages(stack.s3, stack.outputs["RawBucketName"]).put_page(RawPage(body=b"x", fetched_at=PAGE.fetched_at))


ARTICLE = RawPage(
    body="<html><head><title>A bridge</title></head><body><article><h1>A bridge</h1>"
    "<p>The bridge across the river was opened on Monday.</p></article></body></html>".encode("utf-16"),
    fetched_at=datetime(2023, 8, 16, 2, 0, 0, 5, tzinfo=UTC),
    url="https://daily.example/news/1?utm_source=x",
    final_url="https://daily.example/news/1",
    status=200,
    content_type="text/html; charset=utf-16",
    robots_tag="noarchive",
    tdm_reservation="1",
    robots_txt="allowed",
    entry=EntryFacts(title="সেতু খুলল", published="2023-08-15", authors=("Jane Doe",)),
)


def copied(stack: EmbeddedStack, data: bytes, key: str, **metadata: str) -> None:
    """Put an object as ``aws s3 sync`` does: without the metadata that it had, and perhaps with others."""
    stack.s3.put_object(Bucket=stack.outputs["RawBucketName"], Key=key, Body=data, Metadata=metadata)


@pytest.mark.parametrize("metadata", [{}, {"mtime": "1700000000.5"}], ids=["none", "of the program that copied"])
def test_a_copied_page_becomes_the_same_article(
    clock: time_machine.Traveller, tmp_path: Path, metadata: dict[str, str]
) -> None:
    with EmbeddedStack(PARAMETERS, sleep=clock.shift) as stack:
        key = S3Pages(stack.s3, stack.outputs["RawBucketName"]).put_page(ARTICLE)
        path = tmp_path / key
        path.parent.mkdir(parents=True)
        path.write_bytes(stack.s3.get_object(Bucket=stack.outputs["RawBucketName"], Key=key)["Body"].read())
        os.utime(path, (0, 0))
        stack.run()
        (article,) = stack.articles()
    with EmbeddedStack(PARAMETERS, sleep=clock.shift) as stack:
        copied(stack, path.read_bytes(), key, **metadata)
        stack.run()
        (copy,) = stack.articles()
    assert article.rights.tdm_reservation is True
    assert article.url == ARTICLE.final_url
    assert replace(copy, raw=None) == replace(article, raw=None)
    local, reference = FolderPages(tmp_path).get(RawReference(key=key), 10_000)
    assert (local, reference) == (ARTICLE, RawReference(key=key))


def test_a_folder_writes_the_files_that_the_bucket_has(stack: EmbeddedStack, tmp_path: Path) -> None:
    key = S3Pages(stack.s3, stack.outputs["RawBucketName"]).put_page(ARTICLE)
    stored = stack.s3.get_object(Bucket=stack.outputs["RawBucketName"], Key=key)["Body"].read()
    assert FolderPages(tmp_path).put_page(ARTICLE) == key
    assert (tmp_path / key).read_bytes() == stored


def test_the_url_of_a_copied_page_is_known(stack: EmbeddedStack) -> None:
    bucket = stack.outputs["RawBucketName"]
    copied(stack, compress(b"<p>", {"url": "https://daily.example/1"}), "pages/1.html.gz")
    copied(stack, compress(b"<p>", {"url": "no URL"}), "pages/2.html.gz")
    copied(stack, b"", "pages/3.html")
    pages = S3Pages(stack.s3, bucket)
    assert [pages.url_of(f"pages/{name}") for name in ("1.html.gz", "2.html.gz", "3.html", "none.html")] == [
        "https://daily.example/1",
        None,
        None,
        None,
    ]


def test_damaged_facts_in_a_copy_are_said_with_its_name(stack: EmbeddedStack) -> None:
    copied(stack, compress(b"<p>", {"url": "x"}).replace(b'"x"', b"xxx"), "uploads/1.html.gz")
    with pytest.raises(PermanentError, match=r"bad_gzip: .*uploads/1\.html\.gz are damaged"):
        S3PageReader(stack.s3).get(RawReference(bucket=stack.outputs["RawBucketName"], key="uploads/1.html.gz"), 1000)


def test_an_upload_without_url_is_kept(stack: EmbeddedStack) -> None:
    bucket = stack.outputs["RawBucketName"]
    key = S3Pages(stack.s3, bucket).put_upload(replace(ARTICLE, url=None, final_url=None))
    assert key.startswith("uploads/2023-08-16/020000.000005Z-")
    page, _ = S3PageReader(stack.s3).get(RawReference(bucket=bucket, key=key), 10_000)
    assert (page.url, page.body, page.robots_tag) == (None, ARTICLE.body, "noarchive")
