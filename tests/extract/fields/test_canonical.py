"""The URL that the page claims as its own."""

from typing import Any

import pytest
from tests.example_pages import page
from tests.extract.fields.sample_article import URL, article, json_ld_article, meta

from khobor.extract import extract
from khobor.sources.registry import Registry

BRIDGE = "https://www.example.com/news/bridge-12345"
MARKET = "https://www.example.com/news/market-67890"


def link(href: str) -> str:
    return f'<link rel="canonical" href="{href}">'


def canonical(url: str | None, href: str, **parts: Any) -> str | None:
    return article(url=url, head=link(href), **parts).canonical_url


@pytest.mark.parametrize(
    ("url", "href", "found"),
    [
        (URL, "https://www.news.example/city/bridge-1", "https://www.news.example/city/bridge-1"),
        (URL, "/city/bridge-1?utm_source=x", URL),
        (f"{URL}?utm_source=x#top", "", URL),
        (URL, "https://evil.example/city/bridge-1", URL),
        (URL, "https://news.example/", URL),
        ("http://127.0.0.1:8000/a", "https://www.news.example/a/1", "https://www.news.example/a/1"),
        ("http://[::1]:8000/a", "https://www.news.example/a/1", "https://www.news.example/a/1"),
        (None, "https://www.news.example/a/1", "https://www.news.example/a/1"),
        (None, "", None),
        ("not a URL", "", None),
        # A host that only begins like loopback, or like Google's.
        ("http://127.evil.example/a", "https://www.news.example/a/1", "http://127.evil.example/a"),
        ("http://localhost.evil.example/a", "https://www.news.example/a/1", "http://localhost.evil.example/a"),
        (
            "https://google.evl.com/amp/s/news.example/a/1",
            "https://news.example/a/1",
            "https://google.evl.com/s/news.example/a/1",
        ),
        (URL, "https://www.google.com/amp/s/victim.example/a/1", URL),
        # The response is Google's, not that of the page's owner.
        (
            "https://www.google.com/amp/s/news.example/a/1",
            "https://news.example/a/1",
            "https://www.google.com/s/news.example/a/1",
        ),
        (
            "https://news-example.cdn.ampproject.org/c/s/news.example/a/1",
            "https://news.example/a/1",
            "https://news-example.cdn.ampproject.org/c/s/news.example/a/1",
        ),
    ],
)
def test_is_believed_within_its_own_site(url: str | None, href: str, found: str | None) -> None:
    assert canonical(url, href) == found


@pytest.mark.parametrize(
    ("hosts", "is_believed"),
    [
        (("daily.example", "weekly.example"), True),
        (("daily.example", "weekly.example/news"), True),
        (("daily.example", "weekly.example/sport"), False),
        (("daily.example",), False),
        (("weekly.example",), False),
    ],
)
def test_is_believed_of_the_other_hosts_of_its_source(hosts: tuple[str, ...], *, is_believed: bool) -> None:
    text = f'version = 1\npublisher = "The Daily"\nhosts = {list(hosts)}\n'
    fetched, claimed = "https://daily.example/news/bridge-12345", "https://www.weekly.example/news/bridge-12345"
    found = extract(page(head=link(claimed)), fetched, sources=Registry({"daily.toml": text}))
    assert found.canonical_url == (claimed if is_believed else fetched)
    refused = found.extraction.fields["canonical_url"].refused
    assert [claim.reason for claim in refused] == ([] if is_believed else ["another site"])


ABOVE = {
    "section with a number": ("/c12345/the-bridge-opens", "/c12345/"),
    "section with a short number": ("/category-5/bridge", "/category-5/"),
    "category by number": ("/category/12345/bridge", "/category/12345"),
    "section of articles with short numbers": ("/news/2", "/news"),
    "year": ("/2024/2", "/2024"),
    "month": ("/2026/09/16/bridge", "/2026/09/"),
    "series": ("/special-report-on-river-floods/part-one", "/special-report-on-river-floods"),
    "live report": ("/live/12345/post-67890", "/live/12345"),
    "program": ("/index.php/news/bridge", "/index.php"),
    "Bengali section": ("/বাংলাদেশ/সেতু-১২৩৪৫", "/বাংলাদেশ"),
    "part with another number": ("/news/bridge/part-2", "/news/bridge/part-1"),
    "other opaque id": ("/bangladesh/hk3j2l1abc", "/bangladesh/zz9x8c7vbn"),
    "similar headline of another day": (
        "/2026/09/16/weather-for-today-in-dhaka",
        "/2026/09/15/weather-for-today-in-dhaka",
    ),
}


@pytest.mark.parametrize("name", ABOVE)
def test_a_page_above_or_beside_is_another_page(name: str) -> None:
    fetched, claimed = (f"https://www.example.com{path}" for path in ABOVE[name])
    assert canonical(fetched, claimed) == article(url=fetched).canonical_url


@pytest.mark.parametrize("href", ["/news/" + "a_" * 400_000, "/x?" + "article_" * 50_000, "[" * 400_000, "{" * 400_000])
def test_a_claim_that_is_longer_than_any_url_is_refused(href: str) -> None:
    found = article(url=BRIDGE, head=link(href) + link("/news/other-1") * 1000)
    assert found.canonical_url == BRIDGE
    assert len(found.extraction.fields["canonical_url"].refused) <= 20


SAME = {
    "amp below": ("/news/bridge-12345/amp", "/news/bridge-12345"),
    "short number and amp": ("/5/amp", "/5"),
    "page of several": ("/5/2", "/5"),
    "page by name": ("/news/bridge-12345/page/2/", "/news/bridge-12345/"),
    "page by parameter": ("/news/bridge-12345?page=2", "/news/bridge-12345"),
    "print before": ("/print/5", "/5"),
    "print behind": ("/news/bridge-12345/print", "/news/bridge-12345"),
    "amp by parameter": ("/news/bridge-12345?amp=1", "/news/bridge-12345"),
    "first folder for telephones": ("/m/news/bridge-12345", "/news/bridge-12345"),
    "unknown tracking": ("/news/bridge-12345?ico=mosaic&r=rss", "/news/bridge-12345"),
    "slash": ("/news/bridge-12345", "/news/bridge-12345/"),
    "capitals": ("/News/Bridge-12345.HTML", "/news/bridge-12345"),
    "index": ("/news/bridge-12345/index.html", "/news/bridge-12345/"),
    "headline added": ("/news/12345", "/news/12345/the-old-bridge-opens-again"),
    "short headline added": ("/news/1", "/news/1/the-bridge"),
    "headline left out": ("/news/12345/the-old-bridge-opens-again", "/news/12345"),
    "headline changed": ("/news/bridge-to-close-12345", "/news/bridge-opens-12345"),
    "headline translated": ("/en/news/12345/bridge", "/bn/news/12345/সেতু"),
    "section changed": ("/city/old-bridge-opens-again", "/news/2026/old-bridge-opens-again"),
    "number moved into the path": ("/story.php?id=12345", "/news/12345/bridge"),
    "number in another script": ("/খবর/১২৩৪৫/সেতু", "/news/১২৩৪৫"),
    "by the title": ("/?p=77", "/2026/09/old-bridge-opens-again"),
    "by the title of words without spaces": ("/?p=77", "/news/古い橋が再び開通した"),
    "article by parameter": ("/news/view.php?id=7&from=rss&cid=3", "/news/view.php?id=7"),
}
TITLES = {"by the title of words without spaces": "古い橋が再び開通した"}


@pytest.mark.parametrize("name", SAME)
def test_another_form_of_the_page_s_own_address_is_believed(name: str) -> None:
    fetched, claimed = (f"https://www.example.com{path}" for path in SAME[name])
    parts = {"title": TITLES[name]} if name in TITLES else {}
    found = article(url=fetched, head=link(claimed), **parts)
    assert found.article_id == article(url=claimed, **parts).article_id
    assert found.extraction.fields["canonical_url"].refused == ()


OTHERS = {
    "section": "https://www.example.com/news/",
    "other section": "/sport",
    "home page": "https://www.example.com/",
    "home page of another language": "/en/",
    "fixed article": "https://www.example.com/news/market-67890",
    "fixed article without a number": "/news/the-market-stays-open-on-sundays",
    "undefined": "undefined",
    "null in the path": "https://www.example.com/news/null",
    "object": "[object Object]",
    "encoded object": "/%5Bobject%20Object%5D",
    "mustache": "{{url}}",
    "encoded mustache": "https://www.example.com/%7B%7Bpage.url%7D%7D",
    "php": "<?php echo $url; ?>",
    "erb": "<%= url %>",
    "dollar": "${canonicalUrl}",
    "percents": "%%CANONICAL%%",
    "brackets": "[[url]]",
    "fragment": "#",
    "white space": "  ",
    "archive of a day": "/2026/09/16/",
    "tag": "/tag/bridge-12345",
    "mail": "mailto:a@example.com",
    "another host's name": "https://undefined/news/bridge-12345",
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("place", ["link", "og:url", "both"])
def test_what_is_not_the_page_s_keeps_articles_apart(name: str, place: str) -> None:
    href = OTHERS[name].replace("<", "&lt;")
    head = (link(href) if place != "og:url" else "") + (meta("og:url", href) if place != "link" else "")
    one = article(url=BRIDGE, head=head, title="Bridge to be rebuilt")
    other = article(url="https://www.example.com/news/ferry-54321", head=head, title="The ferry sails again")
    assert one.canonical_url == BRIDGE
    assert one.article_id != other.article_id
    # Without a URL, two pages have no address in common either.
    assert name.startswith(("fixed", "another host")) or article(url=None, head=head).canonical_url is None


@pytest.mark.parametrize("path", ["/story.php", "/", "/news/view", "/news", "/index.php?lang=bn", "/story.php?id=8"])
@pytest.mark.parametrize("query", ["id=7", "p=7", "story_id=7", "newsID=c3aa546f-24d3", "article=bridge"])
def test_a_parameter_that_tells_articles_apart_is_not_left_out(path: str, query: str) -> None:
    url = f"https://www.example.com{path.partition('?')[0]}?{query}"
    found = canonical(url, path, title="Bridge")
    assert found == article(url=url, title="Bridge").canonical_url


def test_a_link_in_the_body_is_a_quotation() -> None:
    quoted = f'<div class="embed">{link(MARKET)}</div>'
    assert article(url=BRIDGE, article=quoted).canonical_url == BRIDGE
    assert article(url=None, article=quoted).canonical_url is None
    # Parsers end the head early if it contains an element of the body.
    broken = article(url=f"{BRIDGE}?from=rss", head=f"<div>{link(BRIDGE)}</div>")
    assert broken.canonical_url == BRIDGE


def test_of_several_links_the_one_that_is_the_page_s_is_believed() -> None:
    head = link("https://www.example.com/") + link(MARKET) + link("undefined") + link(f"{BRIDGE}/")
    assert article(url=f"{BRIDGE}/amp", head=head).canonical_url == f"{BRIDGE}/"


def test_json_ld_of_the_page_s_article_and_its_link_agree_against_an_address_that_says_nothing() -> None:
    data = json_ld_article(url="https://www.example.com/x/99", mainEntityOfPage={"@id": "https://www.example.com/x/99"})
    head = link("https://www.example.com/x/99")
    assert article(url="https://www.example.com/go", head=head, json_ld=data).canonical_url == (
        "https://www.example.com/x/99"
    )
    assert article(url=BRIDGE, head=head, json_ld=data).canonical_url == BRIDGE
    assert article(url="https://www.example.com/go", head=head).canonical_url == "https://www.example.com/go"


def test_another_host_of_the_site_is_not_believed_against_another_statement() -> None:
    mine, theirs = "https://money.example.com/story/5603/4909425", "https://example.com/news/story/7331/4909425"
    assert canonical(mine, theirs) == theirs
    assert article(url=mine, head=link(theirs) + meta("og:url", mine)).canonical_url == mine


SOURCE = """version = 1
publisher = "The Example"
hosts = ["example.com"]
article_url = '^/(?:city|news)/[a-z]+$'
[discovery]
"""


@pytest.mark.parametrize(
    ("path", "is_believed"), [("/city/bridge", True), ("/news/bridge", True), ("/a/b/bridge", False)]
)
def test_the_source_says_which_addresses_are_articles(path: str, is_believed: bool) -> None:
    registry = Registry({"example.toml": SOURCE})
    url = "https://example.com/x?n=1"
    head = link(path) + meta("og:title", "Bridge")
    data = json_ld_article(url=f"https://example.com{path}")
    found = extract(page(head=head, json_ld=data), url, sources=registry)
    assert (found.canonical_url == f"https://example.com{path}") is is_believed


def test_without_a_url_the_statements_of_the_page_must_agree() -> None:
    agreeing = article(None, head=link(BRIDGE) + meta("og:url", f"{BRIDGE}?from=og"))
    assert agreeing.canonical_url == BRIDGE
    disagreeing = article(None, head=link(BRIDGE) + meta("og:url", MARKET))
    assert disagreeing.canonical_url is None
    assert [claim.reason for claim in disagreeing.extraction.fields["canonical_url"].refused] == [
        "statements disagree",
        "statements disagree",
    ]
    outvoted = article(None, head=link(MARKET) + meta("og:url", BRIDGE), json_ld=json_ld_article(url=BRIDGE))
    assert outvoted.canonical_url == BRIDGE
    section = article(None, head=link("https://www.example.com/news/") + meta("og:url", BRIDGE))
    assert section.canonical_url == BRIDGE


def test_what_is_refused_is_kept_with_its_reason() -> None:
    found = article(url=BRIDGE, head=link("/news/") + meta("og:url", "{{url}}"))
    refused = found.extraction.fields["canonical_url"].refused
    assert [(claim.text, claim.reason) for claim in refused] == [
        ("/news/", "a page above this one"),
        ("{{url}}", "no address"),
    ]


def test_pages_without_one_are_told_apart_by_their_bytes() -> None:
    one, same, other = article(None), article(None), article(None, title="Another bridge opens")
    assert one.article_id == same.article_id != other.article_id


def test_relative_links_of_a_page_without_url_are_resolved_against_what_it_says() -> None:
    found = article(None, head=meta("og:url", "https://news.example/a/1") + meta("og:image", "/a.jpg"))
    assert found.images[0].url == "https://news.example/a.jpg"
