"""The place from which the article was filed."""

import pytest
from tests.example_pages import page

from khobor.extract import extract

REST = "the old bridge over the river was opened to traffic again on Monday, two years after the flood."


@pytest.mark.parametrize(
    ("beginning", "place"),
    [
        ("NEW DELHI (Reuters) - ", "New Delhi"),
        ("LONDON, Nov 3 (Reuters) — ", "London"),
        ("LONDON, Nov. 3, 2026 (Reuters): ", "London"),
        ("ঢাকা, ২৭ ফেব্রুয়ারি, ২০২৬ (বাসস) : ", "ঢাকা"),
        ("চট্টগ্রাম, ৩ মার্চ (ইউএনবি)—", None),
        ("চট্টগ্রাম, ৩ মার্চ (ইউএনবি) — ", "চট্টগ্রাম"),
        ("नई दिल्ली, ३ मार्च (भाषा) - ", "नई दिल्ली"),
        ("इस फैसले के बाद (पढ़ें पूरी खबर): ", None),
        ("DUNMORE — ", "Dunmore"),
        ("TOKYO: ", "Tokyo"),
        ("Jepara - Old: ", "Jepara"),
        ("طرابلس (أ ف ب) – ", "طرابلس"),
        ("টোকিও: ", "টোকিও"),
        ("[서울=연합뉴스] ", "서울"),
        ("প্রশ্ন: ", None),
        ("EXCLUSIVE: ", None),
        ("Endlich. ", None),
        ("The mayor - ", None),
        ("", None),
    ],
)
def test_the_text_begins_with_it(beginning: str, place: str | None) -> None:
    assert extract(page(paragraphs=(beginning + REST, REST)), "https://news.example/city/1").dateline == place


def test_a_word_and_a_full_stop_are_a_place_where_the_headline_names_it() -> None:
    html = page(title="Flut in Altenau: ein Dorf hilft sich", paragraphs=(f"Altenau. Es {REST}", REST), lang="de")
    assert extract(html, "https://news.example/city/1").dateline == "Altenau"
