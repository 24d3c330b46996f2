"""The words by which a title is found."""

import pytest

from khobor.search_words import search_words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dhaka’s NEW bridge: the bridge", ("dhaka", "s", "new", "bridge", "the")),
        ("পদ্মা সেতুতে যান চলাচল শুরু, ক্ষোভ", ("পদ্মা", "সেতুতে", "যান", "চলাচল", "শুরু", "ক্ষোভ")),
        ("২০২৬ সালে ৬.১৫ কিমি", ("২০২৬", "সালে", "৬", "১৫", "কিমি")),
        ("الجسر الجديد، في دكا", ("الجسر", "الجديد", "في", "دكا")),
        ("東京タワー", ("東京", "京タ", "タワ", "ワー")),
        ("橋", ("橋",)),
        ("สะพานใหม่", ("สะ", "ะพ", "พา", "าน", "นใ", "ให", "หม", "ม่")),
        ("— …!", ()),
    ],
)
def test_words_in_any_script(text: str, found: tuple[str, ...]) -> None:
    assert search_words(text) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [("য়", "\u09af\u09bc"), ("STRASSE", "straße"), ("ｋｈｏｂｏｒ", "khobor"), ("শক্‌তি", "শক্তি"), ("é", "e\u0301")],
)
def test_two_spellings_of_a_word_are_one(one: str, other: str) -> None:
    assert search_words(one) == search_words(other)
