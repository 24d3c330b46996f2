"""A value of a field together with where it came from."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from khobor.article import Evidence, Origin

Value = TypeVar("Value")


@dataclass(frozen=True)
class Found(Generic[Value]):
    """A field's value and its evidence."""

    value: Value
    evidence: Evidence

    @classmethod
    def at(cls, value: Value, origin: Origin, text: str) -> "Found[Value]":
        """Return a value that was found as ``text`` at a kind of place."""
        return cls(value, Evidence(origin=origin, text=text))
