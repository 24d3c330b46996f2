"""A source: a publisher as its TOML file describes it."""

import re
import tomllib
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from khobor.errors import ConfigurationError

Selectors = tuple[str, ...]


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a source's articles are read where the general way needs help: CSS selectors, the first that finds wins.

    Attributes:
        title: The headline.
        authors: The byline.
        dates: The line with both dates, each behind its label.
        edition: The words for online or print.
        image: The lead image, or what stands for it.
        image_caption: The lead image's caption.
        tags: Links to topics.
        related: Links to other articles.
        body: The element that holds the body.
        drop: What stands inside the body and is no part of it.
        boilerplate: Words that only sentences hold which are no part of the body.
    """

    title: Selectors = ()
    kicker: Selectors = ()
    description: Selectors = ()
    authors: Selectors = ()
    dates: Selectors = ()
    published_at: Selectors = ()
    modified_at: Selectors = ()
    edition: Selectors = ()
    section: Selectors = ()
    image: Selectors = ()
    image_caption: Selectors = ()
    tags: Selectors = ()
    related: Selectors = ()
    body: Selectors = ()
    drop: Selectors = ()
    boilerplate: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What khobor knows of one publisher.

    Attributes:
        name: Its name in the registry, which is its file's.
        version: Of its rules, counted up with each change.
        publisher: Its name as readers know it.
        hosts: Hosts whose pages it publishes; their subdomains are its own too.
        language: BCP 47.
        zone: IANA name of the time zone that its clocks show.
        article_url: Regular expression for the path of an article's URL.
        rules: How its articles are read.
    """

    name: str
    version: int
    publisher: str
    hosts: tuple[str, ...]
    language: str | None = None
    zone: str | None = None
    article_url: str | None = None
    rules: Rules = Rules()

    @property
    def reference(self) -> str:
        """Name and version, as an article's extraction shows them."""
        return f"{self.name}/{self.version}"


def read_source(name: str, text: str) -> Source:
    """Return the source that a TOML file describes.

    Args:
        name: The file's name without its suffix.
        text: What stands in it.

    Raises:
        ConfigurationError: It is no TOML, an entry is missing, unknown or of the wrong type, or cannot be used.
    """
    try:
        source = msgspec.convert({"name": name} | tomllib.loads(text), Source)
        re.compile(source.article_url or "")
        ZoneInfo(source.zone or "UTC")
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, re.error, ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(f"the source {name} cannot be used: {error}; see source.py for its entries") from error
    return source
