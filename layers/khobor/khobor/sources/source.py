"""A source: a publisher, and how its articles are found, fetched and extracted; and the schema of its TOML file."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from khobor.url import digest

# How many digits of a digest tell the rules of a source apart.
_DIGITS = 8
# These limits are many times what a source needs, and bound the cost of one file.
MOST_SELECTORS = 30
LONGEST_SELECTOR = 500
Selectors = Annotated[
    tuple[Annotated[str, Meta(pattern=r"\S", max_length=LONGEST_SELECTOR)], ...], Meta(max_length=MOST_SELECTORS)
]
_HOST = r"^([a-z0-9-]+(\.[a-z0-9-]+)+|localhost)(:[1-9][0-9]{0,4})?(/[^/?#\s]+)*$"
Hosts = Annotated[tuple[Annotated[str, Meta(pattern=_HOST, max_length=500)], ...], Meta(min_length=1, max_length=200)]
Name = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
Language = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
Number = Annotated[int, Meta(ge=1, le=1_000_000_000)]
# At least the interval of the discover function's schedule, at most a year.
Interval = Annotated[int, Meta(ge=5, le=525_600)]
# A hundred years.
Days = Annotated[int, Meta(ge=1, le=36_525)]
Hours = Annotated[int, Meta(ge=1, le=876_600)]
Text = Annotated[str, Meta(min_length=1, max_length=200)]
Pattern = Annotated[str, Meta(min_length=1, max_length=1000)]
Patterns = Annotated[tuple[Pattern, ...], Meta(max_length=100)]
# One character after the slashes, not one or more: two adjacent repetitions would take quadratic time.
Urls = Annotated[
    tuple[Annotated[str, Meta(pattern=r"^https?://[^\s/?#]\S*$", max_length=2000)], ...], Meta(max_length=500)
]
Ports = Annotated[tuple[Annotated[int, Meta(ge=1, le=65535)], ...], Meta(max_length=20)]


# Rules that select elements, never texts.
OF_ELEMENTS = frozenset({"related", "body", "drop"})
# Rules of which all apply, not only the first that selects something.
WITHOUT_ORDER = frozenset({"related", "drop", "boilerplate"})


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How articles are read where the general extractor needs help.

    Each rule is a list of candidates in order; the first that finds something wins. A candidate selects what it selects
    in parsel. It is a CSS selector; an XPath, which begins with /, ./, ( or a function such as normalize-space(; or
    "jmespath:" and a JMESPath, which is asked of each JSON-LD script of the page. CSS and XPath select elements, or
    their attributes or texts by ``::attr(name)``, ``::text``, ``/@name`` or ``/text()``. A source's candidates come
    before those of its base, and these before the general extractor. The entries of related, drop and boilerplate are
    no candidates: all of them apply, and a source's replace those of its base. An empty list removes what the base or
    an earlier version says.

    Attributes:
        title: The headline.
        kicker: The line above the headline.
        description: The summary, or dek.
        authors: The byline.
        dates: The line with both dates, each after its label.
        published_at: The date of publication, where it has a place of its own.
        modified_at: The date of modification, where it has a place of its own.
        edition: The word for online or print.
        section: The section's name.
        image: The lead image, or an element that names it.
        image_caption: The lead image's caption.
        tags: Links to topics.
        related: Links to other articles.
        body: The element that holds the body.
        drop: Elements inside the body that are no part of it.
        boilerplate: Words that occur only in sentences outside the article; no selectors.
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
    boilerplate: Selectors = ()


class DiscoveryOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How new articles are found: on listings, which are feeds, sitemaps and section pages.

    Without any listing, khobor uses the feeds that the home page names and the sitemaps that robots.txt names.

    Attributes:
        feeds: URLs of feeds: RSS, Atom or JSON Feed.
        sitemaps: URLs of sitemaps, or of indexes of them.
        sections: URLs of pages that link to new articles, such as the front page.
        include: Regular expressions; the URL of a wanted article matches one of them.
        exclude: Regular expressions; the URL of a wanted article matches none of them.
        related: Whether the articles that an article links to are fetched too.
        interval_minutes: Minutes between two fetches of a listing; an unchanged listing costs the site little.
        max_age_days: Older articles are not fetched, by date of publication, else of the last change.
        max_urls: How many new articles are taken from a listing at once; the next run takes the next ones.
    """

    feeds: Urls = ()
    sitemaps: Urls = ()
    sections: Urls = ()
    include: Patterns = ()
    exclude: Patterns = ()
    related: bool = False
    interval_minutes: Interval = 15
    max_age_days: Days = 30
    # A sitemap has no more (sitemaps.org).
    max_urls: Annotated[int, Meta(ge=1, le=50_000)] = 1000


class Revisit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often an article is fetched again while it is young.

    Attributes:
        until_hours: Up to this age in hours, since publication or else discovery.
        every_minutes: Minutes between two fetches.
    """

    until_hours: Hours
    every_minutes: Interval


class FetchingOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How its pages are fetched.

    Attributes:
        delay_seconds: Seconds from the end of one request to a host to the next; robots.txt may ask for more.
        ports: Ports that its URLs may have besides 80 and 443.
        revisits: How often articles are fetched again, the youngest first; an empty list turns this off.
    """

    delay_seconds: Annotated[float, Meta(ge=0, le=3600)] = 2.0
    ports: Ports = ()
    revisits: Annotated[tuple[Revisit, ...], Meta(max_length=20)] = (
        Revisit(until_hours=6, every_minutes=180),
        Revisit(until_hours=48, every_minutes=1440),
        Revisit(until_hours=168, every_minutes=4320),
    )

    def next_visit(self, since: datetime, now: datetime) -> datetime | None:
        """Return when an article is fetched again; None if it is too old.

        Args:
            since: When it was published, or else discovered, aware.
            now: When it is fetched, aware.
        """
        for revisit in self.revisits:
            at = now + timedelta(minutes=revisit.every_minutes)
            if at <= since + timedelta(hours=revisit.until_hours):
                return at
        return None


class Version(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a redesign of the site changed, for pages fetched since that day.

    Attributes:
        version: Its number, unique in the source; raise it with each change.
        since: The first day of the new pages, such as 2026-03-01, in the time zone of the source.
        rules: Only what changed.
    """

    version: Number
    since: date
    rules: Rules


class BaseFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What sources on one publishing system share; each of them names it as its base.

    Attributes:
        version: Its number; raise it with each change.
        language: BCP 47, such as bn.
        zone: IANA name of the time zone, such as Asia/Dhaka.
        article_url: Regular expression that matches the path of an article's URL, and of no other page's.
        rules: How articles are read.
        discovery: How new articles are found.
        fetching: How pages are fetched.
    """

    version: Number
    language: Language | None = None
    zone: Text | None = None
    article_url: Pattern | None = None
    rules: Rules = Rules()
    discovery: DiscoveryOptions = DiscoveryOptions()
    fetching: FetchingOptions = FetchingOptions()


class SourceFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A publisher, and how its articles are found, fetched and read. The name of the file is the name of the source.

    Attributes:
        version: Its number; raise it with each change.
        publisher: Its name as readers know it.
        hosts: Hosts whose pages it publishes, such as example.com, subdomains included; with a port or the beginning of
            a path, such as www.example.com/bengali, where the host is not the source's alone.
        enabled: Whether its new articles are found and fetched.
        base: Name of the file in bases/ whose entries apply where this file has none.
        language: BCP 47, such as bn.
        zone: IANA name of its time zone, such as Asia/Dhaka.
        article_url: Regular expression that matches the path of an article's URL, and of no other page's.
        rules: How its articles are read, where the general extractor or the base is wrong.
        versions: Redesigns of the site, the oldest first.
        discovery: How its new articles are found.
        fetching: How its pages are fetched.
    """

    version: Number
    publisher: Text
    hosts: Hosts
    enabled: bool = False
    base: Name | None = None
    language: Language | None = None
    zone: Text | None = None
    article_url: Pattern | None = None
    rules: Rules = Rules()
    versions: Annotated[tuple[Version, ...], Meta(max_length=50)] = ()
    discovery: DiscoveryOptions = DiscoveryOptions()
    fetching: FetchingOptions = FetchingOptions()


class DatedRules(msgspec.Struct, frozen=True, kw_only=True):
    """Rules from a day on, or from the beginning if ``since`` is None; extractions refer to them by ``reference``."""

    since: date | None
    reference: str
    rules: Rules


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A source as khobor uses it.

    Attributes:
        name: The name in the registry, which is that of the file.
        publisher: The name of the publisher as readers know it.
        hosts: The hosts of its pages, some with a port or a path prefix.
        enabled: Whether new articles are found and fetched.
        base: The name of the base; None if it has none.
        language: The BCP 47 tag; None if unknown.
        zone: The IANA name of the time zone; None if unknown.
        article_url: Regular expression for the path of an article's URL; None if there is none.
        versions: The versions of the rules, the oldest first; at least one.
        discovery: How new articles are found.
        fetching: How pages are fetched.
    """

    name: str
    publisher: str
    hosts: tuple[str, ...]
    enabled: bool
    base: str | None
    language: str | None
    zone: str | None
    article_url: str | None
    versions: tuple[DatedRules, ...]
    discovery: DiscoveryOptions
    fetching: FetchingOptions

    def rules_on(self, when: datetime) -> Rules:
        """Return the rules for pages that were fetched at a time, which is aware."""
        return self._on(when).rules

    def reference_on(self, when: datetime) -> str:
        """Return name and version of these rules, such as ``daily/2``, or ``daily/2.1`` with version 1 of a base."""
        return self._on(when).reference

    def utc_offset(self, when: datetime) -> int | None:
        """Return the offset of the source's clocks from UTC in minutes; None if the given time has the same offset.

        Args:
            when: The time, aware.
        """
        offset = when.astimezone(ZoneInfo(self.zone)).utcoffset() if self.zone else when.utcoffset()
        return None if offset is None or offset == when.utcoffset() else offset // timedelta(minutes=1)

    @property
    def reading(self) -> str:
        """A digest of everything that determines how articles are extracted, for all versions of the rules."""
        rules = [(version.since, version.rules) for version in self.versions]
        return digest(msgspec.json.encode((self.language, self.zone, rules)))[:_DIGITS]

    def _on(self, when: datetime) -> DatedRules:
        day = when.astimezone(ZoneInfo(self.zone) if self.zone else UTC).date()
        return next(version for version in reversed(self.versions) if version.since is None or version.since <= day)
