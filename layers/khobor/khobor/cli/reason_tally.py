"""How often something happened, by its reason, with one example of each."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class Reason:
    """A reason.

    Attributes:
        reason: What it is called.
        example: The first case.
        count: How many cases there are.
    """

    reason: str
    example: str
    count: int = 0


class ReasonTally:
    """Counts cases by their reasons.

    >>> tally = ReasonTally()
    >>> tally.add("empty", "a.html")
    >>> tally.add("empty", "b.html")
    >>> [(each.reason, each.example, each.count) for each in tally]
    [('empty', 'a.html', 2)]
    """

    def __init__(self) -> None:
        self._reasons: dict[str, Reason] = {}

    def __iter__(self) -> Iterator[Reason]:
        """Yield the reasons, the most frequent first."""
        return iter(sorted(self._reasons.values(), key=lambda each: -each.count))

    @property
    def total(self) -> int:
        """How many cases there are."""
        return sum(each.count for each in self._reasons.values())

    def add(self, reason: str, example: str) -> None:
        """Count a case.

        Args:
            reason: Its reason.
            example: The case.
        """
        self._reasons.setdefault(reason, Reason(reason, example)).count += 1
