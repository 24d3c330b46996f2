"""Sitemaps of pages and of news, and sitemap indexes: in XML, as text, or as a feed; gzipped or not.

https://www.sitemaps.org/protocol.html,
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

import re
import zlib
from dataclasses import replace
from datetime import tzinfo
from gzip import GzipFile
from io import BytesIO

from khobor.discover import entry_elements
from khobor.discover.entry_elements import entry_facts, first_point
from khobor.discover.feeds import read_feed
from khobor.discover.listing import Entry, Listing, SitemapReference
from khobor.discover.listing_dates import read_listing_date
from khobor.discover.markup import Record, read_markup
from khobor.discover.references import ListingBuilder, resolve
from khobor.discover.safe_markup import FEED_ROOTS, root_name
from khobor.html.charset import to_utf8
from khobor.page import GZIP_MAGIC

# The largest file that the protocol allows.
MAX_BYTES = 52_428_800

_CHUNK_BYTES = 65_536
_RECORDS = frozenset({"url", "sitemap"})
_PUBLISHED = ("news:publication_date",)
_FIELDS = frozenset({"loc", "lastmod", "news:title", "news:language", *_PUBLISHED, *entry_elements.OF_SITEMAPS})
# What a sitemap says about any page.
_OF_PAGE = frozenset({"loc", "lastmod"})
# A list of URLs, one on each line; the first lines may be comments.
_TEXT = re.compile(rb"\s*+(?:#[^\n]*+\n\s*+)*+https?://", re.IGNORECASE)


def read_sitemap(
    body: bytes, url: str, content_type: str | None = None, max_bytes: int = MAX_BYTES, zone: tzinfo | None = None
) -> Listing:
    """Return the contents of a sitemap or sitemap index; for another document, an empty listing with a problem.

    Args:
        body: The document as received, gzipped or not.
        url: The URL of the document, which links may be relative to, although the protocol does not allow it.
        content_type: The Content-Type header; None if unknown.
        max_bytes: How many bytes are read, after decompression.
        zone: The zone of dates without one; None if unknown.
    """
    data, problem = _decompress(body, max_bytes)
    listing = _read(to_utf8(data, content_type), url, zone)
    return replace(listing, problems=(problem, *listing.problems)) if problem else listing


def _read(data: bytes, url: str, zone: tzinfo | None) -> Listing:
    if _TEXT.match(data):
        return _read_text(data, url)
    if root_name(data) in FEED_ROOTS:
        return read_feed(data, url, zone=zone)
    builder = ListingBuilder()

    def add(record: Record, _: Record) -> None:
        builder.add(_sitemap(record, url, zone) if record.name == "sitemap" else _entry(record, url, zone))

    outline = read_markup(data, url, _RECORDS, _FIELDS, add)
    if outline.root is None:
        return Listing(problems=(f"{outline.problem}, not a sitemap",))
    return builder.build(problem=outline.problem)


def _read_text(data: bytes, url: str) -> Listing:
    builder = ListingBuilder()
    for line in data.decode("utf-8", "replace").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            link = resolve(line, url) if "://" in line else None
            builder.add(Entry(url=link) if link else None)
    return builder.build()


def _sitemap(record: Record, url: str, zone: tzinfo | None) -> SitemapReference | None:
    link = resolve(record.text("loc"), url)
    return SitemapReference(url=link, modified_at=read_listing_date(record.text("lastmod"), zone)) if link else None


def _entry(record: Record, url: str, zone: tzinfo | None) -> Entry | None:
    link = resolve(record.text("loc"), url)
    if link is None:
        return None
    language = record.text("news:language")
    # The time of a change is often that of the last build of the site, so it is no fact of the article.
    facts, published = None, None
    if record.fields.keys() - _OF_PAGE:
        published = first_point(record, _PUBLISHED, zone, language)
        facts = entry_facts(record, Record(), link, published, None)
    return Entry(
        url=link,
        title=facts.title if facts else None,
        published_at=published.instant if published else read_listing_date(record.text(*_PUBLISHED), zone, language),
        modified_at=read_listing_date(record.text("lastmod"), zone, language),
        language=language,
        facts=facts,
    )


def _decompress(body: bytes, max_bytes: int) -> tuple[bytes, str | None]:
    """Return the first bytes of a document, decompressed if it is gzip, and the problem with it, if any."""
    data, problem = _gunzip(body, max_bytes + 1) if body.startswith(GZIP_MAGIC) else (body, None)
    if len(data) > max_bytes:
        return data[:max_bytes], f"this has over {max_bytes:,} bytes; the rest is not read"
    return data, problem


def _gunzip(body: bytes, most: int) -> tuple[bytes, str | None]:
    """Return the first bytes of a gzip file of one or more members (RFC 1952, 2.2), and the problem with it, if any."""
    parts: list[bytes] = []
    room = most
    try:
        with GzipFile(fileobj=BytesIO(body)) as file:
            while room > 0 and (part := file.read1(min(room, _CHUNK_BYTES))):
                parts.append(part)
                room -= len(part)
    except EOFError:
        return b"".join(parts), "the gzip data is truncated"
    except (OSError, zlib.error) as error:
        return b"".join(parts), f"the gzip data is damaged ({error})"
    return b"".join(parts), None
