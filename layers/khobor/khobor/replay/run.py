"""A replay: which pages are read again, and where they are listed."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from khobor.errors import PermanentError
from khobor.keys import PAGES, REPLAYS, fetched_page, is_page, page_prefixes
from khobor.sources.source import Source

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Run(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A replay.

    Attributes:
        name: By which its report is found.
        source: Name of the source whose articles are read again; None for every page of the bucket, uploads too.
        start: The first day on which pages were fetched, UTC; None without a source.
        end: The last one.
        is_dry_run: Whether the archive stays as it is.
    """

    name: str
    source: str | None = None
    start: date | None = None
    end: date | None = None
    is_dry_run: bool = False

    @property
    def reports(self) -> str:
        """How the keys begin under which the parts of its report lie."""
        return f"{REPLAYS}{self.name}/"

    def covers(self, key: str, at: datetime | None = None) -> bool:
        """Whether a page is read again for its own sake.

        Args:
            key: Its key.
            at: When it was fetched, where that is known.
        """
        if self.start is None or self.end is None:
            return is_page(key)
        page = fetched_page(key)
        return page is not None and self.start <= (at.date() if at else page[1]) <= self.end


def read_run(value: object) -> Run:
    """Return a replay as JSON has it; raises PermanentError ``bad_replay`` if it is none."""
    try:
        return msgspec.convert(value, Run)
    except msgspec.ValidationError as error:
        raise PermanentError("bad_replay", f"expected a run such as events/replay-pages.json has: {error}") from error


def prefixes(s3: "S3Client", bucket: str, run: Run, source: Source | None) -> list[str]:
    """Return how the keys begin among which the pages of a replay are.

    Args:
        s3: The client.
        bucket: Name of the raw bucket.
        run: The replay.
        source: Its source.
    """
    if source is None or run.start is None or run.end is None:
        return [""]
    hosts = [host for host in _hosts(s3, bucket) if _is_of(host, source)]
    return [prefix for host in hosts for prefix in page_prefixes(host, run.start, run.end)]


def keys(s3: "S3Client", bucket: str, prefix: str) -> Iterator[str]:
    """Yield the keys of the objects that begin so."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield from (item["Key"] for item in page.get("Contents", ()))


def _hosts(s3: "S3Client", bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PAGES, Delimiter="/"):
        for found in page.get("CommonPrefixes", ()):
            yield found["Prefix"].removeprefix(PAGES).removesuffix("/")


def _is_of(host: str, source: Source) -> bool:
    domains = [known.partition("/")[0] for known in source.hosts]
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
