"""A page without an article has a reason. An article is never refused."""

from typing import Any

import pytest
from tests.example_pages import PARAGRAPHS, page

from khobor.extract import extract

CARDS = "".join(
    f"<div><h2><a href='/city/{number}'>The headline of article number {number}</a></h2><p>A teaser.</p></div>"
    for number in range(8)
)


def verdict(title: str, body: str = "", url: str = "https://news.example/x") -> str | None:
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    return extract(html.encode(), url).extraction.not_article


@pytest.mark.parametrize(
    ("html", "reason"),
    [(b" \n", "empty"), (b"%PDF-1.7 x", "not_html"), (b'{"a": "<p>"}', "not_html"), (b"plain words", "not_html")],
)
def test_what_is_no_page(html: bytes, reason: str) -> None:
    assert extract(html, None).extraction.not_article == reason


@pytest.mark.parametrize(
    ("title", "body", "reason"),
    [
        ("404 - Page not found", "<p>The page that you asked for may have been moved or removed.</p>", "error_page"),
        (
            "Seite nicht gefunden | Kurier",
            "<p>Die Seite wurde verschoben, oder die Adresse ist falsch.</p>",
            "error_page",
        ),
        (
            "503 Service Unavailable",
            "<p>The server cannot answer because it is too busy at the moment.</p>",
            "error_page",
        ),
        ("পাতাটি পাওয়া যায়নি", "<p>আপনি যে পাতাটি খুঁজছেন তা সরিয়ে ফেলা হয়েছে অথবা ঠিকানাটি ভুল।</p>", "error_page"),
        ("页面不存在", "<p>您访问的页面可能已经被删除，请检查地址是否正确，或者返回首页继续浏览。</p>", "error_page"),
        ("Search results for bridge", CARDS, "search_page"),
        ("Noticias sobre el puente", CARDS, "tag_page"),
        ("The Daily Test", CARDS, "front_page"),
        ("Connexion", "<form><input type=password></form><p>Pas encore de compte ? Inscrivez-vous.</p>", "login_page"),
        (
            "Wir nutzen Cookies",
            "<p>Wir und unsere Partner nutzen Cookies, um Ihnen Anzeigen zu zeigen.</p>",
            "consent_page",
        ),
        ("The Daily Test", "<div id=root></div><script src=/app.js></script>", "app_shell"),
        ("A headline of some words", "", "no_body"),
    ],
)
def test_what_is_no_article(title: str, body: str, reason: str) -> None:
    assert verdict(title, body) == reason


def test_a_list_below_the_path_of_tags_is_that_of_a_tag() -> None:
    assert verdict("Bridges", CARDS, "https://news.example/tag/bridges") == "tag_page"


@pytest.mark.parametrize(
    "title",
    [
        "Page not found: how a library lost half of its books",
        "Error 404 becomes a film about a lost server",
        "Search results for words of hate are to vanish",
        "Cookies are good for you, a bakery says",
        "How to log in to your town hall",
    ],
)
def test_an_article_about_such_things_is_one(title: str) -> None:
    parts: dict[str, Any] = {"head": '<meta property="og:type" content="article">'}
    found = extract(page(title=title, paragraphs=PARAGRAPHS * 3, **parts), "https://news.example/city/1")
    assert found.extraction.not_article is None
