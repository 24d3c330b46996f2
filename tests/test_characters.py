"""Replacing characters of a text: ``translated`` returns what ``str.translate`` does, in less time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.characters import translated


class Forms(dict[int, str]):
    """Digits, white space and Bengali vowel signs have other forms, and ideographs get line tabulations around."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        around = "\v" if "\u4e00" <= char <= "\u9fff" else ""
        form = "" if char == "\u200d" else " " if char.isspace() else "0" if char.isdecimal() else char
        return around + form + around


@given(st.text(st.sampled_from("a 7\v\f\u200d৭\u0663é橋新\U0001f309\ud800")))
def test_any_text_is_translated_as_by_python(text: str) -> None:
    assert translated(text, Forms()) == text.translate(Forms())


@pytest.mark.parametrize("kinds", [1, 31, 32, 33, 500], ids=str)
def test_a_text_of_any_number_of_kinds_is_translated_as_by_python(kinds: int) -> None:
    text = "é\v" + "".join(chr(0x4E00 + number) for number in range(kinds)) * 2
    assert translated(text, Forms()) == text.translate(Forms())
