"""An article forgotten: every revision of it, every page, and that its URLs are ever asked for again."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from khobor.archive.interface import Archive
from khobor.errors import PermanentError, RetryableError
from khobor.frontier.interface import KnownUrls
from khobor.keys import hand_over_prefix
from khobor.page import from_metadata

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

# What DeleteObjects takes.
_MOST_OBJECTS = 1000


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """What was deleted of an article.

    Attributes:
        urls: Its URLs, which are not asked for again.
        objects: How many versions of objects were deleted from the raw bucket.
    """

    urls: tuple[str, ...]
    objects: int


class Forgetting:
    """Forgets articles; stopped in the middle, it goes on when it is asked again.

    Args:
        archive: The archive.
        urls: The URLs that are known.
        s3: The client of the raw bucket.
        bucket: Its name.
    """

    def __init__(self, archive: Archive, urls: KnownUrls, s3: "S3Client", bucket: str) -> None:
        self._archive = archive
        self._urls = urls
        self._s3 = s3
        self._bucket = bucket

    def forget(self, article_id: str, at: datetime) -> Forgotten | None:
        """Delete an article with every revision and page, and keep it from coming back.

        What cannot be reached from here stays: backups of the table, exports, what was announced of it.

        Args:
            article_id: Its id.
            at: The time, aware.

        Returns:
            What was deleted; None where the archive never had it.
        """
        remains = self._archive.forget(article_id, at)
        if remains is None:
            return None
        urls = remains.urls | set(self._asked_for(remains.raw_keys))
        # First of all nothing more is to come.
        for url in urls:
            self._urls.forget(url, at)
        objects = sum(map(self._delete, (*remains.raw_keys, hand_over_prefix(article_id))))
        self._archive.erase(article_id, remains, at)
        return Forgotten(urls=tuple(sorted(urls)), objects=objects)

    def _asked_for(self, keys: frozenset[str]) -> Iterator[str]:
        """Yield the URLs that pages were fetched by: redirects may have led from these."""
        for key in keys:
            try:
                answer = self._s3.head_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if error.response["Error"]["Code"] != "404":
                    raise
                continue
            # What is no URL led nowhere.
            with suppress(PermanentError):
                if url := from_metadata(b"", answer["Metadata"], answer["LastModified"]).url:
                    yield url

    def _delete(self, key: str) -> int:
        """Delete all versions of an object, or of all in a folder; return how many there were.

        Raises:
            RetryableError: ``not_deleted``.
        """
        pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=key)
        found: list[ObjectIdentifierTypeDef] = [
            {"Key": version["Key"], "VersionId": version["VersionId"]}
            for page in pages
            for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
            if version["Key"] == key or key.endswith("/")
        ]
        for start in range(0, len(found), _MOST_OBJECTS):
            batch = found[start : start + _MOST_OBJECTS]
            answer = self._s3.delete_objects(Bucket=self._bucket, Delete={"Objects": batch, "Quiet": True})
            if failed := answer.get("Errors"):
                raise RetryableError("not_deleted", f"S3 keeps s3://{self._bucket}/{failed[0]['Key']}; forget it again")
        return len(found)
