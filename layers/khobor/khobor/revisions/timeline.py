"""The revisions of an article, computed from its fetches: the same in whatever order these were stored.

Two fetches are compared only if the same version of extractor and rules read their pages: a difference between pages
that were read by different versions may come from the extractor and not from the publisher. Until ``khobor replay``
reads the older page again, both count as one revision: reporting a change late is better than accusing a publisher of
one that never happened.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from khobor.revisions.content_digests import ContentDigests

# What changed from one revision to the next; the first revision has no changes.
Change = Literal["headline", "byline", "description", "body", "stealth", "correction", "gone", "back"]


@dataclass(frozen=True, kw_only=True)
class FetchRecord:
    """What one fetch saw of an article.

    Attributes:
        at: When it was fetched, aware.
        digests: What readers saw; None if the article was gone.
        reader: The id of the extractor and rules that read the page.
    """

    at: datetime
    digests: ContentDigests | None
    reader: str = ""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """An article from one change to the next.

    Attributes:
        number: From 1 on.
        first_seen_at: When it was first seen, aware.
        last_seen_at: When it was last seen, aware.
        digests: What readers saw; if the article is gone, what they saw before.
        changes: What changed from the previous revision.
    """

    number: int
    first_seen_at: datetime
    last_seen_at: datetime
    digests: ContentDigests
    changes: tuple[Change, ...]

    @property
    def is_gone(self) -> bool:
        """Whether the article was gone from its site."""
        return "gone" in self.changes


def timeline(records: Iterable[FetchRecord]) -> tuple[Revision, ...]:
    """Return the revisions of an article, the oldest first; ``gone`` counts only after it was seen once."""
    revisions: list[Revision] = []
    # What each extractor saw last of the newest revision; older revisions are not compared.
    known: dict[str, ContentDigests] = {}
    for record in sorted(records, key=_order):
        seen = record.digests
        if not revisions:
            if seen:
                revisions.append(_revision(1, record.at, seen, ()))
                known = {record.reader: seen}
            continue
        last = revisions[-1]
        if change := _changes(last, known.get(record.reader), seen):
            revisions.append(_revision(last.number + 1, record.at, seen or last.digests, change))
        else:
            revisions[-1] = _seen_again(last, record)
        if seen:
            known = {record.reader: seen} if set(change) - {"back"} else known | {record.reader: seen}
    return tuple(revisions)


def _seen_again(last: Revision, record: FetchRecord) -> Revision:
    seen = last.digests if last.is_gone else record.digests or last.digests
    return replace(last, last_seen_at=record.at, digests=seen)


def _changes(last: Revision, before: ContentDigests | None, seen: ContentDigests | None) -> tuple[Change, ...]:
    """Return what changed since the last revision.

    Args:
        last: The last revision.
        before: What the same extractor saw of it last; None if only others did.
        seen: What is seen now; None if the article is gone.
    """
    if seen is None:
        return () if last.is_gone else ("gone",)
    visible = changes(before, seen) if before else ()
    return ("back", *visible) if last.is_gone else visible


def changes(before: ContentDigests, after: ContentDigests) -> tuple[Change, ...]:
    """Return what changed for readers between two versions of an article.

    A stealth change alters headline or body while the date of modification on the page stays the same. The idea is
    from NewsDiffs (https://newsdiffs.org).

    Args:
        before: The digests of the older version.
        after: The digests of the newer version.
    """
    parts: tuple[Change, ...] = ("headline", "byline", "description", "body")
    kinds: list[Change] = [part for part in parts if getattr(before, part) != getattr(after, part)]
    is_text = "headline" in kinds or "body" in kinds
    if is_text and after.modified_at is not None and after.modified_at == before.modified_at:
        kinds.append("stealth")
    if after.notices > before.notices:
        kinds.append("correction")
    return tuple(kinds)


def _order(record: FetchRecord) -> tuple[datetime, str, str]:
    # Records of one instant: a fixed order, with "gone" last.
    return record.at, record.digests.to_text() if record.digests else "~", record.reader


def _revision(number: int, at: datetime, seen: ContentDigests, kinds: tuple[Change, ...]) -> Revision:
    return Revision(number=number, first_seen_at=at, last_seen_at=at, digests=seen, changes=kinds)
