from random import Random

import pytest
from tests.benchmarks import stories
from tests.benchmarks.similarity import TWO_COPIES, measure
from tests.benchmarks.stories import EDITS, LANGUAGES, SERIES

EVENTS = 40
HARD = {"several"}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_copies_are_found_and_what_looks_like_one_is_not(language: str) -> None:
    results = measure(language, EVENTS)
    assert {kind for kind in EDITS if results[kind].recall < 0.95} <= HARD
    assert results["several"].recall >= 0.85
    assert results[TWO_COPIES].recall >= 0.65
    assert results["flash"].recall >= 0.9
    assert sum(found.wrong for kind, found in results.items() if kind not in SERIES) == 0
    # Yesterday's report of the weather is nearly the same.
    assert sum(results[series].wrong for series in SERIES) <= 0.01 * len(SERIES) * EVENTS**2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(EDITS.keys() - {"headline", "quotes", "spelling", "typos"}))
def test_each_kind_of_edit_changes_a_report(language: str, kind: str) -> None:
    report = stories.report(language, "fire", stories.facts(language, Random(1)), Random(1))
    assert EDITS[kind](report, Random(2)).texts != report.texts
    assert report == stories.report(language, "fire", stories.facts(language, Random(1)), Random(1))
