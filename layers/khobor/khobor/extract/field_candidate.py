"""Candidates for the value of a field, their evidence, and how one is chosen.

A page often states a field in several places: in JSON-LD, in meta elements, in its headline. A single place may be
wrong, so the value that most other witnesses confirm is taken. Places that are usually filled in from one text, such as
``og:title`` and ``twitter:title``, are one witness. The order of the candidates decides only between those that equally
many witnesses confirm.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
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
        place: The name of that place on the page, such as ``og:title``.
        witness: The name of what fills in that place. A witness does not confirm itself.
        is_last_resort: Whether it is only taken if every candidate is a last resort.
    """

    value: Value
    evidence: Evidence
    place: str = ""
    witness: str = ""
    is_last_resort: bool = False

    @classmethod
    def at(cls, value: Value, origin: Origin, text: str, place: str = "", witness: str = "") -> "FieldCandidate[Value]":
        """Return a candidate.

        Args:
            value: The value.
            origin: The kind of place that it is from.
            text: The text there.
            place: The name of the place; empty for the kind.
            witness: The name of what fills in that place; empty for the place itself.
        """
        return cls(value, Evidence(origin=origin, text=text), place or origin, witness or place or origin)


# Whether the first candidate confirms the value of the second.
Confirms: TypeAlias = Callable[[FieldCandidate[Value], FieldCandidate[Value]], bool]


def same_text(witness: FieldCandidate[str], candidate: FieldCandidate[str]) -> bool:
    """Whether two candidates have the same text, whatever its case, spaces and punctuation.

    Args:
        witness: One candidate.
        candidate: The other.
    """
    return comparable(witness.value) == comparable(candidate.value)


def best_candidate(
    candidates: Iterator[FieldCandidate[Value]],
    confirms: Confirms[Value] | None = None,
    *,
    last: Iterable[FieldCandidate[Value]] = (),
    explain: bool = False,
) -> FieldCandidate[Value] | None:
    """Return the candidate that most other witnesses confirm, None if there is none.

    Of candidates that equally many confirm, the first is taken. A candidate of a source's rule needs no confirmation.
    The evidence names the places that confirm the value.

    Args:
        candidates: The best first.
        confirms: Whether a candidate, the first argument, confirms another, the second. None means that the places are
            no witnesses of each other: the first candidate is taken, and the others are not read.
        last: The candidates if there are no others. They confirm nothing: what a feed stated may have changed since.
        explain: Whether to add the other candidates to the evidence.
    """
    first = next(candidates, None)
    if first is None:
        return next(iter(last), None)
    is_settled = confirms is None or first.evidence.origin == "source rule"
    if is_settled and not explain:
        return first
    known = [first, *islice(candidates, _MOST_COMPARED - 1)]
    best = first
    places: list[str] = []
    if confirms is not None and not is_settled:
        eligible = [candidate for candidate in known if not candidate.is_last_resort] or known
        best = _most_confirmed(eligible, known, confirms)
        places = [each.place for each in known if each.place != best.place and confirms(each, best)]
    evidence = replace(best.evidence, confirmed_by=tuple(dict.fromkeys(places))) if places else best.evidence
    if explain:
        others = (each for each in [*known, *candidates, *last] if each is not best)
        rest = [Candidate(origin=other.evidence.origin, text=other.evidence.text) for other in others]
        evidence = replace(evidence, others=tuple(dict.fromkeys(rest))[:_MOST_OTHERS])
    return best if evidence is best.evidence else replace(best, evidence=evidence)


def _most_confirmed(
    eligible: Sequence[FieldCandidate[Value]], known: Sequence[FieldCandidate[Value]], confirms: Confirms[Value]
) -> FieldCandidate[Value]:
    """Return the first of the eligible candidates that the most other witnesses confirm."""
    witnesses = len({each.witness for each in known})
    best, most = eligible[0], -1
    for candidate in eligible:
        if (count := _count(candidate, known, confirms)) > most:
            best, most = candidate, count
        # All others confirm this one, as on most pages.
        if most == witnesses - 1:
            break
    return best


def _count(candidate: FieldCandidate[Value], known: Sequence[FieldCandidate[Value]], confirms: Confirms[Value]) -> int:
    """Return how many other witnesses confirm a candidate."""
    return len({each.witness for each in known if each.witness != candidate.witness and confirms(each, candidate)})
