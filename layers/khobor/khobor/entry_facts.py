"""What a feed or a news sitemap states about an article in its entry, besides the URL.

Pages often lack what the feed of their site states: themes of WordPress show no date, and blogs no author. So the facts
of an entry go with the URL to the page, are stored with it, and are the last candidates of the article's fields.

They are written as one short text of ASCII, which fits into a message, a table and the metadata of an S3 object: JSON
with names of one letter, deflated, in Base64. What does not fit is left out, the least important first.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from khobor.site import image_identity
from khobor.url import digest

# The name in the metadata of a page.
NAME = "entry"
# The longest text of facts. S3 keeps 2 KB of a page's metadata, and each KB of an item of the crawl table costs a write
# unit at each write.
MOST_CHARACTERS = 1_000
_MOST_AUTHORS = 10
_MOST_CATEGORIES = 20
MOST_SITE_IMAGES = 4
_MARK_CHARACTERS = 8
_LONGEST = {
    "title": 300,
    "published": 32,
    "modified": 32,
    "author": 200,
    "category": 80,
    "summary": 700,
    "image": 500,
    "mark": _MARK_CHARACTERS,
}
# The names in the written text, the least important first.
_NAMES = {
    "summary": "s",
    "site_images": "g",
    "image": "i",
    "categories": "c",
    "modified": "m",
    "title": "t",
    "authors": "a",
    "published": "p",
}
# No written facts are longer when they are inflated.
_MOST_BYTES = 32_768


@dataclass(frozen=True, kw_only=True)
class EntryFacts:
    """The facts of one entry, as plain text, and which images are of its site.

    Attributes:
        title: The headline.
        published: When it was published, in ISO 8601 and as precise as stated: a day, a time of day, or a time with
            its offset from UTC.
        modified: When it was last changed, as ``published``.
        authors: The authors as stated, without e-mail addresses; a text may name several.
        categories: The categories and tags.
        summary: The summary; None if the entry has the whole text instead.
        image: The absolute URL of the image.
        site_images: The marks of images that other pages and feeds of the site say are the site's; see ``image_mark``.
    """

    title: str | None = None
    published: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    summary: str | None = None
    image: str | None = None
    site_images: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any fact."""
        return any(getattr(self, field.name) for field in fields(self))

    def completed_by(self, other: "EntryFacts") -> "EntryFacts":
        """Return these facts with those of another entry for the same URL that these lack."""
        missing = {name: getattr(other, name) for name in _NAMES if not getattr(self, name)}
        return replace(self, **missing)


def image_mark(url: str) -> str:
    """Return a short digest of an image's URL, by which pages of a site are compared.

    Args:
        url: An absolute URL; ``site.image_identity`` says which of its parts count.
    """
    return digest(image_identity(url).encode("utf-8", "replace"))[:_MARK_CHARACTERS]


def bounded(facts: EntryFacts) -> EntryFacts:
    """Return facts without texts that are too long, and without duplicates and names beyond the first few."""
    singles = {
        name: _short(getattr(facts, name), name) for name in ("title", "published", "modified", "summary", "image")
    }
    return EntryFacts(
        **singles,
        authors=_several(facts.authors, "author", _MOST_AUTHORS),
        categories=_several(facts.categories, "category", _MOST_CATEGORIES),
        site_images=_several(facts.site_images, "mark", MOST_SITE_IMAGES),
    )


def write_facts(facts: EntryFacts | None, room: int = MOST_CHARACTERS) -> str | None:
    """Return facts as a text of ASCII; None if there are none, or no room for any.

    Args:
        facts: The facts.
        room: The most characters.
    """
    values = {short: getattr(facts, name) for name, short in _NAMES.items() if facts and getattr(facts, name)}
    while values:
        data = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        deflate = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
        text = urlsafe_b64encode(deflate.compress(data) + deflate.flush()).decode().rstrip("=")
        if len(text) <= room:
            return text
        values.pop(next(iter(values)))
    return None


def read_facts(text: str | None) -> EntryFacts | None:
    """Return the facts that ``write_facts`` wrote; None for any other text."""
    if not text:
        return None
    try:
        inflate = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        data = inflate.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), _MOST_BYTES)
        values = json.loads(data) if inflate.eof else None
    except (ValueError, zlib.error, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    facts = bounded(EntryFacts(**{name: _read(name, values.get(short)) for name, short in _NAMES.items()}))
    return facts or None


def same_metadata(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two pages have the same metadata; not every zlib deflates the facts of an entry to the same text.

    Args:
        one: The metadata of a page.
        other: The metadata of another.
    """
    if one == other:
        return True
    return {**one, NAME: ""} == {**other, NAME: ""} and read_facts(one.get(NAME)) == read_facts(other.get(NAME))


def _read(name: str, value: Any) -> Any:
    if name in {"authors", "categories", "site_images"}:
        return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
    return value if isinstance(value, str) else None


def _short(text: str | None, name: str) -> str | None:
    return text if text and len(text) <= _LONGEST[name] else None


def _several(texts: Iterable[str], name: str, most: int) -> tuple[str, ...]:
    unique = dict.fromkeys(text for text in texts if _short(text, name))
    return tuple(unique)[:most]
