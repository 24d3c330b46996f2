"""Candidates for the value of a field, their evidence, and how one is chosen.

A page often states a field in several places: in JSON-LD, in meta elements, in its headline. A single place may be
wrong, so the value that most other places confirm is taken. The order of the candidates decides only between those
that equally many places confirm.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

from khobor.article import Candidate, Evidence, Origin
from khobor.extract.text import comparable

Value = TypeVar("Value")
_MOST_OTHERS = 20
# How many candidates of a field are compared. Each is compared with each.
_MOST_COMPARED = 40


@dataclass(frozen=True)
class FieldCandidate(Generic[Value]):
    """A value that a field may have, and its evidence.

    Attributes:
        value: The value.
        evidence: Where it is from.
        place: The name of that place on the page, such as ``og:title``. Candidates of one place do not confirm each
            other.
    """

    value: Value
    evidence: Evidence
    place: str = ""

    @classmethod
    def at(cls, value: Value, origin: Origin, text: str, place: str = "") -> "FieldCandidate[Value]":
        """Return a candidate.

        Args:
            value: The value.
            origin: The kind of place that it is from.
            text: The text there.
            place: The name of the place; empty for the kind.
        """
        return cls(value, Evidence(origin=origin, text=text), place or origin)


# Whether the first candidate confirms the value of the second.
Confirms: TypeAlias = Callable[[FieldCandidate[Value], FieldCandidate[Value]], bool]


def same_text(witness: FieldCandidate[str], candidate: FieldCandidate[str]) -> bool:
    """Whether two candidates have the same text, whatever its case, spaces and punctuation."""
    return comparable(witness.value) == comparable(candidate.value)


def best_candidate(
    candidates: Iterator[FieldCandidate[Value]], confirms: Confirms[Value] | None = None, *, explain: bool = False
) -> FieldCandidate[Value] | None:
    """Return the candidate that most other places confirm, None if there is none.

    Of candidates that equally many places confirm, the first is taken. A candidate of a source's rule needs no
    confirmation. The evidence names the places that confirm the value.

    Args:
        candidates: The best first.
        confirms: Whether a witness, the first argument, confirms a candidate, the second. None means that the places
            are no witnesses of each other: the first candidate is taken, and the others are not read.
        explain: Whether to add the other candidates to the evidence.
    """
    first = next(candidates, None)
    if first is None:
        return None
    is_settled = confirms is None or first.evidence.origin == "source rule"
    if is_settled and not explain:
        return first
    known = [first, *islice(candidates, _MOST_COMPARED - 1)]
    best = first
    places: list[str] = []
    if confirms is not None and not is_settled:
        best, places = _most_confirmed(known, confirms)
    evidence = replace(best.evidence, confirmed_by=tuple(places)) if places else best.evidence
    if explain:
        others = (each for each in [*known, *candidates] if each is not best)
        rest = [Candidate(origin=other.evidence.origin, text=other.evidence.text) for other in others]
        evidence = replace(evidence, others=tuple(dict.fromkeys(rest))[:_MOST_OTHERS])
    return best if evidence is best.evidence else replace(best, evidence=evidence)


def _most_confirmed(
    candidates: Sequence[FieldCandidate[Value]], confirms: Confirms[Value]
) -> tuple[FieldCandidate[Value], list[str]]:
    """Return the first of the candidates that most places confirm, and the names of these places."""
    best, places = candidates[0], confirming(candidates[0], candidates, confirms)
    for candidate in candidates[1:]:
        others = confirming(candidate, candidates, confirms)
        if len(others) > len(places):
            best, places = candidate, others
    return best, places


def confirming(
    candidate: FieldCandidate[Value], witnesses: Sequence[FieldCandidate[Value]], confirms: Confirms[Value]
) -> list[str]:
    """Return the names of the places other than the candidate's own that confirm its value.

    Args:
        candidate: The candidate.
        witnesses: The candidates of all places.
        confirms: Whether a witness, the first argument, confirms a candidate, the second.
    """
    places = (each.place for each in witnesses if each.place != candidate.place and confirms(each, candidate))
    return list(dict.fromkeys(places))
