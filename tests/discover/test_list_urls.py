"""The path of a list's URL shows that it is a list, so it is not fetched. An article's URL never looks like one."""

from urllib.parse import quote

import pytest

from khobor.discover.list_urls import folders_of, is_list, is_list_of, lists_no_articles

LISTS = [
    "https://example.com/",
    "https://example.com",
    "https://example.com/index.html",
    "https://example.com/en/",
    "https://example.com/tag/budget/",
    "https://example.com/tags",
    "https://example.com/blog/tags/the-budget-of-the-town-and-its-river/",
    "https://example.com/tag/budget/page/2/",
    "https://example.com/category/politics/",
    "https://example.com/categories/politics/index.html",
    "https://example.com/author/maya-lindqvist/",
    "https://example.com/authors/maya_lindqvist.html",
    "https://example.com/page/2/",
    "https://example.com/news/page-3",
    "https://example.com/page2/index.html",
    "https://example.com/index2.html",
    "https://example.com/bn/index-7.html",
    "https://example.com/blog/feed.xml",
    "https://example.com/?paged=2",
    "https://example.com/news?page=2",
    "https://example.com/?cat=7",
    "https://example.com/?tag=budget",
    "https://example.com/?author=1",
    "https://example.com/?m=202603",
    "https://example.com/?s=bridge",
    "https://example.com/search?q=bridge",
    "https://example.com/2026/",
    "https://example.com/2026/03/",
    "https://example.com/blog/2026/03/10/",
    "https://example.com/archives/",
    "https://example.com/archives/2026/03/",
    "https://example.com/archives/2026-03",
    "https://example.com/contact/",
    "https://example.com/de/impressum",
    "https://example.com/schlagwort/haushalt/",
    "https://example.com/étiquette/budget/",
    "https://example.com/etiqueta/presupuesto/",
    "https://example.com/palavra-chave/orçamento",
    "https://example.com/metka/x/../../тег/бюджет/",
    "https://example.com/метка/бюджет/",
    "https://example.com/ট্যাগ/বাজেট/",
    "https://example.com/বিভাগ/রাজনীতি/",
    "https://example.com/লেখক/মায়া-লিন্ডকভিস্ট/",
    "https://example.com/وسم/ميزانية/",
    "https://example.com/تصنيف/سياسة/",
    "https://example.com/برچسب/بودجه",
    "https://example.com/תגית/תקציב/",
    "https://example.com/टैग/बजट/",
    "https://example.com/标签/预算/",
    "https://example.com/カテゴリー/政治/",
    "https://example.com/태그/예산/",
    "https://example.com/แท็ก/งบประมาณ/",
    "https://example.com/danh-muc/chinh-tri/",
    "https://example.com/etiket/butce/sayfa/4",
    "https://example.com/тег/бюджет/страница/2",
]
ARTICLES = [
    "https://example.com/?p=12",
    "https://example.com/index.php?id=12345",
    "https://example.com/2026/03/10/council-votes/",
    "https://example.com/2026/03/council-votes/index.html",
    "https://example.com/posts/budget/",
    "https://example.com/budget",
    "https://example.com/category/politics/council-votes-on-the-bridge/",
    "https://example.com/category/council-votes-on-the-old-bridge/",
    "https://example.com/topics/council-votes-on-the-old-bridge-12345",
    "https://example.com/topics/politics/budget-2026",
    "https://example.com/profile/maya-lindqvist-on-her-new-bridge",
    "https://example.com/news/tagged-whales-return",
    "https://example.com/archives/345",
    "https://example.com/page/why-the-bridge-matters-to-us",
    "https://example.com/news/2026-03-10",
    "https://example.com/tag/budget/2026/03/council-votes-on-the-bridge",
    "https://example.com/ara/the-bridge-is-open-again",
    "https://example.com/新闻/市议会批准重建旧电车车库",
    "https://example.com/خبر/مجلس-المدينة-يوافق-على-الجسر",
    "https://example.com/خبر.html",
    "https://example.com/qq.html",
    "https://example.com/2026",
    "https://example.com/scan.php?page=news_item&px=Council-Votes",
    "https://example.com/blog/council-votes-on-the-old-bridge/2026/03",
    "https://example.com/collection/old-bridges",
]


def encoded(url: str) -> str:
    return quote(url, safe=":/?=&")


@pytest.mark.parametrize("url", LISTS)
def test_the_url_of_a_list_is_one(url: str) -> None:
    assert is_list(url)
    assert is_list(encoded(url))


@pytest.mark.parametrize("url", ARTICLES)
def test_the_url_of_an_article_is_that_of_no_list(url: str) -> None:
    assert not is_list(url)
    assert not is_list(encoded(url))


@pytest.mark.parametrize(
    "name",
    [
        "wp-sitemap-taxonomies-category-1.xml",
        "wp-sitemap-taxonomies-post_tag-2.xml",
        "wp-sitemap-taxonomies-genre-1.xml",
        "wp-sitemap-users-1.xml",
        "category-sitemap.xml",
        "category-sitemap2.xml.gz",
        "post_tag-sitemap.xml",
        "author-sitemap.xml",
        "sitemap-authors.xml",
        "sitemap-tags.xml",
        "sitemap_categories.xml",
        "sitemap-tax-post_tag.xml",
        "product_cat-sitemap.xml",
    ],
)
def test_a_sitemap_of_lists_says_so_by_its_name(name: str) -> None:
    assert lists_no_articles(f"https://example.com/sitemaps/{name}")


@pytest.mark.parametrize(
    "name",
    [
        "sitemap.xml",
        "sitemap-1.xml",
        "post-sitemap.xml",
        "wp-sitemap-posts-post-1.xml",
        "sitemap-news.xml",
        "sitemap-category-politics-2026.xml",
        "articles-by-author.xml",
        "sitemap-2026-03.xml",
        "page-sitemap.xml",
        "tagesschau-sitemap.xml",
        "authority-news-sitemap.xml",
    ],
)
def test_a_sitemap_of_articles_is_read(name: str) -> None:
    assert not lists_no_articles(f"https://example.com/{name}")


def test_the_folder_of_several_articles_is_a_list() -> None:
    story = "https://example.com/news/the-bridge-that-nobody-wanted"
    parts = [f"{story}/{part}" for part in "abcde"]
    folders = folders_of(
        [f"https://example.com/blog/{name}/" for name in "abcde"] + parts + ["https://example.com/x/1"]
    )
    lists = {url: is_list_of(url, folders) for url in ("https://example.com/blog/", story, "https://example.com/x")}
    assert list(lists.values()) == [True, False, False]
