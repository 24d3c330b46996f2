"""What a URL frontier offers: which URLs are known and due, and whose turn it is to send a request to a host.

Code outside this package uses these interfaces. An implementation, such as ``frontier.dynamodb``, is chosen where a
program is composed. URLs are compared in their canonical form. All times are aware.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

from khobor.frontier.fetch_queue import Kind

# The attributes of ``KnownUrl`` that are times.
INSTANTS = frozenset({"since", "next_visit", "gone_at", "new_at"})
# Stored in place of a forgotten URL.
FORGOTTEN_URL = "forgotten"
_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class KnownUrl:
    """What the frontier knows of one URL.

    Attributes:
        url: The URL as it was found.
        source: The name of its source, if it has one.
        kind: An article, or a kind of listing.
        found_on: For a listing, the kind of the listing that links to it; None for one that the source names. For a
            sitemap or a section page, ``feed`` says that it is read because a feed does not reach back far enough.
        depth: The number of links from a listing that the source names to this URL; None if it is such a listing
            itself, or was requested by hand.
        since: When it was published, or found; its age counts from here.
        next_visit: When it is due to be fetched again; None if never.
        etag: The ETag of the last answer.
        last_modified: The Last-Modified of the last answer.
        answered_by: The URL that gave the last answer, after redirects; None if it is ``url``.
        digest: The digest of the last answer's body.
        gone_at: When the answer was 404 or 410.
        new_at: For a listing, when it last had an article that was not known.
        longest_gap: For a listing, the longest time between two of these, in seconds.
        entry: For an article, what the feed that listed it stated about it, as ``entry_facts.write_facts`` returns it.
            For a home page, which images are of its site.
    """

    url: str
    source: str | None
    kind: Kind = "article"
    found_on: Kind | None = None
    depth: int | None = None
    since: datetime
    next_visit: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    answered_by: str | None = None
    digest: str | None = None
    gone_at: datetime | None = None
    new_at: datetime | None = None
    longest_gap: float | None = None
    entry: str | None = None


class UrlRecord(NamedTuple):
    """What a look-up of many URLs returns of each.

    Attributes:
        source: As in ``KnownUrl``.
        entry: As in ``KnownUrl``.
    """

    source: str | None
    entry: str | None


class KnownUrls(Protocol):
    """The URLs that are known, and when each is due to be fetched again.

    A URL is known for a limited time after it was last written, unless it was forgotten.
    """

    def add(self, known_url: KnownUrl, now: datetime, *, takes_over: bool = False) -> bool:
        """Add a URL unless it is known; return whether it was added.

        Args:
            known_url: The URL, and its source.
            now: The time.
            takes_over: Whether the URL is also added if it is known for another source, whose facts it replaces.
        """

    def get(self, url: str) -> KnownUrl | None:
        """Return what is known of a URL; None if it is not known."""

    def known(self, urls: Collection[str], now: datetime) -> dict[str, UrlRecord]:
        """Return the URLs among these that are known, each with its source and the facts of its entry.

        A URL that was added a moment ago may be missing.

        Args:
            urls: The URLs, in any spelling.
            now: The time.
        """

    def change(
        self, url: str, facts: Mapping[str, object], now: datetime, defaults: Mapping[str, object] = _NOTHING
    ) -> None:
        """Write facts of a URL, which is known afterwards. If it was forgotten, nothing is written.

        Args:
            url: The URL.
            facts: Attributes of ``KnownUrl``; None removes one.
            now: The time.
            defaults: Attributes that are written only if the URL does not have them and ``facts`` does not name them.
        """

    def forget(self, url: str, now: datetime) -> None:
        """Delete all facts of a URL but keep it known for good, so that it is not fetched when it is found again.

        Args:
            url: The URL.
            now: The time.
        """

    def forgotten(self, urls: Collection[str]) -> bool:
        """Return whether any of a few URLs was forgotten."""

    def all_forgotten(self) -> Iterator[tuple[str, datetime]]:
        """Yield the id of each forgotten URL, and when it was forgotten. This reads the whole frontier."""

    def all(self, now: datetime) -> Iterator[tuple[KnownUrl, datetime]]:
        """Yield each known URL, and when it was last written, without forgotten ones. This reads the whole frontier.

        Args:
            now: The time.
        """

    def restore(self, known_url: KnownUrl, written_at: datetime) -> bool:
        """Write a URL that ``all`` yielded, unless it was forgotten or written later; return whether it was written.

        Args:
            known_url: The URL.
            written_at: When it was last written.
        """

    def forget_id(self, url_id: str, at: datetime) -> bool:
        """Forget a URL by its id, unless it was forgotten already; return whether it was forgotten now.

        Args:
            url_id: The id, as ``all_forgotten`` yields it.
            at: When it was forgotten.
        """

    def due(self, source: str, now: datetime) -> Iterator[KnownUrl]:
        """Yield the URLs of a source that are due, the longest due first, without their validators and entries.

        Args:
            source: The name of the source.
            now: The time.
        """

    def coming(self, source: str, now: datetime) -> Iterator[KnownUrl]:
        """Yield the URLs of a source that will be due later, the next first, without their validators and entries.

        Args:
            source: The name of the source.
            now: The time.
        """

    def postpone(self, known_url: KnownUrl, until: datetime | None, now: datetime) -> bool:
        """Set when a URL that is due is fetched next after this time.

        Args:
            known_url: The URL, as ``due`` yielded it.
            until: When it is due next; None if never.
            now: The time.

        Returns:
            Whether it was set. It is not if another process set it first.
        """


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The right to send one request to a host.

    Attributes:
        host: The host.
        state: The state that the turn before left; None if there was none.
    """

    host: str
    state: bytes | None


class HostBusyError(Exception):
    """No request may be sent to a host yet.

    Args:
        host: The host.
        until: When the next request may be sent.
    """

    def __init__(self, host: str, until: datetime) -> None:
        super().__init__(f"no request may be sent to {host} before {until:%Y-%m-%d %H:%M:%S} UTC")
        self.host = host
        self.until = until


@dataclass(frozen=True, kw_only=True)
class HostRecord:
    """One of the facts that are kept of a host.

    Attributes:
        kind: What it is: the state that the last turn left, the robots.txt, or the time until which work is queued.
        host: The host, or the origin whose robots.txt it is.
        content: The state or the robots.txt; None without one.
        at: When the next turn may begin, or until when work is queued; None for robots.txt.
        written_at: When it was last written.
    """

    kind: Literal["turn", "robots", "queued"]
    host: str
    content: bytes | None = None
    at: datetime | None = None
    written_at: datetime


class Hosts(Protocol):
    """The hosts: one request at a time for each, its robots.txt, and the work that is queued for it."""

    def take_turn(self, host: str, now: datetime, until: datetime) -> Turn:
        """Take the right to send a request to a host, which one process has at a time.

        Args:
            host: The host, as ``message_group`` names it.
            now: The time.
            until: When the turn is over if nobody ends it.

        Raises:
            HostBusyError: Another process has the turn, or it is too early.
        """

    def end_turn(self, host: str, state: bytes, next_at: datetime, now: datetime) -> None:
        """End a turn.

        Args:
            host: The host.
            state: The state for the next turn.
            next_at: When the next turn may begin.
            now: The time.
        """

    def state(self, host: str) -> bytes | None:
        """Return the state that the last turn of a host left; None if there was none."""

    def known(self, hosts: Collection[str]) -> set[str]:
        """Return the hosts among these that have had a turn or have requests queued."""

    def queued_until(self, host: str) -> datetime | None:
        """Return when the requests that are queued for a host will be done; None if that is not known."""

    def queue_until(self, host: str, until: datetime, before: datetime | None, now: datetime) -> bool:
        """Set when the requests that are queued for a host will be done.

        Args:
            host: The host.
            until: When they will be done.
            before: What ``queued_until`` returned.
            now: The time.

        Returns:
            Whether it was set. It is not if another process set it first.
        """

    def get(self, host_key: str) -> bytes | None:
        """Return the robots.txt that was put last for a host; None if there is none."""

    def put(self, host_key: str, value: bytes) -> None:
        """Keep the robots.txt of a host.

        Args:
            host_key: The host.
            value: The robots.txt, as ``fetch.robots`` encodes it.
        """

    def all(self) -> Iterator[HostRecord]:
        """Yield everything that is kept of hosts, in no order. Turns that are taken count as ended."""

    def restore(self, record: HostRecord) -> bool:
        """Write what ``all`` yielded, unless it was written later; return whether it was written."""


@dataclass(frozen=True, kw_only=True)
class Frontier:
    """A URL frontier.

    Attributes:
        urls: The known URLs.
        hosts: The hosts.
    """

    urls: KnownUrls
    hosts: Hosts
