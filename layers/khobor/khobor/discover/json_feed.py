"""JSON Feed 1.0 and 1.1: https://www.jsonfeed.org/version/1.1/."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import tzinfo
from typing import Any, NamedTuple

from khobor.characters import without_half_surrogates
from khobor.dates.point_in_time import PointInTime
from khobor.discover.entry_texts import StatedImage, author_name, categories, largest_image, read_description
from khobor.discover.listing import Entry, Listing
from khobor.discover.listing_dates import read_listing_date, read_listing_point, stated_change, stated_time
from khobor.discover.plain_text import plain_text
from khobor.discover.references import ListingBuilder, resolve
from khobor.entry_facts import EntryFacts, bounded

_ITEMS = re.compile(r'"items"\s*:\s*\[')
_BETWEEN_ITEMS = re.compile(r"[\s,]*")


class _Feed(NamedTuple):
    """What a feed states for all of its items.

    Attributes:
        url: Its URL.
        zone: The zone of dates without one; None if unknown.
        language: The BCP 47 tag of the language of dates; None if unknown.
        authors: The authors of items without authors of their own.
    """

    url: str
    zone: tzinfo | None
    language: str | None
    authors: tuple[str, ...]


def read_json_feed(data: bytes, url: str, zone: tzinfo | None, language: str | None = None) -> Listing:
    """Return the contents of a JSON Feed; if it is truncated or broken, the items before that point.

    Args:
        data: The document in UTF-8.
        url: The URL of the document.
        zone: The zone of dates without one, which the standard does not allow; None if unknown.
        language: The BCP 47 tag of the language of dates if neither the item nor the feed states one.
    """
    text = without_half_surrogates(data.decode("utf-8", "replace"))
    feed, problem = _load(text)
    items = feed.get("items")
    if not isinstance(items, list):
        return Listing(problems=("this is JSON, not a feed",))
    builder = ListingBuilder()
    stated = _Feed(url, zone, _text(feed, "language") or language, bounded(EntryFacts(authors=_authors(feed))).authors)
    for item in items:
        builder.add(_entry(item, stated) if isinstance(item, dict) else None)
    listing = builder.build(
        next_page=resolve(_text(feed, "next_url"), url), language=_text(feed, "language"), problem=problem
    )
    images = (resolve(_text(feed, name), url) for name in ("icon", "favicon"))
    return replace(listing, site_images=tuple(filter(None, images)))


def _load(text: str) -> tuple[dict[str, Any], str | None]:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        items = list(_items_before_the_end(text))
        return {"items": items} if items else {}, "the JSON is broken or truncated"
    return (feed, None) if isinstance(feed, dict) else ({}, None)


def _items_before_the_end(text: str) -> Iterator[Any]:
    start = _ITEMS.search(text)
    decoder = json.JSONDecoder()
    position = start.end() if start else len(text)
    while True:
        between = _BETWEEN_ITEMS.match(text, position)
        try:
            item, position = decoder.raw_decode(text, between.end() if between else position)
        except (ValueError, RecursionError):
            return
        yield item


def _entry(item: dict[str, Any], feed: _Feed) -> Entry | None:
    identity = _text(item, "id") or ""
    references = (_text(item, "url"), identity if identity.startswith(("http://", "https://")) else None)
    links = (resolve(reference, feed.url) for reference in (*references, _text(item, "external_url")))
    link = next(filter(None, links), None)
    if link is None:
        return None
    own = _text(item, "language")
    language = own or feed.language
    texts = [_date(item, name) for name in ("date_published", "date_modified")]
    points = [read_listing_point(text, feed.zone, language) for text in texts]
    published_at, modified_at = (
        # A year or a month alone is no point in time.
        point.instant if point else read_listing_date(text, feed.zone, language)
        for point, text in zip(points, texts, strict=True)
    )
    return Entry(
        url=link,
        title=plain_text(_text(item, "title")),
        published_at=published_at,
        modified_at=modified_at,
        language=own,
        facts=_facts(item, feed.authors, link, *points),
    )


def _facts(
    item: dict[str, Any],
    authors: tuple[str, ...],
    link: str,
    published: PointInTime | None,
    modified: PointInTime | None,
) -> EntryFacts | None:
    title = plain_text(_text(item, "title"))
    images = (StatedImage(url=_text(item, name), base=link) for name in ("image", "banner_image"))
    facts = EntryFacts(
        title=title,
        published=stated_time(published),
        modified=stated_change(published, modified),
        authors=_authors(item) or authors,
        categories=tuple(categories(_texts(item.get("tags")))),
        summary=read_description(_text(item, "summary"), link, title).summary,
        image=next(filter(None, (largest_image([image]) for image in images)), None),
    )
    return bounded(facts) or None


def _authors(thing: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of the authors, of which version 1.0 had one."""
    listed = thing.get("authors")
    people = listed if isinstance(listed, list) else [thing.get("author")]
    names = (author_name(_text(each, "name")) for each in people if isinstance(each, dict))
    return tuple(filter(None, names))


def _texts(values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _text(thing: dict[str, Any], name: str) -> str | None:
    value = thing.get(name)
    return value if isinstance(value, str) and value else None


def _date(thing: dict[str, Any], name: str) -> str | None:
    """Return a date as text; some feeds contain Unix time as a number."""
    value = thing.get(name)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else _text(thing, name)
