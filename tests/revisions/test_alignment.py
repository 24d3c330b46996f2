import itertools
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.revisions.alignment import CommonRun, common_runs, most_similar

ITEMS = st.text(alphabet="abc", max_size=25)


def length_of_longest_common(before: str, after: str) -> int:
    row = [0] * (len(after) + 1)
    for item in before:
        last = row
        row = [0]
        for place, other in enumerate(after):
            row.append(last[place] + 1 if item == other else max(row[-1], last[place + 1]))
    return row[-1]


@given(ITEMS, ITEMS)
def test_the_runs_are_a_longest_common_subsequence(before: str, after: str) -> None:
    runs = common_runs(before, after)
    one = other = 0
    for run in runs:
        assert run.length > 0
        assert run.before >= one
        assert run.after >= other
        assert before[run.before : run.before + run.length] == after[run.after : run.after + run.length]
        one, other = run.before + run.length, run.after + run.length
    assert sum(run.length for run in runs) == length_of_longest_common(before, after)


def test_an_item_is_found_missing_among_thousands_that_repeat() -> None:
    before = ["one", "two"] * 2500
    after = [*before[:2000], "new", *before[2000:3000], *before[3001:]]
    runs = common_runs(before, after)
    assert [tuple(run) for run in runs] == [(0, 0, 2000), (2000, 2001, 1000), (3001, 3001, 1999)]


def test_sequences_too_long_to_be_compared_have_their_ends_in_common() -> None:
    before = ["first", *["old", "same"] * 9000, "last"]
    after = ["first", *["same", "new"] * 9000, "last"]
    assert [tuple(run) for run in common_runs(before, after)] == [(0, 0, 1), (18001, 18001, 1)]


def test_parts_are_paired_in_order_so_that_the_sum_is_the_highest() -> None:
    scores = [[0.6, 0.9, 0.0], [0.0, 0.6, 0.8]]
    assert most_similar(2, 3, lambda one, other: scores[one][other]) == [(0, 1), (1, 2)]


def test_parts_that_are_less_than_half_alike_are_not_paired() -> None:
    assert most_similar(1, 1, lambda *_: 0.49) == []


def test_too_many_parts_are_not_compared_each_with_each() -> None:
    assert len(most_similar(200, 200, lambda one, other: float(one == other))) == 200
    assert most_similar(200, 201, lambda one, other: float(one == other)) == []


@pytest.mark.parametrize("is_old", [True, False])
def test_a_long_text_and_a_short_one_take_little_memory(is_old: bool) -> None:
    long, short = [f"{number}" for number in range(60_000)], ["a", "30000", "b"]
    tracemalloc.start()
    runs = common_runs(long, short) if is_old else common_runs(short, long)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert runs == [CommonRun(30_000, 1, 1) if is_old else CommonRun(1, 30_000, 1)]
    assert peak < 20_000_000


@given(st.lists(st.sampled_from("abc"), max_size=40), st.lists(st.sampled_from("abc"), max_size=40))
def test_common_runs_are_a_longest_common_subsequence(before: list[str], after: list[str]) -> None:
    lengths = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for one, other in itertools.product(range(len(before)), range(len(after))):
        longer = max(lengths[one][other + 1], lengths[one + 1][other])
        lengths[one + 1][other + 1] = lengths[one][other] + 1 if before[one] == after[other] else longer
    runs = common_runs(before, after)
    assert sum(run.length for run in runs) == lengths[-1][-1]
    assert all(
        before[run.before : run.before + run.length] == after[run.after : run.after + run.length] for run in runs
    )
