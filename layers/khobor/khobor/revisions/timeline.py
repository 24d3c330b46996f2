"""The revisions of an article, from when what was seen of it: the same in whatever order that was learned.

What two fetches show is set side by side only where the same reader read their pages: of what differs between a page
that was read last year and one that is read now nobody can tell whether the publisher changed it. That is told as soon
as the older page is read again, which ``khobor replay`` does. Until then both count as one revision: it is better to
tell of a change late than to accuse a publisher of one that he never made.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from khobor.revisions.content_digests import ContentDigests

# What became different from one revision to the next; of the first there is none.
Change = Literal["headline", "byline", "description", "body", "stealth", "correction", "gone", "back"]


@dataclass(frozen=True, kw_only=True)
class FetchRecord:
    """What was seen of an article at one time.

    Attributes:
        at: When it was fetched, aware.
        digests: What was seen; None where its site had it no more.
        reader: What stands for extractor and rules by which the page was read.
    """

    at: datetime
    digests: ContentDigests | None
    reader: str = ""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """An article from one change to the next.

    Attributes:
        number: From 1 on.
        first_seen_at: When it was seen first, aware.
        last_seen_at: When it was seen last.
        digests: What readers saw; of one that is gone, what they saw before.
        changes: What was different from the revision before.
    """

    number: int
    first_seen_at: datetime
    last_seen_at: datetime
    digests: ContentDigests
    changes: tuple[Change, ...]

    @property
    def is_gone(self) -> bool:
        """Whether its site had it no more."""
        return "gone" in self.changes


def timeline(records: Iterable[FetchRecord]) -> tuple[Revision, ...]:
    """Return the revisions of an article, the oldest first; that it is gone counts only once it was there."""
    revisions: list[Revision] = []
    # What each reader saw last, of the newest revision: an older one is no measure for what comes after it.
    known: dict[str, ContentDigests] = {}
    for record in sorted(records, key=_order):
        seen = record.digests
        if not revisions:
            if seen:
                revisions.append(_revision(1, record.at, seen, ()))
                known = {record.reader: seen}
            continue
        last = revisions[-1]
        if found := _changes(last, known.get(record.reader), seen):
            revisions.append(_revision(last.number + 1, record.at, seen or last.digests, found))
        else:
            revisions[-1] = _seen_again(last, record)
        if seen:
            known = {record.reader: seen} if set(found) - {"back"} else known | {record.reader: seen}
    return tuple(revisions)


def _seen_again(last: Revision, record: FetchRecord) -> Revision:
    seen = last.digests if last.is_gone else record.digests or last.digests
    return replace(last, last_seen_at=record.at, digests=seen)


def _changes(last: Revision, before: ContentDigests | None, seen: ContentDigests | None) -> tuple[Change, ...]:
    """Return what is different from the last revision.

    Args:
        last: That revision.
        before: What the same reader saw of it last; None where only others saw it.
        seen: What is seen now; None where its site has it no more.
    """
    if seen is None:
        return () if last.is_gone else ("gone",)
    found = changes(before, seen) if before else ()
    return ("back", *found) if last.is_gone else found


def changes(before: ContentDigests, after: ContentDigests) -> tuple[Change, ...]:
    """Return what readers see differently.

    A change is by stealth where headline or body are other ones, and the page, which says when it was modified, says
    the same as before; the word and the idea are from Newsdiffs (https://newsdiffs.org).
    """
    parts: tuple[Change, ...] = ("headline", "byline", "description", "body")
    found: list[Change] = [part for part in parts if getattr(before, part) != getattr(after, part)]
    is_text = "headline" in found or "body" in found
    if is_text and after.modified_at is not None and after.modified_at == before.modified_at:
        found.append("stealth")
    if after.notices > before.notices:
        found.append("correction")
    return tuple(found)


def _order(record: FetchRecord) -> tuple[datetime, str, str]:
    # Two of one instant: any order that is always the same, and that it is gone last.
    return record.at, record.digests.to_text() if record.digests else "~", record.reader


def _revision(number: int, at: datetime, seen: ContentDigests, found: tuple[Change, ...]) -> Revision:
    return Revision(number=number, first_seen_at=at, last_seen_at=at, digests=seen, changes=found)
