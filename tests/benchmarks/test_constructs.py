"""The constructs whose growth is measured, and how it is judged."""

import pytest
from tests.benchmarks import constructs
from tests.benchmarks.constructs import Measured
from tests.benchmarks.scaling import SHAPES, Shape

from khobor.html.tree import MOST_TAGS


def test_constructs_come_from_the_code_and_the_vocabulary_of_the_extractor() -> None:
    names = set(constructs.constructs())
    assert {
        "tag: figure",
        "tag without end: button",
        "attribute: data-published",
        "meta name: og:title",
        "itemprop: datePublished",
        "JSON-LD texts: keywords",
        "class: outside ad",
        "in the byline: sign U+002C",
    } <= names


def test_twice_the_size_has_twice_the_constructs() -> None:
    names = constructs.one_of_each_form()
    ratios = {name: _ratio_of_sizes(constructs.constructs()[name]) for name in names}
    assert {name: ratio for name, ratio in ratios.items() if not 1.8 < ratio < 2.2} == {}
    assert len(ratios) > 50


def _ratio_of_sizes(shape: Shape) -> float:
    small, large = (len(shape.page(size)) for size in (20_000, 40_000))
    return large / small


def measured(times: tuple[float, ...], parse: tuple[float, ...], seconds: float = 0.1, size: int = 100_000) -> Measured:
    return Measured("tag: p", times, parse, seconds, size, None)


def test_what_grows_faster_than_the_page_is_named() -> None:
    assert measured((2.0, 3.9), (2.0, 2.0)).grows
    assert not measured((2.2, 2.2), (2.0, 2.0)).grows
    assert not measured((), ()).grows


def test_one_doubling_may_cost_more_where_the_page_outgrows_a_cache() -> None:
    assert not measured((2.0, 2.5), (1.9, 2.0)).grows
    assert measured((2.5, 2.4), (1.9, 2.0)).grows


def test_what_the_parse_makes_grow_is_not_the_extractors() -> None:
    assert not measured((3.9, 4.0), (4.0, 4.0)).grows
    assert measured((3.9, 8.0), (4.0, 4.0)).grows


def test_a_page_may_take_a_second_for_each_megabyte() -> None:
    assert not measured((2.0,), (2.0,), seconds=9.0, size=10_000_000).is_slow
    assert measured((2.0,), (2.0,), seconds=11.0, size=10_000_000).is_slow
    assert measured((2.0,), (2.0,), seconds=1.5, size=100_000).is_slow


def test_table_says_what_was_too_short_to_be_compared_and_what_failed() -> None:
    rows = constructs.table([measured((2.0, 2.1), (1.9, 2.0)), Measured("tag: a", (), (), 0.01, 1000, "ValueError: x")])
    assert rows.rows == [
        ["tag: p", "0.1", "2.00 2.10", "1.90 2.00", "0.10"],
        ["tag: a (ValueError: x)", "0.001", "short", "short", "0.01"],
    ]


def test_a_step_is_judged_by_what_a_doubling_takes() -> None:
    found = constructs.growth_of("tag: p", (15_000, 60_000), [[(0.1, 0.1), (0.4, 0.8)]], None)
    assert list(found.times) == pytest.approx([2.0])
    assert list(found.parse) == pytest.approx([8**0.5])
    assert not found.grows


@pytest.mark.slow
def test_a_large_page_has_no_more_tags_than_khobor_reads() -> None:
    names = ("shape text in many tables: by hand", "in the text: sign U+002C")
    sizes = [constructs.largest_read(constructs.constructs()[name], 10_000_000) for name in names]
    tags = [constructs.constructs()[name].page(size).count(b"<") for name, size in zip(names, sizes, strict=True)]
    assert sizes[1] == 10_000_000
    assert 0.95 * MOST_TAGS < tags[0] <= MOST_TAGS


def test_the_shapes_that_were_made_by_hand_are_forms_of_their_own() -> None:
    assert {f"shape {name}: by hand" for name in SHAPES} <= set(constructs.one_of_each_form())
