import pytest

from khobor.extract.text import text_of
from khobor.html.tree import parse


def texts(html: str) -> list[str]:
    return [text_of(paragraph) for paragraph in parse(html.encode())[0].iter("p")]


def test_parts_that_arrive_later_are_put_in_their_places() -> None:
    html = """<main><p>One</p><template id="B:0"></template><p>Four</p></main>
    <div hidden id="S:0"><p>Two</p><template id="P:1"></template></div><script>$RC("B:0","S:0")</script>
    <div hidden id="S:1"><p>Three</p></div><script>$RS("S:1","P:1")</script>"""
    assert texts(html) == ["One", "Two", "Three", "Four"]


@pytest.mark.parametrize(
    "script",
    [
        '$RC("B:9","S:0")',
        '$RC("B:0","S:9")',
        '$RC("B:0"',
        "$RC=function(b,c){}",
        '$RS("B:0","S:0")',
        '$RX("B:0","S:0")',
    ],
)
def test_a_call_without_a_place_or_a_part_moves_nothing(script: str) -> None:
    part = f'<div hidden id="S:0"><p>Three</p></div><script>{script}</script>'
    assert texts(f'<p>One</p><template id="B:0"></template><p>Two</p>{part}') == ["One", "Two", "Three"]


def test_a_part_is_not_moved_into_itself() -> None:
    html = '<div hidden id="S:0"><p>One</p><template id="B:0"></template></div><script>$RC("B:0","S:0")</script>'
    assert texts(html) == ["One"]
