"""Articles that look like lists and threads, and lists that look like articles."""

import pytest
from tests.example_pages import PARAGRAPHS

from khobor.extract import extract

HEADLINE = "The old ferry of the harbour runs again"
TIMES = ["10:00", "11:20", "12:45", "13:10", "14:30", "15:00"]
LINES = ["The first boat left", "A crowd waits on the pier", "The mayor speaks", "Rain begins", "A lamp", "The end"]
TEASERS = "".join(
    f'<div class="item"><h2><a href="/n/{at}">{line} of the harbour</a></h2><span class="date">{at + 1}.11.2026</span>'
    f"<p>{PARAGRAPHS[at % 4]}</p></div>"
    for at, line in enumerate(LINES)
)
LINKS = "".join(
    f'<div class="teaser"><a href="/n/{at}">{line} of the harbour today</a><div>{PARAGRAPHS[at % 4]}</div></div>'
    for at, line in enumerate(LINES)
)


def reason(body: str, title: str = HEADLINE, url: str = "https://news.example/city/ferry") -> str | None:
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    return extract(page.encode(), url).extraction.not_article


def entries(name: str, heading: str = "<h2>{}</h2>", author: str = '<span class="author">Ann Lee</span>') -> str:
    return "".join(
        f'<div class="{name}"><time datetime="2026-11-27T{time}:00Z">{time}</time>{author}{heading.format(line)}'
        f"<p>{PARAGRAPHS[0]}</p></div>"
        for time, line in zip(TIMES, LINES, strict=True)
    )


@pytest.mark.parametrize(
    "body",
    [
        entries("entry"),
        entries("entry", author=""),
        entries("live-post", heading=""),
        entries("timeline-event", heading="", author=""),
        entries("liveticker item", heading="", author=""),
        f"<p>{PARAGRAPHS[1]}</p>{entries('entry')}",
        "".join(f'<div><p>{text}</p><p class="author">Hans Meer, Harbourton</p></div>' for text in PARAGRAPHS),
        f"<p>{PARAGRAPHS[0]}</p>{TEASERS}",
    ],
)
def test_a_live_report_letters_and_a_short_article_above_teasers_are_no_threads(body: str) -> None:
    assert reason(body) is None


@pytest.mark.parametrize("body", [entries("post", heading=""), TEASERS])
def test_posts_without_headings_and_teasers_without_an_article_are_no_article(body: str) -> None:
    assert reason(body) == "forum_page"


@pytest.mark.parametrize("path", ["author/ann-lee", "thema/hafen", "category/harbour/"])
def test_a_list_may_describe_its_author_or_topic_at_length_if_its_address_is_that_of_a_list(path: str) -> None:
    about = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    assert reason(f"{about}{TEASERS}", "Ann Lee", f"https://news.example/{path}") in {"front_page", "tag_page"}
    assert reason(f"{about}{TEASERS}", "Ann Lee") is None


def test_a_list_of_few_links_is_one_if_its_address_is_that_of_a_list() -> None:
    assert reason(LINKS, "Hafen", "https://news.example/thema/hafen") == "tag_page"
    assert reason(LINKS, "Hafen") is None


def test_an_article_with_a_short_title_at_the_address_of_a_topic_is_one() -> None:
    about = "".join(f"<p>{text} {text[::-1]}</p>" for text in PARAGRAPHS)
    assert reason(f"{about}{TEASERS}", "Ferry", "https://news.example/topics/ferry") is None


def test_an_article_among_others_of_a_blog_is_one_if_the_pages_title_begins_it() -> None:
    posts = [
        f'<div class="hentry post"><h2>{heading}</h2><b class="date">{at}.11.2026</b><p>{PARAGRAPHS[at]}</p></div>'
        for at, heading in enumerate([HEADLINE, *LINES[:3]])
    ]
    page = "<html><head><title>{}</title></head><body><div>{}</div></body></html>"
    found = extract(page.format(HEADLINE, "".join(posts)).encode(), "https://news.example/city/ferry")
    assert found.extraction.not_article is None
    assert found.body_text.startswith(PARAGRAPHS[0])
    thread = page.format("Question about the ferry", f"<h2>Question about the ferry</h2>{''.join(posts)}")
    assert extract(thread.encode(), "https://news.example/city/ferry").extraction.not_article == "forum_page"
