"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed.

https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec,
https://www.rfc-editor.org/rfc/rfc4287, https://www.rfc-editor.org/rfc/rfc5005
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, tzinfo

from khobor.discover import entry_elements
from khobor.discover.entry_elements import MODIFIED, PUBLISHED, TITLE, entry_facts, first_point
from khobor.discover.json_feed import read_json_feed
from khobor.discover.listing import Entry, Listing
from khobor.discover.listing_dates import read_listing_date
from khobor.discover.markup import Element, Record, read_markup
from khobor.discover.references import ListingBuilder, relations, resolve
from khobor.discover.safe_markup import FEED_ROOTS, root_name
from khobor.html.charset import to_utf8

_RECORDS = frozenset({"item", "entry"})
_LANGUAGE = ("dc:language", "language")
# The images of the feed itself. Outside of entries, ``url`` is within ``image``.
_IMAGES = ("url", "logo", "icon")
_FIELDS = entry_elements.FIELDS | {
    *("link", "guid", "id", "feedburner:origlink"),
    *(*PUBLISHED, *MODIFIED, *TITLE, *_LANGUAGE, *_IMAGES),
}
_ATOM = "feed"
# The relations of links to earlier entries: the next page of a feed, and its archive (RFC 5005).
_NEXT = frozenset({"next", "prev-archive"})


def read_feed(
    body: bytes, url: str, content_type: str | None = None, zone: tzinfo | None = None, language: str | None = None
) -> Listing:
    """Return the contents of a feed; for a document that is not a feed, an empty listing with a problem.

    Args:
        body: The document as received.
        url: The URL of the document, which links may be relative to.
        content_type: The Content-Type header; None if unknown.
        zone: The zone of dates without one; None if unknown.
        language: The BCP 47 tag of the language of dates if neither the entry nor the feed states one.
    """
    data = to_utf8(body, content_type)
    if data.lstrip()[:1] == b"{":
        return read_json_feed(data, url, zone, language)
    builder = ListingBuilder()
    is_atom = root_name(data) == _ATOM

    def add(record: Record, head: Record) -> None:
        of_feed = head if is_atom else Record()
        builder.add(_entry(record, of_feed, url, zone, head.text(*_LANGUAGE) or language))

    outline = read_markup(data, url, _RECORDS, _FIELDS, add)
    if outline.root not in FEED_ROOTS:
        what = "this is a sitemap" if outline.root else outline.problem
        return Listing(problems=(f"{what}, not a feed",))
    feed = builder.build(
        next_page=_next_page(outline.head, url),
        language=outline.head.text(*_LANGUAGE),
        problem=outline.problem,
    )
    return replace(feed, site_images=tuple(_images(outline.head)))


def _entry(record: Record, of_feed: Record, url: str, zone: tzinfo | None, language: str | None) -> Entry | None:
    link = next(filter(None, (resolve(text, base) for text, base in _links(record, url))), None)
    if link is None:
        return None
    own = record.text(*_LANGUAGE)
    published, modified = (first_point(record, names, zone, own or language) for names in (PUBLISHED, MODIFIED))
    facts = entry_facts(record, of_feed, link, published, modified)
    return Entry(
        url=link,
        title=facts.title if facts else None,
        published_at=published.instant if published else _first_date(record, PUBLISHED, zone, own or language),
        modified_at=modified.instant if modified else _first_date(record, MODIFIED, zone, own or language),
        language=own,
        facts=facts,
    )


def _first_date(record: Record, names: tuple[str, ...], zone: tzinfo | None, language: str | None) -> datetime | None:
    """Return the first date, which may be a year or a month alone."""
    texts = (element.text for name in names for element in record.fields.get(name, ()))
    return next(filter(None, (read_listing_date(text, zone, language) for text in texts)), None)


def _links(record: Record, url: str) -> Iterator[tuple[str, str]]:
    """Yield the possible references to the article, each with its base URL, the most reliable first."""
    for element in record.fields.get("feedburner:origlink", ()):
        yield element.text, element.base
    links = record.fields.get("link", ())
    for element in sorted(filter(_is_alternate, links), key=_is_of_other_type):
        yield element.text or element.attributes.get("href", ""), element.base
    for element in record.fields.get("guid", ()):
        if element.attributes.get("isPermaLink", "true").strip().lower() != "false" and _is_address(element.text):
            yield element.text, url
    for element in record.fields.get("id", ()):
        if _is_address(element.text):
            yield element.text, url


def _is_alternate(link: Element) -> bool:
    """Whether a link leads to the article; a link without a relation does, in RSS and in Atom."""
    return "alternate" in (relations(link.attributes.get("rel")) or ["alternate"])


def _is_of_other_type(link: Element) -> bool:
    return "html" not in link.attributes.get("type", "text/html").lower()


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _images(head: Record) -> Iterator[str]:
    """Yield the images of the feed: what is in ``image`` in RSS, ``logo`` and ``icon`` in Atom."""
    for name in _IMAGES:
        for element in head.fields.get(name, ()):
            if address := resolve(element.text, element.base):
                yield address


def _next_page(head: Record, url: str) -> str | None:
    links = (link for link in head.fields.get("link", ()) if _NEXT.intersection(relations(link.attributes.get("rel"))))
    pages = (resolve(link.attributes.get("href"), link.base) for link in links)
    return next((page for page in pages if page and page != url), None)
