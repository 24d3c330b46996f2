import gzip
from datetime import UTC, datetime

import pytest

from khobor.article import RawReference
from khobor.embedded.stack import EmbeddedStack
from khobor.errors import PermanentError
from khobor.page import RawPage
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
