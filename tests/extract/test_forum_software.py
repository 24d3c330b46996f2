"""Pages that the programs of forums make, and articles that they make."""

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
