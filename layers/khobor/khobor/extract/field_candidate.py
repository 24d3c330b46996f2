"""A value of a field together with where it came from."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from khobor.article import Candidate, Evidence, Origin

Value = TypeVar("Value")
_MOST_OTHERS = 20


@dataclass(frozen=True)
class FieldCandidate(Generic[Value]):
    """A field's value and its evidence."""

    value: Value
    evidence: Evidence

    @classmethod
    def at(cls, value: Value, origin: Origin, text: str) -> "FieldCandidate[Value]":
        """Return a value that was found as ``text`` at a kind of place."""
        return cls(value, Evidence(origin=origin, text=text))


def first(candidates: Iterator[FieldCandidate[Value]], *, explain: bool) -> FieldCandidate[Value] | None:
    """Return the first candidate, None where there is none.

    Args:
        candidates: In order, the best first.
        explain: Whether to tell what the others say; without it they are not even looked for.
    """
    found = next(candidates, None)
    if found is None or not explain:
        return found
    said = [Candidate(origin=other.evidence.origin, text=other.evidence.text) for other in candidates]
    others = tuple(dict.fromkeys(said))[:_MOST_OTHERS]
    return FieldCandidate(found.value, replace(found.evidence, others=others))
