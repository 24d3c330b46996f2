"""Inputs that are put together from the words of their kind, the same ones in every run."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuzz.pieces import pieces, seeds
from tests.fuzz.shapes import SHAPES
from tests.fuzz.targets import TARGETS

EXAMPLES = {
    "parse": 120,
    "dates": 300,
    "robots": 200,
    "feeds": 120,
    "sitemaps": 200,
    "urls": 500,
    "codings": 200,
    "events": 200,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_it_holds_whatever_is_given(name: str) -> None:
    words = st.sampled_from(pieces(name))
    texts = st.text(max_size=8).map(lambda text: text.encode("utf-8", "surrogatepass"))
    parts = st.lists(words | words | texts | st.binary(max_size=6), max_size=30).map(b"".join)
    cut = st.floats(min_value=0, max_value=1)
    inputs = parts | st.builds(spliced, st.sampled_from(SHAPES[name]), cut, cut, parts)

    @settings(max_examples=EXAMPLES[name], derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(inputs | st.binary(max_size=60))
    def holds(data: bytes) -> None:
        TARGETS[name](data)

    holds()


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_it_holds_for_what_was_written_for_the_tests_and_parts_of_that(name: str) -> None:
    for seed in seeds(name):
        TARGETS[name](seed)
        TARGETS[name](seed[: len(seed) // 2])


@pytest.mark.parametrize(
    ("part", "times"),
    [
        (rb"\ud83d", 1),
        (b"&#xd83d;", 1),
        (b" " * 500, 1),
        (b"<meta name=date", 100),
        (b"<time>", 100),
        (b"<span class=byline", 100),
        (b'"@id": "#', 100),
    ],
    ids=lambda value: value[:20].decode().strip() or "white space" if isinstance(value, bytes) else str(value),
)
def test_the_fuzzer_starts_from_half_surrogates_runs_of_space_and_repeated_candidates(part: bytes, times: int) -> None:
    assert any(seed.count(part) >= times for seed in seeds("parse"))


def spliced(shape: bytes, end: float, start: float, between: bytes) -> bytes:
    """Return a shape up to one place and from another one on, each given as a share of its length."""
    return shape[: round(end * len(shape))] + between + shape[round(start * len(shape)) :]
