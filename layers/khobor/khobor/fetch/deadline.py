"""The end of the time that a fetch may take."""

import time
from dataclasses import dataclass

from khobor.errors import RetryableError


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """When a fetch must be over, redirects and all.

    Attributes:
        seconds: How much time it has in all.
        at: When that has passed, by the monotonic clock.
    """

    seconds: float
    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline that many seconds from now."""
        return cls(seconds=seconds, at=time.monotonic() + seconds)

    def remaining(self, url: str) -> float:
        """Return the seconds that are left; raises RetryableError ``timeout`` where none are."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise RetryableError("timeout", f"{url} took over {self.seconds:g} seconds")
        return left
