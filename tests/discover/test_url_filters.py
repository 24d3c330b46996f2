from datetime import UTC, datetime

import pytest
from tests.sources.daily import DAILY

from khobor.discover.listing import Entry, Listing, SitemapReference
from khobor.discover.url_filters import filter_entries, is_near, linked_listings, refuse_url, refused_sitemaps
from khobor.sources.reading import read_source

NOW = datetime(2023, 8, 16, tzinfo=UTC)
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


@pytest.mark.parametrize("secret", ["user:password@", "user@", "daily.example@"])
def test_a_url_with_a_user_name_is_refused_and_hides_no_other(secret: str) -> None:
    source = read_source("daily.toml", DAILY, lambda _: None)
    urls = [f"https://{secret}daily.example/news/1", "https://daily.example/news/1"]
    found = [(entry.url, why) for entry, why in filter_entries(source, [Entry(url=url) for url in urls], NOW)]
    assert found == [(urls[0], "bad_url"), (urls[1], None)]
    assert not is_near(f"https://{secret}daily.example/feed", "https://daily.example/", source)


def test_the_words_name_what_was_wrong() -> None:
    verdict = refuse_url("https://example.com/sport/1", hosts=HOSTS, exclude=("/sport/",))
    assert verdict is not None
    assert verdict.detail == "/sport/1 matches exclude: /sport/"


def test_without_patterns_the_host_decides() -> None:
    assert refuse_url("https://example.com/", hosts=HOSTS) is None
    assert refuse_url("https://example.com/", hosts=()) is not None


TAG = "https://daily.example/tag/bridge/"


def reasons(entry: Entry, rules: str = "") -> list[str | None]:
    source = read_source("daily.toml", DAILY.replace("[rules]", f"{rules}\n[rules]"), lambda _: None)
    return [reason for _, reason in filter_entries(source, [entry], NOW)]


def test_a_list_among_the_urls_of_a_sitemap_is_refused() -> None:
    assert reasons(Entry(url=TAG, modified_at=NOW)) == ["list_url"]
    assert reasons(Entry(url="https://daily.example/2026/03/the-bridge/")) == [None]


@pytest.mark.parametrize("rules", [r"article_url = '^/tag/[^/]+/$'", "[discovery]\ninclude = ['^/tag/']"])
def test_a_source_that_says_what_its_articles_are_called_decides(rules: str) -> None:
    assert reasons(Entry(url=TAG), rules) == [None]


def test_an_entry_with_a_date_of_publication_is_an_article() -> None:
    assert reasons(Entry(url=TAG, published_at=NOW)) == [None]


def sitemaps(*names: str) -> Listing:
    return Listing(sitemaps=tuple(SitemapReference(url=f"https://daily.example/{name}") for name in names))


@pytest.mark.parametrize(
    ("names", "read"),
    [
        (["post-sitemap.xml", "category-sitemap.xml", "post_tag-sitemap.xml"], ["post-sitemap.xml"]),
        (
            ["wp-sitemap-posts-post-1.xml", "wp-sitemap-posts-page-1.xml", "wp-sitemap-users-1.xml"],
            ["wp-sitemap-posts-post-1.xml"],
        ),
        (["sitemap_products_1.xml", "sitemap_pages_1.xml", "sitemap_blogs_1.xml"], ["sitemap_blogs_1.xml"]),
        # Without a sitemap of articles, they may be among the pages.
        (["page-sitemap.xml", "author-sitemap.xml"], ["page-sitemap.xml"]),
    ],
)
def test_sitemaps_without_articles_are_refused(names: list[str], read: list[str]) -> None:
    source = read_source("daily.toml", DAILY, lambda _: None)
    listing = sitemaps(*names)
    linked = [url for _, url in linked_listings(source, "https://daily.example/sitemap.xml", listing, NOW)]
    assert linked == [f"https://daily.example/{name}" for name in read]
    refused = refused_sitemaps(listing)
    assert [entry.url for entry, _ in refused] == [
        f"https://daily.example/{name}" for name in names if name not in read
    ]
    assert {reason for _, reason in refused} == {"list_sitemap"}
