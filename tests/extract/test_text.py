"""The forms in which texts are compared."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from khobor.extract.text import comparable, is_one_of

TEXTS = st.text(max_size=40) | st.text(alphabet="aÀßßı“”—-_ .\u00a0\u0301ক্াি।Ｅﬁ\u00ad\ud800", max_size=40)


def folded(text: str) -> str:
    """The same, character by character."""
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
