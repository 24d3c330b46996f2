"""The article: what khobor extracts from one page of news.

Names follow schema.org's NewsArticle where it has one. Absent values are None or empty; datetimes are aware.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

BlockKind = Literal["paragraph", "heading", "quote", "list", "table", "image", "embed", "code"]
AuthorKind = Literal["organization"]
Edition = Literal["online", "print"]
Genre = Literal["news", "opinion", "live", "video", "gallery"]
# The UTC offsets of the last and the first clocks on Earth to reach a day.
EARLIEST_CLOCK, LATEST_CLOCK = timedelta(hours=-12), timedelta(hours=14)
Origin = Literal["source rule", "json-ld", "microdata", "meta", "heuristic", "url", "feed"]


@dataclass(frozen=True, kw_only=True)
class Author:
    """An author in the byline.

    Attributes:
        name: The name.
        url: The URL of the author's page.
        kind: ``organization`` for a desk, an agency or a site; None for a person.
    """

    name: str
    url: str | None = None
    kind: AuthorKind | None = None


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link with its text."""

    url: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image; width and height are in CSS pixels, if the page states them."""

    url: str
    caption: str | None = None
    credit: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, kw_only=True)
class Video:
    """Embedded media: the URL of the file or of its player."""

    url: str
    caption: str | None = None


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """The publisher of the article."""

    name: str
    logo: str | None = None


@dataclass(frozen=True, kw_only=True)
class Block:
    """One part of the body.

    Attributes:
        kind: The kind of block, which decides which other attributes are set.
        text: The text; the items of a list or the rows of a table, one on each line; the lines of code as they are;
            the caption of an image.
        level: The level of a heading, 1 to 6.
        items: The items of a list.
        rows: The rows of a table, each a tuple of cells.
        image: The image of an image block.
        url: The URL of an embed.
    """

    kind: BlockKind
    text: str = ""
    level: int | None = None
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    image: Image | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rights:
    """The rights that the page and its HTTP response reserve.

    Attributes:
        robots: The directives of robots meta elements and of the X-Robots-Tag header, such as ``noarchive``.
        robots_txt: What robots.txt said when the page was fetched: ``allowed``, or ``none`` if there was none.
        tdm_reservation: Whether text and data mining is reserved (W3C TDM Reservation Protocol); None if not stated.
        tdm_policy: The URL of the policy for obtaining these rights.
        license_url: The URL of the licence that the page states.
    """

    robots: tuple[str, ...] = ()
    robots_txt: str | None = None
    tdm_reservation: bool | None = None
    tdm_policy: str | None = None
    license_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class RawReference:
    """Where the page is kept as it came.

    The key is the same in a bucket and in the folder of a local archive. Bucket and version say which copy of the page
    was read: an article that is rebuilt from a copy elsewhere differs in these two alone. A folder has no name here, so
    that it can be moved.

    Attributes:
        bucket: The name of the S3 bucket; None for the folder of a local archive.
        key: The key; see ``keys.py``.
        version: The version of the S3 object; None in a folder, and in a bucket for the newest.
    """

    bucket: str | None = None
    key: str
    version: str | None = None

    @property
    def address(self) -> str:
        """The S3 URL of the object, or the key of a page in a folder."""
        return self.key if self.bucket is None else f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """The value of a field at another place of the page.

    Attributes:
        origin: The kind of place.
        text: The text there, unchanged.
    """

    origin: Origin
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class RefusedStatement:
    """A statement of a page about itself that is not accepted.

    Attributes:
        origin: The kind of place.
        text: The text there, unchanged.
        reason: Why it is not accepted, in words.
    """

    origin: Origin
    text: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The origin of a field's value.

    Attributes:
        origin: The kind of place.
        text: The text there, unchanged.
        precision: For a date: whether the time of day was given.
        assumed_zone: For a date without an offset: the time zone that was assumed, as an IANA name.
        confirmed_by: The names of the other places that give the same value, such as ``og:title``.
        disputed_by: For a date: the places of the page that give another time.
        refused: For the canonical URL: the statements of the page that are not accepted.
        others: The other candidates, the best first; only if an explanation was requested.
    """

    origin: Origin
    text: str = ""
    precision: Literal["minute", "day"] | None = None
    assumed_zone: str | None = None
    confirmed_by: tuple[str, ...] = ()
    disputed_by: tuple[Candidate, ...] = ()
    refused: tuple[RefusedStatement, ...] = ()
    others: tuple[Candidate, ...] = ()

    @property
    def is_disputed(self) -> bool:
        """Whether other places of the page give another value."""
        return bool(self.disputed_by)


@dataclass(frozen=True, kw_only=True)
class Extraction:
    """How the article was extracted.

    Attributes:
        version: The version of khobor.
        rules: Name and version of the source's rules that were used, such as ``kalbela/1``.
        fields: The evidence of the fields that have some.
        not_article: The slug of why the page is not an article; None for an article.
        refusal: What on the page says that it is not an article; None for an article, and if the slug says it all.
        reader: The version of khobor and a digest of all rules of the source, including those for pages of other days.
            If two pages have the same reader, a difference between their articles is a difference between the pages.
        utc_offset: The offset of the source's clocks from UTC, in minutes, when the article was published, else
            fetched. None if that time already has this offset, or if the zone of the source is unknown.
    """

    version: str
    rules: str | None = None
    fields: Mapping[str, Evidence] = field(default_factory=dict)
    not_article: str | None = None
    refusal: Evidence | None = None
    reader: str | None = None
    utc_offset: int | None = None

    @property
    def refusal_text(self) -> str:
        """What on the page says that it is not an article, as the end of a message; empty if nothing does."""
        return f": {self.refusal.text} ({self.refusal.origin})" if self.refusal else ""


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article as extracted from one fetch of its page; docs/reference/fields.md describes every field."""

    article_id: str
    url: str | None = None
    canonical_url: str | None = None
    source: str | None = None
    title: str | None = None
    alternative_titles: tuple[str, ...] = ()
    kicker: str | None = None
    description: str | None = None
    authors: tuple[Author, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None
    section: str | None = None
    breadcrumbs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    edition: Edition | None = None
    dateline: str | None = None
    genre: Genre | None = None
    word_count: int = 0
    body: tuple[Block, ...] = ()
    images: tuple[Image, ...] = ()
    videos: tuple[Video, ...] = ()
    links: tuple[Link, ...] = ()
    related: tuple[Link, ...] = ()
    credits: tuple[str, ...] = ()
    is_accessible_for_free: bool | None = None
    rights: Rights = field(default_factory=Rights)
    publisher: Publisher | None = None
    fetched_at: datetime
    raw: RawReference | None = None
    extraction: Extraction
    content_hash: str

    @property
    def listed_at(self) -> datetime:
        """When it was published, else fetched, in the zone of its source. Lists and exports use its day and time."""
        at = self.published_at or self.fetched_at
        minutes = self.extraction.utc_offset
        offset = at.utcoffset() if minutes is None else timedelta(minutes=minutes)
        # A page may state an offset that no clock on Earth has.
        is_possible = offset is not None and EARLIEST_CLOCK <= offset <= LATEST_CLOCK
        return at.astimezone(timezone(offset) if offset and is_possible else UTC)

    @property
    def body_text(self) -> str:
        """The texts of the body's blocks, separated by empty lines; images and embeds are left out."""
        return "\n\n".join(block.text for block in self.body if block.text and block.kind not in {"image", "embed"})
