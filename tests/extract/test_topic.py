import pytest

from khobor.extract.text import comparable
from khobor.extract.topic import is_about


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The quay in the north of Lindmark stays shut.", "Northern quay of Lindmark shut until May"),
        ("সেতুটি সোমবার যান চলাচলের জন্য খুলে দেওয়া হয়েছে, নগর পরিষদ জানায়।", "সেতু খুলে দেওয়া হয়েছে সোমবার"),
        ("Мост через реку открыли в понедельник.", "Открыт новый мост через реку"),
        ("古い橋が月曜日に再び開通した。", "古い橋が再び開通"),
    ],
)
def test_a_text_with_the_words_of_the_title_is_about_it(text: str, title: str) -> None:
    assert is_about(text, [comparable(title)], [])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("We use cookies so that the site works.", "Northern quay of Lindmark shut until May"),
        ("A quay needs care.", "Northern quay of Lindmark shut until May"),
        ("", "Northern quay"),
        ("Any text", ""),
        ("これは別の記事です。", "古い橋が再び開通"),
    ],
)
def test_a_text_without_them_is_not(text: str, title: str) -> None:
    assert not is_about(text, [comparable(title)], [])


def test_a_text_with_the_beginning_of_the_description_is_about_the_page() -> None:
    description = comparable("It rained for two days before the planks of the old quay gave way.")
    assert is_about(
        "News: It rained for two days before the planks of the old quay gave way in the night.", [], [description]
    )
    assert not is_about("It rained for two days.", [], [description])
