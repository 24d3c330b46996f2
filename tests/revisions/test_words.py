import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from khobor.revisions.words import visible_text, words

CLUSTERS = regex.compile(r"\X")
# Letters and what joins to them: Bengali with its signs and joiners, Arabic, Thai, Khmer, Burmese, Hangul jamo,
# Latin with a combining accent, flags, a family, a skin tone.
LETTERS = "কখযরড়\u09bc\u09cd\u09be\u09bf\u200c\u200d৫١بسلا\u064eกน้ำเក្ខမြ\u1100\u1161\u11a8e\u0301a7🇧🇩🇮👩👍🏽北東タワー"
TEXTS = st.text(alphabet=LETTERS + " \u00a0\n.,।'-", max_size=40)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. paid $12,500.50 — don't ask.", "The|U.S|.|paid|$|12,500.50|—|don't|ask|."),
        ("ব্যয় ১২,৫০০ কোটি টাকা।", "ব্যয়|১২,৫০০|কোটি|টাকা|।"),
        ("র‍্যাব ক্ষমতা স্ত্রী", "র‍্যাব|ক্ষমতা|স্ত্রী"),
        ("قال: «نعم»، ۱۲٫۵", "قال|:|«|نعم|»|،|۱۲٫۵"),
        ("می‌خواهم", "می‌خواهم"),
        ("서울에서 발표", "서울에서|발표"),
        ("北京2023年8月", "北|京|2023|年|8|月"),
        ("東京タワーへ", "東|京|タワー|へ"),
        ("น้ำมัน", "น้ำ|มั|น"),
        ("ខ្មែរ", "ខ្មែ|រ"),
        ("👨‍👩‍👧🇧🇩🇮🇳👍🏽", "👨‍👩‍👧|🇧🇩|🇮🇳|👍🏽"),
    ],
)
def test_words_are_those_of_the_script(text: str, expected: str) -> None:
    assert words(text).texts == tuple(visible_text(word) for word in expected.split("|"))


@given(TEXTS)
def test_no_word_tears_a_grapheme_cluster_apart(text: str) -> None:
    found = words(text)
    assert found.text == visible_text(text)
    pieces = [piece for pair in zip(found.spaces, found.texts, strict=True) for piece in pair]
    assert [cluster for piece in pieces for cluster in CLUSTERS.findall(piece)] == CLUSTERS.findall(visible_text(text))


@given(TEXTS)
def test_one_text_spelled_in_two_ways_has_the_same_words(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text).replace(" ", " \u200b\u00a0 ")
    assert words(decomposed) == words(unicodedata.normalize("NFC", text))


def test_no_text_has_no_words() -> None:
    assert words(None).texts == words(" \u200b\n").texts == ()
