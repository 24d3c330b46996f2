"""A point in time as it was written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Precision = Literal["minute", "day"]


@dataclass(frozen=True)
class PointInTime:
    """A date as read.

    Attributes:
        instant: Aware; the first moment of the day where only the day was written.
        precision: Whether the time of day was written.
        has_offset: Whether the offset from UTC was written, or is not needed as in "two hours ago"; otherwise it was
            assumed.
    """

    instant: datetime
    precision: Precision
    has_offset: bool
