"""What the page says of its own address."""

import pytest
from tests.extract.fields.given import URL, article, meta


@pytest.mark.parametrize(
    ("url", "href", "canonical"),
    [
        (URL, "https://www.news.example/a/1", "https://www.news.example/a/1"),
        (URL, "/a/1?utm_source=x", "https://news.example/a/1"),
        (f"{URL}?utm_source=x#top", "", URL),
        (URL, "https://evil.example/a/1", URL),
        (URL, "https://news.example/", URL),
        ("http://127.0.0.1:8000/a", "https://www.news.example/a/1", "https://www.news.example/a/1"),
        (None, "https://www.news.example/a/1", "https://www.news.example/a/1"),
        (None, "", None),
        ("not a URL", "", None),
    ],
)
def test_is_believed_within_its_own_site(url: str | None, href: str, canonical: str | None) -> None:
    found = article(url=url, head=f'<link rel="canonical" href="{href}">')
    assert found.canonical_url == canonical


def test_pages_without_one_are_told_apart_by_their_bytes() -> None:
    one, same, other = article(None), article(None), article(None, title="Another bridge opens")
    assert one.article_id == same.article_id != other.article_id


def test_relative_links_of_a_page_without_url_are_resolved_against_what_it_says() -> None:
    found = article(None, head=meta("og:url", "https://news.example/a/1") + meta("og:image", "/a.jpg"))
    assert found.images[0].url == "https://news.example/a.jpg"
