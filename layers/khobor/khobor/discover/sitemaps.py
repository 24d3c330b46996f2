"""Sitemaps: of pages and of news, indexes of them, in XML, as text, or as a feed; gzipped or not.

https://www.sitemaps.org/protocol.html,
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

import re
import zlib
from dataclasses import replace
from datetime import tzinfo
from gzip import GzipFile
from io import BytesIO

from khobor.discover.feeds import read_feed
from khobor.discover.listing import Entry, Listing, SitemapReference
from khobor.discover.listing_dates import read_listing_date
from khobor.discover.markup import Record, read_markup
from khobor.discover.plain_text import plain_text
from khobor.discover.references import ListingBuilder, resolve
from khobor.discover.safe_markup import FEED_ROOTS, root_name
from khobor.html.charset import to_utf8

# What the protocol allows in one file.
MAX_BYTES = 52_428_800

_GZIP = b"\x1f\x8b"
_CHUNK_BYTES = 65_536
_RECORDS = frozenset({"url", "sitemap"})
_PUBLISHED = ("news:publication_date",)
_FIELDS = frozenset({"loc", "lastmod", "news:title", "news:language", *_PUBLISHED})
# A list of addresses, one on a line; a first line that is none is often a comment.
_TEXT = re.compile(rb"\s*+(?:#[^\n]*+\n\s*+)*+https?://", re.IGNORECASE)


def read_sitemap(
    body: bytes, url: str, content_type: str | None = None, max_bytes: int = MAX_BYTES, zone: tzinfo | None = None
) -> Listing:
    """Return what a sitemap or an index of sitemaps holds; nothing and a problem for what is none.

    Args:
        body: The document as it came, gzipped or not.
        url: Where it came from: links may be relative to it, though they should not.
        content_type: Its Content-Type header, if that is known.
        max_bytes: What is beyond so many bytes, decompressed, is not read.
        zone: The zone of dates that name none, None where it is not known.
    """
    data, problem = _inflated(body, max_bytes)
    listing = _read(to_utf8(data, content_type), url, zone)
    return replace(listing, problems=(problem, *listing.problems)) if problem else listing


def _read(data: bytes, url: str, zone: tzinfo | None) -> Listing:
    if _TEXT.match(data):
        return _read_text(data, url)
    if root_name(data) in FEED_ROOTS:
        return read_feed(data, url, zone=zone)
    found = ListingBuilder()

    def take(record: Record, _: Record) -> None:
        found.add(_sitemap(record, url, zone) if record.name == "sitemap" else _entry(record, url, zone))

    outline = read_markup(data, url, _RECORDS, _FIELDS, take)
    if outline.root is None:
        return Listing(problems=(f"{outline.problem}, no sitemap",))
    return found.build(problem=outline.problem)


def _read_text(data: bytes, url: str) -> Listing:
    found = ListingBuilder()
    for line in data.decode("utf-8", "replace").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            link = resolve(line, url) if "://" in line else None
            found.add(Entry(url=link) if link else None)
    return found.build()


def _sitemap(record: Record, url: str, zone: tzinfo | None) -> SitemapReference | None:
    link = resolve(record.text("loc"), url)
    return SitemapReference(url=link, modified_at=read_listing_date(record.text("lastmod"), zone)) if link else None


def _entry(record: Record, url: str, zone: tzinfo | None) -> Entry | None:
    link = resolve(record.text("loc"), url)
    if link is None:
        return None
    language = record.text("news:language")
    return Entry(
        url=link,
        title=plain_text(record.text("news:title")),
        published_at=read_listing_date(record.text(*_PUBLISHED), zone, language),
        modified_at=read_listing_date(record.text("lastmod"), zone, language),
        language=language,
    )


def _inflated(body: bytes, max_bytes: int) -> tuple[bytes, str | None]:
    """Return the first bytes of a document, decompressed if they are gzip, and what is wrong with them."""
    data, problem = _gunzipped(body, max_bytes + 1) if body.startswith(_GZIP) else (body, None)
    if len(data) > max_bytes:
        return data[:max_bytes], f"this has over {max_bytes:,} bytes, of which the rest is not read"
    return data, problem


def _gunzipped(body: bytes, most: int) -> tuple[bytes, str | None]:
    """Return the first bytes of a gzip file, which may be of several parts (RFC 1952, 2.2), and what is wrong."""
    parts: list[bytes] = []
    room = most
    try:
        with GzipFile(fileobj=BytesIO(body)) as file:
            while room > 0 and (part := file.read1(min(room, _CHUNK_BYTES))):
                parts.append(part)
                room -= len(part)
    except EOFError:
        return b"".join(parts), "the gzip data is cut off"
    except (OSError, zlib.error) as error:
        return b"".join(parts), f"the gzip data is damaged ({error})"
    return b"".join(parts), None
