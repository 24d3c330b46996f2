"""A point in time with the precision that its source gives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Precision = Literal["minute", "day"]


@dataclass(frozen=True)
class PointInTime:
    """A date that was read from a text.

    Attributes:
        instant: Aware. The first moment of the day if the text gives only a day.
        precision: Whether the text gives a time of day.
        has_offset: Whether the text gives an offset from UTC, or needs none as in "two hours ago". Otherwise it was
            assumed.
    """

    instant: datetime
    precision: Precision
    has_offset: bool
