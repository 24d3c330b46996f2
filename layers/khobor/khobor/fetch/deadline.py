"""The time limit of a fetch."""

import time
from dataclasses import dataclass

from khobor.errors import RetryableError


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """When a fetch must be complete, including redirects.

    Attributes:
        seconds: The time limit.
        at: When it has passed, by the monotonic clock.
    """

    seconds: float
    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline that is so many seconds from now."""
        return cls(seconds=seconds, at=time.monotonic() + seconds)

    def remaining(self, url: str) -> float:
        """Return the seconds that are left; raises RetryableError ``timeout`` if there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise RetryableError("timeout", f"{url} took longer than {self.seconds:g} seconds")
        return left
