"""The index by day, read over all its shards: the headlines of a day, or of many days one after the other.

Days are days by the clocks of each source, so two days overlap: what stands under the 2nd of March in Auckland was
published before what stands under the 1st in Los Angeles. Three days in a row are read side by side; a fourth cannot
have anything newer than the first.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from khobor.archive.cursors import END, Position, bad_cursor
from khobor.archive.dynamodb.headline_items import DAY_SHARDS
from khobor.archive.dynamodb.items import HEADLINE, Item, article_id_of, pk
from khobor.archive.spans import day_ends
from khobor.archive.times import read_listed_at

# Takes a shard, a start key and a number of items at most; returns the items, and the next start key, None at the end.
ReadShard = Callable[[str, Item | None, int], tuple[list[Item], Item | None]]

AT_ONCE = 3
_DAY = timedelta(days=1)
_KEY_PARTS = 2


class DayShards:
    """The shards of some days in a row, read from the newest headline to the oldest.

    Args:
        read: Reads a shard.
        day: The newest day.
        positions: Where each shard of each day goes on, those of the newest day first; None stands for its beginning.
            Their number says how many days are read side by side.
        limit: The number of headlines that are wanted at most.
    """

    def __init__(self, read: ReadShard, day: date, positions: Position, limit: int) -> None:
        self._read = read
        self._limit = limit
        self.opened = 0
        self._days: list[tuple[date, list[_Shard]]] = []
        for number in range(len(positions) // DAY_SHARDS):
            self._open(day - number * _DAY, positions[number * DAY_SHARDS : (number + 1) * DAY_SHARDS])

    @property
    def day(self) -> date:
        """The newest day that is being read."""
        return self._days[0][0]

    @property
    def positions(self) -> Position:
        """Where each shard goes on."""
        return [shard.position for _, shards in self._days for shard in shards]

    def take(self) -> Item | None:
        """Return the newest item that is left of these days; None if there is none."""
        best: _Shard | None = None
        for day, shards in self._days:
            # An older day cannot have anything newer, so it is not read before its turn comes.
            if best and best.listed_at >= day_ends(day):
                break
            heads = [shard for shard in shards if shard.peek()]
            best = max([*heads, *([best] if best else [])], key=_Shard.order, default=None)
        return best.take() if best else None

    @property
    def can_go_on(self) -> bool:
        """Whether there is a day before these."""
        return self._days[-1][0] > date.min

    def go_on(self) -> bool:
        """Replace the newest day by the one before the oldest if nothing is left of it; return whether it did so."""
        _, shards = self._days[0]
        oldest = self._days[-1][0]
        if not self.can_go_on or any(shard.peek() for shard in shards):
            return False
        self._days.pop(0)
        self._open(oldest - _DAY, [None] * DAY_SHARDS)
        return True

    def _open(self, day: date, positions: Sequence[Any]) -> None:
        self.opened += 1
        shards = [
            _Shard(self._read, f"{day}#{number}", position, self._limit) for number, position in enumerate(positions)
        ]
        self._days.append((day, shards))


class _Shard:
    """One shard of a day, read in small steps because the other shards have headlines too."""

    def __init__(self, read: ReadShard, name: str, position: Any, limit: int) -> None:
        self._read = read
        self._name = name
        self._limit = limit // DAY_SHARDS + 2
        self._waiting: list[Item] = []
        self._is_at_end = position == END
        self._next = None if self._is_at_end else _key(name, position)
        self.position = position

    def peek(self) -> Item | None:
        if not self._waiting and not self._is_at_end:
            self._waiting, self._next = self._read(self._name, self._next, self._limit)
            self._is_at_end = self._next is None
            if not self._waiting:
                self.position = END
        return self._waiting[0] if self._waiting else None

    @property
    def listed_at(self) -> datetime:
        return read_listed_at(self._waiting[0]["listed_at"]["S"])

    def order(self) -> tuple[str, str]:
        return self._waiting[0]["listed_at"]["S"], self._waiting[0]["pk"]["S"]

    def take(self) -> Item:
        item = self._waiting.pop(0)
        is_last = not self._waiting and self._is_at_end
        self.position = END if is_last else [item["listed_at"]["S"], article_id_of(item)]
        return item


def beginnings(days: int) -> Position:
    """Return the positions at which this number of days begin."""
    return [None] * (days * DAY_SHARDS)


def all_of(shards: DayShards) -> Iterator[Item]:
    """Yield the items that are left of some days, the newest first."""
    while item := shards.take():
        yield item


def _key(shard: str, position: Any) -> Item | None:
    """Return the key of an item of a shard by its position; raises PermanentError ``bad_cursor``."""
    if position is None:
        return None
    if not isinstance(position, list) or len(position) != _KEY_PARTS or not all(isinstance(p, str) for p in position):
        raise bad_cursor(position)
    listed_at, article_id = position
    return {
        "pk": {"S": pk(article_id)},
        "sk": {"S": HEADLINE},
        "day": {"S": shard},
        "listed_at": {"S": listed_at},
    }
