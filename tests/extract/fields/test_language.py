"""The language, and how many words."""

import pytest
from tests.extract.fields.given import article


@pytest.mark.parametrize(
    ("lang", "text", "language"),
    [
        ("en-GB", "The bridge is open.", "en-GB"),
        ("en_US", "The bridge is open.", "en-US"),
        ("en", "সেতুটি খুলে দেওয়া হয়েছে", "bn"),
        ("as", "সেতুটি খুলে দেওয়া হয়েছে", "as"),
        ("bn", "The bridge is open.", None),
        ("", "The bridge is open.", None),
        ("ja", "橋が再び開通しました。市議会が発表した。", "ja"),
        ("en", "橋が再び開通しました。市議会が発表した。", "ja"),
    ],
)
def test_is_what_the_page_says_if_the_script_agrees(lang: str, text: str, language: str | None) -> None:
    assert article(lang=lang, title=text, paragraphs=(text * 4,)).language == language


def test_words_are_counted_by_the_scripts_own_rules() -> None:
    assert article(paragraphs=("One, two - three four’s five and more of the words for a body.",)).word_count == 13
    assert article(paragraphs=("橋が再び開通しました" * 5,)).word_count == 50
