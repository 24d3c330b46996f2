"""The lines of a dump: JSON objects, each with the attribute ``record`` that says what it is.

The first line is the header, the last one the end, which counts the others. Times are RFC 3339, bytes base64.

===================== =============================================================================
``record``            what it is
===================== =============================================================================
``dump``              the header: version of the format, version of khobor, time
``forgotten_article`` an article that must never come back
``forgotten_url``     a URL that must never be fetched again, by its id
``url``               a known URL with its facts
``host``              a fact of a host: the state of its last turn, its robots.txt, its queued work
``request``           a request that waits in the fetch queue
``gone``              a time at which a site answered that it had removed an article
``dead_letter``       a record that failed for good
``end``               the number of lines of each kind
===================== =============================================================================
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from khobor.frontier.fetch_queue import FetchRequest, Kind

VERSION = 1

Instant: TypeAlias = Annotated[datetime, Meta(tz=True)]
Identity: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z2-7]{26}$")]
# DynamoDB keeps 400 KB in an item, and 2 KB in a key.
Text: TypeAlias = Annotated[str, Meta(max_length=8_000)]
Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500)]
Content: TypeAlias = Annotated[bytes, Meta(max_length=300_000)]


class _Line(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="record"
):
    """What all lines have in common."""


class Header(_Line, frozen=True, kw_only=True, tag="dump"):
    """The first line.

    Attributes:
        version: The version of the format.
        khobor: The version of the khobor that wrote it.
        at: When it was written.
    """

    version: int
    khobor: Text
    at: Instant


class ForgottenArticle(_Line, frozen=True, kw_only=True, tag="forgotten_article"):
    """An article that must never come back.

    Attributes:
        article_id: The article's id.
        at: When it was forgotten.
    """

    article_id: Identity
    at: Instant


class ForgottenUrl(_Line, frozen=True, kw_only=True, tag="forgotten_url"):
    """A URL that must never be fetched again.

    Attributes:
        url_id: The id of the URL, which does not tell the URL.
        at: When it was forgotten.
    """

    url_id: Identity
    at: Instant


class Url(_Line, frozen=True, kw_only=True, tag="url"):
    """A known URL; its other attributes are those of ``frontier.interface.KnownUrl``.

    Attributes:
        written_at: When it was last written; it stays known for some days from then on.
    """

    url: Text
    source: Name | None = None
    kind: Kind = "article"
    found_on: Kind | None = None
    depth: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    since: Instant
    next_visit: Instant | None = None
    etag: Text | None = None
    last_modified: Text | None = None
    answered_by: Text | None = None
    digest: Text | None = None
    gone_at: Instant | None = None
    new_at: Instant | None = None
    longest_gap: Annotated[float, Meta(ge=0, le=1e12)] | None = None
    entry: Text | None = None
    written_at: Instant


class Host(_Line, frozen=True, kw_only=True, tag="host"):
    """A fact of a host; its attributes are those of ``frontier.interface.HostRecord``."""

    kind: Literal["turn", "robots", "queued"]
    host: Name
    content: Content | None = None
    at: Instant | None = None
    written_at: Instant

    def __post_init__(self) -> None:
        """Refuse a record without what its kind needs."""
        needed = "content" if self.kind == "robots" else "at"
        if getattr(self, needed) is None:
            raise ValueError(f"a record of the kind {self.kind} has no `{needed}`")


class WaitingRequest(_Line, frozen=True, kw_only=True, tag="request"):
    """A request that waits to be fetched.

    Attributes:
        request: The request.
        sent_at: When it was put in the queue.
    """

    request: FetchRequest
    sent_at: Instant


class Gone(_Line, frozen=True, kw_only=True, tag="gone"):
    """A time at which a site answered that it had removed an article.

    Attributes:
        article_id: The article's id, or that of a URL.
        at: When the site answered so.
        reason: The slug of the answer.
    """

    article_id: Identity
    at: Instant
    reason: Name


class FailedRecord(_Line, frozen=True, kw_only=True, tag="dead_letter"):
    """A record that failed for good.

    Attributes:
        stage: The stage at which it failed.
        subject: What failed: a URL, a page.
        body: What to try again.
        reason: The slug of the cause.
        detail: The cause in words.
        at: When it failed.
    """

    stage: Name
    subject: Text = ""
    body: Annotated[str, Meta(max_length=300_000)]
    reason: Text
    detail: Text = ""
    at: Instant


class End(_Line, frozen=True, kw_only=True, tag="end"):
    """The last line.

    Attributes:
        counts: The number of lines of each kind.
    """

    counts: Mapping[str, int]


Record: TypeAlias = ForgottenArticle | ForgottenUrl | Url | Host | WaitingRequest | Gone | FailedRecord
Line: TypeAlias = Header | Record | End


def tag_of(record: Record) -> str:
    """Return the attribute ``record`` of a line."""
    return str(type(record).__struct_config__.tag)
