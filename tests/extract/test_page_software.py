"""Pages of forums, lists and products by the names that programs give them, and articles of the same programs."""

import pytest
from tests.example_pages import PARAGRAPHS

from khobor.extract import extract

TEXT = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
HEADLINE = "The old ferry of the harbour runs again"
POST = '<div class="post"><a class="username">gull</a> 27 November 2026, <a href="/forum">#1</a><div {}>{}</div></div>'


def reason(html: str = "", body: str = "", rest: str = "") -> str | None:
    post = POST.format(rest, TEXT)
    page = f"<html {html}><head><title>{HEADLINE}</title></head><body {body}><h1>{HEADLINE}</h1>{post}</body></html>"
    return extract(page.encode(), "https://forum.example/ferry").extraction.not_article


@pytest.mark.parametrize(
    "parts",
    [
        {"body": 'id="nv_forum" class="pg_viewthread" onkeydown="x()"'},
        {"body": 'id="nv_forum" class="pg_forumdisplay"'},
        {"body": 'id="phpbb" class="nojs notouch section-viewtopic ltr"'},
        {"html": 'id="XF" data-app="public" data-template="thread_view"'},
        {"html": 'id="XenForo"'},
        {"body": 'class="topic bbpress bbp-no-js single single-topic"'},
        {"body": 'data-pageApp="forums" data-pageModule="forums"'},
        {"body": 'class="Vanilla Discussion Discussions"'},
        {"rest": 'id="td_post_12"'},
        {"rest": 'class="postbitlegacy postbitim"'},
        {"rest": 'id="forumposts"'},
        {"rest": 'id="wpforo-wrap"'},
    ],
)
def test_a_page_that_a_program_made_as_one_of_a_forum_is_no_article(parts: dict[str, str]) -> None:
    assert reason(**parts) == "forum_page"


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"body": 'id="nv_portal" class="pg_view"'},
        {"body": 'id="phpbb" class="section-article"'},
        {"html": 'data-template="article"'},
        {"html": 'data-template="thread_view_type_article"'},
        {"body": 'class="bbp-no-js single-post"'},
        {"body": 'data-pageApp="cms"'},
    ],
)
def test_an_article_of_such_a_program_is_one(parts: dict[str, str]) -> None:
    assert reason(**parts) is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("archive category category-harbour wp-custom-logo", "front_page"),
        ("archive author author-ann", "front_page"),
        ("home blog wp-theme", "front_page"),
        ("home-template", "front_page"),
        ("path-taxonomy", "front_page"),
        ("archive tag tag-ferry", "tag_page"),
        ("search search-results", "search_page"),
        ("archive post-type-archive-product woocommerce", "collection_page"),
        ("product-template-default single single-product woocommerce", "product_page"),
        ("catalog-product-view", "product_page"),
        ("single single-post postid-12 category-harbour tag-ferry", None),
        ("post-template tag-ferry", None),
        ("page home", None),
        ("archive", None),
    ],
)
def test_a_page_is_what_the_program_of_its_site_calls_it(body: str, expected: str | None) -> None:
    assert reason(body=f'class="{body}"') == expected


def test_a_declared_article_is_one_whatever_a_theme_calls_its_page() -> None:
    head = '<meta property="article:published_time" content="2026-11-27T10:00:00Z">'
    page = f'<html><head><title>{HEADLINE}</title>{head}</head><body class="home blog"><h1>{HEADLINE}</h1>{TEXT}</body>'
    assert extract(page.encode(), "https://news.example/ferry").extraction.not_article is None
