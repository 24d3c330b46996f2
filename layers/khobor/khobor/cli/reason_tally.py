"""How often something happened, by its reason, with one example of each."""

from collections.abc import Iterator
from dataclasses import dataclass

from khobor.cli.terminal import errors


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
    """Counts cases by their reasons; one thread may count them while another one looks at them.

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
        # A list is made at once: another thread may add a reason meanwhile.
        return sum(each.count for each in list(self._reasons.values()))

    def add(self, reason: str, example: str) -> None:
        """Count a case.

        Args:
            reason: Its reason.
            example: The case.
        """
        self._reasons.setdefault(reason, Reason(reason, example)).count += 1


def skipped_in_words(skipped: ReasonTally) -> str:
    """Return how many inputs were skipped and why, with one example for each reason.

    >>> tally = ReasonTally()
    >>> for name, reason in (("a.png", "an image"), ("b.png", "an image"), ("c", "a hidden file")):
    ...     tally.add(reason, name)
    >>> skipped_in_words(tally)
    '3 skipped: a.png is an image (and 1 more), c is a hidden file'

    Args:
        skipped: The names of the inputs, by what they are.
    """
    reasons = [
        f"{each.example} is {each.reason}{f' (and {each.count - 1:,} more)' if each.count > 1 else ''}"
        for each in skipped
    ]
    return f"{skipped.total:,} skipped: {', '.join(reasons)}"


def say_skipped(skipped: ReasonTally) -> None:
    """Say on standard error what was skipped, if anything was."""
    if skipped.total:
        errors.print(skipped_in_words(skipped), markup=False, soft_wrap=True)
