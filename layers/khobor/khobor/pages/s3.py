"""The raw bucket: pages and listings as they came."""

import gzip
from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, ParamValidationError

from khobor.article import RawReference
from khobor.errors import PermanentError
from khobor.keys import PAGES, listing_key, page_key
from khobor.page import RawPage, decompress, from_metadata, to_metadata
from khobor.url import article_id, canonical_url, host

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef

_MISSING = {"404", "NoSuchKey", "NoSuchVersion", "NoSuchBucket"}


def put_page(s3: "S3Client", bucket: str, page: RawPage) -> str:
    """Store a fetched page, gzip-encoded, and return its key.

    Raises:
        PermanentError: ``bad_url`` for a page without a URL, ``url_too_long``.
    """
    url = page.url or ""
    return _put(s3, bucket, page_key(host(url), page.fetched_at, article_id(canonical_url(url))), page)


def put_listing(s3: "S3Client", bucket: str, page: RawPage, source: str, kind: str) -> str:
    """Store a fetched listing, gzip-encoded, and return its key; raises as ``put_page``.

    Args:
        s3: The client.
        bucket: Name of the raw bucket.
        page: The listing as it came.
        source: Name of the source that it is of.
        kind: What it is.
    """
    key = listing_key(source, kind, page.fetched_at, article_id(canonical_url(page.url or "")))
    return _put(s3, bucket, key, page)


def get_page(s3: "S3Client", reference: RawReference, max_bytes: int) -> tuple[RawPage, RawReference]:
    """Read a page or a listing, also a page that a person uploaded; return it and the version that was read.

    Args:
        s3: The client.
        reference: Bucket, key and, where it is known, version of the object.
        max_bytes: Largest page taken, after decompression.

    Raises:
        PermanentError: ``no_such_object``, ``empty``, ``too_large``, ``truncated_gzip``, ``bad_gzip``, or ``bad_url``
            where its metadata have as its URL what is none.
    """
    where = f"s3://{reference.bucket}/{reference.key}"
    request: GetObjectRequestTypeDef = {"Bucket": reference.bucket, "Key": reference.key}
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
    body = decompress(answer["Body"].read(max_bytes + 1), where, max_bytes)
    page = from_metadata(body, answer["Metadata"], answer["LastModified"])
    return page, replace(reference, version=answer.get("VersionId"))


def versions(s3: "S3Client", reference: RawReference) -> list[RawReference]:
    """Return the versions of an object, the oldest first; none of one that was deleted, or never was there."""
    key = reference.key
    found: list[RawReference] = []
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=reference.bucket, Prefix=key):
        if any(marker["Key"] == key and marker["IsLatest"] for marker in page.get("DeleteMarkers", ())):
            return []
        found += [
            replace(reference, version=each["VersionId"]) for each in page.get("Versions", ()) if each["Key"] == key
        ]
        # Keys come in their order, and those that begin with this one come after it.
        if any(each["Key"] != key for each in page.get("Versions", ())):
            break
    return found[::-1]


def _put(s3: "S3Client", bucket: str, key: str, page: RawPage) -> str:
    s3.put_object(
        Bucket=bucket,
        Key=key,
        Body=gzip.compress(page.body, mtime=0),
        ContentEncoding="gzip",
        # Opened from the bucket in a browser, a page of somebody else's is saved and not run.
        ContentDisposition="attachment",
        ContentType="text/html" if key.startswith(PAGES) else page.content_type or "application/octet-stream",
        Metadata=to_metadata(page),
    )
    return key
