"""The changes from one revision of an article to the next, each kind as a row."""

import sqlite3
from collections.abc import Iterator
from itertools import pairwise

from khobor.archive.sqlite.fetches import Fetches
from khobor.archive.sqlite.sort_keys import microseconds

# Kind, time in microseconds, number of the revision, all its changes, title after it, title before it if another.
Change = tuple[str, int, int, str, str | None, str | None]


def changes_of(fetches: Fetches) -> list[Change]:
    """Return the changes of an article's revisions."""
    return list(_changes(fetches))


def write_changes(
    connection: sqlite3.Connection, number: int, article_id: str, before: list[Change], after: list[Change]
) -> None:
    """Write the changes of an article in place of those before.

    Args:
        connection: A connection that writes.
        number: The number of the article.
        article_id: The article's id.
        before: The changes that are stored.
        after: The changes as they are now.
    """
    if before == after:
        return
    connection.execute("DELETE FROM changes WHERE number = ?", (number,))
    # Of two changes of one kind in one instant the later one counts.
    connection.executemany(
        "INSERT OR REPLACE INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((kind, at, article_id, number, *facts) for kind, at, *facts in after),
    )


def _changes(fetches: Fetches) -> Iterator[Change]:
    for before, revision in pairwise(fetches.revisions):
        old, new = (fetches.titles.get(each.digests.headline) for each in (before, revision))
        title_before = old if old != new else None
        at, changes = microseconds(revision.first_seen_at), " ".join(sorted(revision.changes))
        for kind in revision.changes:
            yield kind, at, revision.number, changes, new, title_before
