"""What must hold for any bytes: one target for each kind of input.

A target takes any bytes and raises where something does not hold. Hypothesis and atheris give them their inputs, and
what these found stands in ``findings/``.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from botocore.exceptions import ClientError

from khobor.announce.announcements import announcement
from khobor.archive import codec, store_queue
from khobor.archive.codec import decode
from khobor.archive.dynamodb.headline_items import headline_item
from khobor.archive.dynamodb.postings import postings
from khobor.archive.dynamodb.stream import read_change, read_headline_change
from khobor.archive.dynamodb.texts import text_items
from khobor.archive.headlines import INDEXES
from khobor.archive.interface import fetch_id
from khobor.article import Article, RawReference
from khobor.aws import s3_events
from khobor.content.codings import decode_content
from khobor.dates.reading import parse_date
from khobor.deliver.changed_rows import changes_row
from khobor.discover import discover_queue
from khobor.discover.article_urls import looks_like_article
from khobor.discover.feeds import read_feed
from khobor.discover.home_page import read_home_page
from khobor.discover.listing import Listing
from khobor.discover.listing_dates import read_listing_date
from khobor.discover.section_pages import read_section_page
from khobor.discover.sitemaps import read_sitemap
from khobor.errors import KhoborError, PermanentError
from khobor.export.json_row import json_row
from khobor.extract import extract
from khobor.fetch.retry_after import MAX_SECONDS, retry_after
from khobor.fetch.robots import MAX_CRAWL_DELAY, RobotsTxt
from khobor.frontier import fetch_queue
from khobor.page import from_metadata
from khobor.query.operations import OPERATIONS
from khobor.revisions.content_digests import content_digests
from khobor.url import absolute_url, article_id, canonical_url, host

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Target = Callable[[bytes], None]

NOW = datetime(2026, 9, 16, 12, tzinfo=UTC)
RAW = RawReference(bucket="raw", key="pages/1.html.gz", version="1")
LIMIT = 100_000
ID = re.compile(r"[a-z2-7]{26}")
PAGES = ("https://news.example/a/1", "https://www.kalbela.com/world/12345", "https://www.thedailystar.net/news/1", None)
ZONES = (UTC, ZoneInfo("Asia/Dhaka"), ZoneInfo("Pacific/Kiritimati"), ZoneInfo("America/St_Johns"))
LANGUAGES = (None, "bn", "en", "ar", "th", "ja", "fa", "de")


def parse(data: bytes) -> None:
    """The article of any page can be sent, stored, listed and delivered, and is the same each time.

    The first byte chooses where the page came from.
    """
    url, html = PAGES[data[0] % len(PAGES)] if data else None, data[1:]
    article = extract(html, url, fetched_at=NOW, raw=RAW)
    assert extract(html, url, fetched_at=NOW, raw=RAW) == article
    assert codec.decode(codec.encode(article)) == article
    assert article.extraction.not_article or article.title or article.body
    can_be_kept(article)


def can_be_kept(article: Article) -> None:
    """What store, lists and deliveries make of an article."""
    assert ID.fullmatch(article.article_id)
    for url in (article.url, article.canonical_url):
        assert url is None or absolute_url(url) == url
    assert article.canonical_url is None or canonical_url(article.canonical_url) == article.canonical_url
    for stamp in (article.published_at, article.modified_at):
        assert stamp is None or stamp.astimezone(UTC).year > 1988
    content = content_digests(article).content
    headline = headline_item(article, content)
    kept = postings(article, INDEXES).values()
    for item in (headline, *kept, *text_items(article, content)):
        assert all(text.encode() for value in item.values() for text in value.values() if isinstance(text, str))
    assert json.loads(json_row(article))["article_id"] == article.article_id
    assert json.loads(codec.export(article))["article_id"] == article.article_id


def dates(data: bytes) -> None:
    """A date that is read is one that can be, in every zone and language, and is read again from how it is written.

    The first two bytes choose zone and language.
    """
    zone, language = ZONES[sum(data[:1]) % len(ZONES)], LANGUAGES[sum(data[1:2]) % len(LANGUAGES)]
    text = data[2:].decode("utf-8", "replace")
    if point := parse_date(text, zone, NOW, language):
        instant = point.instant.astimezone(UTC)
        assert instant.year >= 1989
        assert instant <= NOW + timedelta(days=1)
        again = parse_date(point.instant.isoformat(), zone, NOW, language)
        assert again is not None
        assert again.instant == point.instant
    if stamp := read_listing_date(text, zone):
        assert 1990 <= stamp.year < 2100
        assert read_listing_date(stamp.isoformat(), zone) == stamp
    seconds = retry_after(text, NOW)
    assert seconds is None or 0 <= seconds <= MAX_SECONDS


def robots(data: bytes) -> None:
    """Rules are obeyed alike before and after they are kept, and no number in them has a host left alone for ever.

    What stands behind the last line feed is the path that is asked for.
    """
    body, _, path = data.rpartition(b"\n")
    rules = RobotsTxt.of_body(body, NOW)
    kept = RobotsTxt.from_bytes(rules.to_bytes())
    assert kept == rules
    with suppress(PermanentError):
        url = absolute_url("/" + path.decode("utf-8", "replace"), "https://news.example/")
        verdict = rules.verdict(url)
        assert kept.verdict(url) == verdict
        assert verdict.crawl_delay is None or 0 <= verdict.crawl_delay <= MAX_CRAWL_DELAY
    assert all(isinstance(sitemap, str) for sitemap in rules.sitemaps)
    RobotsTxt.from_bytes(data)


def feeds(data: bytes) -> None:
    """Feeds, home pages and section pages are read alike each time, and what they lead to can be asked for."""
    for read in (read_feed, read_home_page, read_section_page):
        listing = read(data, "https://news.example/")
        assert read(data, "https://news.example/") == listing
        _leads_on(listing)


def sitemaps(data: bytes) -> None:
    """Sitemaps are read alike each time, and what they lead to can be asked for."""
    listing = read_sitemap(data, "https://news.example/sitemap.xml", max_bytes=100_000)
    assert read_sitemap(data, "https://news.example/sitemap.xml", max_bytes=100_000) == listing
    _leads_on(listing)


def _leads_on(listing: Listing) -> None:
    addresses = [entry.url for entry in listing.entries] + [each.url for each in listing.sitemaps]
    for address in [*addresses, *listing.feeds, *filter(None, [listing.next_page])]:
        assert absolute_url(address) == address
    for entry in listing.entries:
        assert (entry.title or "x").strip().encode()
        for stamp in (entry.published_at, entry.modified_at):
            assert stamp is None or 1990 <= stamp.year < 2100


def urls(data: bytes) -> None:
    """A URL has one canonical spelling, which is its own, and so one id; any other text is refused.

    What stands before the first line feed is the page's own address, if there is one.
    """
    base, found, reference = data.decode("utf-8", "replace").rpartition("\n")
    try:
        address = absolute_url(reference, base if found else None)
    except PermanentError:
        return
    assert absolute_url(address) == address
    assert address.isascii()
    canonical = canonical_url(address)
    assert canonical_url(canonical) == canonical
    assert canonical_url(reference, base if found else None) == canonical
    assert ID.fullmatch(article_id(canonical))
    assert host(canonical) == host(canonical).lower()
    assert 0 < len(fetch_queue.message_group(address)) <= 128
    looks_like_article(address)


def codings(data: bytes) -> None:
    """A body is decoded up to its limit or refused with a reason, and is itself where it is not compressed.

    What stands before the first line feed is the Content-Encoding header.
    """
    header, _, body = data.partition(b"\n")
    name = header.decode("latin-1")
    try:
        plain = b"".join(decode_content("a page", [body], name, LIMIT))
    except KhoborError:
        return
    assert len(plain) <= LIMIT
    assert plain == body or name.strip(", \t")


def events(data: bytes) -> None:
    """What is in a message, a record or a question is understood or refused with a reason, and nothing else."""
    text = data.decode("utf-8", "replace")
    for read in (fetch_queue.read_request, discover_queue.read_message, _stored, decode, _asked, _kept):
        with suppress(KhoborError):
            read(text)
    with suppress(ValueError, RecursionError):
        event = json.loads(text)
        for understand in (s3_events.uploads, fetch_queue.as_request):
            with suppress(PermanentError):
                understand(event)
        record = {"dynamodb": event}
        with suppress(PermanentError):
            announcement(read_headline_change(record))
        with suppress(PermanentError):
            if change := read_change(record):
                changes_row(change)


def _stored(body: str) -> None:
    message = store_queue.read_message(cast("S3Client", _EmptyBucket()), body)
    if isinstance(message, Article):
        can_be_stored(message)


class _EmptyBucket:
    """A bucket that has nothing."""

    def get_object(self, **_: str) -> None:
        raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")


def can_be_stored(article: Article) -> None:
    """An article from any sender can be stored."""
    content = content_digests(article).content
    headline_item(article, content)
    fetch_id(article)
    postings(article, INDEXES)
    text_items(article, content)


def _asked(query: str) -> None:
    for operation in OPERATIONS:
        with suppress(PermanentError):
            operation.read({each.name: query for each in operation.in_path}, query)


def _kept(text: str) -> None:
    names = ("url", "fetched-at", "content-type", "status", "robots-txt", "moved-to", "tdm-reservation")
    with suppress(PermanentError):
        page = from_metadata(b"", dict(zip(names, text.split("\n"), strict=False)), NOW)
        assert page.fetched_at.tzinfo


TARGETS: Mapping[str, Target] = MappingProxyType(
    {each.__name__: each for each in (parse, dates, robots, feeds, sitemaps, urls, codings, events)}
)
