"""Pages and listings in the raw bucket on S3."""

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, ParamValidationError

from khobor.article import RawReference
from khobor.errors import PermanentError, RetryableError
from khobor.keys import PAGES, UPLOADS, listing_key, page_key, upload_key
from khobor.page import RawPage, decompress, from_metadata, to_metadata
from khobor.pages.gzip_header import MAX_HEADER_BYTES, compress, known_facts
from khobor.pages.interface import PageReader, PageStore
from khobor.url import host, url_id

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef, ObjectIdentifierTypeDef

_MISSING = {"404", "NoSuchKey", "NoSuchVersion", "NoSuchBucket"}
# DeleteObjects takes this many objects.
_MOST_OBJECTS = 1000


def get_page(s3: "S3Client", reference: RawReference, max_bytes: int) -> tuple[RawPage, RawReference]:
    """Return a page and the reference to the version that was read; see ``PageReader.get``.

    Args:
        s3: The S3 client.
        reference: The page; without a version, the newest is read.
        max_bytes: The largest size, decompressed.

    Raises:
        PermanentError: ``no_such_object``, or why its bytes cannot be decompressed or are too many.
    """
    where = reference.address
    request: GetObjectRequestTypeDef = {"Bucket": reference.bucket or "", "Key": reference.key}
    if reference.version:
        request["VersionId"] = reference.version
    try:
        answer = s3.get_object(**request)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _MISSING:
            raise
        raise PermanentError("no_such_object", f"{where} is not there; upload the page again") from error
    except ParamValidationError as error:
        raise PermanentError("no_such_object", f"there can be no {where!r}: {error}") from error
    data = answer["Body"].read(max_bytes + 1)
    body = decompress(data, where, max_bytes)
    page = from_metadata(body, known_facts(data, answer["Metadata"], where), answer["LastModified"])
    return page, replace(reference, version=answer.get("VersionId"))


class S3PageReader(PageReader):
    """Reads pages from any bucket.

    Args:
        s3: The S3 client.
    """

    def __init__(self, s3: "S3Client") -> None:
        self._s3 = s3

    def get(self, reference: RawReference, max_bytes: int) -> tuple[RawPage, RawReference]:
        """Return a page and the reference to the version that was read; see ``PageReader``."""
        return get_page(self._s3, reference, max_bytes)

    def versions(self, reference: RawReference) -> list[RawReference]:
        """Return all versions of a page, the oldest first; see ``PageReader``."""
        key = reference.key
        references: list[RawReference] = []
        for page in self._s3.get_paginator("list_object_versions").paginate(Bucket=reference.bucket or "", Prefix=key):
            if any(marker["Key"] == key and marker["IsLatest"] for marker in page.get("DeleteMarkers", ())):
                return []
            references += [
                replace(reference, version=each["VersionId"]) for each in page.get("Versions", ()) if each["Key"] == key
            ]
            # Keys are listed in order: those that only begin with this one come after it.
            if any(each["Key"] != key for each in page.get("Versions", ())):
                break
        return references[::-1]


class S3Pages(S3PageReader, PageStore):
    """Keeps pages in the raw bucket.

    Args:
        s3: The S3 client.
        bucket: The name of the raw bucket.
    """

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        super().__init__(s3)
        self._bucket = bucket

    def put_page(self, page: RawPage) -> str:
        """Keep a fetched page, gzip-encoded, and return its key; see ``PageStore``."""
        url = page.url or ""
        return self._put(page_key(host(url), page.fetched_at, url_id(url)), page)

    def put_listing(self, page: RawPage, source: str, kind: str) -> str:
        """Keep a fetched listing, gzip-encoded, and return its key; see ``PageStore``."""
        return self._put(listing_key(source, kind, page.fetched_at, url_id(page.url or "")), page)

    def put_upload(self, page: RawPage) -> str:
        """Keep a page that was handed over, gzip-encoded, and return its key; see ``PageStore``."""
        return self._put(upload_key(page.fetched_at, page.digest), page)

    def url_of(self, key: str) -> str | None:
        """Return the URL by which a page was requested; see ``PageStore``."""
        first_bytes = f"bytes=0-{MAX_HEADER_BYTES - 1}"
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=key, Range=first_bytes)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _MISSING | {"InvalidRange"}:
                raise
            return None
        # An upload may say anything. What is not a URL was never requested.
        with suppress(PermanentError):
            facts = known_facts(answer["Body"].read(), answer["Metadata"], key)
            return from_metadata(b"", facts, answer["LastModified"]).url
        return None

    def delete(self, key: str) -> int:
        """Delete all versions of a page, or of all objects below a key; see ``PageStore``."""
        pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=key)
        objects: list[ObjectIdentifierTypeDef] = [
            {"Key": version["Key"], "VersionId": version["VersionId"]}
            for page in pages
            for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
            if version["Key"] == key or key.endswith("/")
        ]
        for start in range(0, len(objects), _MOST_OBJECTS):
            batch = objects[start : start + _MOST_OBJECTS]
            answer = self._s3.delete_objects(Bucket=self._bucket, Delete={"Objects": batch, "Quiet": True})
            if failed := answer.get("Errors"):
                raise RetryableError("not_deleted", f"S3 keeps s3://{self._bucket}/{failed[0]['Key']}; forget it again")
        return len(objects)

    def _put(self, key: str, page: RawPage) -> str:
        facts = to_metadata(page)
        self._s3.put_object(
            Bucket=self._bucket,
            Key=key,
            # A copy of the object that loses the metadata keeps the facts.
            Body=compress(page.body, facts),
            ContentEncoding="gzip",
            # A browser that opens another site's page from the bucket saves it and does not run it.
            ContentDisposition="attachment",
            ContentType="text/html"
            if key.startswith((PAGES, UPLOADS))
            else page.content_type or "application/octet-stream",
            Metadata=facts,
        )
        return key
