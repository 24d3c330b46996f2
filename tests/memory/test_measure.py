"""The measurement reports what takes too much memory."""

import pytest
from tests.conftest import PARAMETERS
from tests.memory.child import MEGABYTE
from tests.memory.measure import Events, Running
from tests.memory.remote import aws
from tests.memory.shapes import SHAPES

from khobor.embedded.stack import EmbeddedStack
from khobor.html.tree import MOST_TAGS


@pytest.mark.slow
def test_the_most_that_a_page_takes_is_told_and_what_has_too_little_fails() -> None:
    with EmbeddedStack(PARAMETERS) as stack, aws() as endpoint:
        event = Events(stack, {}).parse(SHAPES["paragraphs"](1_000_000))
        with Running(stack, endpoint, "ParseFunction") as running:
            taken = running.take(event)
            assert running.allowed == stack.functions["ParseFunction"].memory * MEGABYTE
            assert 10 * MEGABYTE < taken.now <= taken.peak < running.allowed
        stack.functions["ParseFunction"].memory = 30
        with Running(stack, endpoint, "ParseFunction") as running, pytest.raises(RuntimeError, match="the function"):
            running.take(event)


@pytest.mark.parametrize("shape", [name for name in SHAPES if name != "nothing"])
def test_every_shape_is_as_large_as_was_asked_for_and_is_read(shape: str) -> None:
    body = SHAPES[shape](3_000_000)
    assert 2_990_000 < len(body) <= 3_000_000
    assert body.count(b"<") <= MOST_TAGS
