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

from khobor.revisions.content_digests import Facets

# What became different from one revision to the next; of the first there is none.
Change = Literal["headline", "byline", "description", "body", "stealth", "correction", "gone", "back"]


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """What was seen of an article at one time.

    Attributes:
        at: When it was fetched, aware.
        facets: What was seen; None where its site had it no more.
        reader: What stands for extractor and rules by which the page was read.
    """

    at: datetime
    facets: Facets | None
    reader: str = ""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """An article from one change to the next.

    Attributes:
        number: From 1 on.
        first_seen_at: When it was seen first, aware.
        last_seen_at: When it was seen last.
        facets: What readers saw; of one that is gone, what they saw before.
        changes: What was different from the revision before.
    """

    number: int
    first_seen_at: datetime
    last_seen_at: datetime
    facets: Facets
    changes: tuple[Change, ...]

    @property
    def is_gone(self) -> bool:
        """Whether its site had it no more."""
        return "gone" in self.changes


def timeline(sightings: Iterable[Sighting]) -> tuple[Revision, ...]:
    """Return the revisions of an article, the oldest first; that it is gone counts only once it was there."""
    revisions: list[Revision] = []
    # What each reader saw last, of the newest revision: an older one is no measure for what comes after it.
    known: dict[str, Facets] = {}
    for sighting in sorted(sightings, key=_order):
        seen = sighting.facets
        if not revisions:
            if seen:
                revisions.append(_revision(1, sighting.at, seen, ()))
                known = {sighting.reader: seen}
            continue
        last = revisions[-1]
        if found := _changes(last, known.get(sighting.reader), seen):
            revisions.append(_revision(last.number + 1, sighting.at, seen or last.facets, found))
        else:
            revisions[-1] = _seen_again(last, sighting)
        if seen:
            known = {sighting.reader: seen} if set(found) - {"back"} else known | {sighting.reader: seen}
    return tuple(revisions)


def _seen_again(last: Revision, sighting: Sighting) -> Revision:
    seen = last.facets if last.is_gone else sighting.facets or last.facets
    return replace(last, last_seen_at=sighting.at, facets=seen)


def _changes(last: Revision, before: Facets | None, seen: Facets | None) -> tuple[Change, ...]:
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


def changes(before: Facets, after: Facets) -> tuple[Change, ...]:
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


def _order(sighting: Sighting) -> tuple[datetime, str, str]:
    # Two of one instant: any order that is always the same, and that it is gone last.
    return sighting.at, sighting.facets.to_text() if sighting.facets else "~", sighting.reader


def _revision(number: int, at: datetime, seen: Facets, found: tuple[Change, ...]) -> Revision:
    return Revision(number=number, first_seen_at=at, last_seen_at=at, facets=seen, changes=found)
