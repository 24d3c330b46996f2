import pytest

from khobor.discover.url_filters import refuse_url

HOSTS = ("example.com", "news.example.org/bengali")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://example.com/news/1", None),
        ("https://www.example.com:8080/news/1", None),
        ("https://news.example.org/bengali/news/1", None),
        ("https://news.example.org/bengali/news/1?print=2", None),
        ("https://example.org/bengali/news/1", "other_host"),
        ("https://news.example.org/bengali-food/news/1", "other_host"),
        ("https://notexample.com/news/1", "other_host"),
        ("https://example.com.example.net/news/1", "other_host"),
        ("https://example.com/news/sport/1", "excluded"),
        ("https://example.com/news/1?print=1", "excluded"),
        ("https://example.com/1", "not_included"),
        ("https://example.com/news/", "no_article_url"),
    ],
)
def test_why_a_url_is_not_fetched(url: str, reason: str | None) -> None:
    verdict = refuse_url(
        url, hosts=HOSTS, include=("^/news/", "/bengali/"), exclude=("/sport/", r"\?print=1$"), article_url=r"/\d+$"
    )
    assert (verdict.reason if verdict else None) == reason


def test_the_words_name_what_was_wrong() -> None:
    verdict = refuse_url("https://example.com/sport/1", hosts=HOSTS, exclude=("/sport/",))
    assert verdict is not None
    assert verdict.detail == "/sport/1 has what exclude names: /sport/"


def test_without_patterns_the_host_decides() -> None:
    assert refuse_url("https://example.com/", hosts=HOSTS) is None
    assert refuse_url("https://example.com/", hosts=()) is not None
