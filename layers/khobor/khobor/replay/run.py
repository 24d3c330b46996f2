"""A replay: which pages to read again, and how to list them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from khobor.archive.headlines import MAX_PAGE_SIZE, all_headlines
from khobor.archive.interface import Archive, ArchiveLists
from khobor.errors import PermanentError
from khobor.keys import PAGES, REPLAYS, fetched_page, is_page, page_prefixes

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class ReplayRun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A replay of the articles of a source, the pages of hosts, or every page in the bucket.

    Attributes:
        name: The name by which its report is found.
        source: The source whose articles are read again.
        hosts: The hosts whose fetched pages are read again, with subdomains; empty with a source means all hosts.
        start: The first UTC day of the fetch; None for all days.
        end: The last UTC day of the fetch; None if ``start`` is.
        is_dry_run: Whether to leave the archive unchanged.
    """

    name: str
    source: str | None = None
    hosts: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    is_dry_run: bool = False

    @property
    def is_of_all(self) -> bool:
        """Whether it covers every page in the bucket."""
        return self.source is None and not self.hosts

    @property
    def reports(self) -> str:
        """The prefix of the keys of its partial reports."""
        return f"{REPLAYS}{self.name}/"

    @property
    def keys(self) -> str:
        """The key of the list of pages to read besides those found by prefix."""
        return f"{REPLAYS}keys/{self.name}.json"

    def covers(self, key: str, at: datetime | None = None, source: str | None = None) -> bool:
        """Whether the replay selects a page.

        Args:
            key: The key of the page.
            at: When it was fetched, if known.
            source: The source of its article in the archive, if known.
        """
        if self.is_of_all or not is_page(key):
            return is_page(key)
        page = fetched_page(key)
        day = at.date() if at else page and page[1]
        if day and not self.is_within(day):
            return False
        is_of_source = self.source is not None and self.source == source
        return is_of_source or (page is not None and (not self.hosts or self.is_of_hosts(page[0])))

    def is_within(self, day: date) -> bool:
        """Whether it covers pages that were fetched on a UTC day."""
        return self.start is None or self.end is None or self.start <= day <= self.end

    def is_of_hosts(self, host: str) -> bool:
        """Whether a host is one of its hosts, or a subdomain of one."""
        return any(host == domain or host.endswith(f".{domain}") for domain in self.hosts)


def read_run(value: object) -> ReplayRun:
    """Return the replay in a JSON value; raises PermanentError ``bad_replay`` if it is invalid."""
    try:
        return msgspec.convert(value, ReplayRun)
    except msgspec.ValidationError as error:
        raise PermanentError("bad_replay", f"expected a run such as events/replay-pages.json has: {error}") from error


def read_items(event: Mapping[str, Any]) -> list[tuple[str, ReplayRun]]:
    """Return the pages of an event, each with its replay; raises PermanentError ``bad_replay`` if it holds none."""
    try:
        return [(item["key"], read_run(item["run"])) for item in event.get("Items", [event])]
    except (KeyError, TypeError) as error:
        raise PermanentError("bad_replay", f"expected pages as in events/replay-pages.json, got {event}") from error


def prefixes(s3: "S3Client", bucket: str, run: ReplayRun) -> list[str]:
    """Return the key prefixes of the fetched pages of a replay; each prefix has at least one page.

    Args:
        s3: The client.
        bucket: The name of the raw bucket.
        run: The replay.
    """
    if run.is_of_all:
        return [""] if _has_any(s3, bucket, "") else []
    hosts = [host for host in hosts_of(s3, bucket) if run.is_of_hosts(host)]
    if run.start is None or run.end is None:
        return [f"{PAGES}{host}/" for host in hosts]
    within = (prefix for host in hosts for prefix in page_prefixes(host, run.start, run.end))
    return [prefix for prefix in within if _has_any(s3, bucket, prefix)]


def kept_pages(archive: Archive, lists: ArchiveLists, run: ReplayRun) -> Iterator[str]:
    """Yield the keys of pages of a source's articles that no prefix finds: uploads, and pages of other hosts.

    They come from the archive's list of the source, which lacks uploads that became no article.

    Args:
        archive: The archive.
        lists: The lists of the archive.
        run: The replay.
    """
    if run.source is None:
        return
    source, seen = run.source, set[str]()
    listed = all_headlines(lambda cursor: lists.by_source(source, limit=MAX_PAGE_SIZE, cursor=cursor))
    while ids := [each.article_id for each in islice(listed, MAX_PAGE_SIZE)]:
        for at, key in archive.page_keys(ids):
            if key not in seen and run.covers(key, at, source) and not is_found_by_host(run, key):
                seen.add(key)
                yield key


def keys(s3: "S3Client", bucket: str, prefix: str) -> Iterator[str]:
    """Yield the keys of the objects with a prefix.

    Args:
        s3: The client.
        bucket: The name of the bucket.
        prefix: The prefix.
    """
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield from (item["Key"] for item in page.get("Contents", ()))


def hosts_of(s3: "S3Client", bucket: str) -> Iterator[str]:
    """Yield the hosts whose fetched pages are in the bucket.

    Args:
        s3: The client.
        bucket: The name of the raw bucket.
    """
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PAGES, Delimiter="/"):
        for prefix in page.get("CommonPrefixes", ()):
            yield prefix["Prefix"].removeprefix(PAGES).removesuffix("/")


def is_found_by_host(run: ReplayRun, key: str) -> bool:
    """Whether a page is one of those that were fetched from the hosts of a replay.

    Args:
        run: The replay.
        key: The key of the page.
    """
    page = fetched_page(key)
    return page is not None and run.is_of_hosts(page[0])


def _has_any(s3: "S3Client", bucket: str, prefix: str) -> bool:
    return bool(s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("Contents"))
