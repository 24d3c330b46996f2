"""Prepares an embedded stack for a local test event: the objects, pages and articles that the event refers to.

The network is not used: a server on this machine answers for the URLs of the event.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError, ParamValidationError

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.headlines import read_indexes
from khobor.article import RawReference
from khobor.aws.s3_events import is_s3_event, uploads
from khobor.embedded.account import REGION
from khobor.embedded.local_events import Event
from khobor.embedded.project import DEMO_PAGE, DEMO_URL
from khobor.embedded.web import serve
from khobor.errors import CommandError, PermanentError
from khobor.extract import extract_page
from khobor.keys import LISTINGS
from khobor.page import MAX_PAGE_BYTES
from khobor.pages.s3 import S3PageReader
from khobor.sources.registry import bundled_sources
from khobor.url import absolute_url

if TYPE_CHECKING:
    from khobor.embedded.stack import EmbeddedStack

# These functions read the archive table, which would be empty.
_READS_ARCHIVE = frozenset({"ApiFunction", "DeliverFunction", "HealthFunction"})
_FETCHING, _REPLAYING = "FetchFunction", "ReplayFunction"
_STORED_PAGE = "uploads/page.html"
_FEED = f'<rss version="2.0"><channel><item><link>{DEMO_URL}</link></item></channel></rss>'.encode()
_FEED_URL = DEMO_URL.replace(urlsplit(DEMO_URL).path, "/feed")


@dataclass(frozen=True, slots=True)
class Material:
    """The content of objects and URLs.

    Attributes:
        page: The user's page; None for the demo page, and for listings a feed that contains it.
        url: The URL that the page was saved from; None if the page states it.
    """

    page: bytes | None = None
    url: str | None = None

    def content(self, *, is_listing: bool) -> bytes:
        """Return the page or the listing."""
        if self.page is not None:
            return self.page
        return _FEED if is_listing else DEMO_PAGE.read_bytes()

    def metadata(self, *, is_listing: bool) -> dict[str, str]:
        """Return the metadata of an object with the page or the listing."""
        url = self.url or (_FEED_URL if is_listing and self.page is None else None)
        return {"url": url} if url else {}


@contextmanager
def prepare_event(stack: "EmbeddedStack", function: str, event: Event, material: Material) -> Iterator[Event]:
    """Prepare a stack for an event, within a context.

    Args:
        stack: The stack.
        function: The logical name of the function that handles the event.
        event: The event.
        material: The content of objects and URLs.

    Yields:
        The event with the actual versions of its objects and URLs of its pages.

    Raises:
        CommandError: The archive needs an article, and the page has none.
    """
    if function in _READS_ARCHIVE:
        _store(stack, material)
    bucket = _Bucket(stack, material)
    if function == _REPLAYING:
        _put_pages(event, bucket)
    event = _with_objects(event, bucket.put)
    if function != _FETCHING:
        yield event
        return
    pages: dict[str, bytes] = {}
    with serve(pages) as site:
        yield _LocalSite(site, pages, material).answer(event)


class _Bucket:
    """Puts the objects of an event into their buckets."""

    def __init__(self, stack: "EmbeddedStack", material: Material) -> None:
        self.name = stack.outputs["RawBucketName"]
        self._s3 = stack.s3
        self._material = material

    def put(self, reference: RawReference) -> str | None:
        """Put an object, and return its version; None for an invalid reference, which the function will report."""
        if not reference.key.isprintable():
            return None
        with suppress(ClientError, ParamValidationError):
            return self._put(reference)
        return None

    def _put(self, reference: RawReference) -> str:
        bucket, is_listing = reference.bucket or "", reference.key.startswith(LISTINGS)
        # An event that was copied from a deployed stack refers to the bucket of that stack.
        if bucket not in {each["Name"] for each in self._s3.list_buckets()["Buckets"]}:
            self._s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
            self._s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        return self._s3.put_object(
            Bucket=bucket,
            Key=reference.key,
            Body=self._material.content(is_listing=is_listing),
            Metadata=self._material.metadata(is_listing=is_listing),
        )["VersionId"]


class _LocalSite:
    """Serves the URLs of an event from this machine."""

    def __init__(self, url: str, pages: dict[str, bytes], material: Material) -> None:
        self._url = url
        self._pages = pages
        self._material = material

    def answer(self, event: Event) -> Event:
        """Return the event with URLs of the server, and add their pages to it."""
        if not isinstance(event.get("Records"), list):
            return self._request(event)
        return event | {"Records": [_with_body(record, self._request) for record in event["Records"]]}

    def _request(self, request: Event) -> Event:
        is_listing = request.get("kind") == "feed"
        changed = dict(request)
        for name in ("url", "location"):
            if name in changed:
                changed[name] = self._here(changed[name], is_listing=is_listing)
        if isinstance(changed.get("urls"), list):
            changed["urls"] = [self._here(url, is_listing=is_listing) for url in changed["urls"]]
        if isinstance(changed.get("redirected"), dict):
            changed["redirected"] = self._request(changed["redirected"])
            return changed
        # The server on this machine needs no delay.
        return {"delay": 0} | changed if {"url", "urls"} & changed.keys() else changed

    def _here(self, url: object, *, is_listing: bool) -> object:
        if not isinstance(url, str):
            return url
        try:
            parts = urlsplit(absolute_url(url))
        except PermanentError:
            # The function will report it.
            return url
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._pages[target] = self._material.content(is_listing=is_listing)
        return self._url + target


def _store(stack: "EmbeddedStack", material: Material) -> None:
    """Put the article of the page into the archive, without the queues."""
    stack.upload(_STORED_PAGE, material.content(is_listing=False), material.metadata(is_listing=False))
    page, raw = S3PageReader(stack.s3).get(
        RawReference(bucket=stack.outputs["RawBucketName"], key=_STORED_PAGE), MAX_PAGE_BYTES
    )
    article = extract_page(page, raw, bundled_sources())
    if reason := article.extraction.not_article:
        raise CommandError(
            f"the page has no article ({reason}), and the archive needs one; give another page with --page"
        )
    DynamoDBArchive(stack.dynamodb, stack.outputs["ArchiveTableName"], read_indexes(stack.outputs["Indexes"])).put(
        article
    )


def _put_pages(event: Event, bucket: _Bucket) -> None:
    """Put the pages of an event of the replay state machine into the bucket."""
    items = event.get("Items", [event])
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get("key"), str):
            bucket.put(RawReference(bucket=bucket.name, key=item["key"]))


def _with_objects(event: Event, put: Callable[[RawReference], str | None]) -> Event:
    """Put the objects of S3 events, and return the event with their versions; other events are returned unchanged."""
    if not isinstance(event.get("Records"), list):
        return event
    if is_s3_event(event):
        return event | {"Records": [_with_object(record, put) for record in event["Records"]]}
    return event | {
        "Records": [_with_body(record, lambda body: _with_objects(body, put)) for record in event["Records"]]
    }


def _with_object(record: Event, put: Callable[[RawReference], str | None]) -> Event:
    # The function will report an invalid record.
    with suppress(PermanentError):
        for reference in uploads({"Records": [record]}):
            version = put(reference)
            if reference.version and version:
                s3 = record["s3"]
                return record | {"s3": s3 | {"object": s3["object"] | {"versionId": version}}}
    return record


def _with_body(record: Any, change: Callable[[Event], Event]) -> Any:
    """Return an SQS record with a changed body if the body is a JSON object."""
    try:
        body = json.loads(record["body"])
    except (KeyError, TypeError, ValueError):
        return record
    if not isinstance(body, Mapping):
        return record
    return record | {"body": json.dumps(change(dict(body)), ensure_ascii=False)}
