"""The elements of an entry that state facts of its article, in feeds and in sitemaps of news and of images.

Media RSS: https://www.rssboard.org/media-rss; images in sitemaps:
https://developers.google.com/search/docs/crawling-indexing/sitemaps/image-sitemaps
"""

from collections.abc import Iterator
from datetime import tzinfo
from itertools import chain

from khobor.dates.point_in_time import PointInTime
from khobor.discover.entry_texts import (
    StatedImage,
    author_name,
    categories,
    is_picture,
    keywords,
    largest_image,
    read_description,
)
from khobor.discover.listing_dates import read_listing_point, stated_change, stated_time
from khobor.discover.markup import Element, Record
from khobor.discover.plain_text import plain_text
from khobor.discover.references import relations
from khobor.entry_facts import EntryFacts, bounded

PUBLISHED = (
    *("pubdate", "published", "issued", "dc:date", "dc:issued", "dc:created", "created"),
    *("prism:publicationdate", "date", "news:publication_date"),
)
MODIFIED = ("updated", "modified", "dc:modified", "prism:modificationdate")
TITLE = ("title", "dc:title", "news:title")
_AUTHORS = (("dc:creator",), ("name", "author"))
_KEYWORDS = ("dc:subject", "news:keywords", "media:keywords")
_SUMMARY = ("summary", "description", "dc:description")
_IMAGES = ("media:content", "media:thumbnail", "enclosure", "link", "image", "url", "image:loc")
# The elements that are read for facts alone.
FIELDS = frozenset({*chain(*_AUTHORS), *_KEYWORDS, *_SUMMARY, *_IMAGES, "category"})
# Those of sitemaps.
OF_SITEMAPS = frozenset({"news:keywords", "image:loc"})
_THUMBNAIL = "media:thumbnail"


def entry_facts(
    record: Record, head: Record, link: str, published: PointInTime | None, modified: PointInTime | None
) -> EntryFacts | None:
    """Return the facts of an entry; None if it states none.

    Args:
        record: The elements of the entry.
        head: The elements of an Atom feed outside of its entries; their authors are those of an entry without one.
        link: The absolute URL of the article.
        published: When it was published, as ``first_point`` returns it.
        modified: When it was last changed.
    """
    title = plain_text(record.text(*TITLE))
    description = read_description(record.text(*_SUMMARY), link, title)
    facts = EntryFacts(
        title=title,
        published=stated_time(published),
        modified=stated_change(published, modified),
        authors=_authors(record) or _authors(head),
        categories=tuple(chain(categories(_categories(record)), keywords(_texts(record, _KEYWORDS)))),
        summary=description.summary,
        image=_image(record) or description.image,
    )
    return bounded(facts) or None


def first_point(
    record: Record, names: tuple[str, ...], zone: tzinfo | None, language: str | None
) -> PointInTime | None:
    """Return the first point in time that one of these elements states; None if there is none.

    Args:
        record: The elements of the entry.
        names: The names of elements.
        zone: The zone of times without an offset; None if unknown.
        language: The BCP 47 tag of the language of dates; None if unknown.
    """
    points = (read_listing_point(text, zone, language) for text in _texts(record, names))
    return next(filter(None, points), None)


def _texts(record: Record, names: tuple[str, ...]) -> Iterator[str]:
    return (element.text for name in names for element in record.fields.get(name, ()))


def _authors(record: Record) -> tuple[str, ...]:
    for names in _AUTHORS:
        if found := tuple(filter(None, map(author_name, _texts(record, names)))):
            return found
    return ()


def _categories(record: Record) -> Iterator[str | None]:
    for element in record.fields.get("category", ()):
        yield element.text or element.attributes.get("label") or element.attributes.get("term")


def _image(record: Record) -> str | None:
    """Return the largest image that the entry states, a thumbnail only if it has no other."""
    elements = [(name, each) for name in _IMAGES for each in record.fields.get(name, ())]
    others = (image for name, each in elements if name != _THUMBNAIL and (image := _stated_image(name, each)))
    thumbnails = (image for name, each in elements if name == _THUMBNAIL and (image := _stated_image(name, each)))
    return largest_image(others) or largest_image(thumbnails)


def _stated_image(name: str, element: Element) -> StatedImage | None:
    attributes = element.attributes
    if name in {"image", "url", "image:loc"}:
        return StatedImage(url=element.text or attributes.get("url") or attributes.get("href"), base=element.base)
    if name == "link" and "enclosure" not in relations(attributes.get("rel")):
        return None
    address = attributes.get("href") if name == "link" else attributes.get("url")
    kind = f"{attributes.get('medium', '')} {attributes.get('type', '')}".strip().lower()
    is_image = name == _THUMBNAIL or (kind.startswith("image") if kind else is_picture(address))
    if not is_image:
        return None
    return StatedImage(url=address, base=element.base, width=attributes.get("width"), height=attributes.get("height"))
