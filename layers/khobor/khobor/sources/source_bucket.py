"""The sources that an operator uploads: ``sources/*.toml`` in the raw bucket, over the bundled sources."""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from khobor.keys import SOURCES
from khobor.sources.checking import load_sources
from khobor.sources.problems import Problem, SourceError
from khobor.sources.registry import BASES, MAX_BYTES, Registry, bundled_sources

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef

_FILE = re.compile(rf"{SOURCES}((?:{BASES})?[^/]+\.toml)")
# How many versions of an object are tried if the newest is invalid.
_MOST_VERSIONS = 10
# Errors that concern one object, such as an archived one; others concern the bucket, or are temporary.
_OF_THE_OBJECT = frozenset({"InvalidObjectState", "InvalidRequest", "NoSuchKey", "NoSuchVersion"})


class SourceBucket:
    """The uploaded sources, read again after some time.

    Args:
        s3: The client.
        bucket: The name of the raw bucket.
        seconds: How long the sources are used before they are checked for changes.
        clock: Returns the time in seconds.
        below: The registry below the uploaded sources; None for the bundled sources.

    Attributes:
        problems: The problems of the current files.
    """

    def __init__(
        self,
        s3: "S3Client",
        bucket: str,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        below: Registry | None = None,
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._seconds = seconds
        self._clock = clock
        self._below = below
        self._checked_at: float | None = None
        self._etags: dict[str, str] = {}
        self._files: dict[str, bytes] = {}
        self._registry = below or Registry({})
        self.problems: tuple[Problem, ...] = ()

    def registry(self) -> tuple[Registry, tuple[Problem, ...]]:
        """Return the sources, and the problems of files if they were read by this call.

        If a file is invalid, its newest valid version is used, if the bucket has one.
        """
        now = self._clock()
        if self._checked_at is not None and now - self._checked_at < self._seconds:
            return self._registry, ()
        etags = dict(self._list())
        problems: tuple[Problem, ...] = ()
        if self._checked_at is None or etags != self._etags:
            self._registry, problems = self._read(etags)
            self._etags = etags
        self._checked_at = now
        return self._registry, problems

    def _list(self) -> Iterator[tuple[str, str]]:
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=SOURCES):
            for item in page.get("Contents", ()):
                if match := _FILE.fullmatch(item["Key"]):
                    yield match[1], item["ETag"]

    def _read(self, etags: Mapping[str, str]) -> tuple[Registry, tuple[Problem, ...]]:
        below = self._below or bundled_sources()
        files: dict[str, bytes] = {}
        read_problems: list[Problem] = []
        for path, etag in etags.items():
            try:
                is_known = self._etags.get(path) == etag and path in self._files
                files[path] = self._files[path] if is_known else self._get(path)
            except SourceError as error:
                read_problems += error.problems
        self._files = files
        registry, problems = load_sources(files, below)
        self.problems = (*read_problems, *problems)
        if refused := _refused(self.problems):
            registry = self._with_older(refused, below)
        return registry, self.problems

    def _with_older(self, refused: set[str], below: Registry) -> Registry:
        """Return a registry in which older versions replace invalid files."""
        files = {path: content for path, content in self._files.items() if path not in refused}
        # Bases first: with an older base, the newest source may be valid.
        for path in sorted(refused, key=lambda path: (not path.startswith(BASES), path)):
            candidates = ({**files, path: content} for content in self._versions(path))
            files = next((each for each in candidates if not _refused(load_sources(each, below)[1])), files)
        return load_sources(files, below)[0]

    def _versions(self, path: str) -> Iterator[bytes]:
        key = f"{SOURCES}{path}"
        answer = self._s3.list_object_versions(Bucket=self._bucket, Prefix=key, MaxKeys=_MOST_VERSIONS)
        for version in answer.get("Versions", ()):
            if version["Key"] == key:
                with suppress(SourceError):
                    yield self._get(path, version["VersionId"])

    def _get(self, path: str, version: str | None = None) -> bytes:
        """Return the content of a file; raises SourceError if S3 does not return this object."""
        request: GetObjectRequestTypeDef = {"Bucket": self._bucket, "Key": f"{SOURCES}{path}"}
        if version:
            request["VersionId"] = version
        try:
            return self._s3.get_object(**request)["Body"].read(MAX_BYTES + 1)
        except self._s3.exceptions.ClientError as error:
            if (code := error.response["Error"]["Code"]) not in _OF_THE_OBJECT:
                raise
            what = f"S3 does not return this file ({code}); upload it again, in the storage class STANDARD"
            raise SourceError([Problem(path, 1, None, what)]) from error


def _refused(problems: Iterable[Problem]) -> set[str]:
    """Return the files that cannot be used; one that only shares a host with another is none of them."""
    return {problem.file for problem in problems if not problem.is_of_host}
