"""The article: what khobor knows of one page of news.

Names follow schema.org's NewsArticle where it has one. What is absent is None or empty; datetimes are aware.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

BlockKind = Literal["paragraph", "heading", "quote", "list", "table", "image", "embed"]
Edition = Literal["online", "print"]
Genre = Literal["news", "opinion", "live", "video", "gallery"]
# The last and the first clocks on Earth to reach a day.
EARLIEST_CLOCK, LATEST_CLOCK = timedelta(hours=-12), timedelta(hours=14)
Origin = Literal["source rule", "json-ld", "microdata", "meta", "heuristic", "url"]


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who is named in the byline: a person, or a desk."""

    name: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link with its text."""

    url: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image; width and height in CSS pixels where the page tells them."""

    url: str
    caption: str | None = None
    credit: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, kw_only=True)
class Video:
    """Embedded media: the address of the file or of its player."""

    url: str
    caption: str | None = None


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Who publishes the article."""

    name: str
    logo: str | None = None


@dataclass(frozen=True, kw_only=True)
class Block:
    """One part of the body.

    Attributes:
        kind: What it is; it says which of the others are set.
        text: Its text; of a list the items, of a table the rows, one a line; of an image its caption.
        level: Of a heading, 1 to 6.
        items: Of a list.
        rows: Of a table, each a tuple of cells.
        image: Of an image.
        url: Of an embed.
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
    """What the page and its answer reserve.

    Attributes:
        robots: Directives of robots meta and of the X-Robots-Tag header, such as ``noarchive``.
        robots_txt: What robots.txt said when the page was fetched: ``allowed``, or ``none`` if there was none.
        tdm_reservation: Whether text and data mining is reserved (W3C TDM Reservation Protocol), if it says.
        tdm_policy: The URL of the policy by which rights to that can be had.
        license_url: The licence that the page names.
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
    was read: an article that is rebuilt from a copy elsewhere differs in these two alone, and nothing else is derived
    from them. A folder has no name here, so that it can be moved.

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
    """What another place of the page says of a field.

    Attributes:
        origin: The kind of place.
        text: What stands there, as found.
    """

    origin: Origin
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Refused:
    """What a page says of itself and is not believed.

    Attributes:
        origin: The kind of place.
        text: What stands there, as found.
        reason: Why it is not believed, in words.
    """

    origin: Origin
    text: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Where a field's value came from.

    Attributes:
        origin: The kind of place.
        text: What stood there, as found.
        precision: Of a date: whether the time of day was there.
        assumed_zone: Of a date without an offset: the zone that was taken, in the IANA database's words.
        disputed_by: Of a date: the places of the page that declare another time.
        refused: Of the canonical URL: the statements of the page that are not believed.
        others: What the other candidates said, the better ones first; kept only where an explanation was asked for.
    """

    origin: Origin
    text: str = ""
    precision: Literal["minute", "day"] | None = None
    assumed_zone: str | None = None
    disputed_by: tuple[Candidate, ...] = ()
    refused: tuple[Refused, ...] = ()
    others: tuple[Candidate, ...] = ()

    @property
    def is_disputed(self) -> bool:
        """Whether places of the page disagree."""
        return bool(self.disputed_by)


@dataclass(frozen=True, kw_only=True)
class Extraction:
    """How the article was read.

    Attributes:
        version: khobor's version.
        rules: Name and version of the source's rules that were used, such as ``kalbela/1``.
        fields: The evidence of each field that has one.
        not_article: Why the page is taken for no article, as a slug; None for an article.
        reader: khobor's version, and what stands for all rules of the source, those for pages of other days too: what
            differs between two pages that the same reader read differs on the pages.
        utc_offset: Minutes from UTC of the source's clocks when the article was published, else fetched; None where the
            offset of that time is theirs, or the source's zone is not known.
    """

    version: str
    rules: str | None = None
    fields: Mapping[str, Evidence] = field(default_factory=dict)
    not_article: str | None = None
    reader: str | None = None
    utc_offset: int | None = None


@dataclass(frozen=True, kw_only=True)
class Article:
    """One article, as one fetch of its page shows it; docs/reference/fields.md describes every field."""

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
        """When it was published, else fetched, by the clocks of its source: lists and files go by its day and time."""
        at = self.published_at or self.fetched_at
        minutes = self.extraction.utc_offset
        offset = at.utcoffset() if minutes is None else timedelta(minutes=minutes)
        # A page may state an offset that no clock on Earth has.
        is_possible = offset is not None and EARLIEST_CLOCK <= offset <= LATEST_CLOCK
        return at.astimezone(timezone(offset) if offset and is_possible else UTC)

    @property
    def body_text(self) -> str:
        """The text of the body's blocks, parted by one empty line; images and embeds are left out."""
        return "\n\n".join(block.text for block in self.body if block.text and block.kind not in {"image", "embed"})
