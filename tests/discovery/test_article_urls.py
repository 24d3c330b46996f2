import pytest

from khobor.discovery.article_urls import looks_like_article

# As sites with sections, dates, numbers, opaque ids and titles in their addresses form them.
ARTICLES = [
    "https://www.prothomalo.com/bangladesh/district/7h3kq0w1xz",
    "https://www.bbc.com/bengali/articles/c4g2x1y2z3lo",
    "https://www.bbc.com/news/world-asia-12345678",
    "https://bdnews24.com/world/1a2b3c4d5e6f",
    "https://www.jugantor.com/national/123456/%E0%A6%96%E0%A6%AC%E0%A6%B0",
    "https://www.kalbela.com/politics/12345",
    "https://www.thedailystar.net/news/bangladesh/politics/news/some-title-3123456",
    "https://www.theguardian.com/world/2026/mar/10/some-title",
    "https://www.nytimes.com/2026/03/10/world/asia/title.html",
    "https://www.spiegel.de/politik/deutschland/titel-des-textes-a-1234567.html",
    "https://www.spiegel.de/ausland/titel-a-550e8400-e29b-41d4-a716-446655440000",
    "https://www.lemonde.fr/politique/article/2026/03/10/le-titre_6123456_823448.html",
    "https://elpais.com/espana/2026-03-10/el-titulo-de-la-noticia.html",
    "https://www.aljazeera.com/news/2026/3/10/what-we-know",
    "https://timesofindia.indiatimes.com/india/title-of-it/articleshow/12345678.cms",
    "https://www.thehindu.com/news/national/title/article12345678.ece",
    "https://www.reuters.com/world/asia-pacific/title-of-the-story-2026-03-10/",
    "https://apnews.com/article/some-words-8f3c0d4e5a6b7c8d9e0f1a2b3c4d5e6f",
    "https://lenta.ru/news/2026/03/10/zagolovok/",
    "https://ria.ru/20260310/zagolovok-2001234567.html",
    "https://www3.nhk.or.jp/news/html/20260310/k10014387171000.html",
    "https://example.com/?p=123",
    "https://example.com/news.php?id=77&lang=bn",
    "https://example.com/what-the-vote-means-for-dhaka/",
    "https://example.com/what_the_vote_means.html",
    "https://example.com/খবর/নির্বাচন-নিয়ে-যা-বললেন-প্রধান-উপদেষ্টা",
    "https://example.com/1/550e8400-e29b-41d4-a716-446655440000",
    "https://example.com/news/3456",
    "https://example.com/archives/345",
]
OTHERS = [
    "https://example.com/",
    "https://example.com",
    "https://example.com/bangladesh",
    "https://example.com/bangladesh/district",
    "https://example.com/tag/some-long-words-in-a-tag",
    "https://example.com/author/some-person-with-many-names",
    "https://example.com/category/12345",
    "https://example.com/topics/c4g2x1y2z3lo",
    "https://example.com/2026",
    "https://example.com/2026/03/",
    "https://example.com/2026/03/10",
    "https://example.com/2026-03-10",
    "https://example.com/archive/2026/03/10",
    "https://example.com/arts-culture-and-entertainment",
    "https://example.com/science-and-environment",
    "https://example.com/page/2",
    "https://example.com/news/page-2",
    "https://example.com/news?page=2",
    "https://example.com/search?q=a-b-c-d-e",
    "https://example.com/privacy-policy-and-cookies-and-more",
    "https://example.com/terms-of-use-of-this-site.html",
    "https://example.com/image/12345678.jpg",
    "https://example.com/feed/",
    "https://example.com/rss/12345.xml",
    "https://example.com/index.html",
    "https://example.com/sports/cricket/live",
    "https://example.com/budget2026",
    "https://example.com/about-us/our-history",
]


@pytest.mark.parametrize("url", ARTICLES)
def test_addresses_of_articles(url: str) -> None:
    assert looks_like_article(url)


@pytest.mark.parametrize("url", OTHERS)
def test_addresses_of_other_pages(url: str) -> None:
    assert not looks_like_article(url)
