import unicodedata

import pytest

from khobor.extract.sentences import ends_article, leads_away


@pytest.mark.parametrize(
    "text",
    [
        "Read more: Another bridge",
        "READ MORE",
        "» Lesen Sie auch: Die Brücke",
        "Anzeige",
        "© The Daily Test",
        "আরও পড়ুন : আরেকটি সেতু",
        "Читайте также: Мост",
        "関連記事：橋",
        "Get the best of the week in your inbox.",
        "You must be logged in to post a comment.",
        "Войдите, чтобы оставить комментарий",
    ],
)
def test_what_leads_away(text: str) -> None:
    assert leads_away(text)
    assert leads_away(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The bridge is open.",
        "Anzeige erstatteten drei Nachbarn am Montag.",
        "The mayor declined to post a comment on the bridge.",
        "Related costs rose too, the council said.",
        "Advertisements were taken down before the vote.",
        f"Read more {'and more ' * 60}",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not leads_away(text)


@pytest.mark.parametrize("text", ["More stories", "Comments (12)", "মন্তব্য", "Das könnte Sie auch interessieren"])
def test_what_ends_an_article(text: str) -> None:
    assert ends_article(text)


@pytest.mark.parametrize("text", ["", "More stories of the flood", "What comes next"])
def test_what_does_not_end_it(text: str) -> None:
    assert not ends_article(text)
