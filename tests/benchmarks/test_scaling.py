"""How time grows with the page: the pages, and the report of their times."""

import re

import lxml.html
import pytest
from tests.benchmarks import scaling
from tests.benchmarks.scaling import SHAPES, Growth, Measured


@pytest.mark.parametrize("name", SHAPES)
def test_pages_are_about_as_large_as_asked_for(name: str) -> None:
    sizes = [len(SHAPES[name].page(size)) for size in (20_000, 200_000)]
    assert 0.7 * 20_000 < sizes[0] < 1.3 * 20_000
    assert 9 < sizes[1] / sizes[0] < 11


@pytest.mark.parametrize("name", SHAPES)
def test_things_are_numbered(name: str) -> None:
    page = SHAPES[name].page(20_000)
    assert b"{n}" not in page
    assert len(set(re.findall(rb"\d+", page))) > 3 or name.startswith("spaces")


def test_paragraphs_are_an_article() -> None:
    document = lxml.html.document_fromstring(SHAPES["paragraphs"].page(20_000))
    assert len(document.findall(".//article/p")) > 150


def test_growth_is_from_page_to_page() -> None:
    pages = [Measured(10, 1.0, 0.5), Measured(100, 9.0, 5.0), Measured(1000, 99.0, 60.0, "ValueError: x")]
    assert scaling.growth("links", pages) == Growth("links", [9.0, 11.0], [10.0, 12.0], 99.0, 1000, "ValueError: x")


def test_the_worst_is_of_those_that_lxml_parses_in_linear_time() -> None:
    growths = [
        Growth("links", [9.0, 11.0], [10.0, 10.0], 1.0, 1, None),
        Growth("table", [12.0, 10.0], [10.0, 10.0], 1.0, 1, None),
        Growth("attributes of one tag", [11.0, 50.0], [10.0, 90.0], 1.0, 1, None),
    ]
    assert scaling.worst(growths).shape == "table"


def test_what_would_take_too_long_is_not_tried() -> None:
    sizes = []

    def quadratic(page: bytes) -> tuple[float, float, str | None]:
        sizes.append(len(page))
        return len(page) ** 2 / 1e9, len(page) / 1e6, None

    found = scaling.measure("links", 1_000_000, quadratic)
    assert max(sizes) < 110_000
    assert found.size == 100_000
    assert found.times == pytest.approx([100], rel=0.1)


def test_what_was_disturbed_is_measured_again() -> None:
    disturbed = iter([0.01, 0.1, 1.9, 0.01, 0.1, 1.0])
    found = scaling.measure("links", 1_000_000, lambda _: (next(disturbed), 0.01, None))
    assert found.times == pytest.approx([10, 10])


def test_pages_are_measured_with_what_is_wrong_with_them() -> None:
    found = scaling.measure("links", 1_000_000, lambda page: (len(page) / 1e6, 0.1, "ValueError: x"))
    assert (found.size, found.error, len(found.times)) == (1_000_000, "ValueError: x", 2)
