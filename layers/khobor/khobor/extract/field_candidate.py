"""Candidates for the value of a field, with their evidence."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from khobor.article import Candidate, Evidence, Origin

Value = TypeVar("Value")
_MOST_OTHERS = 20


@dataclass(frozen=True)
class FieldCandidate(Generic[Value]):
    """A value that a field may have, and its evidence."""

    value: Value
    evidence: Evidence

    @classmethod
    def at(cls, value: Value, origin: Origin, text: str) -> "FieldCandidate[Value]":
        """Return a candidate.

        Args:
            value: The value.
            origin: The kind of place that it is from.
            text: The text there.
        """
        return cls(value, Evidence(origin=origin, text=text))


def first_candidate(candidates: Iterator[FieldCandidate[Value]], *, explain: bool) -> FieldCandidate[Value] | None:
    """Return the first candidate, None if there is none.

    Args:
        candidates: The best first.
        explain: Whether to add the other candidates to the evidence. Otherwise they are not read.
    """
    first = next(candidates, None)
    if first is None or not explain:
        return first
    rest = [Candidate(origin=other.evidence.origin, text=other.evidence.text) for other in candidates]
    others = tuple(dict.fromkeys(rest))[:_MOST_OTHERS]
    return FieldCandidate(first.value, replace(first.evidence, others=others))
