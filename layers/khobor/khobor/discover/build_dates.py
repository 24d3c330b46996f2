"""Feeds whose entries all have the time at which the site was built, as if nothing were older than the site."""

from dataclasses import replace

from khobor.discover.listing import Entry, Listing

# So many entries do not have one time by chance.
_FEWEST = 3


def without_build_dates(feed: Listing) -> Listing:
    """Return a feed without dates that all of its entries share, and whether it tells which entry is the newest.

    A day without a time of day is kept: several articles may be of one day.

    Args:
        feed: The feed as read.
    """
    is_built, is_rebuilt = _is_shared(feed, "published"), _is_shared(feed, "modified")
    if not (is_built or is_rebuilt):
        return feed
    entries = tuple(_without(entry, published=is_built, modified=is_rebuilt) for entry in feed.entries)
    return replace(feed, entries=entries, is_unordered=not any(entry.published_at for entry in entries))


def _is_shared(feed: Listing, name: str) -> bool:
    times = [getattr(entry, f"{name}_at") for entry in feed.entries]
    first = times[0] if len(times) >= _FEWEST else None
    return first is not None and (first.hour, first.minute) != (0, 0) and times.count(first) == len(times)


def _without(entry: Entry, *, published: bool, modified: bool) -> Entry:
    if published:
        entry = replace(entry, published_at=None, facts=entry.facts and replace(entry.facts, published=None))
    if modified:
        entry = replace(entry, modified_at=None, facts=entry.facts and replace(entry.facts, modified=None))
    return entry
