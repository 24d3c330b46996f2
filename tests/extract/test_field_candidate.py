"""How one of the candidates of a field is chosen."""

from collections.abc import Iterator

from khobor.article import Origin
from khobor.extract.field_candidate import FieldCandidate, best_candidate, same_text

Stated = tuple[str, Origin, str]


def candidates(*stated: Stated) -> Iterator[FieldCandidate[str]]:
    return (FieldCandidate.at(text, origin, text, place) for place, origin, text in stated)


def chosen(*stated: Stated) -> tuple[str, tuple[str, ...]]:
    best = best_candidate(candidates(*stated), same_text)
    assert best is not None
    return best.value, best.evidence.confirmed_by


def test_what_other_places_confirm_is_taken_before_what_comes_first() -> None:
    h1: Stated = ("h1", "heuristic", "Harbour live")
    assert chosen(h1, ("headline", "json-ld", "Quay shut"), ("og:title", "meta", "Quay shut!")) == (
        "Quay shut",
        ("og:title",),
    )


def test_the_order_decides_where_equally_many_places_confirm() -> None:
    assert chosen(("h1", "heuristic", "One"), ("og:title", "meta", "Two")) == ("One", ())
    two = [("a", "meta", "Two"), ("b", "meta", "One"), ("c", "meta", "Two"), ("d", "meta", "One")]
    assert chosen(*two)[0] == "Two"  # type: ignore[arg-type]


def test_a_place_does_not_confirm_itself() -> None:
    assert chosen(("og:title", "meta", "One"), ("h1", "heuristic", "Two"), ("h1", "heuristic", "Two"))[0] == "One"


def test_a_rule_of_the_source_needs_no_confirmation() -> None:
    others: tuple[Stated, Stated] = (("a", "meta", "Two"), ("b", "json-ld", "Two"))
    assert chosen(("rule", "source rule", "One"), *others) == ("One", ())


def test_the_others_are_not_read_where_places_are_no_witnesses() -> None:
    stated = candidates(("a", "meta", "One"), ("b", "meta", "Two"))
    best = best_candidate(stated)
    assert best is not None
    assert best.value == "One"
    assert [each.value for each in stated] == ["Two"]


def test_an_explanation_lists_the_candidates_that_were_not_taken() -> None:
    stated = candidates(("h1", "heuristic", "One"), ("a", "meta", "Two"), ("b", "json-ld", "Two"))
    best = best_candidate(stated, same_text, explain=True)
    assert best is not None
    assert [(other.origin, other.text) for other in best.evidence.others] == [("heuristic", "One"), ("json-ld", "Two")]


def test_no_candidate_gives_none() -> None:
    assert best_candidate(candidates(), same_text) is None
