"""The words that find a title."""

import pytest

from khobor.search_words import form_keys, has_words, search_key, search_words


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


@pytest.mark.parametrize(
    "forms",
    [
        "কিম কিমের কিমকে",
        "পুতিন পুতিনের পুতিনকে",
        "বৈঠক বৈঠকে বৈঠকের বৈঠকটি",
        "সরকার সরকারের সরকারকে সরকারগুলোর",
        "ঢাকা ঢাকার ঢাকায় ঢাকাতে",
        "সেতু সেতুর সেতুতে সেতুগুলো",
        "ছেলে ছেলের ছেলেকে ছেলেরা ছেলেদের",
        "শিক্ষক শিক্ষকের শিক্ষকরা শিক্ষকেরা শিক্ষকদের শিক্ষককে",
        "ভাই ভাইয়ের ভাইকে ভাইদের",
        "গণিত গণিতের গণিতে",
        "বিএনপি বিএনপির বিএনপিকে",
        "ইউএনও ইউএনওর ইউএনওকে",
        "১০ ১০টি",
    ],
)
def test_a_word_finds_its_forms_and_is_found_by_them(forms: str) -> None:
    for one in forms.split():
        for other in forms.split():
            assert has_words(f"আজ {one}!", (other,)), (one, other)
            assert search_key(one) in form_keys(other), (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("করে", "কর"),
        ("আটক", "আট"),
        ("চালক", "চাল"),
        ("শিক্ষা", "শিক্ষক"),
        ("আমির", "আমি"),
        ("দেশ", "বিদেশ"),
        ("মাটি", "মা"),
        ("বাংলা", "বাংলাদেশ"),
        ("১০", "১"),
        ("bridges", "bridge"),
        ("مصر", "مصري"),
        ("東京", "東"),
    ],
)
def test_words_that_are_no_forms_of_one_another_do_not_find_each_other(one: str, other: str) -> None:
    assert not has_words(one, search_words(other))
    assert not has_words(other, search_words(one))
