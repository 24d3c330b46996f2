"""A page of a list: the rows of an index, the last one first, from where the page before ended."""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from khobor.archive.cursors import bad_cursor, read_cursor, write_cursor
from khobor.archive.headlines import MAX_PAGE_SIZE, Headline, HeadlinePage
from khobor.errors import PermanentError

# A row begins with its place in the list: two values by which the list is sorted.
Row = tuple[Any, ...]
Place = tuple[int, int | str]

# What SQLite's integers hold.
_BIGGEST = (1 << 63) - 1
# The beginning of a list that is sorted by numbers, and of one whose second value is an article's id.
BEGINNING: Place = (_BIGGEST, _BIGGEST)
BEGINNING_BY_ID: Place = (_BIGGEST, "\U0010ffff")
# A page reads this many rows at most, however few of them belong to the list; the next page goes on from there.
_MOST_ROWS = 2_000


@dataclass(frozen=True, kw_only=True)
class IndexList:
    """A list.

    Attributes:
        name: Its name.
        read: Returns the rows after a place in the list.
        select: Returns the headline of a row; None if the row does not belong to the list.
        beginning: The place before the first row.
    """

    name: str
    read: Callable[[sqlite3.Connection, Place], Iterable[Row]]
    select: Callable[[Row], Headline | None]
    beginning: Place = BEGINNING

    def page(self, connection: sqlite3.Connection, limit: int, cursor: str | None) -> HeadlinePage:
        """Return a page of the list.

        Args:
            connection: A connection.
            limit: The number of headlines at most.
            cursor: The cursor of the page before.

        Raises:
            PermanentError: ``bad_limit``, ``bad_cursor``.
        """
        checked(limit)
        found: list[Headline] = []
        last = read_place(self.name, cursor, self.beginning)
        for number, row in enumerate(self.read(connection, last)):
            headline = self.select(row)
            # One more than fits shows that there is a next page.
            if number == _MOST_ROWS or (headline and len(found) == limit):
                return HeadlinePage(headlines=tuple(found), cursor=write_cursor(self.name, [last]))
            found += [headline] if headline else []
            last = row[:2]
        return HeadlinePage(headlines=tuple(found))


def rows_of(query: str, *parameters: int | str) -> Callable[[sqlite3.Connection, Place], Iterable[Row]]:
    """Return a function that reads the rows of a query, which takes the place after its other parameters."""

    def read(connection: sqlite3.Connection, place: Place) -> Iterable[Row]:
        return connection.execute(query, (*parameters, *place))

    return read


def checked(limit: int) -> int:
    """Return a limit; raises PermanentError ``bad_limit``."""
    if not 1 <= limit <= MAX_PAGE_SIZE:
        raise PermanentError("bad_limit", f"a page has 1 to {MAX_PAGE_SIZE} headlines, not {limit}")
    return limit


def read_place(name: str, cursor: str | None, beginning: Place) -> Place:
    """Return the place of a cursor; raises PermanentError ``bad_cursor``.

    Args:
        name: The name of the list.
        cursor: The cursor; None for the beginning.
        beginning: The place before the first row; others have values of the same types.
    """
    (position,) = read_cursor(name, cursor, [list(beginning)])
    if not isinstance(position, list) or list(map(type, position)) != list(map(type, beginning)):
        raise bad_cursor(cursor)
    first, second = position
    numbers = [each for each in position if isinstance(each, int)]
    is_text = not isinstance(second, str) or second.isascii() or second == beginning[1]
    if not is_text or any(abs(each) > _BIGGEST for each in numbers):
        raise bad_cursor(cursor)
    return first, second
