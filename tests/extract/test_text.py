"""The text of elements, and the form in which texts are compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from khobor.extract.text import comparable, is_one_of, lines_of, plain, text_of

TEXTS = st.text(max_size=40) | st.text(alphabet="aÀßßı“”—-_ .\u00a0\u0301ক্াি।Ｅﬁ\u00ad\ud800", max_size=40)


def folded(text: str) -> str:
    """Return what ``comparable`` returns, computed character by character."""
    chars = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in chars).split())


@given(TEXTS)
def test_texts_are_compared_in_compatibility_form_folded_with_their_marks_and_without_signs(text: str) -> None:
    assert comparable(text) == folded(text)


def test_a_long_text_of_many_signs_is_compared_as_a_short_one() -> None:
    signs = "".join(map(chr, range(0x2190, 0x2300)))
    assert comparable(f"Straße {signs} 1" * 10) == " ".join(["strasse", *["1strasse"] * 9, "1"])


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_a_text_is_one_of_those_that_compare_equal(text: str, others: list[str]) -> None:
    known = frozenset(map(comparable, [*others, text[:5]]))
    assert is_one_of(text, known) == (comparable(text) in known)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Town votes to rebuild<br>the old bridge", "Town votes to rebuild the old bridge"),
        ("Town votes<br/>to rebuild<p>the bridge</p>now", "Town votes to rebuild the bridge now"),
        ("<div>Town</div><div>votes</div>", "Town votes"),
        ("<p>Published: 1</p><p>Updated:<br>2</p>", "Published: 1 Updated: 2"),
        ("<ul><li>one</li><li>two</li></ul>", "one two"),
        ("<table><tr><td>Span</td><td>metres</td></tr></table>", "Span metres"),
        ("<h2>Town<small>votes</small></h2>", "Townvotes"),
        ("<b>W</b>ord and <i>wo</i>rds", "Word and words"),
        ("extra<wbr>ordinary re\u00adbuild br\u200bidge", "extraordinary rebuild bridge"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字<rt>ji</rt></ruby>を", "漢字を"),
        ("H<sub>2</sub>O and 5<sup>th</sup>", "H2O and 5th"),
        ("Town<script>var a = 1</script> votes<style>p{}</style><noscript>no</noscript>", "Town votes"),
        ("Town<span hidden>, hidden,</span> votes<i style='display: none'>!</i>", "Town votes"),
        ("<span style='display:block'>Town</span><span style='display: block'>votes</span>", "Town votes"),
        ("<span class='kicker'>Bridge</span><span class='title'>town votes</span>", "Bridge town votes"),
        ("<span class='name'>Ann Lee</span><span class='role'>Reporter</span>", "Ann Lee Reporter"),
        ("<a>Ann Lee</a><a>Bob May</a>", "Ann Lee Bob May"),
        ("<span class='সময়'>সেতু</span><span class='স্থান'>ঢাকা</span>", "সেতু ঢাকা"),
        ("<span class='drop'>T</span><span class='rest'>own votes</span>", "Town votes"),
        ("<span>T</span><span>o</span><span>w</span><span>n</span>", "Town"),
        ("<em>re</em><b>build</b>", "rebuild"),
        ("<span class='a'>rebuild</span><span class='b'>, then</span>", "rebuild, then"),
        ("<img alt='x'>Old<img>bridge", "Old bridge"),
        ("", ""),
        ("<br><p></p>", ""),
    ],
)
def test_the_text_of_an_element_is_what_a_reader_sees(markup: str, text: str) -> None:
    assert text_of(html.fragment_fromstring(f"<div>{markup}</div>")) == text


def test_the_lines_of_an_element_are_those_that_a_reader_sees() -> None:
    element = html.fragment_fromstring("<div>By <b>Ann Lee</b><br> <br>Bob May\n in Dhaka<div>Staff</div></div>")
    assert lines_of(element) == ["By Ann Lee", "Bob May in Dhaka", "Staff"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Town votes<br>to rebuild", "Town votes to rebuild"),
        ("<p>Town</p><p>votes</p>", "Town votes"),
        ("<em>Re</em>building &amp; more", "Rebuilding & more"),
        ("5 < 6 and a<b", "5 < 6 and a<b"),
        ("a <3 b > c", "a <3 b > c"),
        (None, ""),
    ],
)
def test_markup_in_a_text_is_no_text(text: str | None, seen: str) -> None:
    assert plain(text) == seen
